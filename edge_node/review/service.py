"""Confirmation: proposals become values that a named person stands for.

Reception may pre-fill; the resolving officer confirms and is accountable (Điều 9.3, R-29). A value whose trust is not "agrees" is never
taken over by itself: it has to be in `typed`, or be accepted by name in `accepted`. The paper prevails, so what is typed wins over what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from edge_node.desk import Desk
from edge_node.extraction.judge import ONE_READER
from edge_node.intake.service import dossier
from edge_node.review.errors import UnknownDocument
from edge_node.review.judging import Judged, Told
from edge_node.review.lines import ReviewLine, line_of
from edge_node.review.meanwhile import SeenPage, contradicted
from edge_node.review.table import ReviewTable, table_of
from edge_node.revoking.frozen import require_standing
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import MetadataConfirmed
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import DocumentId, EventId, RecordId
from sync_protocol.paper_types import DocumentType, FieldTemplate
from sync_protocol.view import DocumentView, DossierView

VALUES_PER_EVENT = 800
"""Values of one event: a long list is confirmed in several, each well below the bound of a body."""

COMMON_FIELDS = (
    FieldTemplate("document_name", "Tên giấy tờ", "text", (), True, "c"),
    FieldTemplate("number_symbol", "Số, ký hiệu", "number_symbol", (), False, "d"),
    FieldTemplate("issue_date", "Ngày cấp", "date", (), True, "đ"),
    FieldTemplate("issuing_body", "Cơ quan cấp", "organisation", (), True, "e"),
    FieldTemplate("summary", "Trích yếu", "text", (), False, "g"),
)


def document_of(view: DossierView, document_id: DocumentId) -> DocumentView:
    """A document of a dossier. Raises UnknownDocument."""
    found = view.document(document_id)
    if found is None:
        raise UnknownDocument()
    return found


def lines(desk: Desk, rid: RecordId, document_id: DocumentId) -> list[ReviewLine]:
    """All fields of a document: the type's own template first, then what every paper has, then whatever else was read."""
    document, kind = _document_and_type(desk, rid, document_id)
    own = kind.template if kind else ()
    names = {one.field for one in own}
    template = (*own, *(one for one in COMMON_FIELDS if one.field not in names))
    read = {one.field: one for one in document.readings}
    return [line_of(one, read.get(one.field), document.confirmed(one.field)) for one in template]


def is_by_one_reader(document: DocumentView) -> bool:
    """Whether only one reader has read this paper, so that hardly a value can agree with another source."""
    return any(one.reason == ONE_READER for one in document.readings)


def table(desk: Desk, rid: RecordId, document_id: DocumentId, *, every_column: bool = True) -> ReviewTable | None:
    """The list of a document, None for a paper without one."""
    document, kind = _document_and_type(desk, rid, document_id)
    return table_of(document, kind.columns if kind else (), every_column=every_column)


def _document_and_type(desk: Desk, rid: RecordId, document_id: DocumentId) -> tuple[DocumentView, DocumentType | None]:
    view = dossier(desk, rid)
    document = document_of(view, document_id)
    component = view.component(document.component_id)
    code = document.document_type or (component.document_type if component else "")
    return document, desk.catalogue.document_type(code, vietnam_date(desk.now()))


def confirm(
    desk: Desk,
    officer: str,
    rid: RecordId,
    document_id: DocumentId,
    *,
    role: Literal["intake", "resolving"],
    typed: Mapping[str, str] | None = None,
    accepted: Sequence[str] = (),
    unreadable: Sequence[str] = (),
    removed: Sequence[str] = (),
    recounted: bool = False,
    page: SeenPage | None = None,
) -> int:
    """Save the values a person stands for; returns how many needed that person.

    Args:
        typed: values typed from the paper; they win over what was read. Cells of rows that no reader saw are among them (`cell_name`).
        accepted: doubtful proposals the person looked at and accepts as read.
        unreadable: fields that cannot be read on the paper; a lawful answer.
        removed: rows of the list that are none on the paper.
        recounted: the person counted the rows and stands for their number, whatever the paper states.
        page: what the person had before their eyes; None where there was no page that another officer could have changed meanwhile.

    Raises:
        PaperRevoked, ComponentTakenBack: nothing of it is changed any more; ConfirmedMeanwhile: since the page was opened somebody else stands for other values;
        FieldsMissing: a required field has neither; NotLookedAt: a doubtful proposal that nobody accepted or replaced; RowsDiffer: the paper
            states another number of rows; a Problem of officer, dossier or store.
    """
    desk.officers.get(officer, role)
    view = dossier(desk, rid)
    document = document_of(view, document_id)
    require_standing(view, document)
    told = Told(typed or {}, frozenset(accepted), frozenset(unreadable))
    judged = Judged()
    for line in lines(desk, rid, document_id):
        judged.add(line, told)
    listed = table(desk, rid, document_id)
    if listed is not None:
        judged.add_rows(listed, told, frozenset(removed), recounted=recounted)
    judged.require_agreement(document.confirmed_by, contradicted(document, page))
    judged.require_whole()
    seen = {head.id for one in document.fields for head in one.settled.heads}
    base = tuple(EventId(one) for one in sorted(seen))
    parts = [
        judged.values[start : start + VALUES_PER_EVENT]
        for start in range(0, max(1, len(judged.values)), VALUES_PER_EVENT)
    ]
    bodies = [
        MetadataConfirmed(
            document_id=document_id, role=role, officer=officer, values=tuple(part), confirmed_ms=desk.now_ms()
        )
        for part in parts
    ]
    desk.ledger.save(Act(officer, role, "confirm"), [Draft(rid, body, base=base) for body in bodies])
    return judged.looked_at
