"""Counting: the facts of every dossier held here, moved forward from the log a few hundred events at a time.

Each step writes the facts of the dossiers that new events touch, in one transaction with its place in the log, so a crash, a repetition or
an event that comes late leaves what a full count would give (`recount` proves it).
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import msgspec

from edge_node.store.node_store import NodeStore, read_number, write_number
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.figures.facts import DossierFacts, facts_of
from sync_protocol.ids import RecordId

POSITION = "facts_position"
STEP_EVENTS = 200  # a step holds the writer for tens of milliseconds, so that saving hardly feels it

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DossierFacts).decode


def count_step(connection: apsw.Connection, limit: int = STEP_EVENTS) -> int:
    """Count the next events; returns how many, 0 when nothing is left. Inside the caller's transaction."""
    after = read_number(connection, POSITION)
    rows = connection.execute(
        "SELECT position, rid, type FROM event WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
    ).fetchall()
    for rid in dict.fromkeys(RecordId(as_bytes(rid)) for _, rid, kind in rows if kind not in BESIDE_DOSSIERS):
        facts = facts_of(rid, event_log.events_of(connection, rid))
        if facts is None:
            connection.execute("DELETE FROM dossier_fact WHERE rid = ?", (rid,))
        else:
            connection.execute("INSERT OR REPLACE INTO dossier_fact(rid, facts) VALUES(?, ?)", (rid, _encode(facts)))
    if rows:
        write_number(connection, POSITION, as_int(rows[-1][0]))
    return len(rows)


async def count_up(store: NodeStore) -> None:
    """Count everything that waits; other work of the desk goes between the steps."""
    while await store.readers.run_async(is_behind):
        await store.writer.run_async(lambda connection: count_step(connection))


def is_behind(connection: apsw.Connection) -> bool:
    """Whether events wait to be counted."""
    return event_log.last_position(connection) > read_number(connection, POSITION)


def recount(connection: apsw.Connection) -> None:
    """Drop every fact and count the whole log anew. For repairs and for proofs."""
    connection.execute("DELETE FROM dossier_fact")
    write_number(connection, POSITION, 0)
    while count_step(connection, limit=10_000):
        pass


def all_facts(connection: apsw.Connection) -> Iterator[DossierFacts]:
    """The facts of every dossier counted so far, by record id."""
    for (raw,) in connection.execute("SELECT facts FROM dossier_fact ORDER BY rid"):
        yield _decode(as_bytes(raw))
