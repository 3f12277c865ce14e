"""A move that lost its custody on a cut line is answered by the new custodian, and both offices and the hub say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import ChoiceUnknown
from central_hub.cases.model import read_cases
from edge_node.people.officers import RoleMissing, UnknownOfficer
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import MoveNotAllowed, NotCustodian, NothingToSettle, WhyMissing
from edge_node.resolution.proposals import accept, dismiss, may_accept
from edge_node.resolution.service import decide
from edge_node.store.sync_words import SyncWord, dossier_state
from sync_protocol.adapters import event_log
from sync_protocol.bodies import DecisionMade, IntakeEnded, StatusMoved, decode_body
from sync_protocol.ids import HubEpoch, OfficeCode
from tests.edge_node.resolution.settling_desk import desk_of
from tests.edge_node.resolution.taken_over import Scene
from tests.offices import reception, rid

LAST = StatusMoved(move="hand_over", office=OfficeCode("00101"), officer="cb01", at_ms=3, reason="sang phòng chế độ")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path, reception(1, "00101"), LAST)
    yield one
    one.close()


def test_it_needs_somebody_at_both_desks_and_is_a_case_of_the_hub(scene: Scene) -> None:
    (proposal,) = scene.view().proposals
    assert (proposal.move, proposal.office, proposal.officer, proposal.reason, proposal.settled) == ("hand_over", "00101", "cb01", "late", "")
    for office in (scene.hanoi, scene.hungyen):
        assert office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.NEEDS_YOU
    (case,) = scene.hub.store.readers.run(read_cases)
    assert (case.id, case.kind, case.custodian, case.offices) == (proposal.act, "proposal", "03401", ("00101", "03401")) and case.opened_ms
    with pytest.raises(ChoiceUnknown):  # the hub watches; who has custody answers
        scene.hub.store.writer.run(
            lambda c: decisions.decide(c, rid(1), case.id, "same", "x", Decider("lan", ("conflict_officer",), HubEpoch(b"e" * 16), 1))
        )


def test_accepted_it_is_the_new_custodians_own_move_and_closed_everywhere(scene: Scene) -> None:
    act = scene.act
    accept(scene.desk, "cb02", rid(1), act)
    with pytest.raises(NothingToSettle):  # a second click
        accept(scene.desk, "cb02", rid(1), act)
    scene.exchange()
    view = scene.view()
    assert view.state == "handed_over" and view.open_proposals == ()
    assert (view.proposals[0].settled, view.proposals[0].settled_office, view.proposals[0].settled_officer) == ("accepted", "03401", "cb02")
    bodies = [decode_body(one) for one in scene.hub.store.readers.run(lambda c: event_log.events_of(c, rid(1)))]
    made = [one for one in bodies if isinstance(one, StatusMoved)]
    assert {(one.office, one.officer, one.reason) for one in made} == {("00101", "cb01", LAST.reason), ("03401", "cb02", LAST.reason)}
    assert scene.hub.store.readers.run(read_cases) == []


def test_dismissed_it_says_why_everywhere_and_the_state_stays(scene: Scene) -> None:
    act = scene.act
    with pytest.raises(WhyMissing):
        dismiss(scene.desk, "cb02", rid(1), act, "  ")
    dismiss(scene.desk, "cb02", rid(1), act, "hồ sơ đã chuyển bằng giấy")
    with pytest.raises(NothingToSettle):
        dismiss(scene.desk, "cb02", rid(1), act, "lần nữa")
    scene.exchange()
    view = scene.view()
    assert view.state == "received" and view.open_proposals == ()
    assert (view.proposals[0].settled, view.proposals[0].settled_reason) == ("dismissed", "hồ sơ đã chuyển bằng giấy")
    assert scene.hub.store.readers.run(read_cases) == []
    for office in (scene.hanoi, scene.hungyen):
        assert office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is not SyncWord.NEEDS_YOU


def test_who_has_no_custody_or_no_such_work_answers_nothing(scene: Scene) -> None:
    act, before = scene.act, scene.view()
    hanoi = desk_of(scene.hanoi)
    for answer in (lambda: accept(hanoi, "cb01", rid(1), act), lambda: dismiss(hanoi, "cb01", rid(1), act, "x")):
        with pytest.raises(NotCustodian):
            answer()
    with pytest.raises(RoleMissing):
        dismiss(scene.desk, "cb03", rid(1), act, "x")
    with pytest.raises(UnknownOfficer):
        accept(scene.desk, "ai", rid(1), act)
    scene.exchange()
    assert scene.view() == before


def test_a_move_that_the_state_does_not_allow_now_can_only_be_left(tmp_path: Path) -> None:
    late = StatusMoved(move="complete_supplement", office=OfficeCode("00101"), officer="cb01", at_ms=3)
    scene = Scene(tmp_path, reception(1, "00101"), late)
    view = scene.view()
    assert not may_accept(view, view.proposals[0], scene.hungyen.office)
    with pytest.raises(MoveNotAllowed):
        accept(scene.desk, "cb02", rid(1), scene.act)
    dismiss(scene.desk, "cb02", rid(1), scene.act, "không còn cần")
    scene.close()


def test_a_decision_is_accepted_by_a_leader_and_is_that_offices_result(tmp_path: Path) -> None:
    late = DecisionMade(outcome="granted", office=OfficeCode("00101"), officer="cb01", decided_ms=3, result_code="KQ.G24.01", number_symbol="12/QĐ")
    scene = Scene(tmp_path, reception(1, "00101"), late)
    with pytest.raises(RoleMissing):
        accept(scene.desk, "cb03", rid(1), scene.act)
    accept(scene.desk, "cb02", rid(1), scene.act)
    scene.exchange()
    view = scene.view()
    assert view.decision is not None and (view.state, view.decision.office, view.decision.number_symbol) == ("result_ready", "03401", "12/QĐ")
    scene.close()


def test_an_acceptance_keeps_the_code_on_the_slip_and_when_the_person_stood_there(tmp_path: Path) -> None:
    slip = reception(1, "00101")
    opening = IntakeEnded(
        outcome="supplement", procedure=slip.procedure, channel="in_person", office=slip.office, applicant=slip.applicant, at_ms=1, officer="cb01"
    )
    scene = Scene(tmp_path, opening, slip)
    accept(scene.desk, "cb02", rid(1), scene.act)
    scene.exchange()
    view = scene.view()
    assert (view.code, view.received_ms, view.state, view.other_codes) == (slip.code, slip.received_ms, "received", ())
    scene.close()


def test_an_apology_without_effect_does_not_use_up_the_only_one(tmp_path: Path) -> None:
    late = StatusMoved(move="extend", office=OfficeCode("00101"), officer="cb01", at_ms=3, reason="x", new_due_date="2027-01-01")
    scene = Scene(tmp_path, reception(1, "00101"), late)
    assert scene.hungyen.store.readers.run(lambda c: read_course(c, rid(1))).apologies == 0
    scene.close()


def test_a_plain_move_that_wants_to_take_it_up_again_is_answered_by_a_reopening_with_its_reason(tmp_path: Path) -> None:
    scene = Scene(tmp_path, reception(1, "00101"), StatusMoved(move="reopen", office=OfficeCode("00101"), officer="cb01", at_ms=3, reason="cộng sai"))
    try:
        with pytest.raises(MoveNotAllowed):  # nothing has ended yet
            accept(scene.desk, "cb02", rid(1), scene.act)
        decide(scene.desk, "cb02", rid(1), "granted", number_symbol="12/QĐ")
        scene.exchange()
        accept(scene.desk, "cb02", rid(1), scene.act)
        scene.exchange()
        view = scene.view()
        assert (view.state, view.decision, view.open_proposals) == ("in_processing", None, ())
        assert [one.reason for one in view.reopenings] == ["cộng sai"]
    finally:
        scene.close()
