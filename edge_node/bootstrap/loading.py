"""Loading one part: events, the hub's views of them, proofs and progress in one transaction; again is nothing new."""

from __future__ import annotations

from typing import Any

import apsw
import msgspec

from edge_node.bootstrap.keys import owe
from edge_node.bootstrap.progress import PART
from edge_node.letting_go.tombstones import note_place, settle
from edge_node.store.ledger import note_files
from edge_node.store.node_store import read_number, read_state, write_number
from edge_node.sync.page_keeping import keep_page
from sync_protocol.adapters import erasures, event_log, projection
from sync_protocol.adapters.folded import with_keys
from sync_protocol.adapters.projection_rows import insert_rows
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.envelope import Event
from sync_protocol.ids import RecordId
from sync_protocol.page_proof import PageProof
from sync_protocol.snapshot import DocumentRow, Manifest, Part, ReferenceRow


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A proven part as the database takes it: made beside the writer, so that the writer only writes. `dossiers` name their keys."""

    events: list[Event]
    pages: tuple[PageProof, ...]
    dossiers: list[tuple[Any, ...]]
    documents: tuple[DocumentRow, ...]
    references: tuple[ReferenceRow, ...]


def prepare(part: Part, events: list[Event]) -> Prepared:
    """A part with its proven events, ready to be loaded."""
    rows = with_keys(part.dossiers, part.search_keys)
    return Prepared(events, part.pages, rows, part.documents, part.references)


def load_part(
    connection: apsw.Connection,
    manifest: Manifest,
    number: int,
    part: Prepared,
    now_ms: int,
    *,
    views_fit: bool,
) -> bool:
    """Store part `number` (from 0) with its progress; False, and nothing stored, when it is not the next one or the hub's epoch moved.

    `views_fit` says that hub and node fold alike, so that the hub's rows may be taken as they are.
    """
    if read_number(connection, PART) != number or read_state(connection, "epoch") != manifest.epoch:
        return False
    held = event_log.known_rids(connection, {event.header.rid for event in part.events})
    new = event_log.keep_foreign(connection, part.events, now_ms)
    takes = {RecordId(row[0]) for row in part.dossiers} - held if views_fit else set()
    erasures.obey(connection, [event for event in new if event.header.rid in takes])
    _take_rows(connection, part, takes, now_ms)
    projection.project(
        connection, [event for event in new if event.header.rid not in takes or event.header.type in BESIDE_DOSSIERS]
    )
    note_files(connection, [event for event in new if event.header.rid not in takes], now_ms)
    note_place(connection, manifest.epoch, manifest.feed_head, part.events)
    for page in part.pages:
        keep_page(connection, page, manifest.feed_head, now_ms)
    write_number(
        connection,
        "hlc",
        max([read_number(connection, "hlc"), *(one.header.hlc for one in new if one.header.hlc >> 16 <= now_ms)]),
    )
    write_number(connection, PART, number + 1)
    if number + 1 == len(manifest.parts):
        write_number(connection, "cursor", manifest.feed_head)
        settle(connection)
    return True


def _take_rows(connection: apsw.Connection, part: Prepared, takes: set[RecordId], now_ms: int) -> None:
    """The hub's projection of dossiers that are new here; their search keys come at the end (keys.py)."""
    if takes:
        owe(connection)
    references = [row for row in part.references if row[1] in takes]
    insert_rows(
        connection,
        [row for row in part.dossiers if row[0] in takes],
        [row for row in part.documents if row[1] in takes],
        references,
    )
    connection.executemany(
        "INSERT OR IGNORE INTO blob(digest, size, state, priority, at_ms) VALUES(?,?,'remote',0,?)",
        [(digest, size, now_ms) for digest, _, size in references],
    )
