"""Sensitive papers: told only for a procedure that asks for them, opened in an emergency by two people, and never to a postal agent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.app import Hub
from central_hub.cases.errors import OtherPersonNeeded
from central_hub.ingest.nodes import NodeRow
from central_hub.lookup.at_hub import HERE, looks_at, open_at_hub
from central_hub.lookup.break_glass import JUDGED_WITHIN_MS, LASTS_MS, break_glass, emergencies, judge
from central_hub.lookup.errors import EmergencyReason, EmergencySettled, PostalMayNotLook, SensitiveWithheld
from central_hub.lookup.sensitive import is_sensitive, listed_by
from central_hub.lookup.service import find, open_record
from central_hub.operations.alarm_keeping import look_once
from central_hub.operations.alarms import open_alarms
from sync_protocol.adapters import event_log
from sync_protocol.bodies import CopyCaptured, DecisionMade, DocumentCoded, ResultReturned
from sync_protocol.ids import GENESIS, BlobDigest, ComponentId, DocumentId, EventId, NodeId, OfficeCode
from sync_protocol.messages import Find, FindReply, OpenRecord, Purpose
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.cases.heard import say
from tests.central_hub.directory.published import published
from tests.central_hub.web.person import Person
from tests.offices import reception, rid

NUMBER = "001185000001"
ELSEWHERE = NodeRow(NodeId("n03401a"), OfficeCode("03401"), b"", 0, None, None, None)
THIRD = NodeRow(NodeId("n09901a"), OfficeCode("09901"), b"", 0, None, None, None)
SICKNESS, SURVIVORS = "1.014163", "1.014178"  # the first asks for a discharge paper, the second does not
LAW = published()
URGENT = "Bệnh viện cần xác nhận ngay trong đêm theo công văn 12"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A dossier of office 00101 with a birth certificate and a discharge paper, both coded; office 03401 has dossiers of its own."""
    one = make_hub(tmp_path / "hub", Clock())

    def fill(c: object) -> None:
        last = say(c, one, 1, "00101", reception(1, "00101", "Lê Thị Ổn", NUMBER))  # type: ignore[arg-type]
        for number, kind in ((1, "GKS"), (2, "GRV")):
            for body in coded(number, kind):
                last = tell(c, one, 1, body, last)

    one.store.writer.run(fill)
    one.service.law = lambda _: LAW
    yield one
    one.store.close()


SEQ: dict[EventId, int] = {}


def tell(c: object, hub: Hub, number: int, body: object, last: EventId) -> EventId:
    seq = SEQ.get(last, 1) + 1
    made = say(c, hub, number, "00101", body, seq, last)  # type: ignore[arg-type]
    SEQ[made] = seq
    return made


def coded(number: int, kind: str) -> tuple[object, ...]:
    document, component = DocumentId(bytes([number]) * 16), ComponentId(bytes([number]) * 16)
    copy = CopyCaptured(
        component_id=component, document_id=document, pdf=BlobDigest(bytes([number]) * 32), pdf_size=1, pages=1, images=1, officer="cb",
        signer_name="x", captured_ms=1,
    )  # fmt: skip
    code = DocumentCoded(
        document_id=document,
        owner=NUMBER,
        procedure=SICKNESS,
        document_type=kind,
        number_symbol=f"{number}/A",
        code=f"{NUMBER}.{kind}",
    )
    return copy, code


def more(c: object, hub: Hub, last: EventId) -> EventId:
    """A paper that the procedure does not list."""
    for body in coded(3, "CCCD"):
        last = tell(c, hub, 1, body, last)
    return last


def own(hub: Hub, procedure: str, number: int = 9) -> Purpose:
    """The asking office's own dossier under a procedure, as a purpose."""
    body = msgspec.structs.replace(reception(number, "03401", "Ai Đó", "001185000099"), procedure=procedure)
    node = NodeId("n03401a")
    held = hub.store.readers.run(lambda c: [one.head for one in event_log.lanes(c) if one.node == node])
    seq, last = (held[0].seq, held[0].id) if held else (0, GENESIS)
    hub.store.writer.run(lambda c: say(c, hub, number, "03401", body, seq + 1, last))
    return Purpose(body.code, "giải quyết", "cb07", "resolving")


