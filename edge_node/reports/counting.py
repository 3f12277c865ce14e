"""Counting: the facts of every dossier held here, moved forward from the log a few hundred events at a time.

Each step writes the facts of the dossiers that new events touch, in one transaction with its place in the log, so a crash, a repetition or
an event that comes late leaves what a full count would give (`recount` proves it).
"""

from __future__ import annotations

import datetime as dt
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
    after = counted_position(connection)
    rows = connection.execute(
        "SELECT position, rid, type FROM event WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
    ).fetchall()
    for rid in dict.fromkeys(RecordId(as_bytes(rid)) for _, rid, kind in rows if kind not in BESIDE_DOSSIERS):
        facts = facts_of(rid, event_log.events_of(connection, rid))
        if facts is None:
            connection.execute("DELETE FROM dossier_fact WHERE rid = ?", (rid,))
        else:
            connection.execute(
                "INSERT OR REPLACE INTO dossier_fact(rid, facts, last_day) VALUES(?, ?, ?)",
                (rid, _encode(facts), last_day(facts).isoformat()),
            )
    if rows:
        write_number(connection, POSITION, as_int(rows[-1][0]))
    return len(rows)


async def count_up(store: NodeStore, steps: int | None = None) -> None:
    """Count everything that waits, or at most `steps` of it; other work of the desk goes between the steps."""
    while (steps is None or steps > 0) and await store.readers.run_async(is_behind):
        await store.writer.run_async(lambda connection: count_step(connection))
        steps = None if steps is None else steps - 1


def is_behind(connection: apsw.Connection) -> bool:
    """Whether events wait to be counted."""
    return event_log.last_position(connection) > counted_position(connection)


def counted_position(connection: apsw.Connection) -> int:
    """The place in the log up to which is counted."""
    return read_number(connection, POSITION)


def recount(connection: apsw.Connection) -> None:
    """Drop every fact and count the whole log anew. For repairs and for proofs."""
    connection.execute("DELETE FROM dossier_fact")
    write_number(connection, POSITION, 0)
    while count_step(connection, limit=10_000):
        pass


def facts_since(connection: apsw.Connection, first: dt.date) -> Iterator[DossierFacts]:
    """The facts counted so far of every dossier with which anything happened on a day or later, or that is still open."""
    for (raw,) in connection.execute(
        "SELECT facts FROM dossier_fact WHERE last_day >= ? ORDER BY rid", (first.isoformat(),)
    ):
        yield _decode(as_bytes(raw))


def last_day(facts: DossierFacts) -> dt.date:
    """The last day on which a dossier adds to any count; the end of time while it is open.

    What ended before a period adds nothing to its report: it came and went, so it is in no stock either.
    """
    spans = [*(one.until for one in facts.promises), *(one.until for one in facts.waits)]
    if facts.finished_on is None or None in spans:
        return dt.date.max
    days = (
        facts.received_on, facts.finished_on, facts.returned_on, facts.extended_on, facts.result_digitized_on, *facts.asked_on,
        *facts.digitized_on, *facts.reused_on, *spans,
    )  # fmt: skip
    return max(day for day in days if day is not None)
