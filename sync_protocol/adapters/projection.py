"""The projection in SQLite: each dossier's folded view, and the keys by which dossiers, papers and files are found.

Everything here can be dropped and folded again from the event log (`rebuild`); a test and the nightly check compare both.
Every function works inside the caller's transaction, which is the transaction that stored the events (node rule N3, hub rule H1).
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import apsw
import msgspec

from sync_protocol.adapters import erasures, event_log
from sync_protocol.adapters.exits import ever_left, keep_exit
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.adapters.sqlite.rows import Row, as_bytes
from sync_protocol.adapters.stored_views import AS_ITS_EVENT, read_view, read_views
from sync_protocol.adapters.visits import keep_visit
from sync_protocol.bodies import BESIDE_DOSSIERS, blobs_of, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.kept_text import kept
from sync_protocol.merge import fold
from sync_protocol.merge_reception import RECEIVED, only_reception
from sync_protocol.search_keys import key_for, keys_of, keys_of_reception, near_key, paper_key
from sync_protocol.view import DocumentView, DossierView, encode_view

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


def claims_of_papers(own_index: str) -> Migration:
    """A paper's id that two dossiers name stands in both, in whatever order they are folded (decision 0011). `own_index` is the index a shell has besides."""
    return Migration(
        "0049-claims-of-papers",
        f"""
CREATE TABLE document_claim(
    rid BLOB NOT NULL, document_id BLOB NOT NULL, owner TEXT NOT NULL, document_type TEXT NOT NULL,
    paper_key TEXT NOT NULL, is_sealed INTEGER NOT NULL, PRIMARY KEY(rid, document_id)
) STRICT, WITHOUT ROWID;
INSERT INTO document_claim(rid, document_id, owner, document_type, paper_key, is_sealed)
    SELECT rid, document_id, owner, document_type, paper_key, is_sealed FROM document ORDER BY rid, document_id;
DROP TABLE document;
ALTER TABLE document_claim RENAME TO document;
CREATE INDEX document_by_owner ON document(owner, document_type) WHERE owner <> '';
CREATE INDEX document_by_paper ON document(paper_key) WHERE paper_key <> '';
{own_index};
""",
    )


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
_SHARED_KEYS = "SELECT key FROM search_key WHERE key IN (?) GROUP BY key HAVING count(*) > 1"
_DOCUMENTS_OF = "SELECT document_id, rid, owner, document_type, paper_key, is_sealed FROM document WHERE rid IN (?)"
# the indexes leave out papers without key or owner: unless a question says that it does so too, it walks through all papers
_UNDER_PAPER_KEYS = "SELECT paper_key, rid, document_id FROM document WHERE paper_key <> '' AND paper_key IN (?)"
_REFERRING = "SELECT digest, rid FROM blob_reference WHERE digest IN (?)"
_OWNED = (
    "SELECT rid, document_id FROM document WHERE owner <> '' AND owner = ? AND document_type = ?"
    " ORDER BY is_sealed DESC, document_id"
)
REFERRING = frozenset({"copy.captured", "slip.issued", "agency.signed"})  # events that name files
OPENS = frozenset({"dossier.received", "intake.ended", "application.arrived"})  # with what a dossier begins, if all is well
REFOLDED_AT_ONCE = 200  # dossiers whose events are in memory together
_write_keys = msgspec.json.Encoder().encode
read_keys = msgspec.json.Decoder(list[str]).decode
"""The keys that a dossier's row names."""


class Folded(msgspec.Struct, frozen=True, gc=False):
    """A dossier as these events alone make it: the keys it stands under, its row, and its view for whoever asks."""

    rid: RecordId
    events: tuple[Event, ...]
    keys: tuple[str, ...]
    row: Row
    documents: tuple[DocumentView, ...] = ()
    whole: DossierView | None = None  # None: a lone reception, whose view nobody has made

    @property
    def view(self) -> DossierView:
        """The dossier's view."""
        return fold(self.rid, self.events) if self.whole is None else self.whole

    @property
    def is_erased(self) -> bool:
        """An order took something of it away."""
        return self.whole is not None and bool(self.whole.erased)