def told(hub: Hub, purpose: Purpose, node: NodeRow = ELSEWHERE) -> FindReply:
    return hub.store.writer.run(lambda c: find(c, node, Find("personal_id", NUMBER, "", purpose), 1, LAW))


def types(reply: FindReply) -> tuple[list[str], int]:
    return sorted(one.document_type for one in reply.found[0].documents), reply.found[0].withheld


def test_the_marks_are_in_the_catalogue_and_the_procedures_differ() -> None:
    assert (
        is_sensitive(LAW, "GRV")
        and not is_sensitive(LAW, "GKS")
        and is_sensitive(LAW, "never heard of")
        and not is_sensitive(LAW, "")
    )
    assert "GRV" in listed_by(LAW, SICKNESS) and "GRV" not in listed_by(LAW, SURVIVORS)


def test_the_first_answer_tells_of_a_sensitive_paper_only_for_a_procedure_that_asks_for_it(hub: Hub) -> None:
    assert types(told(hub, own(hub, SURVIVORS))) == (["GKS"], 1)
    assert types(told(hub, own(hub, SICKNESS, 10))) == (["GKS", "GRV"], 0)


def test_a_draft_says_its_procedure_and_an_unknown_purpose_gets_nothing_sensitive(hub: Hub) -> None:
    assert types(told(hub, Purpose("03401-TN-1", "tiếp nhận", "cb07", "intake", SICKNESS))) == (["GKS", "GRV"], 0)
    assert types(told(hub, Purpose("03401-TN-1", "tiếp nhận", "cb07", "intake", SURVIVORS))) == (["GKS"], 1)
    assert types(told(hub, Purpose("anything", "xem", "cb07", "intake"))) == (["GKS"], 1)


def test_another_offices_dossier_is_no_purpose(hub: Hub) -> None:
    purpose = own(hub, SICKNESS)
    assert types(told(hub, purpose, THIRD)) == (["GKS"], 1)


def test_a_dossier_with_such_a_paper_is_opened_whole_or_not_at_all(hub: Hub) -> None:
    wrong, right = own(hub, SURVIVORS), own(hub, SICKNESS, 10)
    with pytest.raises(SensitiveWithheld, match="GRV"):
        hub.store.writer.run(lambda c: open_record(c, ELSEWHERE, OpenRecord(rid(1), wrong), 1, LAW))
    assert hub.store.readers.run(
        lambda c: c.execute("SELECT count(*) FROM scope WHERE rid = ? AND office = '03401'", (rid(1),)).fetchall()
    ) == [(0,)]
    hub.store.writer.run(lambda c: open_record(c, ELSEWHERE, OpenRecord(rid(1), right), 1, LAW))
    assert types(told(hub, wrong)) == (["GKS", "GRV"], 0)  # in scope: the office has it already


def test_who_continues_a_dossier_reads_it_and_who_asks_for_a_finished_one_does_not(hub: Hub) -> None:
    itself = Purpose("00101-261122-0001", "nhận giải quyết tiếp", "cb07", "resolving")
    assert types(told(hub, itself)) == (["GKS", "GRV"], 0)
    last = hub.store.readers.run(lambda c: event_log.events_of(c, rid(1)))[-1].id
    extra = hub.store.writer.run(lambda c: more(c, hub, last))
    # what a desk accepted beyond the list is part of the case
    assert extra and types(told(hub, itself)) == (["CCCD", "GKS", "GRV"], 0)
    hub.store.writer.run(lambda c: open_record(c, THIRD, OpenRecord(rid(1), itself), 1, LAW))
    events = hub.store.readers.run(lambda c: event_log.events_of(c, rid(1)))
    last, seq = events[-1].id, events[-1].header.seq

    def finish(c: object) -> None:
        decision = DecisionMade(outcome="granted", office=OfficeCode("00101"), officer="ld", decided_ms=2)
        back = ResultReturned(office=OfficeCode("00101"), officer="cb", method="in_person", at_ms=3)
        made = say(c, hub, 1, "00101", decision, seq + 1, last, fence=0)  # type: ignore[arg-type]
        say(c, hub, 1, "00101", back, seq + 2, made, fence=0)  # type: ignore[arg-type]

    hub.store.writer.run(finish)
    assert types(told(hub, itself)) == (["GKS"], 2)


