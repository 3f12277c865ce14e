"""A paper is listed however many dossiers came after its own: papers to confirm, the Kho and the papers without an owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import apsw
import msgspec
import pytest

from edge_node.repository.service import KhoLine, kho
from edge_node.store import paper_lists
from edge_node.store.paper_lists import NEWEST, count_to_confirm, place_of, to_confirm
from edge_node.store.schema import MIGRATIONS
from edge_node.store.sync_words import ItemState, SyncWord
from edge_node.web.deadline import Deadline
from edge_node.web.dossier_page import Row
from edge_node.web.today_list import LISTED, ROWS, Today, today_reader
from sync_protocol import bodies as b
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.sqlite import migrate
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, BlobDigest, DocumentId, EventId, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.view import DossierView
from tests.sync_protocol.event_sets import reception

NODE, INC, OFFICE = NodeId("n00101a"), Incarnation(b"i" * 16), OfficeCode("00101")
NOW = dt.datetime(2026, 11, 29, 2, 0, tzinfo=dt.UTC)
NEWER = 650


class Office:
    """A node's database that grows dossier by dossier: one of its own in memory, or the given one."""

    def __init__(self, connection: apsw.Connection | None = None) -> None:
        self.connection = connection or apsw.Connection(":memory:")
        migrate(self.connection, MIGRATIONS)
        self.lane = event_log.open_lane(self.connection, NODE, INC, "peer" if connection else "own")
        self.seq, self.head, self.dossiers = 0, EventId(GENESIS), 0

    def event(self, rid: RecordId, body: msgspec.Struct) -> Event:
        self.seq += 1
        event = make_event(
            node=NODE, inc=INC, seq=self.seq, prev=self.head, type=b.TYPE_OF_BODY[type(body)], tv=1, rid=rid, hlc=self.seq << 16, actor="cb01",
            body=b.encode_body(body), base=(), fence=None,
        )  # fmt: skip
        self.head = event.id
        return event

    def receive(self, *papers: str) -> RecordId:
        """A dossier received one second after the last, with papers that are "read", "confirmed", "coded", "unassigned" or "revoked"."""
        self.dossiers += 1
        rid = RecordId(self.dossiers.to_bytes(16, "big"))
        received = msgspec.structs.replace(reception("00101", "Nguyễn Thị Ẵm"), received_ms=self.dossiers * 1000, code=f"H-{self.dossiers}")
        events = [self.event(rid, received)]
        for number, state in enumerate(papers):
            events += [self.event(rid, body) for body in self._course(DocumentId(rid[8:] + bytes([number]) * 8), state)]
        self.lane, _ = event_log.append(self.connection, self.lane, events, 1)
        projection.project(self.connection, events)
        return rid

    def _course(self, paper: DocumentId, state: str) -> list[msgspec.Struct]:
        captured = b.CopyCaptured(
            component_id=reception("00101", "x").components[0].component_id, document_id=paper, pdf=BlobDigest(paper * 2), pdf_size=1, pages=1, images=1,
            officer="cb01", signer_name="x", captured_ms=1,
        )  # fmt: skip
        steps: list[msgspec.Struct] = [captured]
        if state in ("confirmed", "coded", "unassigned"):
            steps.append(b.MetadataConfirmed(document_id=paper, role="resolving", officer="cb02", values=(), confirmed_ms=1))
        if state in ("coded", "unassigned"):
            owner = "001185012345" if state == "coded" else ""
            steps.append(
                b.DocumentCoded(document_id=paper, owner=owner, procedure="1.014166", document_type="gks", number_symbol="1", code=f"{owner}.gks.1")
            )
        if state == "revoked":
            steps.append(b.Revoked(document_id=paper, authority=OFFICE, reason="cấp sai", officer="x", at_ms=1))
        return steps

    def refuse(self, rid: RecordId, at_ms: int) -> None:
        """A dossier that was presented and refused at a moment."""
        applicant = reception("00101", "Nguyễn Thị Ẵm").applicant
        ended = b.IntakeEnded(
            outcome="refused", procedure="1.014166", channel="in_person", office=OFFICE, applicant=applicant, at_ms=at_ms, officer="cb01", explanation="x"
        )
        event = self.event(rid, ended)
        self.lane, _ = event_log.append(self.connection, self.lane, [event], 1)
        projection.project(self.connection, [event])

    def today(self) -> Today:
        return today_reader("confirm", OFFICE, NOW, NOW.date(), row)(self.connection)


def row(_: apsw.Connection, view: DossierView) -> Row:
    return Row(view, view.procedure, Deadline("none"), ItemState(SyncWord.SAVED_HERE))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    made = Office()
    made.receive("read", "confirmed", "revoked")
    made.receive("unassigned", "coded")
    made.receive("revoked")
    for _ in range(NEWER):
        made.receive("coded")
    yield made
    made.connection.close()


def test_an_unconfirmed_paper_of_the_oldest_dossier_is_counted_and_listed(office: Office) -> None:
    found = office.today()
    assert [one.view.code for one in found.rows] == ["H-1"] and found.to_confirm == 1


