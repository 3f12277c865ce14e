"""The merge of digitized papers: one file, its readings, its confirmed metadata, its codes, its agency signature.

Metadata fields are registers on a lattice: settled by a person > resolving officer > intake officer > QR > OCR. So a later machine
reading never touches what a person confirmed, and two officers who disagree at the same rank make a conflict (R-29, D.14).
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import (
    AgencySigned,
    ConflictResolved,
    CopyCaptured,
    DocumentCoded,
    DocumentExamined,
    MetadataConfirmed,
    ReadingRecorded,
    RecordSigned,
)
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.register import Entry, Rank, settle
from sync_protocol.view import DocumentView, FieldView

_ROLE_RANK = {"intake": Rank.INTAKE, "resolving": Rank.RESOLVING}
_SOURCE_RANK = {"ocr": Rank.OCR, "qr": Rank.QR}


class DocumentParts(msgspec.Struct, frozen=True):
    """Acts about documents, each list in the agreed order."""

    captured: list[tuple[Act, CopyCaptured]]
    read: list[tuple[Act, ReadingRecorded]]
    confirmed: list[tuple[Act, MetadataConfirmed]]
    coded: list[tuple[Act, DocumentCoded]]
    recorded: list[tuple[Act, RecordSigned]]
    sealed: list[tuple[Act, AgencySigned]]
    settled: list[tuple[Act, ConflictResolved]]
    examined: list[tuple[Act, DocumentExamined]]


def fold_documents(rid: RecordId, parts: DocumentParts) -> tuple[DocumentView, ...]:
    """All documents of a dossier, sorted by id. Duplicate captures of one id keep the first in the agreed order."""
    views: dict[DocumentId, DocumentView] = {}
    fields = _fields(rid, parts)
    for act, body in parts.captured:
        views.setdefault(
            body.document_id,
            DocumentView(
                document_id=body.document_id, component_id=body.component_id, pdf=body.pdf, pdf_size=body.pdf_size,
                officer_pdf=body.pdf, officer_pdf_size=body.pdf_size, pages=body.pages, images=body.images,
                signer_name=body.signer_name, captured_ms=body.captured_ms, node=act.header.node,
                captured_by=act.id, fields=fields.get(body.document_id, ()),
            ),
        )  # fmt: skip
    _add_readings(views, parts)
    _add_codes(views, parts)
    _add_seals(views, parts)
    _add_examinations(views, parts)
    return tuple(views[one] for one in sorted(views))


def _fields(rid: RecordId, parts: DocumentParts) -> dict[DocumentId, tuple[FieldView, ...]]:
    entries: defaultdict[tuple[DocumentId, str], list[Entry]] = defaultdict(list)
    for act, reading in parts.read:
        for one in reading.values:
            if one.value and one.trust != "unreadable":
                entries[(reading.document_id, one.field)].append(
                    Entry(act.id, one.value, _SOURCE_RANK[one.source], (), act.header.node, act.header.actor)
                )
    for act, confirmed in parts.confirmed:
        for given in confirmed.values:
            entries[(confirmed.document_id, given.field)].append(
                Entry(
                    act.id,
                    given.value,
                    _ROLE_RANK[confirmed.role],
                    act.header.base,
                    act.header.node,
                    act.header.actor,
                )
            )
    for act, settled in parts.settled:
        if settled.document_id is not None:
            entries[(settled.document_id, settled.field)].append(
                Entry(act.id, settled.value, Rank.SETTLED, act.header.base, act.header.node, act.header.actor)
            )
    found: defaultdict[DocumentId, list[FieldView]] = defaultdict(list)
    for document_id, field in sorted(entries):
        state = settle(rid, document_id + field.encode(), entries[(document_id, field)])
        if state is not None:
            found[document_id].append(FieldView(field, state))
    return {key: tuple(value) for key, value in found.items()}


def _add_readings(views: dict[DocumentId, DocumentView], parts: DocumentParts) -> None:
    for _, reading in parts.read:
        if view := views.get(reading.document_id):
            # a long list comes in several parts
            read = {(one.field, one.source): one for one in (*view.readings, *reading.values)}
            views[reading.document_id] = msgspec.structs.replace(
                view, readings=tuple(read.values()), document_type=view.document_type or reading.document_type
            )
    for _, confirmed in parts.confirmed:
        if (view := views.get(confirmed.document_id)) and (confirmed.role == "resolving" or not view.confirmed_by):
            views[confirmed.document_id] = msgspec.structs.replace(view, confirmed_by=confirmed.officer)


def _add_codes(views: dict[DocumentId, DocumentView], parts: DocumentParts) -> None:
    for _, coded in parts.coded:
        if view := views.get(coded.document_id):
            codes = view.codes if coded.code in view.codes else (*view.codes, coded.code)
            views[coded.document_id] = msgspec.structs.replace(
                view, codes=codes, owner=coded.owner, document_type=coded.document_type, number_symbol=coded.number_symbol,
                is_result=coded.is_result,
            )  # fmt: skip
    for _, recorded in parts.recorded:
        if view := views.get(recorded.document_id):
            views[recorded.document_id] = msgspec.structs.replace(view, has_record=True)


def _add_seals(views: dict[DocumentId, DocumentView], parts: DocumentParts) -> None:
    for _, sealed in parts.sealed:
        view = views.get(sealed.document_id)
        if view is not None and sealed.prefix == view.officer_pdf:  # another prefix would be another paper's signature
            views[sealed.document_id] = msgspec.structs.replace(
                view, pdf=sealed.pdf, pdf_size=sealed.pdf_size, agency_form=sealed.form, agency_name=sealed.agency
            )


def _add_examinations(views: dict[DocumentId, DocumentView], parts: DocumentParts) -> None:
    for _, examined in parts.examined:
        view = views.get(examined.document_id)
        if view is not None and examined.pdf == view.pdf:  # what was said about an earlier version says nothing of this one
            views[examined.document_id] = msgspec.structs.replace(
                view, examined=examined.verdict, examined_reasons=examined.codes, examined_level=examined.level
            )
