"""A move without effect is closed by one event, everywhere alike, whatever order the events come in, however often."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.cases import Proposal
from sync_protocol.envelope import Event
from sync_protocol.ids import ActId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, RID, History, histories
from tests.sync_protocol.test_custody import HANOI, HUNGYEN, grants, started

HANOI_OFFICE, HUNGYEN_OFFICE = OfficeCode("00101"), OfficeCode("03401")


def move(history: History, node: str, office: OfficeCode, fence: int, hlc: int, base: tuple[ActId, ...] = (), what: str = "hand_over") -> ActId:
    body = b.StatusMoved(move=what, office=office, officer="cb01", at_ms=hlc)
    return act_id(history.add(node, hlc << 20, body, fence=fence, base=base).header)


def dismiss(history: History, node: str, office: OfficeCode, act: ActId, fence: int, hlc: int, reason: str = "đã chuyển bằng tay") -> Event:
    body = b.ProposalDismissed(act=act, office=office, officer="cb09", reason=reason, at_ms=hlc)
    return history.add(node, hlc << 20, body, fence=fence, base=(act,))


def late_move() -> tuple[History, ActId]:
    """Hà Nội hands over on a cut line; meanwhile the hub gives custody to Hưng Yên."""
    history = started()
    late = move(history, HANOI, HANOI_OFFICE, 0, 1)
    grants(history, "03401", 1, 1)
    return history, late


def proposal(history: History, act: ActId) -> Proposal:
    return next(one for one in fold(RID, history.events).proposals if one.act == act)


def test_the_same_move_by_the_custodian_that_names_it_counts_and_closes_it() -> None:
    history, late = late_move()
    assert fold(RID, history.events).open_proposals == (proposal(history, late),)
    move(history, HUNGYEN, HUNGYEN_OFFICE, 1, 5, base=(late,))
    view = fold(RID, history.events)
    closed = proposal(history, late)
    assert (view.state, view.open_proposals) == ("handed_over", ())
    assert (closed.settled, closed.settled_office, closed.settled_officer, closed.reason) == ("accepted", HUNGYEN_OFFICE, "cb01", "late")


def test_another_move_that_saw_it_leaves_it_open() -> None:
    history, late = late_move()
    move(history, HUNGYEN, HUNGYEN_OFFICE, 1, 5, base=(late,), what="withdraw")
    assert [one.act for one in fold(RID, history.events).open_proposals] == [late]


def test_the_custodians_word_closes_it_with_its_reason_and_changes_no_state() -> None:
    history, late = late_move()
    dismiss(history, HUNGYEN, HUNGYEN_OFFICE, late, 1, 5)
    closed = proposal(history, late)
    assert (closed.settled, closed.settled_officer, closed.settled_reason) == ("dismissed", "cb09", "đã chuyển bằng tay")
    assert fold(RID, history.events).state == "received"


def test_the_word_of_who_has_no_custody_closes_nothing() -> None:
    for node, office, fence in ((HANOI, HANOI_OFFICE, 0), (HANOI, HANOI_OFFICE, 1), (HUNGYEN, HUNGYEN_OFFICE, 7)):
        history, late = late_move()
        dismiss(history, node, office, late, fence, 5)
        assert proposal(history, late).settled == ""


def test_a_move_made_again_too_late_stands_in_place_of_the_first() -> None:
    history, late = late_move()
    again = move(history, HUNGYEN, HUNGYEN_OFFICE, 1, 5, base=(late,))
    grants(history, "00101", 2, 1)  # the hub had nothing of Hưng Yên
    view = fold(RID, history.events)
    assert [one.act for one in view.open_proposals] == [again] and proposal(history, late).settled == "accepted"
    move(history, HANOI, HANOI_OFFICE, 2, 9, base=(again,))
    assert fold(RID, history.events).open_proposals == () and fold(RID, history.events).state == "handed_over"


def test_of_two_words_the_move_counts_before_the_dismissal_and_the_first_word_speaks() -> None:
    history, late = late_move()
    dismiss(history, HUNGYEN, HUNGYEN_OFFICE, late, 1, 6, "sau")
    dismiss(history, HUNGYEN, HUNGYEN_OFFICE, late, 1, 5, "trước")
    assert proposal(history, late).settled_reason == "trước"
    move(history, HUNGYEN, HUNGYEN_OFFICE, 1, 7, base=(late,))
    assert proposal(history, late).settled == "accepted"


@st.composite
def answered(draw: st.DrawFn) -> History:
    """Any history, then answers to some of its proposals from anybody, with any fence; some twice, some re-issued."""
    history = draw(histories())
    for _ in range(draw(st.integers(1, 4))):
        found = fold(RID, history.events).proposals
        if not found:
            break
        one = draw(st.sampled_from(found))
        node, fence, hlc = draw(st.sampled_from(NODES)), draw(st.integers(0, history.fence)), draw(st.integers(1, 400))
        office = OfficeCode("03401" if node == HUNGYEN else "00101")
        if draw(st.booleans()):
            move(history, node, office, fence, hlc, base=(one.act,), what=one.move)
        else:
            dismiss(history, node, office, one.act, fence, hlc)
        if draw(st.booleans()):
            history.again(history.events[-1])
    return history


def acts_without_effect(view: DossierView) -> set[ActId]:
    return {one.act for one in view.proposals}


@given(answered(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_gives_the_same_answers(history: History, chance: st.DataObject) -> None:
    events = [*history.events, *history.events[::2]]
    chance.shuffle(events)  # type: ignore[attr-defined]
    assert encode_view(fold(RID, events)) == encode_view(fold(RID, history.events))


@given(answered())
def test_a_dismissal_moves_nothing_and_hides_nothing(history: History) -> None:
    spoken = [one for one in history.events if one.header.type == "proposal.dismissed"]
    view, silent = fold(RID, history.events), fold(RID, [one for one in history.events if one not in spoken])
    assert (view.state, view.decision, view.custody) == (silent.state, silent.decision, silent.custody)
    assert acts_without_effect(view) == acts_without_effect(silent)
    dismissed = {b.decode_body(one).act for one in spoken}  # type: ignore[union-attr]
    assert all(one.act in dismissed for one in view.proposals if one.settled == "dismissed")
