"""A revoked paper on the hub's pages: a banner where the paper is, a case where it is reused, which the office with custody decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.app import Hub
from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import ChoiceUnknown
from central_hub.cases.model import Case, read_cases
from central_hub.erasure.orders import approve, ask, erasable
from sync_protocol.adapters import event_log
from sync_protocol.adapters.worklist import count_open_cases
from sync_protocol.bodies import ComponentDeclared, CopyCaptured, ReuseKept, ReuseSource, Revoked
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, EventId, OfficeCode
from sync_protocol.merge_revoked import REASON_GONE
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.test_cases import EPOCH, GENESIS, say
from tests.offices import reception, rid

HERE, THERE = OfficeCode("00101"), OfficeCode("03401")
PAPER, PART = DocumentId(b"p" * 16), ComponentId(b"k" * 16)
REASON = "cấp nhầm cho bà Ẩn"
REVOCATION = Revoked(document_id=PAPER, authority=HERE, reason=REASON, officer="ld01", at_ms=1_795_000_000_000)


class Told:
    """Events of two offices arrive one by one."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.heads: dict[str, tuple[int, EventId]] = {}

    def __call__(self, number: int, office: str, body: msgspec.Struct) -> None:
        seq, prev = self.heads.get(office, (0, GENESIS))
        one = self.hub.store.writer.run(lambda c: say(c, self.hub, number, office, body, seq + 1, prev))
        self.heads[office] = (seq + 1, one)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


@pytest.fixture
def told(hub: Hub) -> Told:
    """A paper of one office, which another office's dossier reuses."""
    tell = Told(hub)
    tell(1, HERE, reception(1, HERE, "Lê Thị Ổn", "001185000001"))
    tell(1, HERE, CopyCaptured(
        component_id=PART, document_id=PAPER, pdf=BlobDigest(b"f" * 32), pdf_size=9, pages=1, images=1, officer="cb", signer_name="x", captured_ms=1,
    ))  # fmt: skip
    tell(2, THERE, reception(2, THERE, "Lê Thị Ẩn", "001185000002"))
    tell(2, THERE, ComponentDeclared(
        component_id=PART, document_type="GKS", name="Giấy khai sinh", decision="reused", office=THERE, source=ReuseSource(rid(1), PAPER, "x"),
    ))  # fmt: skip
    return tell


def the_case(hub: Hub) -> Case:
    (case,) = hub.store.readers.run(read_cases)
    return case


def test_the_case_is_listed_with_both_offices_and_only_the_custodian_answers_it(hub: Hub, told: Told) -> None:
    assert hub.store.readers.run(count_open_cases) == 0
    told(1, HERE, REVOCATION)
    case = the_case(hub)
    assert (case.kind, case.rid, case.offices, case.custodian) == ("reuse", rid(2), (HERE, THERE), THERE)
    decider = Decider("cd", ("conflict_officer",), EPOCH, hub.now_ms())
    with pytest.raises(ChoiceUnknown):
        hub.store.writer.run(lambda c: decisions.decide(c, case.rid, case.id, "same", "x", decider))
    client = client_of(hub, "conflict_officer")
    assert "Giấy dùng lại đã bị cơ quan 00101 thu hồi" in client.get("/cases").text
    page = client.get(f"/cases/{case.rid.hex()}/{case.id.hex()}").text
    assert REASON in page and "đang giữ quyền giải quyết và quyết định" in page and 'name="choice"' not in page


def test_the_custodian_s_word_closes_the_case_at_the_hub(hub: Hub, told: Told) -> None:
    told(1, HERE, REVOCATION)
    case = the_case(hub)
    told(2, THERE, ReuseKept(case=case.id, component_id=PART, reason="đã xem", officer="cb02", office=THERE, at_ms=1_795_000_000_001))
    assert hub.store.readers.run(read_cases) == [] and hub.store.readers.run(count_open_cases) == 0


def test_the_banner_stands_at_the_paper_and_at_the_reuse_and_the_reason_only_behind_a_purpose(hub: Hub, told: Told) -> None:
    told(1, HERE, REVOCATION)
    client = client_of(hub, "conflict_officer")
    here, there = (client.get(f"/dossiers/{rid(number).hex()}").text for number in (1, 2))
    assert "Giấy bị thu hồi bởi" in here and "ld01" in here and REASON not in here
    assert "Giấy dùng lại đã bị thu hồi bởi" in there and "Chưa ai quyết định" in there and REASON not in there


def test_an_order_over_a_revocation_takes_its_reason_also_where_it_was_told(hub: Hub, told: Told) -> None:
    told(1, HERE, REVOCATION)
    (event,) = [one.event for one in hub.store.readers.run(lambda c: erasable(c, rid(1))) if one.type == "document.revoked"]

    def erase(connection: apsw.Connection) -> set[OfficeCode]:
        number = ask(connection, rid(1), [event], number="12/QĐ", reason="yêu cầu của chủ dữ liệu", officer="mai", now_ms=hub.now_ms())
        return approve(connection, number, "hùng", EPOCH, hub.now_ms())[1]

    assert hub.store.writer.run(erase) == {HERE, THERE}
    case = the_case(hub)
    assert case.reuse is not None and case.reuse.reason == REASON_GONE and case.reuse.officer == "ld01"
    held = hub.store.readers.run(lambda c: [one.body or b"" for number in (1, 2) for one in event_log.events_of(c, rid(number))])
    assert REASON.encode() not in b"".join(held)