def fold_ahead(events: Iterable[Event]) -> dict[RecordId, Folded]:
    """What `project` would make of the dossiers that these events open, were nothing of them held. Touches no database.

    For the time before the transaction: whoever has the events in hand works this out while others write. `project` takes a result only where
    it holds, so a wrong guess costs time and nothing else.
    """
    touched: dict[RecordId, list[Event]] = {}
    for event in events:
        rid = event.header.rid
        if rid in touched:
            touched[rid].append(event)
        elif event.header.type in OPENS:
            touched[rid] = [event]
    return {rid: folded_from(rid, first) for rid, first in touched.items()}


def project(
    connection: apsw.Connection,
    events: Sequence[Event],
    fresh: Collection[RecordId] = (),
    ahead: Mapping[RecordId, Folded] | None = None,
) -> list[Folded]:
    """Carry out the orders among the given, already stored events and fold every dossier they touch; returns what they are now.

    `fresh` are dossiers of which the caller knows that nothing was held before these events: nobody asks for them again. `ahead` is what
    `fold_ahead` made of these events, where somebody had the time.
    """
    erasures.obey(connection, events)
    touched: dict[RecordId, list[Event]] = {}
    for event in events:
        if event.header.type in BESIDE_DOSSIERS:
            keep_beside(connection, event)
        else:
            touched.setdefault(event.header.rid, []).append(event)
    keep_references(connection, [event for together in touched.values() for event in together])
    asked = [rid for rid in touched if rid not in fresh]
    known = held_rids(connection, asked)
    known |= ever_left(connection, [rid for rid in asked if rid not in known])  # a row that went with the scope: its events may be held
    new: dict[RecordId, Folded] = {}
    for rid, first in touched.items():
        if rid not in known:
            made = (ahead or {}).get(rid)
            new[rid] = made if made is not None and _are_same(made.events, first) else folded_from(rid, first)
    new = {rid: made for rid, made in new.items() if not made.is_erased}
    _insert_all(connection, list(new.values()))
    others = {made.rid: made for made in refold_all(connection, [rid for rid in touched if rid not in new])}
    return [new[rid] if rid in new else others[rid] for rid in touched]


def folded_from(rid: RecordId, events: Sequence[Event]) -> Folded:
    """A dossier as its stored events make it. Touches no database."""
    alone = only_reception(events)
    if alone is not None:
        _, body = alone
        keys = tuple(sorted(keys_of_reception(body.code, body.applicant)))
        row = (
            rid, kept(body.code), kept(body.procedure), body.office, body.office, RECEIVED, body.received_ms, kept(body.due_date), 0, 0,
            AS_ITS_EVENT, _write_keys(keys).decode(),
        )  # fmt: skip
        return Folded(rid, tuple(events), keys, row)
    view = fold(rid, events)
    keys = tuple(sorted({*keys_of(view)}))
    return Folded(rid, tuple(events), keys, _dossier_row(view, keys), view.documents, view)


def _are_same(made: Sequence[Event], stored: Sequence[Event]) -> bool:
    """Whether these are the very events, none cut off and none without its body since."""
    return len(made) == len(stored) and all(map(operator.is_, made, stored))


def held_rids(connection: apsw.Connection, rids: Iterable[RecordId]) -> set[RecordId]:
    """Those of these dossiers of which something is held here."""
    return {RecordId(as_bytes(rid)) for (rid,) in select_in(connection, "SELECT rid FROM dossier WHERE rid IN (?)", rids)}


def _insert_all(connection: apsw.Connection, made: Sequence[Folded]) -> None:
    """Write the rows of dossiers that had none: nothing to compare with, so whole batches go in at once."""
    insert_many(connection, _INSERT_DOSSIER, [one.row for one in made])
    insert_many(connection, _INSERT_KEY, [(key, one.rid) for one in made for key in one.keys])
    _insert_documents(connection, [document_row(one.rid, paper) for one in made for paper in one.documents])


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


def with_keys(dossiers: Sequence[tuple[Any, ...]], search_keys: Iterable[tuple[str, bytes]]) -> list[tuple[Any, ...]]:
    """Rows of dossiers, each with its keys as its last column, as `insert_rows` takes them. Touches no database."""
    keys: dict[bytes, list[str]] = {}
    for key, rid in search_keys:
        keys.setdefault(rid, []).append(key)
    return [(*row, _write_keys(keys.get(row[0], [])).decode()) for row in dossiers]


def insert_keys(connection: apsw.Connection, keys: Sequence[tuple[str, bytes]]) -> None:
    """Write keys under which dossiers stand by their rows. Idempotent."""
    insert_many(connection, "INSERT OR IGNORE INTO search_key(key, rid) VALUES(?,?)", keys)


