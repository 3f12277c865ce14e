"""What was handed in online is seen by the competent office, opens the intake form filled, and becomes one dossier under its own id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.intake.applications import waiting_applications
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import AccountChecked, ApplicationArrived, Party, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, HUB_NODE, Incarnation, OfficeCode, RecordId
from tests.browser.desk import PASSWORD, Clock, make_node, web_of

RID = RecordId(b"a" * 16)
NAME = "Phạm Thị Ẩn"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    one = make_node(tmp_path / "node", Clock())
    arrive(one, RID, "00101")
    yield one
    one.close()


def arrive(node: Node, record: RecordId, office: str, name: str = NAME) -> None:
    """What the hub's feed brings."""
    told = ApplicationArrived(
        number="DVC-1", procedure="1.014166", office=OfficeCode(office), submitted_ms=1_763_000_000_000, papers=("Giấy khai sinh",),
        applicant=Party(kind="person", name=name, personal_id="001185012345", birth_date="1985-02-01"),
    )  # fmt: skip
    inc = Incarnation(record[:15] + b"h")
    first = make_event(
        node=HUB_NODE,
        inc=inc,
        seq=1,
        prev=GENESIS,
        type="application.arrived",
        tv=1,
        rid=record,
        hlc=1,
        actor="portal",
        body=encode_body(told),
    )
    checked = AccountChecked(outcome="exists", at_ms=1)
    second = make_event(
        node=HUB_NODE,
        inc=inc,
        seq=2,
        prev=first.id,
        type="account.checked",
        tv=1,
        rid=record,
        hlc=2,
        actor="identity",
        body=encode_body(checked),
    )

    def keep(c: object) -> None:
        event_log.keep_foreign(c, [first, second], 1)  # type: ignore[arg-type]
        projection.project(c, [first, second])  # type: ignore[arg-type]

    node.store.writer.run(keep)


def desk(node: Node) -> TestClient[object]:
    client = TestClient(web_of(node))
    client.get("/login")
    client.post("/login", data={"account": "only-intake", "password": PASSWORD, "_csrf_token": client.cookies["form"]})
    return client  # type: ignore[return-value]


def form_of(client: TestClient[object]) -> dict[str, str]:
    begun = client.post(f"/applications/{RID.hex()}/begin", data={"_csrf_token": client.cookies["form"]})
    assert begun.url.path == "/intake"
    return dict(re.findall(r'name="(name|personal_id|birth_date|form_id|application)"[^>]*value="([^"]*)"', begun.text))


def sent(client: TestClient[object], form: dict[str, str], **more: str) -> dict[str, str]:
    return {
        **form,
        "_csrf_token": client.cookies["form"],
        "procedure": "1.014166",
        "rule": "worker|",
        "kind": "person",
        "channel": "online",
    } | more


def test_only_the_competent_office_sees_what_waits_and_who_it_is_from(node: Node) -> None:
    arrive(node, RecordId(b"b" * 16), "03401")
    found = node.store.readers.run(lambda c: waiting_applications(c, OfficeCode("00101")))
    assert [one.rid for one in found] == [RID]
    text = desk(node).get("/applications").text
    assert NAME in text and "DVC-1" in text and "Giấy khai sinh" in text and "sinh con" in text
    assert "nộp trực tuyến, chưa được cơ quan trả lời" in desk(node).get(f"/dossiers/{RID.hex()}").text


def test_the_form_comes_filled_and_accepting_it_makes_the_same_record_a_dossier(node: Node) -> None:
    client = desk(node)
    form = form_of(client)
    assert (form["name"], form["personal_id"], form["birth_date"], form["application"]) == (
        NAME,
        "001185012345",
        "01/02/1985",
        RID.hex(),
    )
    done = client.post("/intake", data=sent(client, form, outcome="accept"))
    assert done.url.path == f"/dossiers/{RID.hex()}", done.text[:2000]
    view = node.store.readers.run(lambda c: projection.view_of(c, RID))
    assert (
        view is not None and view.code and view.channel == "online" and view.is_whole and view.application is not None
    )
    assert node.store.readers.run(lambda c: waiting_applications(c, OfficeCode("00101"))) == []


def test_two_desks_that_answer_the_same_application_make_one_dossier(node: Node) -> None:
    client = desk(node)
    first, second = form_of(client), form_of(client)
    for form in (first, second):
        client.post("/intake", data=sent(client, form, outcome="accept"))
    view = node.store.readers.run(lambda c: projection.view_of(c, RID))
    assert view is not None and view.other_codes == ()
    assert node.store.readers.run(lambda c: c.execute("SELECT count(*) FROM dossier").fetchall()) == [(1,)]


def test_an_application_may_be_refused_and_waits_no_longer(node: Node) -> None:
    client = desk(node)
    client.post("/intake", data=sent(client, form_of(client), outcome="refused", explanation="không đúng thẩm quyền"))
    view = node.store.readers.run(lambda c: projection.view_of(c, RID))
    assert view is not None and view.state == "refused" and not view.code


def test_nobody_opens_what_is_not_there(node: Node) -> None:
    client = desk(node)
    for record in ("zz", "00" * 16):
        assert (
            client.post(f"/applications/{record}/begin", data={"_csrf_token": client.cookies["form"]}).status_code
            == 404
        )
