"""The projection in SQLite: each dossier's folded view, and the keys by which dossiers, papers and files are found.

Everything here can be dropped and folded again from the event log (`rebuild`); a test and the nightly check compare both.
Every function works inside the caller's transaction, which is the transaction that stored the events (node rule N3, hub rule H1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import apsw
import msgspec

from sync_protocol.adapters import erasures, event_log
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.visits import keep_visit
from sync_protocol.bodies import BESIDE_DOSSIERS, blobs_of, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.merge import fold
from sync_protocol.search_keys import keys_of, paper_key
from sync_protocol.view import DocumentView, DossierView, decode_view, encode_view

PROJECTION = Migration(
    "0002-projection",
    """
CREATE TABLE dossier(
    rid BLOB PRIMARY KEY, code TEXT NOT NULL, procedure TEXT NOT NULL, office TEXT NOT NULL, custodian TEXT NOT NULL,
    state TEXT NOT NULL, received_ms INTEGER NOT NULL, due_date TEXT NOT NULL, conflicts INTEGER NOT NULL,
    suspicions INTEGER NOT NULL, view BLOB NOT NULL
) STRICT;
CREATE INDEX dossier_by_arrival ON dossier(received_ms);
CREATE TABLE search_key(key TEXT NOT NULL, rid BLOB NOT NULL, PRIMARY KEY(key, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX search_key_of_record ON search_key(rid);
CREATE TABLE document(
    document_id BLOB PRIMARY KEY, rid BLOB NOT NULL, owner TEXT NOT NULL, document_type TEXT NOT NULL,
    paper_key TEXT NOT NULL, is_sealed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX document_of_record ON document(rid);
CREATE INDEX document_by_owner ON document(owner, document_type) WHERE owner <> '';
CREATE INDEX document_by_paper ON document(paper_key) WHERE paper_key <> '';
CREATE TABLE blob_reference(
    digest BLOB NOT NULL, rid BLOB NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(digest, rid)
) STRICT, WITHOUT ROWID;
""",
)

KEYS_WITH_DOSSIER = Migration(
    "0023-keys-with-dossier",
    """
ALTER TABLE dossier ADD COLUMN keys TEXT NOT NULL DEFAULT '[]';
UPDATE dossier SET keys = coalesce((SELECT '' || json_group_array(k.key) FROM search_key k WHERE k.rid = dossier.rid), '[]');
DROP INDEX search_key_of_record;
""",
)
"""A dossier's row names the keys it stands under: four index entries a dossier less, and nobody asks for them apart."""

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
_write_keys = msgspec.json.Encoder().encode
read_keys = msgspec.json.Decoder(list[str]).decode
"""The keys that a dossier's row names."""


def project(
    connection: apsw.Connection, events: Sequence[Event], fresh: Collection[RecordId] = ()
) -> list[DossierView]:
    """Carry out the orders among the given, already stored events and fold every dossier they touch; returns the new views.

    `fresh` are dossiers of which the caller knows that nothing was held before these events: nobody asks for them again.
    """
    erasures.obey(connection, events)
    touched: dict[RecordId, list[Event]] = {}
    for event in events:
        if event.header.type in BESIDE_DOSSIERS:
            keep_visit(connection, event)
            continue
        touched.setdefault(event.header.rid, []).append(event)
        keep_references(connection, event)
    known = held_rids(connection, [rid for rid in touched if rid not in fresh])
    new = {rid: fold(rid, first) for rid, first in touched.items() if rid not in known}
    new = {rid: view for rid, view in new.items() if not view.erased}
    _insert_all(connection, new)
    return [new[rid] if rid in new else refold(connection, rid) for rid in touched]


def held_rids(connection: apsw.Connection, rids: Iterable[RecordId]) -> set[RecordId]:
    """Those of these dossiers of which something is held here."""
    found = connection.executemany("SELECT rid FROM dossier WHERE rid = ?", [(rid,) for rid in rids])
    return {RecordId(bytes(rid)) for (rid,) in found}


def _insert_all(connection: apsw.Connection, views: dict[RecordId, DossierView]) -> None:
    """Write the rows of dossiers that had none: nothing to compare with, so whole batches go in at once."""
    keys = {rid: sorted(set(keys_of(view))) for rid, view in views.items()}
    connection.executemany(_INSERT_DOSSIER, [_dossier_row(view, keys[rid]) for rid, view in views.items()])
    connection.executemany(
        "INSERT INTO search_key(key, rid) VALUES(?,?)", [(key, rid) for rid in views for key in keys[rid]]
    )
    for rid, view in views.items():
        _replace_documents(connection, rid, view)


def insert_rows(
    connection: apsw.Connection,
    dossiers: Sequence[tuple[apsw.SQLiteValue, ...]],
    search_keys: Sequence[tuple[apsw.SQLiteValue, ...]],
    documents: Sequence[tuple[apsw.SQLiteValue, ...]],
    references: Sequence[tuple[apsw.SQLiteValue, ...]],
) -> None:
    """Take over another replica's rows of dossiers of which nothing is projected here. Who folds alike need not fold again (snapshot.py)."""
    keys: dict[apsw.SQLiteValue, list[str]] = {}
    for key, rid in search_keys:
        keys.setdefault(rid, []).append(str(key))
    connection.executemany(_INSERT_DOSSIER, [(*row, _write_keys(keys.get(row[0], [])).decode()) for row in dossiers])
    connection.executemany("INSERT INTO search_key(key, rid) VALUES(?,?)", search_keys)
    connection.executemany(
        "INSERT OR REPLACE INTO document(document_id, rid, owner, document_type, paper_key, is_sealed) VALUES(?,?,?,?,?,?)",
        documents,
    )
    connection.executemany("INSERT OR IGNORE INTO blob_reference(digest, rid, size) VALUES(?,?,?)", references)


def refold(connection: apsw.Connection, rid: RecordId) -> DossierView:
    """Fold one dossier from its stored events and replace its rows."""
    view = fold(rid, event_log.events_of(connection, rid))
    if view.erased:
        _forget(connection, rid)
    row = connection.execute("SELECT keys FROM dossier WHERE rid = ?", (rid,)).fetchone()
    held: set[str] = set() if row is None else set(read_keys(row[0]))
    wanted = set(keys_of(view))
    connection.execute(_REPLACE_DOSSIER, _dossier_row(view, sorted(wanted)))
    connection.executemany("DELETE FROM search_key WHERE key = ? AND rid = ?", [(key, rid) for key in held - wanted])
    connection.executemany(
        "INSERT INTO search_key(key, rid) VALUES(?,?)", [(key, rid) for key in sorted(wanted - held)]
    )
    _replace_documents(connection, rid, view)
    return view


def _forget(connection: apsw.Connection, rid: RecordId) -> None:
    """Nothing of an erased body stays in the rows made from it; files that only it referred to are to be removed."""
    rows = connection.execute("DELETE FROM blob_reference WHERE rid = ? RETURNING digest", (rid,)).fetchall()
    connection.execute("DELETE FROM document WHERE rid = ?", (rid,))
    for event in event_log.events_of(connection, rid):
        keep_references(connection, event)
    erasures.forget_files(connection, [BlobDigest(as_bytes(digest)) for (digest,) in rows])


def _replace_documents(connection: apsw.Connection, rid: RecordId, view: DossierView) -> None:
    if view.documents:
        connection.executemany(
            "INSERT OR REPLACE INTO document(document_id, rid, owner, document_type, paper_key, is_sealed)"
            " VALUES(?,?,?,?,?,?)",
            [_document_row(rid, document) for document in view.documents],
        )


def _dossier_row(view: DossierView, keys: list[str]) -> tuple[apsw.SQLiteValue, ...]:
    return (
        view.rid, view.reference, view.procedure, view.office, view.custody.office, view.state,
        view.received_ms or view.presented_ms, view.due_date,
        len(view.conflicts), sum(1 for one in view.suspicions if not one.judged), encode_view(view),
        _write_keys(keys).decode(),
    )  # fmt: skip


def keep_references(connection: apsw.Connection, event: Event) -> None:
    """Remember which dossiers refer to a file: the right to fetch it, and the reason not to collect it, follow from this."""
    if event.header.type in ("copy.captured", "slip.issued", "agency.signed"):
        connection.executemany(
            "INSERT OR IGNORE INTO blob_reference(digest, rid, size) VALUES(?,?,?)",
            [(digest, event.header.rid, size) for digest, size in blobs_of(decode_body(event))],
        )


def rebuild(connection: apsw.Connection) -> int:
    """Drop every projected row and fold the whole log again; returns the number of dossiers."""
    for table in ("dossier", "search_key", "document", "blob_reference", "visit"):
        connection.execute(f"DELETE FROM {table}")
    rids: dict[RecordId, None] = {}
    for _, _, event in event_log.all_events(connection):
        keep_references(connection, event)
        if event.header.type in BESIDE_DOSSIERS:
            keep_visit(connection, event)
        else:
            rids[event.header.rid] = None
    for rid in rids:
        refold(connection, rid)
    return len(rids)


def view_of(connection: apsw.Connection, rid: RecordId) -> DossierView | None:
    """The stored view of a dossier."""
    row = connection.execute("SELECT view FROM dossier WHERE rid = ?", (rid,)).fetchone()
    return None if row is None else decode_view(row[0])


def find(connection: apsw.Connection, key: str, limit: int = 50) -> list[DossierView]:
    """Views under a search key (search_keys.key_for), newest first."""
    rows = connection.execute(
        "SELECT d.view FROM search_key k JOIN dossier d ON d.rid = k.rid WHERE k.key = ? ORDER BY d.received_ms DESC LIMIT ?",
        (key, limit),
    )
    return [decode_view(view) for (view,) in rows]


def shared_keys(connection: apsw.Connection, wanted: Iterable[tuple[str, RecordId]]) -> set[str]:
    """Those of the given (search key, dossier) pairs' keys under which another dossier stands as well."""
    found = connection.executemany("SELECT key FROM search_key WHERE key = ? AND rid <> ? LIMIT 1", list(wanted))
    return {str(key) for (key,) in found}


def newest(connection: apsw.Connection, limit: int = 100) -> list[DossierView]:
    """The dossiers received last."""
    rows = connection.execute("SELECT view FROM dossier ORDER BY received_ms DESC LIMIT ?", (limit,))
    return [decode_view(view) for (view,) in rows]


def same_paper(connection: apsw.Connection, key: str, but: DocumentId) -> list[tuple[RecordId, DocumentId]]:
    """Other documents under the same paper key (tier 1 of D.1)."""
    rows = connection.execute(
        "SELECT rid, document_id FROM document WHERE paper_key = ? AND document_id <> ?", (key, but)
    )
    return [(RecordId(rid), DocumentId(document)) for rid, document in rows]


def owned_papers(connection: apsw.Connection, owner: str, document_type: str) -> list[tuple[RecordId, DocumentId]]:
    """Papers of one owner and type: what reuse asks (A.6 rule 6: by owner, type and number, never by the full code)."""
    rows = connection.execute(
        "SELECT rid, document_id FROM document WHERE owner = ? AND document_type = ? ORDER BY is_sealed DESC",
        (owner, document_type),
    )
    return [(RecordId(rid), DocumentId(document)) for rid, document in rows]


def referring(connection: apsw.Connection, digest: BlobDigest) -> list[tuple[RecordId, int]]:
    """(dossier, size) of everything that refers to a file."""
    return [
        (RecordId(r), s)
        for r, s in connection.execute("SELECT rid, size FROM blob_reference WHERE digest = ?", (digest,))
    ]


def fingerprints(connection: apsw.Connection, rids: Iterable[RecordId]) -> dict[RecordId, bytes]:
    """The stored view bytes per dossier, for comparing replicas."""
    found = {}
    for rid in rids:
        row = connection.execute("SELECT view FROM dossier WHERE rid = ?", (rid,)).fetchone()
        if row:
            found[rid] = row[0]
    return found


def _document_row(rid: RecordId, document: DocumentView) -> tuple[object, ...]:
    key = paper_key(
        document.owner,
        document.document_type,
        document.number_symbol,
        document.value("issuing_body"),
        document.value("issue_date"),
    )
    owner = "" if document.revoked_reason else document.owner  # a revoked paper is nobody's to reuse
    return (document.document_id, rid, owner, document.document_type, key, int(bool(document.agency_form)))