def refold(connection: apsw.Connection, rid: RecordId) -> DossierView:
    """Fold one dossier from its stored events and replace its rows."""
    return refold_all(connection, [rid])[0].view


def refold_all(connection: apsw.Connection, rids: Sequence[RecordId]) -> list[Folded]:
    """Fold dossiers from their stored events and replace their rows, asked and written for many together; returns what they are in this order."""
    found: list[Folded] = []
    for at in range(0, len(rids), REFOLDED_AT_ONCE):
        asked = rids[at : at + REFOLDED_AT_ONCE]
        stored = event_log.events_of_all(connection, asked)
        folded = [folded_from(rid, stored.get(rid, ())) for rid in asked]
        for made in folded:
            if made.is_erased:
                _forget(connection, made.rid, made.events)
        _replace_rows(connection, folded)
        found += folded
    return found


def _replace_rows(connection: apsw.Connection, made: Sequence[Folded]) -> None:
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


def _forget(connection: apsw.Connection, rid: RecordId, events: Sequence[Event]) -> None:
    """Nothing of an erased body stays in the rows made from it; files that only it referred to are to be removed. `events` are those stored."""
    rows = connection.execute("DELETE FROM blob_reference WHERE rid = ? RETURNING digest", (rid,)).fetchall()
    connection.execute("DELETE FROM document WHERE rid = ?", (rid,))
    keep_references(connection, events)
    erasures.forget_files(connection, [BlobDigest(as_bytes(digest)) for (digest,) in rows])


def _insert_documents(connection: apsw.Connection, rows: Iterable[tuple[apsw.SQLiteValue, ...]]) -> None:
    """Of two rows of one dossier under one id the later stands; of two dossiers each has its own."""
    insert_many(connection, _INSERT_DOCUMENT, list({row[:2]: row for row in rows}.values()))


def _dossier_row(view: DossierView, keys: Sequence[str]) -> Row:
    return (
        view.rid, kept(view.reference), kept(view.procedure), kept(view.office), kept(view.custody.office), view.state,
        view.received_ms or view.presented_ms, kept(view.due_date),
        len(view.conflicts) + len(view.open_proposals) + len(view.open_reuses), sum(1 for one in view.suspicions if not one.judged), encode_view(view),
        _write_keys(keys).decode(),
    )  # fmt: skip


def keep_references(connection: apsw.Connection, events: Iterable[Event]) -> None:
    """Remember which dossiers refer to a file: the right to fetch it, and the reason not to collect it, follow from this."""
    insert_many(connection, _INSERT_REFERENCE, references_in(event for event in events if event.header.type in REFERRING))


def references_in(events: Iterable[Event]) -> list[tuple[BlobDigest, RecordId, int]]:
    """(file, dossier, size) of what these events refer to; of two words about one file the first stands."""
    found: dict[tuple[BlobDigest, RecordId], int] = {}
    for event in events:
        for digest, size in blobs_of(decode_body(event)):
            found.setdefault((digest, event.header.rid), size)
    return [(digest, rid, size) for (digest, rid), size in found.items()]


def keep_beside(connection: apsw.Connection, event: Event) -> None:
    """Note what an event says that says nothing of a dossier (`BESIDE_DOSSIERS`). Idempotent."""
    keep_visit(connection, event)
    keep_exit(connection, event)


def drop_rows(connection: apsw.Connection, rid: RecordId) -> bool:
    """Take a dossier out of the projection: its view, its keys and its papers. What refers to its files stays; False where it has no row."""
    row = connection.execute("DELETE FROM dossier WHERE rid = ? RETURNING keys", (rid,)).fetchone()
    if row is None:
        return False
    connection.executemany("DELETE FROM search_key WHERE key = ? AND rid = ?", [(key, rid) for key in read_keys(str(row[0]))])
    connection.execute("DELETE FROM document WHERE rid = ?", (rid,))
    return True


def rebuild(connection: apsw.Connection) -> int:
    """Drop every projected row and fold the whole log again; returns the number of dossiers."""
    for table in ("dossier", "search_key", "document", "blob_reference", "visit", "scope_exit"):
        connection.execute(f"DELETE FROM {table}")
    rids: dict[RecordId, None] = {}
    for _, _, event in event_log.all_events(connection):
        keep_references(connection, [event])
        if event.header.type in BESIDE_DOSSIERS:
            keep_beside(connection, event)
        else:
            rids[event.header.rid] = None
    refold_all(connection, list(rids))
    return len(rids)


