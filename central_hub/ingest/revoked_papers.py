"""A paper was revoked: the open dossiers that reuse it are told, wherever they are and whichever of the two arrives first (domain.md D.4).

The office that holds such a dossier is not entitled to the one in which the paper lies, so the hub says it there, in its own lane. As with pairs (pairs.py),
what is unsaid is derived from both views whenever one of them changes: repeated, restored or brought back by a witness it is one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import apsw

from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import Revoked, SourceRevoked, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import DocumentId, EventId, OfficeCode, RecordId
from sync_protocol.merge_reuse import revocations_of, untold
from sync_protocol.search_keys import REUSES, REVOKED, paper_in
from sync_protocol.view import DossierView

_STANDING = "SELECT key, rid FROM search_key WHERE key IN (?)"
_KINDS = (f"{REUSES}:", f"{REVOKED}:")
Told = tuple[RecordId, SourceRevoked, tuple[EventId, ...]]


def revoked_reuses(connection: apsw.Connection, changed: Sequence[Folded]) -> Iterator[Told]:
    """What is unsaid between the changed dossiers and all others: dossier, words, and the revocation that stands behind them."""
    met = _meetings(connection, changed)
    held: dict[RecordId, DossierView | None] = {one.rid: one.whole for one in changed}
    for using, source in sorted(met):
        for rid in (using, source):
            if rid not in held:
                held[rid] = projection.view_of(connection, rid)
        view, there = held[using], held[source]
        if view is not None and there is not None:
            acts = {one.document_id: one.revoked.act for one in there.documents if one.revoked is not None}
            for body in untold(view, source, revocations_of(there), OfficeCode("")):
                yield using, body, (EventId(acts[body.document_id]),)


def tellings_of(connection: apsw.Connection, source: RecordId, revoked: Revoked) -> Iterator[Event]:
    """The events by which the dossiers that reuse a paper of `source` were told of this revocation: they repeat its reason."""
    for (rid,) in connection.execute("SELECT rid FROM search_key WHERE key = ?", (paper_in(REUSES, revoked.document_id),)).fetchall():
        for event in event_log.events_of(connection, RecordId(as_bytes(rid))):
            body = decode_body(event) if event.header.type == "source.revoked" else None
            if isinstance(body, SourceRevoked) and (body.source, body.document_id, body.authority, body.at_ms) == (
                source, revoked.document_id, revoked.authority, revoked.at_ms
            ):  # fmt: skip
                yield event


def _meetings(connection: apsw.Connection, changed: Iterable[Folded]) -> set[tuple[RecordId, RecordId]]:
    """(dossier that reuses a paper, dossier in which it is revoked), one of them among the changed: one question for all, and none for nearly every batch."""
    mine = [(key, one.rid) for one in changed for key in one.keys if key.startswith(_KINDS)]
    if not mine:
        return set()
    other = {paper_in(kind, DocumentId(bytes.fromhex(key.partition(":")[2]))) for key, _ in mine for kind in (REUSES, REVOKED)}
    standing: dict[str, list[RecordId]] = {}
    for key, rid in select_in(connection, _STANDING, sorted(other)):
        standing.setdefault(str(key), []).append(RecordId(as_bytes(rid)))
    touched = {rid for _, rid in mine}
    found = set()
    for key, sources in standing.items():
        kind, _, paper = key.partition(":")
        if kind == REVOKED:
            for using in standing.get(f"{REUSES}:{paper}", ()):
                found |= {(using, source) for source in sources if using in touched or source in touched}
    return found