def test_the_number_and_the_list_agree_with_the_views(office: Office) -> None:
    views = projection.newest(office.connection, 10_000)
    assert count_to_confirm(office.connection) == sum(map(paper_lists.unconfirmed, views)) == 1
    assert [one.code for one in to_confirm(office.connection, 9)] == [one.code for one in views if paper_lists.unconfirmed(one)]


def test_a_paper_leaves_the_list_when_it_is_confirmed() -> None:
    made = Office()
    rid = made.receive("read")
    assert made.today().to_confirm == 1
    paper = projection.newest(made.connection)[0].documents[0].document_id
    confirmed = made.event(rid, b.MetadataConfirmed(document_id=paper, role="resolving", officer="cb02", values=(), confirmed_ms=1))
    made.lane, _ = event_log.append(made.connection, made.lane, [confirmed], 1)
    projection.project(made.connection, [confirmed])
    assert made.today().to_confirm == 0 and not made.today().rows


def test_what_the_hub_has_of_a_day_is_never_more_than_what_this_office_received() -> None:
    made = Office()
    for number, office in enumerate(("00101", "03401"), start=1):
        today = msgspec.structs.replace(reception(office, "x"), received_ms=int(NOW.timestamp() * 1000), code=f"H-{number}", due_date="2026-12-04")
        received = made.event(RecordId(bytes([number]) * 16), today)
        made.lane, _ = event_log.append(made.connection, made.lane, [received], 1)
        projection.project(made.connection, [received])
    made.connection.execute("INSERT INTO acknowledgement VALUES(?, 2, x'', x'', 2, 1, 0, x'')", (INC,))
    found = made.today()
    assert (found.received_today, found.at_hub_today) == (1, 1)


def test_page_after_page_all_dossiers_of_the_office_are_listed_once(office: Office) -> None:
    listed: list[str] = []
    before = NEWEST
    while True:
        page = today_reader("all", OFFICE, NOW, NOW.date(), row, before)(office.connection)
        listed += [one.view.code for one in page.rows]
        if page.older is None:
            break
        assert len(page.rows) == ROWS
        before = place_of(str(page.older))
    assert len(listed) == len(set(listed)) and set(listed) == {one.code for one in projection.newest(office.connection, 10_000)}


def test_page_after_page_the_kho_lists_every_coded_paper_once(office: Office) -> None:
    listed: list[KhoLine] = []
    before, pages = NEWEST, 0
    while True:
        page = kho(office.connection, before, NEWEST)
        listed, pages = listed + page.assigned, pages + 1
        if page.older is None:
            break
        before = place_of(str(page.older))
    assert pages == 7 and [one.dossier_code for one in listed] == [f"H-{number}" for number in (*range(NEWER + 3, 3, -1), 2)]


def test_a_paper_without_an_owner_stands_on_the_first_page(office: Office) -> None:
    assert [one.dossier_code for one in kho(office.connection, NEWEST, NEWEST).unassigned] == ["H-2"]


@pytest.mark.parametrize("text", ["", "x", "-", "12", "12-zz", "9" * 40])
def test_a_link_that_names_no_place_begins_with_the_newest_or_at_its_moment(office: Office, text: str) -> None:
    kho(office.connection, place_of(text), place_of(text))


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (paper_lists.TO_CONFIRM, 0, "dossier_to_confirm"), (paper_lists.COUNT_TO_CONFIRM, 0, "dossier_to_confirm"),
        (paper_lists._WITH_ASIDE, 0, "dossier_to_confirm"), (paper_lists.WITH_CODES, 3, "dossier_coded"),
        (paper_lists.WITH_UNASSIGNED, 3, "dossier_unassigned"),
    ],
)  # fmt: skip
def test_each_list_is_found_by_its_index_and_already_in_order(office: Office, sql: str, values: int, index: str) -> None:
    plan = [str(step[3]) for step in office.connection.execute(f"EXPLAIN QUERY PLAN {sql}", (1, b"", 9)[:values])]
    assert len(plan) == 1 and index in plan[0], plan


def test_counting_reads_the_index_and_no_view(office: Office) -> None:
    steps = [str(step[1]) for step in office.connection.execute(f"EXPLAIN {paper_lists.COUNT_TO_CONFIRM}")]
    assert "AggStep" in steps and "Function" not in steps


def test_the_numbers_of_the_day_count_every_dossier_of_the_day() -> None:
    made = Office()
    midnight_ms = int(dt.datetime(2026, 11, 28, 17, tzinfo=dt.UTC).timestamp() * 1000)
    for number in range(LISTED + 30):
        made.refuse(RecordId((number + 1).to_bytes(16, "big")), midnight_ms + number)
    made.refuse(RecordId(b"\x7f" * 16), midnight_ms - 1)  # of the day before
    found = made.today()
    made.connection.close()
    assert found.refused_today == LISTED + 30
