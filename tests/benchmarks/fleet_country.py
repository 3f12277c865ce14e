"""A hub that has run for a year: a million coded documents of 700 offices, written as the hub's own fold and rows would have them.

Pushing them would take an hour; so a few dossiers are really folded, and the rest are copies of their views with other people, codes and papers,
written by the projection's own functions. Each dossier has one event in its office's lane and feed; pairs of duplicates come through the real commit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import apsw
import msgspec

from central_hub.figures.sums import catch_up
from central_hub.ingest.commit import commit_batch
from central_hub.ingest.nodes import enrol_node, keep_hello
from central_hub.operations.presence import keep_presence_of
from central_hub.store.hub_store import HubStore, read_state
from sync_protocol.adapters import event_log, folded
from sync_protocol.adapters.folded import document_row, with_keys
from sync_protocol.adapters.projection_rows import insert_rows
from sync_protocol.bodies import DossierReceived, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import (
    GENESIS,
    ActId,
    BlobDigest,
    ComponentId,
    DocumentId,
    EventId,
    HubEpoch,
    Incarnation,
    NodeId,
    OfficeCode,
    RecordId,
)
from sync_protocol.merge import fold
from sync_protocol.messages import Hello, LaneHead
from sync_protocol.search_keys import keys_of
from sync_protocol.view import DocumentView, DossierView
from tests.benchmarks.workload import dossier

DOCUMENTS_OF_DOSSIER = 3
STEP = 2_000
OPEN_SHARE = 0.1
PAIRS = 300
YEAR_MS = 365 * 86_400_000


def fill(store: HubStore, documents: int, offices: int, now_ms: int) -> int:
    """Fill an empty hub; returns the number of dossiers."""
    nodes = [(NodeId(f"n{10_000 + n:05d}a"), OfficeCode(f"{10_000 + n:05d}")) for n in range(offices)]
    store.writer.run(lambda c: _admit(c, nodes, now_ms))
    templates = [_template(number) for number in range(200)]
    count, chance = documents // DOCUMENTS_OF_DOSSIER, random.Random(3)
    heads: dict[NodeId, tuple[int, EventId]] = {}
    for first in range(0, count, STEP):
        made = list(_copies(templates, range(first, min(first + STEP, count)), nodes, now_ms, chance))
        store.writer.run(lambda c, m=made: _write(c, m, heads, now_ms))  # type: ignore[misc]
    store.writer.run(lambda c: _meet(c, now_ms))
    while store.writer.run(lambda c: catch_up(c, 5_000)):
        pass
    return count


def _admit(connection: apsw.Connection, nodes: list[tuple[NodeId, OfficeCode]], now_ms: int) -> None:
    for node, office in nodes:
        inc = _inc(node)
        enrol_node(connection, node, office, b"k" * 32, now_ms)
        hello = Hello(
            versions=(1, 1), software="lienthong 0.1", office=office, inc=inc, heads=(LaneHead(inc, 500, EventId(GENESIS)),), epoch=None, cursor=0,
            clock_ms=now_ms, free_disk_bytes=80 << 30,
        )  # fmt: skip
        keep_hello(connection, node, hello, now_ms)
        event_log.open_lane(connection, node, inc, "peer")
    keep_presence_of(connection, {node: True for node, _ in nodes}, now_ms)


def _inc(node: NodeId) -> Incarnation:
    return Incarnation(node.encode().ljust(16, b"."))


def _template(number: int) -> DossierView:
    """A dossier as the hub folds it; its papers are made by `_paper`."""
    rid, body = dossier(number, "10000", seed=9)
    event = make_event(
        node=NodeId("n10000a"),
        inc=Incarnation(b"t" * 16),
        seq=1,
        prev=EventId(GENESIS),
        type="dossier.received",
        tv=1,
        rid=rid,
        hlc=1 << 16,
        actor="cb01",
        body=encode_body(body),
    )
    return fold(rid, [event])


Copy = tuple[DossierView, NodeId, bytes]


def _copies(
    templates: list[DossierView],
    numbers: range,
    nodes: list[tuple[NodeId, OfficeCode]],
    now_ms: int,
    chance: random.Random,
) -> Iterator[Copy]:
    for number in numbers:
        like = templates[number % len(templates)]
        node, office = nodes[number % len(nodes)]
        owner = f"{chance.randrange(10**11, 10**12)}"
        received = now_ms - chance.randrange(YEAR_MS)
        assert like.applicant is not None
        view = msgspec.structs.replace(
            like, rid=RecordId((received << 80 | chance.getrandbits(80)).to_bytes(16, "big")), code=f"{office}-261122-{number:08d}", office=office,
            custody=msgspec.structs.replace(like.custody, office=office), received_ms=received, due_date="2026-12-24",
            state="received" if chance.random() < OPEN_SHARE else "result_returned",
            applicant=msgspec.structs.replace(like.applicant, personal_id=owner),
            documents=tuple(_paper(number * 4 + n, n, node, owner, chance) for n in range(DOCUMENTS_OF_DOSSIER)),
        )  # fmt: skip
        yield view, node, chance.randbytes(32)


def _paper(number: int, kind: int, view_node: NodeId, owner: str, chance: random.Random) -> DocumentView:
    return DocumentView(
        document_id=DocumentId(chance.randbytes(16)), component_id=ComponentId(chance.randbytes(16)), pdf=BlobDigest(chance.randbytes(32)), pdf_size=180_000,
        officer_pdf=BlobDigest(bytes(32)), officer_pdf_size=0, pages=2, images=2, signer_name="Nguyễn Văn Ấm", captured_ms=1_795_000_000_000, node=view_node,
        captured_by=ActId(bytes(32)), codes=(f"{owner}.{number}",), owner=owner, document_type=f"GT.{kind}", number_symbol=str(number), has_record=True,
        agency_form="result" if kind else "",
    )  # fmt: skip


def _write(
    connection: apsw.Connection, made: list[Copy], heads: dict[NodeId, tuple[int, EventId]], now_ms: int
) -> None:
    dossiers, keys, papers, files = [], [], [], []
    for view, _node, _ in made:
        dossiers.append(folded.dossier_row(view, [])[:-1])
        keys += [(key, view.rid) for key in sorted(set(keys_of(view)))]
        papers += [document_row(view.rid, one) for one in view.documents]
        files += [(one.pdf, view.rid, one.pdf_size) for one in view.documents]
    insert_rows(connection, with_keys(dossiers, keys), papers, files)
    connection.executemany(
        "INSERT INTO blob(digest, size, state, at_ms) VALUES(?,?,'accepted',?)",
        [(digest, size, now_ms) for digest, _, size in files],
    )
    for view, node, _ in made:
        seq, prev = heads.get(node, (0, EventId(GENESIS)))
        body = DossierReceived(
            code=view.code,
            procedure=view.procedure,
            channel="in_person",
            office=view.office,
            applicant=view.applicant,
            received_ms=view.received_ms,
            officer="cb01",
        )
        event = make_event(
            node=node,
            inc=_inc(node),
            seq=seq + 1,
            prev=prev,
            type="dossier.received",
            tv=1,
            rid=view.rid,
            hlc=view.received_ms << 16,
            actor="cb01",
            body=encode_body(body),
        )
        lane = event_log.find_lane(connection, node, _inc(node))
        assert lane is not None
        _, placed = event_log.append(connection, lane, [event], view.received_ms)
        connection.execute(
            "INSERT INTO scope(rid, office, since_ms, reason) VALUES(?,?,?,'acted')",
            (view.rid, view.office, view.received_ms),
        )
        connection.execute("INSERT INTO feed(office, n, position) VALUES(?,?,?)", (view.office, seq + 1, placed[0][0]))
        heads[node] = (seq + 1, event.id)


def _meet(connection: apsw.Connection, now_ms: int) -> None:
    """Pairs of dossiers of one person and procedure at two offices, through the real commit: the hub suspects duplicates."""
    raw = read_state(connection, "epoch")
    for node, office in ((NodeId("n90001a"), OfficeCode("90001")), (NodeId("n90002a"), OfficeCode("90002"))):
        enrol_node(connection, node, office, b"k" * 32, now_ms)
        prev, events = EventId(GENESIS), []
        for number in range(PAIRS):
            _, body = dossier(5_000_000 + number, office)
            rid = RecordId((now_ms << 80 | int(office) << 32 | number).to_bytes(16, "big"))
            event: Event = make_event(
                node=node,
                inc=_inc(node),
                seq=number + 1,
                prev=prev,
                type="dossier.received",
                tv=1,
                rid=rid,
                hlc=now_ms << 16,
                actor="cb01",
                body=encode_body(body),
            )
            prev = event.id
            events.append(event)
        commit_batch(connection, node, office, events, HubEpoch(raw or bytes(16)), now_ms)
