"""Erasures in SQLite: which bodies an order took away, so that they are dropped here and never stored again.

Invariant: a body whose act stands in the table `erasure` is in no row of the event log, whichever way it comes: from a node's log that was
restored, a courier file, a witness, or a page of news. Header, id and chain of its event stay. Both shells hold the same tables;
every function works inside the caller's transaction. The database runs with `secure_delete`: what is dropped is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw
import msgspec

from sync_protocol.acts import act_id
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import BodyErased
from sync_protocol.envelope import Event, Header
from sync_protocol.erasure import order_in
from sync_protocol.ids import ActId, BlobDigest, EventId, RecordId

ERASURES = Migration(
    "0014-erasures",
    """
CREATE TABLE erasure(
    act BLOB PRIMARY KEY, body_hash BLOB NOT NULL, rid BLOB NOT NULL, number TEXT NOT NULL, ordered_by BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_by_body ON erasure(body_hash);
CREATE TABLE erased_file(digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
""",
)

_decode_header = msgspec.msgpack.Decoder(Header).decode


class Erasure(msgspec.Struct, frozen=True):
    """One body that is gone by order `number`; `ordered_by` is the hub event that says so."""

    act: ActId
    rid: RecordId
    number: str
    ordered_by: EventId


def obey(connection: apsw.Connection, events: Iterable[Event]) -> int:
    """Carry out the orders among stored events; returns how many bodies were dropped. Idempotent."""
    dropped = 0
    for event in events:
        order = order_in(event)
        if order is not None:
            _remember(connection, event, order)
            dropped += _drop(connection, event.header.rid, order)
    return dropped


def without_erased(connection: apsw.Connection, events: Sequence[Event]) -> list[Event]:
    """The events as they may be stored here: without a body where an order took it away."""
    if connection.execute("SELECT 1 FROM erasure LIMIT 1").fetchone() is None:
        return list(events)
    hashes = [(event.header.body_hash,) for event in events]
    doubtful = {
        as_bytes(one) for (one,) in connection.executemany("SELECT body_hash FROM erasure WHERE body_hash = ?", hashes)
    }
    return [
        msgspec.structs.replace(event, body=None)
        if event.header.body_hash in doubtful and order_over(connection, act_id(event.header)) is not None
        else event
        for event in events
    ]


def order_over(connection: apsw.Connection, act: ActId) -> Erasure | None:
    """The order that took an act's body away, or None."""
    row = connection.execute("SELECT act, rid, number, ordered_by FROM erasure WHERE act = ?", (act,)).fetchone()
    return None if row is None else Erasure(*row)


def erasures(connection: apsw.Connection) -> list[Erasure]:
    """Every order in force here, by number."""
    rows = connection.execute("SELECT act, rid, number, ordered_by FROM erasure ORDER BY number, act")
    return [Erasure(*row) for row in rows]


def forget_files(connection: apsw.Connection, digests: Iterable[BlobDigest]) -> None:
    """Note files that nobody refers to any more because of an order: the shell takes them off the disk after the commit."""
    connection.executemany("INSERT OR IGNORE INTO erased_file(digest) VALUES(?)", [(one,) for one in digests])


def files_to_remove(connection: apsw.Connection) -> list[BlobDigest]:
    """Files noted by `forget_files` to which no dossier came to refer again."""
    rows = connection.execute(
        "SELECT digest FROM erased_file e WHERE NOT EXISTS(SELECT 1 FROM blob_reference r WHERE r.digest = e.digest)"
    )
    return [BlobDigest(as_bytes(one)) for (one,) in rows]


def files_removed(connection: apsw.Connection, digests: Iterable[BlobDigest]) -> None:
    """They are off the disk: what this place still knew of them goes as well. Both shells name their table `blob`."""
    gone = [(one,) for one in digests]
    connection.executemany("DELETE FROM blob WHERE digest = ?", gone)
    connection.executemany("DELETE FROM erased_file WHERE digest = ?", gone)


def _remember(connection: apsw.Connection, event: Event, order: BodyErased) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO erasure(act, body_hash, rid, number, ordered_by) VALUES(?,?,?,?,?)",
        (order.act, order.body_hash, event.header.rid, order.order, event.id),
    )


def _drop(connection: apsw.Connection, rid: RecordId, order: BodyErased) -> int:
    """Take the body out of every copy of the act."""
    rows = connection.execute("SELECT id, header FROM event WHERE rid = ? AND body IS NOT NULL", (rid,)).fetchall()
    named = [as_bytes(one) for one, header in rows if act_id(_decode_header(as_bytes(header))) == order.act]
    connection.executemany("UPDATE event SET body = NULL WHERE id = ?", [(one,) for one in named])
    return len(named)
