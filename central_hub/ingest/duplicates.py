"""Duplicates seen on arrival: the same procedure for the same person elsewhere, the same paper, the same printed code.

The hub notifies; people decide (NĐ 30/2020 Phụ lục VI; domain.md D.1, D.2, D.5, D.10). A suspicion is a pair of hub events, one on each
dossier, so that both offices see it; the pair is looked for before it is written, so repeating a batch writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.adapters.projection import Folded
from sync_protocol.bodies import DuplicateSuspected
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.merge_pairs import key_of
from sync_protocol.search_keys import key_for, paper_key
from sync_protocol.view import DocumentView, DossierView

_TELLING = ("personal_id:", "code:")  # keys that two dossiers share when they may be one: with nobody else there, there is nothing to compare
_OVER = {"result_returned", "archived", "returned_with_notice", "refused", "withdrawn", "stopped"}


def suspect(connection: apsw.Connection, changed: Iterable[Folded]) -> list[tuple[RecordId, msgspec.Struct]]:
    """New suspicions about the given dossiers, as bodies to append to the hub's lane."""
    found: list[tuple[RecordId, msgspec.Struct]] = []
    looked = list(changed)
    telling = [(key, one.rid) for one in looked for key in one.keys if key.startswith(_TELLING)]
    shared = projection.shared_keys(connection, telling)
    meeting = {rid for key, rid in telling if key in shared}
    papers = {one.rid: list(_papers(one.documents)) for one in looked if one.documents}
    found_papers = projection.same_papers(connection, [key for held in papers.values() for _, key in held])
    for one in looked:
        if one.rid in meeting or papers.get(one.rid):  # nearly none: of the others nobody makes the view
            view = one.view
            if view.code:
                found += _same_procedure(connection, view)
                found += _same_code(connection, view)
            for document, key in papers.get(one.rid, ()):
                found += _same_paper(connection, view, document, found_papers.get(key, ()))
    return list(dict.fromkeys(found))  # two new dossiers of one batch see each other: the pair is written once


def _same_procedure(connection: apsw.Connection, view: DossierView) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    """D.5: two offices accepted the same procedure for the same person; both receipts stand, both are told."""
    if view.state in _OVER:
        return
    number = view.person("personal_id")
    if not number:
        return  # an employer files the same procedure again and again: that is its business, not a duplicate
    others = [
        other
        for other in projection.find(connection, key_for("personal_id", number))
        if other.rid != view.rid and other.procedure == view.procedure and other.state not in _OVER and other.code
    ]
    if others:  # the earliest receipt is the natural lead; pairing with it alone keeps the list as long as the work
        lead = min(others, key=lambda one: (one.received_ms, one.rid))
        if not _known(view, "dossier", lead.rid):
            yield from _pair(view, lead, "dossier", 1)


def _same_code(connection: apsw.Connection, view: DossierView) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    """D.10: one printed code on two dossiers, which only a lost code block can cause."""
    for other in projection.find(connection, key_for("code", view.code)):
        if other.rid != view.rid and not _known(view, "code", other.rid):
            yield from _pair(view, other, "code", 1)


def _papers(documents: Iterable[DocumentView]) -> Iterator[tuple[DocumentView, str]]:
    """The confirmed ones of a dossier's papers of which enough is known, each with its key."""
    for document in documents:
        if document.is_confirmed:
            key = paper_key(
                document.owner, document.document_type, document.number_symbol, document.value("issuing_body"),
                document.value("issue_date"),
            )  # fmt: skip
            if key:
                yield document, key


def _same_paper(
    connection: apsw.Connection, view: DossierView, document: DocumentView, alike: Iterable[tuple[RecordId, DocumentId]]
) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    """D.1: the same paper digitized twice; both scans are kept, a person says same or not same."""
    for other_rid, other_document in alike:
        if other_document == document.document_id:
            continue
        other = projection.view_of(connection, other_rid)
        if other is not None and not _known(view, "document", other_rid, document.document_id, other_document):
            yield from _pair(view, other, "document", 1, document, other_document)


def _known(
    view: DossierView, kind: str, other: RecordId, document: DocumentId | None = None, other_document: DocumentId | None = None
) -> bool:
    return any(key_of(one) == (kind, other, document, other_document) for one in view.suspicions)


def _pair(
    view: DossierView,
    other: DossierView,
    kind: Literal["dossier", "document", "code"],
    tier: int,
    document: DocumentView | None = None,
    other_document: DocumentId | None = None,
) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    mine = document.document_id if document else None
    yield view.rid, DuplicateSuspected(
        kind=kind, other_rid=other.rid, other_office=other.office, tier=tier, document_id=mine, other_document_id=other_document
    )  # fmt: skip
    yield other.rid, DuplicateSuspected(
        kind=kind, other_rid=view.rid, other_office=view.office, tier=tier, document_id=other_document, other_document_id=mine
    )  # fmt: skip
