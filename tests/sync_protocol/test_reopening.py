"""What an authority ended it alone takes up again; a supplement that it did not see proposes that, until it says otherwise (D.6)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.acts import act_id, acts_of
from sync_protocol.cases import Proposal
from sync_protocol.envelope import Event
from sync_protocol.ids import ActId, ComponentId, DocumentId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.merge_late import seen_at_the_end
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, RID, History, histories
from tests.sync_protocol.test_custody import HANOI, HUNGYEN, grants, started
from tests.sync_protocol.test_proposals import dismiss

OFFICE, OTHER = OfficeCode("00101"), OfficeCode("03401")
PART = ComponentId(b"\x07" * 16)


def end(history: History, hlc: int, outcome: str = "granted", knows: bool = True) -> Event:
    """Hà Nội decides, knowing what the history holds; `knows` False: as an older program does, which says nothing of that."""
    base = seen_at_the_end(acts_of(history.events)) if knows else ()
    body = b.DecisionMade(outcome=outcome, office=OFFICE, officer="cb01", decided_ms=hlc, number_symbol=f"{hlc}/QĐ")  # type: ignore[arg-type]
    return history.add(HANOI, hlc << 20, body, fence=0, base=base)


def reopen(history: History, hlc: int, node: str = HANOI, office: OfficeCode = OFFICE, fence: int = 0, base: tuple[ActId, ...] = ()) -> ActId:
    body = b.DecisionReopened(office=office, officer="ld01", reason="cộng sai thời gian đóng", at_ms=hlc, new_due_date="2026-12-24")
    return act_id(history.add(node, hlc << 20, body, fence=fence, base=base).header)


def supplement(history: History, hlc: int, node: str = HUNGYEN, part: ComponentId = PART) -> ActId:
    office = OTHER if node == HUNGYEN else OFFICE
    body = b.ComponentDeclared(component_id=part, document_type="GKS", name="Giấy", decision="digitize", is_supplement=True, office=office)
    return act_id(history.add(node, hlc << 20, body).header)


def received() -> History:
    history = started()
    return history


def late(history: History) -> list[Proposal]:
    return [one for one in fold(RID, history.events).proposals if one.is_supplement]


def test_a_reopened_decision_is_no_decision_any_more_and_stays_to_be_read() -> None:
    history = received()
    end(history, 2)
    reopen(history, 3)
    view = fold(RID, history.events)
    assert (view.state, view.decision, view.returned_ms, view.ended_by, view.due_date) == ("in_processing", None, 0, "", "2026-12-24")
    (again,) = view.reopenings
    assert again.decision is not None
    assert (again.decision.number_symbol, again.state, again.officer, again.reason) == ("2/QĐ", "result_ready", "ld01", "cộng sai thời gian đóng")
    end(history, 4, "refused")
    later = fold(RID, history.events)
    assert later.decision is not None and (later.decision.number_symbol, later.state, len(later.reopenings)) == ("4/QĐ", "returned_with_notice", 1)


def test_a_result_that_was_handed_over_and_a_stop_without_decision_are_reopened_too() -> None:
    history = received()
    end(history, 2)
    history.add(HUNGYEN, 3 << 20, b.ResultReturned(office=OTHER, officer="x", method="quầy", at_ms=3))
    reopen(history, 4)
    assert fold(RID, history.events).reopenings[0].state == "result_returned"
    stopped = received()
    for hlc, move in enumerate(("hand_over", "stop"), start=2):
        stopped.add(HANOI, hlc << 20, b.StatusMoved(move=move, office=OFFICE, officer="x", at_ms=1), fence=0)
    reopen(stopped, 9)
    assert fold(RID, stopped.events).state == "in_processing" and fold(RID, stopped.events).reopenings[0].decision is None


def test_an_office_that_took_the_ended_dossier_over_does_not_reopen_it_the_authority_does() -> None:
    history = received()
    end(history, 2)
    grants(history, "03401", 1, 2)
    reopen(history, 5, HUNGYEN, OTHER, 1)
    view = fold(RID, history.events)
    assert (view.state, [one.reason for one in view.open_proposals], view.ended_by) == ("result_ready", ["not_authority"], OFFICE)
    grants(history, "00101", 2, 0)
    reopen(history, 9, fence=2)
    assert fold(RID, history.events).state == "in_processing"


def test_nothing_that_goes_on_and_nothing_that_the_person_ended_is_reopened() -> None:
    for moves in ((), ("hand_over",), ("withdraw",)):
        history = received()
        for hlc, move in enumerate(moves, start=2):
            history.add(HANOI, hlc << 20, b.StatusMoved(move=move, office=OFFICE, officer="x", at_ms=1), fence=0)
        before = fold(RID, history.events).state
        reopen(history, 9)
        assert fold(RID, history.events).state == before and fold(RID, history.events).reopenings == ()


@pytest.mark.parametrize(("at", "reason"), [(3, "supplement_before"), (9, "supplement_after")])
def test_a_supplement_that_the_authority_did_not_see_is_late_whenever_it_was_received(at: int, reason: str) -> None:
    history = received()
    end(history, 5)
    act = supplement(history, at)
    (one,) = late(history)
    assert (one.act, one.move, one.office, one.reason, one.at_ms) == (act, "reopen", OTHER, reason, at << 4)


def test_what_was_seen_or_is_no_supplement_or_goes_on_is_not_late() -> None:
    history = received()
    supplement(history, 3)
    end(history, 5)
    assert late(history) == []
    scan = b.CopyCaptured(
        component_id=PART, document_id=DocumentId(b"d" * 16), pdf=b"f" * 32, pdf_size=1, pages=1, images=1, officer="x", signer_name="x", captured_ms=1  # type: ignore[arg-type]
    )
    history.add(HUNGYEN, 8 << 20, scan)
    extra = b.ComponentDeclared(component_id=ComponentId(b"k" * 16), document_type="KQ", name="Kết quả", decision="digitize", office=OFFICE)
    history.add(HANOI, 9 << 20, extra)
    assert late(history) == []
    going = received()
    supplement(going, 3)
    assert late(going) == []


def test_of_an_end_by_an_older_program_only_what_was_received_after_it_is_late() -> None:
    for at, expected in ((3, 0), (9, 1)):
        history = received()
        supplement(history, at)
        end(history, 5, knows=False)
        assert len(late(history)) == expected


def test_reopening_answers_it_and_so_does_confirming_until_more_of_it_comes() -> None:
    history = received()
    end(history, 5)
    first = supplement(history, 9)
    dismiss(history, HANOI, OFFICE, first, 0, 10, "đã xem, không đổi kết quả")
    (one,) = late(history)
    assert (one.settled, one.settled_reason) == ("dismissed", "đã xem, không đổi kết quả")
    scan = b.CopyCaptured(
        component_id=PART, document_id=DocumentId(b"d" * 16), pdf=b"f" * 32, pdf_size=1, pages=1, images=1, officer="x", signer_name="x", captured_ms=1  # type: ignore[arg-type]
    )
    act = act_id(history.add(HUNGYEN, 12 << 20, scan).header)
    (again,) = late(history)
    assert (again.act, again.settled, again.office) == (act, "", OTHER)
    reopen(history, 13, base=(act,))
    assert late(history) == [] and fold(RID, history.events).state == "in_processing"
    end(history, 14)
    assert late(history) == []


def test_a_supplement_that_was_taken_back_asks_for_nothing() -> None:
    history = received()
    end(history, 5)
    supplement(history, 9)
    history.add(HANOI, 10 << 20, b.ComponentWithdrawn(component_id=PART, reason="nộp nhầm", officer="x"))
    assert late(history) == []


@st.composite
def ended_and_on(draw: st.DrawFn) -> History:
    """Any history, then ends, reopenings, supplements and answers by anybody."""
    history = draw(histories(steps=8))
    for _ in range(draw(st.integers(1, 6))):
        node, hlc, fence = draw(st.sampled_from(NODES)), draw(st.integers(1, 400)), draw(st.integers(0, history.fence))
        office = OTHER if node == HUNGYEN else OFFICE
        view = fold(RID, history.events)
        kind = draw(st.sampled_from(("end", "reopen", "supplement", "answer")))
        if kind == "end":
            body = b.DecisionMade(outcome=draw(st.sampled_from(("granted", "refused"))), office=office, officer="x", decided_ms=hlc)
            history.add(node, hlc << 20, body, fence=fence, base=seen_at_the_end(acts_of(history.events)))
        elif kind == "reopen":
            reopen(history, hlc, node, office, fence, tuple(one.act for one in view.open_proposals[:2]))
        elif kind == "supplement":
            supplement(history, hlc, node, ComponentId(bytes([draw(st.integers(0, 3))]) * 16))
        elif view.proposals:
            dismiss(history, node, office, draw(st.sampled_from(view.proposals)).act, fence, hlc)
        if draw(st.booleans()):
            history.again(history.events[-1])
    return history


@given(ended_and_on(), st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_dossier(history: History, chance: st.DataObject) -> None:
    events = [*history.events, *history.events[::3]]
    chance.shuffle(events)  # type: ignore[attr-defined]
    assert encode_view(fold(RID, events)) == encode_view(fold(RID, history.events))


@given(ended_and_on())
def test_every_end_that_counted_is_the_decision_or_a_former_one(history: History) -> None:
    view: DossierView = fold(RID, history.events)
    without = {one.act for one in view.proposals}
    counted = [one for one in acts_of(history.events) if isinstance(one.body, b.DecisionMade) and one.id not in without]
    shown = [one.decision for one in view.reopenings if one.decision] + ([view.decision] if view.decision else [])
    assert len(shown) == len(counted) and (view.decision is None or view.ended_by == view.decision.office)


def test_a_program_that_does_not_know_of_it_keeps_the_word_raw_and_shows_the_former_state() -> None:
    history = received()
    end(history, 2)
    reopen(history, 3)
    unread = [msgspec.structs.replace(one, header=msgspec.structs.replace(one.header, tv=9)) if one.header.type == "decision.reopened" else one for one in history.events]
    view = fold(RID, unread)
    assert (view.state, view.unknown_events, view.proposals) == ("result_ready", 1, ())


def test_a_plain_move_takes_up_nothing_again_because_it_would_leave_the_decision_in_force() -> None:
    history = received()
    end(history, 2)
    before = fold(RID, history.events)
    said = history.add(HANOI, 3 << 20, b.StatusMoved(move="reopen", office=OFFICE, officer="cb01", at_ms=3), fence=0)
    view = fold(RID, history.events)
    assert (view.state, view.decision, view.ended_by, view.reopenings) == (before.state, before.decision, OFFICE, ())
    (one,) = view.open_proposals
    assert (one.act, one.move, one.reason) == (act_id(said.header), "reopen", "illegal")
    reopen(history, 4, base=(act_id(said.header),))
    view = fold(RID, history.events)
    assert view.state == "in_processing" and view.decision is None and view.open_proposals == ()
