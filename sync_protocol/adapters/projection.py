"""The projection in SQLite: each dossier's folded view, and the keys by which dossiers, papers and files are found.

Everything here can be dropped and folded again from the event log (`rebuild`); a test and the nightly check compare both.
Every function works inside the caller's transaction, which is the transaction that stored the events (node rule N3, hub rule H1).
What events make of a dossier is in folded.py, how its rows are written in projection_rows.py.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence

import apsw

from sync_protocol.adapters import erasures, event_log
from sync_protocol.adapters.exits import ever_left, keep_exit
from sync_protocol.adapters.folded import Folded, folded_from
from sync_protocol.adapters.projection_rows import forget, insert_all, keep_references, replace_rows
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.stored_views import read_view, read_views
from sync_protocol.adapters.visits import keep_visit
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.kept_text import kept
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView

_SHARED_KEYS = "SELECT key FROM search_key WHERE key IN (?) GROUP BY key HAVING count(*) > 1"
# the indexes leave out papers without key or owner: unless a question says that it does so too, it walks through all papers
_UNDER_PAPER_KEYS = "SELECT paper_key, rid, document_id FROM document WHERE paper_key <> '' AND paper_key IN (?)"
_REFERRING = "SELECT digest, rid FROM blob_reference WHERE digest IN (?)"
_OWNED = (
    "SELECT rid, document_id FROM document WHERE owner <> '' AND owner = ? AND document_type = ?"
    " ORDER BY is_sealed DESC, document_id"
)
REFOLDED_AT_ONCE = 200  # dossiers whose events are in memory together


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
    insert_all(connection, list(new.values()))
    others = {made.rid: made for made in refold_all(connection, [rid for rid in touched if rid not in new])}
    return [new[rid] if rid in new else others[rid] for rid in touched]


def _are_same(made: Sequence[Event], stored: Sequence[Event]) -> bool:
    """Whether these are the very events, none cut off and none without its body since."""
    return len(made) == len(stored) and all(map(operator.is_, made, stored))


def held_rids(connection: apsw.Connection, rids: Iterable[RecordId]) -> set[RecordId]:
    """Those of these dossiers of which something is held here."""
    return {RecordId(as_bytes(rid)) for (rid,) in select_in(connection, "SELECT rid FROM dossier WHERE rid IN (?)", rids)}


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
                forget(connection, made.rid, made.events)
        replace_rows(connection, folded)
        found += folded
    return found


def keep_beside(connection: apsw.Connection, event: Event) -> None:
    """Note what an event says that says nothing of a dossier (`BESIDE_DOSSIERS`). Idempotent."""
    keep_visit(connection, event)
    keep_exit(connection, event)


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
