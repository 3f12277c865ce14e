"""What lies behind a case for the eye: the place on the paper where a value was read, and the papers that may be one.

A picture is only offered where its file is held here; a page says in words where it is not.
"""

from __future__ import annotations

from functools import partial

import msgspec

from edge_node.repository.reading import is_here
from edge_node.web.office import Office
from sync_protocol.adapters import projection
from sync_protocol.errors import Problem
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.view import DocumentView, DossierView


class Crop(msgspec.Struct, frozen=True):
    """A field's place on a page: address of the page's picture, box in px of the scan, and the scan's width."""

    picture: str
    box: tuple[int, int, int, int]
    width_px: int


class Side(msgspec.Struct, frozen=True):
    """One of two papers that may be the same: its first page where it is held here, by whom and when it was scanned."""

    picture: str
    code: str
    signer: str
    captured_ms: int
    facts: tuple[tuple[str, str], ...]


class Sides(msgspec.Struct, frozen=True):
    """The crops of one dossier by (paper, field), its suspected papers by their ids, and the dossiers on the other side that are held here."""

    crops: dict[tuple[DocumentId | None, str], Crop]
    papers: dict[DocumentId, Side]
    others: dict[RecordId, DossierView]


def sides_of(office: Office, view: DossierView) -> Sides:
    """Everything to be shown beside the cases of a dossier. Blocking: a paper seen for the first time is drawn."""
    crops: dict[tuple[DocumentId | None, str], Crop] = {}
    for one in view.conflicts:
        documents = (
            view.documents
            if one.document_id is None
            else [d for d in view.documents if d.document_id == one.document_id]
        )
        found = next((crop for document in documents if (crop := _crop(office, view.rid, document, one.field))), None)
        if found is not None:
            crops[one.document_id, one.field] = found
    papers: dict[DocumentId, Side] = {}
    others: dict[RecordId, DossierView] = {}
    for case in view.suspicions:
        if case.judged:
            continue
        other = office.node.store.readers.run(partial(projection.view_of, rid=case.other_rid))
        if other is not None:
            others[case.other_rid] = other
        if case.kind == "document":
            for held, wanted in ((view, case.document_id), (other, case.other_document_id)):
                document = held.document(wanted) if held is not None and wanted is not None else None
                if held is not None and document is not None:
                    papers[document.document_id] = _side(office, held.rid, document)
    return Sides(crops, papers, others)


def _crop(office: Office, rid: RecordId, document: DocumentView, field: str) -> Crop | None:
    read = next(
        (
            one
            for one in document.readings
            if one.box and one.page and field in (one.field, one.field.rpartition(".")[2])
        ),
        None,
    )
    if read is None or read.box is None or not is_here(office.node.desk, document.pdf):
        return None
    try:
        sizes = office.pages.sizes(document.pdf)
    except Problem:
        return None
    if read.page > len(sizes):
        return None
    return Crop(_picture(rid, document, read.page), read.box, sizes[read.page - 1].width_px)


def _side(office: Office, rid: RecordId, document: DocumentView) -> Side:
    picture = _picture(rid, document, 1) if is_here(office.node.desk, document.pdf) else ""
    facts = tuple((one.field, one.settled.value) for one in document.fields)
    return Side(
        picture, document.codes[-1] if document.codes else "", document.signer_name, document.captured_ms, facts
    )


def _picture(rid: RecordId, document: DocumentView, page: int) -> str:
    return f"/dossiers/{rid.hex()}/papers/{document.document_id.hex()}/pages/{page}"