def test_a_postal_agent_looks_nobody_up(hub: Hub) -> None:
    with pytest.raises(PostalMayNotLook):
        told(hub, Purpose("x", "y", "bc01", "postal"))


FOR = Purpose("CV 12", URGENT, "lan", "conflict_officer")


def test_an_emergency_opens_for_a_quarter_of_an_hour_for_one_officer_and_alarms(hub: Hub) -> None:
    at = hub.now_ms()
    with pytest.raises(SensitiveWithheld):
        hub.store.writer.run(lambda c: open_at_hub(c, rid(1), FOR, at, LAW))
    with pytest.raises(EmergencyReason):
        hub.store.writer.run(lambda c: break_glass(c, HERE, rid(1), Purpose("x", "cần gấp", "lan", ""), at))
    hub.store.writer.run(lambda c: break_glass(c, HERE, rid(1), FOR, at))
    hub.store.writer.run(lambda c: open_at_hub(c, rid(1), FOR, at + LASTS_MS - 1, LAW))
    for who, when in (("lan", at + LASTS_MS), ("minh", at)):
        with pytest.raises(SensitiveWithheld):
            hub.store.writer.run(
                lambda c, w=who, t=when: open_at_hub(c, rid(1), Purpose("CV 12", URGENT, w, ""), t, LAW)
            )  # type: ignore[misc]
    look_once(hub)
    assert "emergency" in {one.kind for one in hub.store.readers.run(open_alarms)}
    whats = [one.what for one in hub.store.writer.run(lambda c: looks_at(c, "personal_id", NUMBER, "", FOR, at))]
    assert sorted(whats) == ["emergency", "open"]


def test_a_second_person_judges_an_emergency_once_and_late_shows(hub: Hub) -> None:
    at = hub.now_ms()
    hub.store.writer.run(lambda c: break_glass(c, HERE, rid(1), FOR, at))
    with pytest.raises(OtherPersonNeeded):
        hub.store.writer.run(lambda c: judge(c, 1, "justified", "lan", ("leader",), at))
    (waiting,) = hub.store.readers.run(emergencies)
    assert not waiting.is_late(at + JUDGED_WITHIN_MS) and waiting.is_late(at + JUDGED_WITHIN_MS + 1)
    hub.store.writer.run(lambda c: judge(c, 1, "unjustified", "boss", ("leader",), at + 5))
    (judged,) = hub.store.readers.run(emergencies)
    assert (judged.state, judged.judged_by) == ("unjustified", "boss")
    with pytest.raises(EmergencySettled):
        hub.store.writer.run(lambda c: judge(c, 1, "justified", "boss", ("leader",), at))
    look_once(hub)
    assert "emergency" not in {one.kind for one in hub.store.readers.run(open_alarms)}


def test_on_screen_the_refusal_offers_the_emergency_and_the_leader_judges(hub: Hub) -> None:
    officer, leader = Person(web_of_hub(hub), "conflict_officer"), Person(web_of_hub(hub), "leader")
    asked = {"dossier": "CV 12", "reason": "kiểm tra", "rid": rid(1).hex()}
    refused = officer.post("/lookup/open", asked)
    assert refused.status_code == 403 and "LOK-003" in refused.text and "Mở khẩn cấp 15 phút" in refused.text
    short = officer.post("/lookup/open", asked | {"emergency": "1"})
    assert "LOK-005" in short.text and "Mở khẩn cấp 15 phút" in short.text
    assert "Lê Thị Ổn" in officer.post("/lookup/open", asked | {"emergency": "1", "reason": URGENT}).text
    assert URGENT in leader.get("/oversight").text
    assert leader.post("/oversight/emergencies/1", {"verdict": "justified"}).status_code == 303
    assert (
        "Có căn cứ" in leader.get("/oversight").text
        and leader.post("/oversight/emergencies/1", {"verdict": "justified"}).status_code == 409
    )