def view_of(connection: apsw.Connection, rid: RecordId) -> DossierView | None:
    """The view of a dossier that is held."""
    row = connection.execute("SELECT view FROM dossier WHERE rid = ?", (rid,)).fetchone()
    return None if row is None else read_view(connection, rid, row[0])


def find(connection: apsw.Connection, key: str, limit: int = 50) -> list[DossierView]:
    """Views under a search key (search_keys.key_for), newest first."""
    rows = connection.execute(
        "SELECT d.rid, d.view FROM search_key k JOIN dossier d ON d.rid = k.rid WHERE k.key = ? ORDER BY d.received_ms DESC LIMIT ?",
        (key, limit),
    )
    found = read_views(connection, rows.fetchall())
    # whoever bears a code now comes before those of which it is an alias
    return sorted(found, key=lambda view: key_for("code", view.code) != key) if key.startswith("code:") else found


def shared_keys(connection: apsw.Connection, wanted: Iterable[tuple[str, RecordId]]) -> set[str]:
    """Those of the given (search key, dossier) pairs' keys under which another dossier stands as well; the pairs are stored.

    Answered by the database in no rows where nothing is shared: each row that is read gives the interpreter up and waits for it again.
    """
    found = select_in(connection, _SHARED_KEYS, dict.fromkeys(key for key, _ in wanted))
    return {str(key) for (key,) in found}


def newest(connection: apsw.Connection, limit: int = 100) -> list[DossierView]:
    """The dossiers received last."""
    rows = connection.execute("SELECT rid, view FROM dossier ORDER BY received_ms DESC LIMIT ?", (limit,))
    return read_views(connection, rows.fetchall())


def same_papers(connection: apsw.Connection, keys: Iterable[str]) -> dict[str, list[tuple[RecordId, DocumentId]]]:
    """The documents under each of these paper keys (tiers 1 and 3 of D.1), by id."""
    found: dict[str, list[tuple[RecordId, DocumentId]]] = {}
    for key, rid, document in select_in(connection, _UNDER_PAPER_KEYS, dict.fromkeys(keys)):
        found.setdefault(str(key), []).append((RecordId(as_bytes(rid)), DocumentId(as_bytes(document))))
    return {key: sorted(papers, key=operator.itemgetter(1)) for key, papers in found.items()}


def owned_papers(connection: apsw.Connection, owner: str, document_type: str) -> list[tuple[RecordId, DocumentId]]:
    """Papers of one owner and type: what reuse asks (A.6 rule 6: by owner, type and number, never by the full code)."""
    rows = connection.execute(_OWNED, (kept(owner), kept(document_type)))
    return [(RecordId(rid), DocumentId(document)) for rid, document in rows]


def referring(connection: apsw.Connection, digest: BlobDigest) -> list[tuple[RecordId, int]]:
    """(dossier, size) of everything that refers to a file."""
    return [
        (RecordId(r), s)
        for r, s in connection.execute("SELECT rid, size FROM blob_reference WHERE digest = ?", (digest,))
    ]


def sharing_files(connection: apsw.Connection, digests: Iterable[BlobDigest]) -> dict[BlobDigest, list[RecordId]]:
    """The dossiers that refer to each of these files, by id."""
    found: dict[BlobDigest, list[RecordId]] = {}
    for digest, rid in select_in(connection, _REFERRING, dict.fromkeys(digests)):
        found.setdefault(BlobDigest(as_bytes(digest)), []).append(RecordId(as_bytes(rid)))
    return {digest: sorted(rids) for digest, rids in found.items()}


def document_row(rid: RecordId, document: DocumentView) -> Row:
    """A paper's row: (paper, dossier, owner, type, key, whether it is sealed)."""
    key = paper_key(
        document.owner,
        document.document_type,
        document.number_symbol,
        document.value("issuing_body"),
        document.value("issue_date"),
    )
    key = key or near_key(document.owner, document.document_type, document.number_symbol, document.value("issue_date"))
    owner = "" if document.revoked_reason else document.owner  # a revoked paper is nobody's to reuse
    return (document.document_id, rid, kept(owner), kept(document.document_type), key, int(bool(document.agency_form)))
