"""The hub's pages: who sees them, what they say of offices and dossiers, and how little a citizen is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.ingest.nodes import enrol_node, find_node, keep_hello
from central_hub.ingest.quarantine import held, hold
from central_hub.lookup.service import open_record
from central_hub.operations.fleet import read_fleet
from central_hub.people.accounts import ROLES
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import TYPE_OF_BODY, StatusMoved, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import (
    GENESIS,
    ActId,
    BlobDigest,
    ComponentId,
    DocumentId,
    EventId,
    Incarnation,
    NodeId,
    OfficeCode,
    RecordId,
)
from sync_protocol.lifecycle import DossierState
from sync_protocol.messages import Hello, OpenRecord, Purpose
from sync_protocol.view import DocumentView, encode_view
from tests.browser.desk import PASSWORD, Clock
from tests.browser.hub import client_of, make_hub, web_of_hub
from tests.central_hub.web.person import Person
from tests.offices import reception

CITIZEN = "Nguyễn Thị Ẩn"
INC = Incarnation(b"i" * 16)
RID = RecordId((1).to_bytes(16, "big"))
FILLED = {
    "rid": RID.hex(),
    "language": "vi",
    "name": "desk.css",
    "number": "1",
    "held_id": "1",
    "shape": "xlsx",
    "case": "ab",
    "digest": "cd",
    "change": "1",
    "draft": "1",
    "version": "1",
    "alarm": "1",
    "code": "ALM-001",
    "letter": "1",
    "arrival": "1",
}
ALL = "operator catalogue_keeper conflict_officer auditor leader"
TABLE = {  # route → who: "public", "signed in", or the roles
    "GET /login": "public", "POST /login": "public", "POST /language/{language}": "public", "GET /assets/{name}": "public",
    "GET /health/live": "public", "GET /health/ready": "public", "GET /metrics": "public", "GET /": "public",
    "GET /complaints": "conflict_officer auditor leader", "POST /complaints": "conflict_officer", "POST /complaints/{number}/answer": "conflict_officer",
    "GET /khao-sat": "public", "POST /khao-sat": "public", "GET /tra-cuu": "public", "POST /tra-cuu": "public", "POST /logout": "signed in",
    "GET /alarms": "operator auditor leader", "GET /alarms/list": "operator auditor leader", "POST /alarms/{alarm}": "operator",
    "GET /runbook/{code}": "operator auditor leader", "GET /fleet": "operator auditor leader", "GET /fleet/list": "operator auditor leader",
    "GET /dossiers": "operator conflict_officer auditor leader", "GET /dossiers/list": "operator conflict_officer auditor leader",
    "GET /dossiers/{rid}": "operator conflict_officer auditor leader", "GET /cases": "conflict_officer auditor leader",
    "GET /erasures": "conflict_officer auditor leader", "GET /erasures/{rid}": "conflict_officer",
    "POST /erasures/{rid}": "conflict_officer", "POST /erasures/approve": "leader",
    "POST /erasures/withdraw": "conflict_officer leader",
    "GET /gateways": "operator auditor leader", "POST /gateways/{gateway}/again": "operator", "POST /gateways/letters/{letter}/again": "operator",
    "POST /gateways/letters/{letter}/drop": "operator", "POST /gateways/arrivals/{arrival}/place": "operator",
    "POST /gateways/arrivals/{arrival}/drop": "operator",
    "GET /quarantine": "operator auditor", "POST /quarantine/{held_id}": "operator", "GET /catalogue": ALL,
    "GET /cases/{rid}/{case}": "conflict_officer auditor leader", "GET /cases/{rid}/{case}/files/{digest}": "conflict_officer auditor leader",
    "POST /cases/{rid}/{case}/take": "conflict_officer", "POST /cases/{rid}/{case}/decide": "conflict_officer",
    "POST /cases/{rid}/{case}/approve": "conflict_officer leader", "POST /cases/{rid}/{case}/withdraw": "conflict_officer leader",
    "GET /lookup": "conflict_officer leader", "POST /lookup": "conflict_officer leader", "POST /lookup/open": "conflict_officer leader",
    "POST /lookup/file": "conflict_officer leader", "POST /lookup/unread": "conflict_officer leader", "GET /looks": "auditor", "POST /looks": "auditor", "GET /oversight": "operator auditor leader", "POST /oversight/emergencies/{number}": "leader",
    "GET /numbers": "conflict_officer auditor leader", "POST /numbers": "conflict_officer", "POST /numbers/carriers": "conflict_officer",
    "POST /numbers/{change}/approve": "conflict_officer leader", "POST /numbers/{change}/withdraw": "conflict_officer leader",
    "GET /reports": "operator auditor leader", "GET /reports/appendix": "operator auditor leader",
    "GET /reports/quality": "operator auditor leader", "GET /reports/frozen/{number}": "operator auditor leader",
    "GET /reports/file/{shape}": "operator auditor leader", "POST /reports/values": "leader", "POST /reports/freeze": "leader",
    "GET /catalogue/entries": ALL, "GET /catalogue/entry": ALL,
    "GET /drafts": "catalogue_keeper leader auditor", "POST /drafts": "catalogue_keeper",
    "GET /drafts/{draft}": "catalogue_keeper leader auditor", "POST /catalogue/versions/{version}/restore": "catalogue_keeper",
    "POST /drafts/{draft}/submit": "catalogue_keeper", "POST /drafts/{draft}/drop": "catalogue_keeper",
    "POST /drafts/{draft}/follow": "catalogue_keeper", "POST /drafts/{draft}/approve": "catalogue_keeper leader",
    "POST /drafts/{draft}/return": "catalogue_keeper leader", "GET /drafts/{draft}/entries": "catalogue_keeper",
    "GET /drafts/{draft}/entry": "catalogue_keeper", "POST /drafts/{draft}/entry": "catalogue_keeper",
    "POST /drafts/{draft}/remove": "catalogue_keeper", "POST /drafts/{draft}/take-back": "catalogue_keeper",
    "GET /drafts/{draft}/import": "catalogue_keeper", "POST /drafts/{draft}/import": "catalogue_keeper",
    "GET /drafts/{draft}/reorganise": "catalogue_keeper", "POST /drafts/{draft}/reorganise": "catalogue_keeper", "GET /units": ALL,
    "GET /nodes": "operator", "POST /nodes": "operator", "GET /nodes/{node}": "operator auditor leader", "POST /nodes/{node}/again": "operator",
    "POST /nodes/{node}/revoke": "operator", "GET /nodes/{node}/file": "operator",
    "GET /offices": "operator conflict_officer auditor leader", "GET /offices/{office}": "operator conflict_officer auditor leader",
    "POST /offices/{office}/reroute": "conflict_officer",
    "GET /officers": "operator auditor leader", "GET /revocation-lists": "operator auditor leader", "POST /revocation-lists": "operator", "POST /officers": "operator", "POST /officers/end": "operator",
    "GET /accounts": "operator auditor leader", "POST /accounts": "operator", "GET /accounts/{account}": "operator",
    "POST /accounts/{account}/roles": "operator", "POST /accounts/{account}/block": "operator",
    "POST /accounts/{account}/reset": "operator", "GET /my-account": "signed in", "POST /my-account": "signed in",
    "POST /passkeys/begin": "signed in", "POST /passkeys": "signed in", "POST /passkeys/remove": "signed in",
    "POST /passkeys/enter/begin": "public", "POST /passkeys/enter": "public",
}  # fmt: skip


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: fill(c, one.now_ms()))
    yield one
    one.store.close()


def fill(connection: object, now_ms: int) -> None:
    """One office with a queue, a held frame and a dossier that another office opened."""
    c = connection
    enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), b"k" * 32, 1)  # type: ignore[arg-type]
    hello = Hello(
        versions=(1, 1), software="lienthong 0.1", office=OfficeCode("00101"), inc=INC, heads=(), epoch=None, cursor=0,
        clock_ms=now_ms + 90_000, queue_events=7, queue_oldest_ms=now_ms - 60_000, queue_bytes=1_260_000,
    )  # fmt: skip
    keep_hello(c, NodeId("n00101a"), hello, now_ms)  # type: ignore[arg-type]
    hold(c, "n00101a", b"frame", "SYN-012", "fork at 3", now_ms)  # type: ignore[arg-type]
    body = reception(1, "00101", CITIZEN)
    event = make_event(
        node=NodeId("n00101a"), inc=INC, seq=1, prev=GENESIS, type=TYPE_OF_BODY[type(body)], tv=1, rid=RID, hlc=1, actor="cb01",
        body=encode_body(body), base=(), fence=None,
    )  # fmt: skip
    lane = event_log.open_lane(c, NodeId("n00101a"), INC, "peer")  # type: ignore[arg-type]
    event_log.append(c, lane, [event], now_ms)  # type: ignore[arg-type]
    projection.project(c, [event])  # type: ignore[arg-type]
    ask = OpenRecord(RID, Purpose("x", "giải quyết", "cb02", "resolving"))
    open_record(c, find_node(c, NodeId("n00101a")), ask, now_ms)  # type: ignore[arg-type]


def routes_of(app: Litestar) -> set[str]:
    routes = set()
    for route in app.routes:
        path = re.sub(r"{(\w+):\w+}", r"{\1}", route.path)
        routes |= {f"{method} {path}" for method in route.methods - {"OPTIONS", "HEAD"}}
    return routes


def test_every_role_stands_in_the_table_and_no_other() -> None:
    assert {word for who in TABLE.values() for word in who.split()} - {"public", "signed", "in"} == set(ROLES)


def test_every_route_answers_only_whom_the_table_names(hub: Hub) -> None:
    assert routes_of(web_of_hub(hub)) == set(TABLE)
    visitors = {"public": client_of(hub), **{account: client_of(hub, account) for account in ("nobody", *ROLES)}}
    for route, who in TABLE.items():
        method, path = route.split(" ")
        if path in ("/login", "/logout") or route == "POST /my-account":  # these end sessions or count tries
            continue
        filled = re.sub(r"{(\w+)}", lambda found: FILLED.get(found[1], "x"), path)
        for visitor, client in visitors.items():
            headers = {"accept": "application/json", "x-csrftoken": client.cookies["form"]}
            answer = client.request(method, filled, headers=headers, follow_redirects=False)
            assert answer.status_code != 500, f"{route} {visitor}"
            may = who == "public" or (visitor != "public" and who == "signed in") or visitor in who.split()
            assert (answer.status_code not in (401, 403)) == may, f"{route} {visitor} {answer.status_code}"


def test_a_route_that_names_nobody_answers_nobody(hub: Hub) -> None:
    app = web_of_hub(hub)

    @get("/forgotten")
    async def forgotten() -> str:
        return "open"

    app.register(forgotten)
    with pytest.raises(AssertionError):
        assert routes_of(app) == set(TABLE)
    client = TestClient(app)
    client.get("/tra-cuu")
    client.post("/login", data={"account": "all", "password": PASSWORD, "_csrf_token": client.cookies["form"]})
    assert client.get("/forgotten", headers={"accept": "application/json"}).status_code == 403


def test_the_first_page_is_the_first_of_ones_own_menu(hub: Hub) -> None:
    wanted = {
        "operator": "/fleet",
        "catalogue_keeper": "/catalogue",
        "conflict_officer": "/dossiers",
        "nobody": "/my-account",
    }
    for account, page in wanted.items():
        assert client_of(hub, account).get("/", follow_redirects=False).headers["location"] == page
    assert client_of(hub).get("/", follow_redirects=False).headers["location"] == "/login"


def test_the_fleet_shows_queue_floor_clock_and_quarantine(hub: Hub) -> None:
    text = client_of(hub, "operator").get("/fleet").text
    for shown in ("n00101a", "00101", "7 · 1,3 MB", "90 giây", "lienthong 0.1", "Cần xem"):
        assert shown in text, shown


def test_a_held_frame_is_settled_by_an_operator_and_complains_no_more(hub: Hub) -> None:
    hub.store.writer.run(lambda c: hold(c, "n00101a", b"frame", "SYN-002", "bytes that are no frame", 1))
    operator = Person(web_of_hub(hub), "operator")
    shown = operator.get("/quarantine").text
    assert "/runbook/SYN-002" in shown and "Đã xem xong" in shown
    for number in {one.id for one in hub.store.readers.run(held)}:
        assert operator.post(f"/quarantine/{number}", {"note": "máy thử"}).status_code == 303
    shown = operator.get("/quarantine").text
    assert "operator," in shown and "máy thử" in shown and "<form class=\"inline-form\"" not in shown
    lines = hub.store.readers.run(lambda c: read_fleet(c, hub.now_ms()))
    assert all("quarantine" not in line.complaints for line in lines)
    acts = hub.store.readers.run(lambda c: c.execute("SELECT what FROM audit WHERE what = 'quarantine.settle'").fetchall())
    assert acts


def test_no_page_of_the_hub_names_the_citizen(hub: Hub) -> None:
    client = client_of(hub, "all")
    for path in ("/fleet", "/dossiers", f"/dossiers/{RID.hex()}", "/cases", "/quarantine"):
        text = client.get(path).text
        assert CITIZEN not in text and "0011850" not in text, path
    assert "00101-261122-0001" in client.get("/dossiers").text


def test_a_citizen_learns_the_step_and_nothing_else(hub: Hub) -> None:
    client = client_of(hub)
    data = {"code": " 00101-261122-0001 ", "_csrf_token": client.cookies["form"]}
    text = client.post("/tra-cuu", data=data).text
    assert "Đã tiếp nhận</strong> (đang ở bước này)" in text
    said = re.sub(r"[0-9a-f]{12,}", "", text)  # form tokens and tags of assets are chance, not words
    for hidden in (CITIZEN, "1985", "1.014166", "thai sản", "cb01"):
        assert hidden not in said, hidden
    unknown = client.post("/tra-cuu", data={**data, "code": "00101-261122-9999"}).text
    assert "chưa thấy mã này" in unknown
    assert "Chưa nhập mã hồ sơ" in client.post("/tra-cuu", data={**data, "code": " "}).text


def test_a_held_frame_of_a_node_that_nobody_enrolled_leads_to_no_page_that_is_not_there(hub: Hub) -> None:
    hub.store.writer.run(lambda c: hold(c, "n99999z", b"stranger", "HUB-001", "node n99999z is not enrolled", 5))
    shown = client_of(hub, "operator").get("/quarantine").text
    assert "n99999z" in shown and 'href="/nodes/n99999z"' not in shown and 'href="/nodes/n00101a"' in shown


def test_a_list_that_is_cut_says_so(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(hub, "operator")
    assert "hồ sơ nhận gần nhất" not in client.get("/dossiers").text and "gói đầu" not in client.get("/quarantine").text
    monkeypatch.setattr("central_hub.web.routes.DOSSIERS_SHOWN", 1)
    monkeypatch.setattr("central_hub.web.routes.FRAMES_SHOWN", 1)
    assert "1 hồ sơ nhận gần nhất" in client.get("/dossiers").text and "1 gói đầu" in client.get("/quarantine").text


def test_an_address_without_a_page_names_no_page_of_the_other_program(hub: Hub) -> None:
    missing = client_of(hub, "operator").get("/nodes/n99999z")
    assert missing.status_code == 404 and "Việc hôm nay" not in missing.text and "thanh phía trên" in missing.text


def test_a_citizen_who_asks_too_often_is_asked_to_wait(hub: Hub) -> None:
    client = client_of(hub)
    data = {"code": "x", "_csrf_token": client.cookies["form"]}
    answers = [client.post("/tra-cuu", data=data) for _ in range(12)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429 and "WEB-008" in answers[-1].text


def test_pages_for_citizens_are_small_and_need_no_script(hub: Hub) -> None:
    client = client_of(hub)
    for path in ("/tra-cuu", "/khao-sat"):
        answer = client.get(path)
        assert len(answer.content) < 6_000, path
        assert all(word not in answer.text for word in ("hx-get", "hx-post", "onclick")), path


def test_a_look_at_a_dossier_masks_numbers_and_leaves_a_row_of_the_audit(hub: Hub) -> None:
    number = "001185012345"
    coded = DocumentView(
        document_id=DocumentId(b"d" * 16), component_id=ComponentId(b"c" * 16), pdf=BlobDigest(b"p" * 32), pdf_size=1, officer_pdf=BlobDigest(b"p" * 32),
        officer_pdf_size=1, pages=1, images=1, signer_name="x", captured_ms=1, node=NodeId("n00101a"), captured_by=ActId(EventId(b"a" * 32)), codes=(f"{number}.GT.1",), owner=number,
    )  # fmt: skip

    def give_a_paper(c: apsw.Connection) -> None:
        view = projection.view_of(c, RID)
        assert view is not None
        c.execute(
            "UPDATE dossier SET view = ? WHERE rid = ?",
            (encode_view(msgspec.structs.replace(view, documents=(coded,))), RID),
        )

    def looks(c: apsw.Connection) -> list[tuple[str, str]]:
        return [
            (str(who), str(what))
            for who, what in c.execute(
                "SELECT officer, what FROM audit WHERE rid = ? AND what = 'dossier.view'", (RID,)
            )
        ]

    hub.store.writer.run(give_a_paper)
    client = client_of(hub, "operator")
    assert hub.store.readers.run(looks) == []
    text = client.get(f"/dossiers/{RID.hex()}").text
    assert "0011••••2345.GT.1" in text and number not in text
    assert hub.store.readers.run(looks) == [("operator", "dossier.view")]


def test_the_history_flags_a_clock_that_ran_ahead_and_names_what_a_newer_program_wrote_without_its_content(hub: Hub) -> None:
    def hear(c: apsw.Connection) -> None:
        arrived_ms = hub.now_ms()
        event = make_event(
            node=NodeId("n03401a"), inc=INC, seq=1, prev=GENESIS, type="paper.weighed", tv=3, rid=RID, hlc=(arrived_ms + 400 * 86_400_000) << 16,  # type: ignore[arg-type]
            actor="cb01", body=msgspec.msgpack.encode({"name": CITIZEN}),
        )  # fmt: skip
        projection.project(c, event_log.keep_foreign(c, [event], arrived_ms))

    client = client_of(hub, "operator")
    assert "Đồng hồ máy sai" not in client.get(f"/dossiers/{RID.hex()}").text
    hub.store.writer.run(hear)
    text = client.get(f"/dossiers/{RID.hex()}").text
    assert text.count("Đồng hồ máy sai") == 1 and "paper.weighed, phiên bản 3," in text and CITIZEN not in text


def test_the_history_says_to_which_state_a_dossier_was_moved_and_whether_it_counted(hub: Hub) -> None:
    def move(c: apsw.Connection) -> None:
        lane, prev = event_log.open_lane(c, NodeId("n00101a"), INC, "peer"), event_log.events_of(c, RID)[0].id
        events = []
        for seq, name in enumerate(("hand_over", "take_up", "stop", "consult"), start=2):
            body = StatusMoved(move=name, office=OfficeCode("00101"), officer="cb01", at_ms=seq)
            event = make_event(
                node=NodeId("n00101a"), inc=INC, seq=seq, prev=prev, type="status.moved", tv=1, rid=RID, hlc=seq << 16, actor="cb01",
                body=encode_body(body), base=(), fence=0,
            )  # fmt: skip
            events.append(event)
            prev = event.id
        event_log.append(c, lane, events, hub.now_ms())
        projection.project(c, events)

    hub.store.writer.run(move)
    text = client_of(hub, "operator").get(f"/dossiers/{RID.hex()}").text
    for said in ("handed_over", "in_processing", "stopped"):
        assert f"Chuyển trạng thái: {DossierState(said).label}</td>" in text
    assert re.search(f"Chuyển trạng thái: {DossierState.CONSULTING.label} <strong[^>]*>không có hiệu lực", text)
