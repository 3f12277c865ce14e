"""A dossier as its events make it, and the rows that say so. Nothing here touches a database: it may be worked out before a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sync_protocol.adapters.sqlite.rows import Row
from sync_protocol.adapters.stored_views import AS_ITS_EVENT
from sync_protocol.bodies import blobs_of, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, RecordId
from sync_protocol.kept_text import kept
from sync_protocol.merge import fold
from sync_protocol.merge_reception import RECEIVED, only_reception
from sync_protocol.search_keys import keys_of, keys_of_reception, near_key, paper_key
from sync_protocol.view import DocumentView, DossierView, encode_view

REFERRING = frozenset({"copy.captured", "slip.issued", "agency.signed"})  # events that name files
OPENS = frozenset({"dossier.received", "intake.ended", "application.arrived"})  # with what a dossier begins, if all is well
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
    return Folded(rid, tuple(events), keys, dossier_row(view, keys), view.documents, view)


def dossier_row(view: DossierView, keys: Sequence[str]) -> Row:
    return (
        view.rid, kept(view.reference), kept(view.procedure), kept(view.office), kept(view.custody.office), view.state,
        view.received_ms or view.presented_ms, kept(view.due_date),
        len(view.conflicts) + len(view.open_proposals) + len(view.open_reuses), sum(1 for one in view.suspicions if not one.judged), encode_view(view),
        _write_keys(keys).decode(),
    )  # fmt: skip


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


def with_keys(dossiers: Sequence[tuple[Any, ...]], search_keys: Iterable[tuple[str, bytes]]) -> list[tuple[Any, ...]]:
    """Rows of dossiers, each with its keys as its last column, as `insert_rows` takes them. Touches no database."""
    keys: dict[bytes, list[str]] = {}
    for key, rid in search_keys:
        keys.setdefault(rid, []).append(key)
    return [(*row, _write_keys(keys.get(row[0], [])).decode()) for row in dossiers]


def references_in(events: Iterable[Event]) -> list[tuple[BlobDigest, RecordId, int]]:
    """(file, dossier, size) of what these events refer to; of two words about one file the first stands."""
    found: dict[tuple[BlobDigest, RecordId], int] = {}
    for event in events:
        for digest, size in blobs_of(decode_body(event)):
            found.setdefault((digest, event.header.rid), size)
    return [(digest, rid, size) for (digest, rid), size in found.items()]
