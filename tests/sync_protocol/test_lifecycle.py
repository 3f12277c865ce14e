"""State machines: the whole table, and what must never be in it."""

from __future__ import annotations

import itertools

import pytest

from sync_protocol.lifecycle import (
    COMPONENT_TRANSITIONS,
    DOSSIER_TRANSITIONS,
    ComponentMove,
    ComponentState,
    DossierMove,
    DossierState,
    is_terminal,
    moves_from,
    next_state,
)

S, M = DossierState, DossierMove
C, N = ComponentState, ComponentMove


def walk(state: DossierState | ComponentState, moves: list[DossierMove] | list[ComponentMove]) -> object:
    """Return the state after all moves; None as soon as one is not allowed."""
    here: object = state
    for move in moves:
        here = next_state(here, move) if here is not None else None  # type: ignore[call-overload]
    return here


@pytest.mark.parametrize("row", DOSSIER_TRANSITIONS, ids=lambda row: f"{row.state}-{row.move}")
def test_each_dossier_row_is_a_move_with_a_clause(row: tuple[DossierState, DossierMove, DossierState, str]) -> None:
    state, move, following, basis = row
    assert next_state(state, move) == following
    assert basis


def test_a_move_of_an_accepted_dossier_leads_to_one_state_from_wherever_it_is_made() -> None:
    leads: dict[DossierMove, set[DossierState]] = {}
    for row in DOSSIER_TRANSITIONS:
        if row.state is not S.DRAFT:
            leads.setdefault(row.move, set()).add(row.next)
    assert leads and all(len(states) == 1 for states in leads.values()), leads


@pytest.mark.parametrize("row", COMPONENT_TRANSITIONS, ids=lambda row: f"{row.state}-{row.move}")
def test_each_component_row_is_a_move_with_a_clause(
    row: tuple[ComponentState, ComponentMove, ComponentState, str],
) -> None:
    state, move, following, basis = row
    assert next_state(state, move) == following
    assert basis


def test_a_pair_outside_the_table_is_no_move() -> None:
    known = {(row.state, row.move) for row in DOSSIER_TRANSITIONS}
    assert len(known) == len(DOSSIER_TRANSITIONS)
    for state, move in itertools.product(DossierState, DossierMove):
        assert (next_state(state, move) is not None) == ((state, move) in known)
    parts = {(row.state, row.move) for row in COMPONENT_TRANSITIONS}
    assert len(parts) == len(COMPONENT_TRANSITIONS)
    for part, step in itertools.product(ComponentState, ComponentMove):
        assert (next_state(part, step) is not None) == ((part, step) in parts)


def test_an_ordinary_dossier_walks_from_draft_to_archive() -> None:
    moves = [M.ACCEPT, M.HAND_OVER, M.TAKE_UP, M.DECIDE, M.RETURN_RESULT, M.ARCHIVE]
    assert walk(S.DRAFT, moves) == S.ARCHIVED
    waits = [M.ASK_SUPPLEMENT, M.COMPLETE_SUPPLEMENT, M.CONSULT, M.ANSWER, M.EXTEND, M.DECIDE]
    assert walk(S.IN_PROCESSING, waits) == S.RESULT_READY


def test_every_dossier_state_is_reached_from_draft_and_the_ends_are_named() -> None:
    reached, fresh = {S.DRAFT}, [S.DRAFT]
    while fresh:
        state = fresh.pop()
        for row in DOSSIER_TRANSITIONS:
            if row.state == state and row.next not in reached:
                reached.add(row.next)
                fresh.append(row.next)
    assert reached == set(DossierState)
    ends = {state for state in DossierState if is_terminal(state)}
    assert ends == {S.REFUSED, S.WITHDRAWN}


def test_the_digitization_steps_cannot_be_skipped_or_swapped() -> None:
    order = [N.CAPTURE, N.SIGN_PERSONALLY, N.EXTRACT, N.CONFIRM, N.ISSUE_CODE, N.SIGN_AS_AGENCY, N.STORE]
    assert walk(C.REQUIRED, order) == C.IN_REPOSITORY
    for left, right in itertools.pairwise(range(len(order))):
        swapped = order.copy()
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert walk(C.REQUIRED, swapped) is None
        assert walk(C.REQUIRED, order[:left] + order[right:]) is None


def test_a_revoked_component_stays_revoked_and_a_superseded_one_can_be() -> None:
    assert is_terminal(C.REVOKED)
    assert next_state(C.SUPERSEDED, N.REVOKE) == C.REVOKED
    assert next_state(C.IN_REPOSITORY, N.REVOKE) == C.REVOKED


@pytest.mark.parametrize("move", [N.REUSE, N.PRESENT, N.EXEMPT, N.WAIVE])
def test_paper_can_be_scanned_after_all(move: ComponentMove) -> None:
    assert walk(C.REQUIRED, [move, N.CAPTURE]) == C.CAPTURED


def test_a_move_of_the_other_machine_is_no_move() -> None:
    assert next_state(S.DRAFT, N.CAPTURE) is None  # type: ignore[call-overload]
    assert moves_from(C.REVOKED) == ()
    assert M.EXTEND in moves_from(S.IN_PROCESSING)


def test_every_state_has_a_vietnamese_label() -> None:
    labels = [state.label for state in (*DossierState, *ComponentState)]
    assert all(labels)
    assert S.EXTENDED.label == "Xin lỗi, hẹn lại"
