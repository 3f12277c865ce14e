"""Only the custodian's moves count, and which were made in time follows from the events alone."""

from __future__ import annotations

import pytest

from sync_protocol import bodies as b
from sync_protocol.ids import HUB_NODE, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import DossierView
from tests.sync_protocol.event_sets import NODES, RID, History, reception

HANOI, HUNGYEN = NODES[0], NODES[2]


def started() -> History:
    history = History()
    history.add(HANOI, 1 << 16, reception("00101", "Nguyễn Thị Ẩn"))
    return history


def moves(history: History, node: str, office: str, move: str, fence: int | None, hlc: int) -> None:
    body = b.StatusMoved(move=move, office=OfficeCode(office), officer="cb01", at_ms=1)
    history.add(node, hlc << 16, body, fence=fence)


def grants(history: History, office: str, fence: int, upto: int, node: str = HUB_NODE) -> None:
    until = ((HANOI, history.inc(HANOI), upto),)
    body = b.CustodyGranted(
        office=OfficeCode(office), fence=fence, previous_office=OfficeCode("00101"), reason="x", officer="x",
        until=until,  # type: ignore[arg-type]
    )  # fmt: skip
    history.add(node, fence << 20, body)


def seen(history: History) -> tuple[DossierView, list[str]]:
    view = fold(RID, history.events)
    return view, [one.reason for one in view.proposals]


def test_a_move_the_hub_had_when_it_let_go_counts_and_one_it_had_not_is_a_proposal() -> None:
    for upto, state, reasons in ((2, "handed_over", []), (1, "received", ["late"])):
        history = started()
        moves(history, HANOI, "00101", "hand_over", 0, 2)
        grants(history, "03401", 1, upto)
        view, found = seen(history)
        assert (view.state, found, view.custody.office, view.custody.fence) == (state, reasons, "03401", 1)


def test_a_re_issued_move_stays_late_where_only_the_copy_is_known() -> None:
    history = started()
    moves(history, HANOI, "00101", "hand_over", 0, 2)
    grants(history, "03401", 1, 1)
    copy = history.again(history.events[1])
    without_original = [event for event in history.events if event.id != history.events[1].id]
    assert copy in without_original
    assert [one.reason for one in fold(RID, without_original).proposals] == ["late"] == seen(history)[1]


@pytest.mark.parametrize(
    ("office", "fence", "reason"),
    [("03401", 0, "not_custodian"), ("00101", None, "no_fence"), ("00101", 7, "no_fence")],
)
def test_a_move_without_the_fence_of_the_custodian_is_kept_as_a_proposal(
    office: str, fence: int | None, reason: str
) -> None:
    history = started()
    moves(history, HUNGYEN if office == "03401" else HANOI, office, "hand_over", fence, 2)
    view, found = seen(history)
    assert view.state == "received" and found == [reason]


def test_a_grant_that_is_not_the_hubs_moves_nothing() -> None:
    history = started()
    grants(history, "03401", 1, 1, node=HUNGYEN)
    assert seen(history)[0].custody.office == "00101"


def test_two_grants_of_one_fence_choose_the_same_office_in_any_order() -> None:
    history = started()
    grants(history, "03401", 1, 1)
    grants(history, "00101", 1, 1)
    assert fold(RID, history.events).custody == fold(RID, history.events[::-1]).custody


def test_a_fence_that_was_lost_in_a_restore_does_not_let_old_moves_in() -> None:
    history = started()
    grants(history, "03401", 2, 1)
    moves(history, HANOI, "00101", "hand_over", 0, 9)
    assert seen(history)[1] == ["late"]
