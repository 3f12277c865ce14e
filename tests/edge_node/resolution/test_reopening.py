"""A desk reopens what it ended, after its own error or a supplement that came late, and both offices and the hub say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.cases.model import read_cases
from edge_node.intake.service import Choice, add_component, dossier
from edge_node.people.officers import Officer, Officers, RoleMissing
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import MoveNotAllowed, NotAuthority, NotCustodian, WhyMissing
from edge_node.resolution.proposals import accept, dismiss, may_accept
from edge_node.resolution.reopening import reopen
from edge_node.resolution.service import decide, move
from edge_node.resolution.terms import restarted
from sync_protocol.bodies import ComponentDeclared, DecisionMade
from sync_protocol.figures.facts import facts_of
from sync_protocol.ids import ComponentId, OfficeCode
from sync_protocol.lifecycle import DossierMove
from tests.browser.desk import Clock, make_node
from tests.browser.officers import receive_one
from tests.edge_node.resolution.settling_desk import desk_of
from tests.edge_node.resolution.taken_over import Scene
from tests.offices import reception, rid

SUPPLEMENT = ComponentDeclared(
    component_id=ComponentId(b"s" * 16), document_type="GKS", name="Giấy khai sinh", decision="digitize", is_supplement=True, office=OfficeCode("00101")
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Hưng Yên has custody; Hà Nội takes a supplement in, which nobody heard of yet."""
    one = Scene(tmp_path, reception(1, "00101"))
    one.say(one.hanoi, SUPPLEMENT)
    yield one
    one.close()


def test_a_supplement_received_before_the_decision_that_arrives_after_it_waits_for_the_authority(scene: Scene) -> None:
    scene.clock.ms += 60_000
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="12/QĐ")
    scene.exchange()
    view = scene.view()
    (one,) = view.open_proposals
    assert (one.move, one.reason, one.office, one.officer) == ("reopen", "supplement_before", "00101", "cb01")
    assert [case.kind for case in scene.hub.store.readers.run(read_cases)] == ["proposal"]
    assert may_accept(view, one, scene.hungyen.office) and not may_accept(view, one, scene.hanoi.office)
    with pytest.raises(WhyMissing):
        accept(scene.desk, "cb02", rid(1), one.act)
    with pytest.raises(RoleMissing):
        accept(scene.desk, "cb03", rid(1), one.act, "x")
    accept(scene.desk, "cb02", rid(1), one.act, "xét giấy bổ sung")
    scene.exchange()
    view = scene.view()
    assert (view.state, view.open_proposals, view.decision) == ("in_processing", (), None)
    assert view.reopenings[0].decision is not None and view.reopenings[0].decision.number_symbol == "12/QĐ"
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="13/QĐ")
    scene.exchange()
    assert scene.view().open_proposals == () and scene.view().state == "result_ready"


def test_the_authority_confirms_what_it_decided(scene: Scene) -> None:
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="12/QĐ")
    scene.exchange()
    dismiss(scene.desk, "cb02", rid(1), scene.act, "bổ sung không làm đổi kết quả")
    scene.exchange()
    view = scene.view()
    assert view.open_proposals == () and view.decision is not None and view.proposals[0].settled == "dismissed"
    assert scene.hub.store.readers.run(read_cases) == []


def test_a_supplement_that_was_there_when_it_was_decided_asks_for_nothing(scene: Scene) -> None:
    scene.exchange()
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="12/QĐ")
    scene.exchange()
    assert scene.view().proposals == ()


def test_an_own_wrong_decision_is_taken_back_by_who_may_decide_and_counts_as_unfinished(scene: Scene) -> None:
    scene.exchange()
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="5/QĐ")
    other = scene.desk
    other.officers = Officers((Officer("cb04", "Đỗ Văn Ẩn", ("resolving", "intake")),))
    with pytest.raises(RoleMissing):
        reopen(other, "cb04", rid(1), "cộng sai")
    with pytest.raises(WhyMissing):
        reopen(scene.desk, "cb02", rid(1), " ")
    with pytest.raises(NotCustodian):
        hanoi = desk_of(scene.hanoi)
        hanoi.officers = Officers((Officer("cb01", "Nguyễn Thị Ẩn", ("leader",)),))
        scene.exchange()
        reopen(hanoi, "cb01", rid(1), "x")
    reopen(scene.desk, "cb02", rid(1), "cộng sai thời gian đóng")
    with pytest.raises(MoveNotAllowed):  # a second click
        reopen(scene.desk, "cb02", rid(1), "cộng sai thời gian đóng")
    scene.exchange()
    view = scene.view()
    assert view.state == "in_processing" and view.reopenings[0].reason == "cộng sai thời gian đóng"
    facts = facts_of(rid(1), scene.events())
    assert facts is not None and (facts.finished_on, facts.outcome) == (None, "")


def test_a_stop_is_taken_back_by_the_resolving_officer(scene: Scene) -> None:
    decide(scene.desk, "cb02", rid(1), "granted", number_symbol="12/QĐ")
    reopen(scene.desk, "cb02", rid(1), "mở")
    move(scene.desk, "cb02", rid(1), DossierMove.STOP, reason="dừng theo yêu cầu")
    other = scene.desk
    other.officers = Officers((Officer("cb04", "Đỗ Văn Ẩn", ("resolving",)),))
    reopen(other, "cb04", rid(1), "dừng nhầm hồ sơ")
    scene.exchange()
    assert scene.view().state == "in_processing" and [one.state for one in scene.view().reopenings] == ["result_ready", "stopped"]


def test_who_took_an_ended_dossier_over_is_told_who_may_reopen_it(tmp_path: Path) -> None:
    decided = DecisionMade(outcome="granted", office=OfficeCode("00101"), officer="cb01", decided_ms=1)
    scene = Scene(tmp_path, reception(1, "00101"), first=decided)
    with pytest.raises(NotAuthority) as refused:
        reopen(scene.desk, "cb02", rid(1), "x")
    assert "00101" in refused.value.clerk_sentence
    scene.close()


def test_reopened_for_a_supplement_the_limit_counts_from_when_it_came_to_the_counter(tmp_path: Path) -> None:
    clock = Clock()
    node = make_node(tmp_path / "node", clock)
    made = receive_one(node)
    decide(node.desk, "all", made.rid, "granted", number_symbol="12/QĐ")
    clock.at += dt.timedelta(days=10)
    add_component(node.desk, "all", made.rid, document_type="GKS", name="", choice=Choice(decision="digitize"), is_supplement=True)
    at_the_counter = clock.at
    clock.at += dt.timedelta(days=10)
    (one,) = dossier(node.desk, made.rid).open_proposals
    accept(node.desk, "all", made.rid, one.act, "xét giấy bổ sung")
    view = dossier(node.desk, made.rid)
    course = node.store.readers.run(lambda c: read_course(c, made.rid))
    assert view.due_date == restarted(node.desk, view, course, at_the_counter) != restarted(node.desk, view, course)
    assert view.due_date > made.due_date.isoformat()
    node.close()
