"""The rows of the projection: written for dossiers that had none, put in another's place, taken out.

Every function works inside the caller's transaction. What the rows say is worked out in folded.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from sync_protocol.adapters import erasures
from sync_protocol.adapters.folded import REFERRING, Folded, document_row, read_keys, references_in
from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, RecordId

_INSERT_DOSSIER = (
    "INSERT INTO dossier(rid, code, procedure, office, custodian, state, received_ms, due_date, conflicts, suspicions, view, keys)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"
)
_REPLACE_DOSSIER = (
    f"{_INSERT_DOSSIER} ON CONFLICT(rid) DO UPDATE SET code = excluded.code, procedure = excluded.procedure,"
    " office = excluded.office, custodian = excluded.custodian, state = excluded.state, received_ms = excluded.received_ms,"
    " due_date = excluded.due_date, conflicts = excluded.conflicts, suspicions = excluded.suspicions, view = excluded.view,"
    " keys = excluded.keys"
)
_INSERT_KEY = "INSERT INTO search_key(key, rid) VALUES(?,?)"
_INSERT_DOCUMENT = (
    "INSERT OR REPLACE INTO document(document_id, rid, owner, document_type, paper_key, is_sealed) VALUES(?,?,?,?,?,?)"
)
_INSERT_REFERENCE = "INSERT OR IGNORE INTO blob_reference(digest, rid, size) VALUES(?,?,?)"
ROW_COLUMNS = (
    "rid", "code", "procedure", "office", "custodian", "state", "received_ms", "due_date", "conflicts", "suspicions", "view", "keys",
)  # fmt: skip
"""A dossier's row, in the order of `Folded.row`."""
PAPERS_OF_ONE = "SELECT document_id, rid, owner, document_type, paper_key, is_sealed FROM document WHERE rid = ?"
_KEYS_OF = "SELECT rid, keys FROM dossier WHERE rid IN (?)"
_DOCUMENTS_OF = "SELECT document_id, rid, owner, document_type, paper_key, is_sealed FROM document WHERE rid IN (?)"


def insert_rows(
    connection: apsw.Connection,
    dossiers: Sequence[tuple[apsw.SQLiteValue, ...]],
    documents: Sequence[tuple[apsw.SQLiteValue, ...]],
    references: Sequence[tuple[apsw.SQLiteValue, ...]],
) -> None:
    """Take over another replica's rows of dossiers of which nothing is projected here. Who folds alike need not fold again (snapshot.py).

    The search keys are named in the dossiers' rows (`with_keys`) and not yet written: the caller owes them (`insert_keys`), best in the
    order of many.
    """
    insert_many(connection, _INSERT_DOSSIER, dossiers)
    _insert_documents(connection, documents)
    insert_many(connection, _INSERT_REFERENCE, references)


def insert_keys(connection: apsw.Connection, keys: Sequence[tuple[str, bytes]]) -> None:
    """Write keys under which dossiers stand by their rows. Idempotent."""
    insert_many(connection, "INSERT OR IGNORE INTO search_key(key, rid) VALUES(?,?)", keys)


def insert_all(connection: apsw.Connection, made: Sequence[Folded]) -> None:
    """Write the rows of dossiers that had none: nothing to compare with, so whole batches go in at once."""
    insert_many(connection, _INSERT_DOSSIER, [one.row for one in made])
    insert_many(connection, _INSERT_KEY, [(key, one.rid) for one in made for key in one.keys])
    _insert_documents(connection, [document_row(one.rid, paper) for one in made for paper in one.documents])


def replace_rows(connection: apsw.Connection, made: Sequence[Folded]) -> None:
    """Write what differs: rows of documents and keys that are the same stay where they are."""
    wanted = {one.rid: set(one.keys) for one in made}
    held = {rid: set(read_keys(str(keys))) for rid, keys in select_in(connection, _KEYS_OF, wanted)}
    insert_many(connection, _REPLACE_DOSSIER, [one.row for one in made])
    gone = [(key, rid) for rid in wanted for key in sorted(held.get(rid, set()) - wanted[rid])]
    connection.executemany("DELETE FROM search_key WHERE key = ? AND rid = ?", gone)
    insert_many(connection, _INSERT_KEY, [(key, rid) for rid in wanted for key in sorted(wanted[rid] - held.get(rid, set()))])
    papers = [document_row(one.rid, paper) for one in made for paper in one.documents]
    if papers:
        standing = set(select_in(connection, _DOCUMENTS_OF, wanted))
        _insert_documents(connection, [row for row in papers if row not in standing])


def _insert_documents(connection: apsw.Connection, rows: Iterable[tuple[apsw.SQLiteValue, ...]]) -> None:
    """Of two rows of one dossier under one id the later stands; of two dossiers each has its own."""
    insert_many(connection, _INSERT_DOCUMENT, list({row[:2]: row for row in rows}.values()))


def drop_rows(connection: apsw.Connection, rid: RecordId) -> bool:
    """Take a dossier out of the projection: its view, its keys and its papers. What refers to its files stays; False where it has no row."""
    row = connection.execute("DELETE FROM dossier WHERE rid = ? RETURNING keys", (rid,)).fetchone()
    if row is None:
        return False
    connection.executemany("DELETE FROM search_key WHERE key = ? AND rid = ?", [(key, rid) for key in read_keys(str(row[0]))])
    connection.execute("DELETE FROM document WHERE rid = ?", (rid,))
    return True


def forget(connection: apsw.Connection, rid: RecordId, events: Sequence[Event]) -> None:
    """Nothing of an erased body stays in the rows made from it; files that only it referred to are to be removed. `events` are those stored."""
    rows = connection.execute("DELETE FROM blob_reference WHERE rid = ? RETURNING digest", (rid,)).fetchall()
    connection.execute("DELETE FROM document WHERE rid = ?", (rid,))
    keep_references(connection, events)
    erasures.forget_files(connection, [BlobDigest(as_bytes(digest)) for (digest,) in rows])


def keep_references(connection: apsw.Connection, events: Iterable[Event]) -> None:
    """Remember which dossiers refer to a file: the right to fetch it, and the reason not to collect it, follow from this."""
    insert_many(connection, _INSERT_REFERENCE, references_in(event for event in events if event.header.type in REFERRING))
