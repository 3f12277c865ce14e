"""Looking at the hub: a purpose first, little said, each step noted with its answer; and the person hears who looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.app import Hub
from central_hub.ingest.commit import spread_events
from central_hub.ingest.errors import PurposeMissing, UnknownRecord
from central_hub.ingest.nodes import NodeRow, enrol_node
from central_hub.lookup import audit
from central_hub.lookup.at_hub import ask, looks_at, open_at_hub
from central_hub.lookup.errors import KeyMissing, LooksTooMany
from central_hub.lookup.rate import ALARM_LOOKS, HOUR_MS, REFUSE_LOOKS, alarms
from central_hub.lookup.service import find
from central_hub.seals.registry import Registration, register
from sync_protocol.adapters import event_log
from sync_protocol.bodies import CopyCaptured
from sync_protocol.envelope import make_event
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, NodeId, OfficeCode
from sync_protocol.messages import Find, Purpose
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.heard import say
from tests.offices import reception, rid

NAME, NUMBER, CODE = "Lê Thị Ổn", "001185000001", "00101-261122-0001"
FOR = Purpose("00101-261122-0009", "giải quyết thai sản", "lan", "conflict_officer")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: say(c, one, 1, "00101", reception(1, "00101", NAME, NUMBER)))
    yield one
    one.store.close()


def rows(hub: Hub) -> list[tuple[object, ...]]:
    return hub.store.readers.run(lambda c: c.execute("SELECT officer, what, rid FROM audit ORDER BY id").fetchall())


def test_without_a_purpose_or_a_key_nothing_is_answered_and_nothing_is_noted(hub: Hub) -> None:
    for purpose in (Purpose("", "x", "lan", ""), Purpose("x", " ", "lan", "")):
        with pytest.raises(PurposeMissing):
            hub.store.writer.run(lambda c, p=purpose: ask(c, "personal_id", NUMBER, "", p, 1))  # type: ignore[misc]
        with pytest.raises(PurposeMissing):
            hub.store.writer.run(lambda c, p=purpose: open_at_hub(c, rid(1), p, 1))  # type: ignore[misc]
    with pytest.raises(KeyMissing):
        hub.store.writer.run(lambda c: ask(c, "personal_id", " ", "", FOR, 1))
    with pytest.raises(KeyMissing):
        hub.store.writer.run(lambda c: ask(c, "name_birth", NAME, "", FOR, 1))
    with pytest.raises(UnknownRecord):
        hub.store.writer.run(lambda c: open_at_hub(c, rid(9), FOR, 1))
    assert rows(hub) == []


def test_an_answer_that_cannot_be_noted_is_not_given(hub: Hub) -> None:
    hub.store.writer.run(lambda c: c.execute("ALTER TABLE audit RENAME TO elsewhere").fetchall())
    for step in (lambda c: ask(c, "personal_id", NUMBER, "", FOR, 1), lambda c: open_at_hub(c, rid(1), FOR, 1)):
        with pytest.raises(Exception, match="STO"):
            hub.store.writer.run(step)


def test_a_person_hears_who_looked_from_any_office_and_when_nobody_did(hub: Hub) -> None:
    office = NodeRow(NodeId("n03401a"), OfficeCode("03401"), b"", 0, None, None, None)
    hub.store.writer.run(
        lambda c: find(c, office, Find("personal_id", NUMBER, "", Purpose("03401-1", "dùng lại", "cb07", "intake")), 10)
    )
    hub.store.writer.run(lambda c: open_at_hub(c, rid(1), FOR, 20))
    looked = hub.store.writer.run(lambda c: looks_at(c, "personal_id", NUMBER, "", FOR, 30))
    assert [(one.office, one.officer, one.what, one.reason) for one in looked] == [
        ("hub", "lan", "open", "giải quyết thai sản"), ("03401", "cb07", "find:personal_id", "dùng lại"),
    ]  # fmt: skip
    assert hub.store.writer.run(lambda c: looks_at(c, "personal_id", "001185999999", "", FOR, 40)) == []
    assert [what for _, what, _ in rows(hub)][-2:] == ["looks:personal_id"] * 2
    assert hub.store.readers.run(audit.broken_at) is None


def test_a_look_names_the_certificate_under_which_the_officer_was_registered_then(hub: Hub) -> None:
    row = NodeRow(NodeId("n00101a"), OfficeCode("00101"), b"", 0, None, None, None)
    ask_for = Find("personal_id", NUMBER, "", Purpose("x", "giải quyết", "cb02", "resolving"))
    entries = [Registration(name * 32, OfficeCode("00101"), "officer", "cb02", begin, begin + 9) for name, begin in ((b"A", 10), (b"B", 20))]
    for entry in entries:
        hub.store.writer.run(lambda c, e=entry: register(c, e, e.from_ms))  # type: ignore[misc]
    for now_ms in (5, 12, 25, 40):
        hub.store.writer.run(lambda c, at=now_ms: find(c, row, ask_for, at))  # type: ignore[misc]
    named = hub.store.readers.run(lambda c: [name for (name,) in c.execute("SELECT certificate FROM audit ORDER BY id")])
    assert named == ["", (b"A" * 32).hex(), (b"B" * 32).hex(), ""]
    assert hub.store.readers.run(audit.broken_at) is None


def test_too_many_looks_raise_an_alarm_and_then_end_for_the_hour(hub: Hub) -> None:
    def look(at_ms: int) -> None:
        hub.store.writer.run(lambda c: ask(c, "personal_id", NUMBER, "", FOR, at_ms))

    start = 1_000 * HOUR_MS
    for step in range(ALARM_LOOKS):
        look(start + step)
    assert hub.store.readers.run(alarms) == []
    look(start + ALARM_LOOKS)
    assert [(one.officer, one.looks) for one in hub.store.readers.run(alarms)] == [("lan", ALARM_LOOKS + 1)]
    for step in range(ALARM_LOOKS + 1, REFUSE_LOOKS):
        look(start + step)
    with pytest.raises(LooksTooMany):
        look(start + REFUSE_LOOKS)
    hub.store.writer.run(lambda c: open_at_hub(c, rid(1), Purpose("x", "y", "minh", ""), start + REFUSE_LOOKS))
    look(start + HOUR_MS + REFUSE_LOOKS)


def test_the_page_answers_minimally_then_opens_with_masked_numbers(hub: Hub) -> None:
    client = client_of(hub, "conflict_officer")

    def post(path: str, **data: str) -> str:
        return client.post(
            path, data={"_csrf_token": client.cookies["form"], "dossier": "00101-9", "reason": "thai sản", **data}
        ).text

    refused = post("/lookup", key="personal_id", value=NUMBER, reason="")
    assert "HUB-006" in refused and f'value="{NUMBER}"' in refused
    found = post("/lookup", key="personal_id", value=" 001 185 000 001 ")
    assert CODE in found and NAME not in found and NUMBER not in found.split("Trung tâm biết")[1]
    opened = post("/lookup/open", rid=rid(1).hex())
    assert NAME in opened and "0011••••0001" in opened and NUMBER not in opened
    assert (
        "HUB-005"
        in client.post(
            "/lookup/file",
            data={
                "_csrf_token": client.cookies["form"],
                "dossier": "x",
                "reason": "y",
                "rid": rid(1).hex(),
                "digest": "ab" * 32,
            },
        ).text
    )
    assert [what for _, what, _ in rows(hub)] == ["find:personal_id", "open"]
    auditor = client_of(hub, "auditor")
    asked = {
        "_csrf_token": auditor.cookies["form"],
        "dossier": "CV 12",
        "reason": "công dân hỏi",
        "key": "personal_id",
        "value": NUMBER,
    }
    text = auditor.post("/looks", data=asked).text
    assert "2 lần xem" in text and "conflict_officer" in text and "thai sản" in text


def test_a_file_is_shown_as_it_was_signed_with_a_third_row(hub: Hub) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256)) * 2_000
    digest = BlobDigest(bytes.fromhex(hub.files.files.put(content)))
    first = hub.store.readers.run(lambda c: event_log.events_of(c, rid(1)))[0]
    copy = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=digest, pdf_size=len(content), pages=1, images=1, officer="cb",
        signer_name="x", captured_ms=1,
    )  # fmt: skip
    hub.store.writer.run(lambda c: say(c, hub, 1, "00101", copy, 2, first.id))
    client = client_of(hub, "conflict_officer")
    asked = {
        "_csrf_token": client.cookies["form"],
        "dossier": "00101-9",
        "reason": "thai sản",
        "rid": rid(1).hex(),
        "digest": digest.hex(),
    }
    answer = client.post("/lookup/file", data=asked)
    assert (
        answer.content == content
        and answer.headers["content-type"] == "application/pdf"
        and answer.headers["cache-control"] == "no-store"
    )
    assert [what for _, what, _ in rows(hub)] == ["file"]


def test_what_a_newer_program_wrote_is_a_look_of_its_own_with_kind_office_machine_and_number(hub: Hub) -> None:
    hub.store.writer.run(lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), b"k" * 32, 1))
    hub.store.writer.run(lambda c: hear_newer(c, hub, {"grams": 12, "owner": NUMBER, "by": "<b>Ẵm</b>"}))
    page = client_of(hub, "operator").get(f"/dossiers/{rid(1).hex()}").text
    assert "paper.weighed, phiên bản 3," in page and "máy n00101a, số 2" in page and "Ẵm" not in page and NUMBER not in page
    assert 'href="/lookup"' in client_of(hub, "conflict_officer").get(f"/dossiers/{rid(1).hex()}").text
    client = client_of(hub, "conflict_officer")
    asked = {"_csrf_token": client.cookies["form"], "dossier": "00101-9", "reason": "thai sản", "rid": rid(1).hex()}
    before = [what for _, what, _ in rows(hub)]
    assert "/lookup/unread" in client.post("/lookup/open", data=asked).text
    seen = client.post("/lookup/unread", data=asked).text
    assert "paper.weighed, phiên bản 3," in seen and "00101" in seen and "máy n00101a, số 2" in seen and f"&#34;owner&#34;: &#34;{NUMBER}&#34;" in seen
    assert "&lt;b&gt;Ẵm" in seen
    assert [what for _, what, _ in rows(hub)][len(before) :] == ["open", "unread"]
    for refused, code in (({"reason": ""}, "HUB-006"), ({"rid": rid(9).hex()}, "HUB-")):
        text = client.post("/lookup/unread", data=asked | refused).text
        assert code in text and NUMBER not in text
    operator = client_of(hub, "operator")
    assert operator.post("/lookup/unread", data=asked | {"_csrf_token": operator.cookies["form"]}).status_code == 403
    assert [what for _, what, _ in rows(hub)][len(before) :] == ["open", "unread"]


def hear_newer(c: apsw.Connection, hub: Hub, content: object) -> None:
    """An event that this program does not know follows the reception."""
    first = event_log.events_of(c, rid(1))[0]
    event = make_event(
        node=first.header.node, inc=first.header.inc, seq=2, prev=first.id, type="paper.weighed", tv=3, rid=rid(1), hlc=2 << 16, actor="cb01",
        body=msgspec.msgpack.encode(content),
    )  # fmt: skip
    _, placed = event_log.append(c, event_log.open_lane(c, event.header.node, event.header.inc, "peer"), [event], hub.now_ms())
    spread_events(c, hub.identity.epoch, placed, hub.now_ms())
