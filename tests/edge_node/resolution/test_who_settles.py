"""A register is settled by the office with custody: another one is refused at its desk and offered no button, and what it writes all the same closes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from litestar.testing import TestClient

from central_hub.cases.model import read_cases
from central_hub.erasure import orders
from edge_node.app import Node
from edge_node.intake.corrections import close_correction
from edge_node.intake.service import Choice, declare, dossier
from edge_node.people.officers import Officer, Officers
from edge_node.resolution.errors import NotCustodian
from edge_node.resolution.settling import settle
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters.corrections import corrections_of
from sync_protocol.bodies import ComponentDeclared, ConflictResolved, IdentityAsserted, NoteAdded
from sync_protocol.data_tasks import TOLD
from sync_protocol.ids import ComponentId, HubEpoch, OfficeCode, RecordId
from tests.browser.desk import PASSWORD, make_node, web_of
from tests.browser.desk import Clock as DeskClock
from tests.browser.officers import receive_one
from tests.edge_node.resolution.settling_desk import desk_of, granted_to
from tests.edge_node.resolution.taken_over import Scene
from tests.offices import reception, rid

NAME = "Trần Văn Ẵm"
ASSERTED = IdentityAsserted(field="name", value=NAME, proof="căn cước", officer="cb01", awaits=True)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path, reception(1, "00101", "Lê Thị Ổn"), ASSERTED)
    yield one
    one.close()


def test_an_office_without_custody_may_not_settle_at_its_desk(scene: Scene) -> None:
    desk = desk_of(scene.hanoi)
    desk.officers = Officers((Officer("cb09", "Lò Thị Ửng", ("resolving", "leader")),))
    (case,) = scene.view().conflicts
    with pytest.raises(NotCustodian):
        settle(desk, "cb09", rid(1), case.id, NAME, "đã xem thẻ")
    settle(scene.desk, "cb02", rid(1), case.id, NAME, "đã xem thẻ")
    scene.exchange()
    assert scene.view().conflicts == () and scene.view().person("name") == NAME


def test_what_a_third_office_writes_closes_nothing_anywhere_and_no_page_says_that_it_did(scene: Scene) -> None:
    (case,) = scene.view().conflicts
    heads = next(one.settled.heads for one in scene.view().identity if one.field == "name")
    lie = ConflictResolved(conflict=case.id, field="name", value=NAME, reason="x", officer="cb09", office=OfficeCode("07901"))
    lone = scene.hungyen.ledger  # whoever writes it: the office that it names never had the dossier
    lone.save(Act("cb09", "resolving", "settle"), [Draft(rid(1), lie, base=tuple(one.id for one in heads))])
    told = scene.hungyen.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert [one.state for one in told] == ["waiting"]
    assert [one.id for one in dossier(scene.desk, rid(1)).conflicts] == [case.id]
    assert [one.id for one in scene.hub.store.readers.run(read_cases)] == [case.id]


def test_a_task_to_correct_data_is_closed_by_an_office_that_has_or_had_custody_and_another_is_told_so(scene: Scene) -> None:
    scene.say(scene.hanoi, NoteAdded(text=f"{TOLD} Họ tên", officer="cb01", at_ms=1, office=OfficeCode("00101")))
    scene.exchange()
    third = desk_of(scene.hungyen)
    third.office = OfficeCode("07901")
    with pytest.raises(NotCustodian):  # its word would close nothing
        close_correction(third, "cb01", rid(1), "đã chuyển")
    close_correction(desk_of(scene.hanoi), "cb01", rid(1), "đã chuyển")
    scene.exchange()
    assert scene.view().to_correct == ""


def test_an_order_that_takes_the_reception_leaves_whose_word_counts(scene: Scene) -> None:
    part = ComponentDeclared(component_id=ComponentId(b"s" * 16), document_type="GKS", name="Giấy khai sinh", decision="digitize", office=OfficeCode("00101"))
    scene.say(scene.hanoi, part)
    scene.exchange()
    heads = next(one.settled.heads for one in scene.view().identity if one.field == "name")
    (case,) = scene.view().conflicts
    said = ConflictResolved(conflict=case.id, field="name", value=NAME, reason="đã xem thẻ", officer="cb01", office=OfficeCode("00101"))
    scene.hanoi.ledger.save(Act("cb01", "resolving", "settle"), [Draft(rid(1), said, base=tuple(one.id for one in heads))])
    scene.exchange()
    scene.hub.store.writer.run(erase_the_reception)
    scene.exchange()
    told = scene.hungyen.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert scene.view().erased and scene.view().conflicts == () and [one.state for one in told] == ["approved"]
    third = desk_of(scene.hungyen)
    third.office = OfficeCode("07901")
    third.officers = Officers((Officer("cb09", "Lò Thị Ửng", ("intake",)),))
    component = scene.view().component(part.component_id)
    assert component is not None
    with pytest.raises(NotCustodian):
        declare(third, "cb09", rid(1), component, Choice(decision="waived", reason="x"))


def erase_the_reception(connection: apsw.Connection) -> None:
    reception_id = next(one.event for one in orders.erasable(connection, rid(1)) if one.type == "dossier.received")
    asked = orders.ask(connection, rid(1), [reception_id], number="7/QĐ", reason="x", officer="a", now_ms=1)
    orders.approve(connection, asked, "b", HubEpoch(b"e" * 16), 2)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    one = make_node(tmp_path / "node", DeskClock())
    yield one
    one.close()


def page_of(node: Node) -> str:
    with TestClient(web_of(node)) as client:
        token = client.get("/login").text.partition('name="_csrf_token" value="')[2].partition('"')[0]
        client.post("/login", data={"account": "only-resolving", "password": PASSWORD, "_csrf_token": token})
        return client.get("/conflicts").text


@pytest.mark.parametrize("is_ours", [True, False], ids=["with custody", "without"])
def test_the_page_offers_the_choice_to_the_custodian_alone_and_tells_others_who_that_is(node: Node, is_ours: bool) -> None:
    made: RecordId = receive_one(node).rid
    node.desk.ledger.save(Act("all", "resolving", "correct"), [Draft(made, ASSERTED)])
    if not is_ours:
        granted_to(node.desk.store, made, "03401")
    page = page_of(node)
    assert NAME in page
    assert ('name="value"' in page) is is_ours
    assert ("đang giữ quyền giải quyết và trả lời việc này" in page) is not is_ours
