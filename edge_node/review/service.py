"""Confirmation: proposals become values that a named person stands for.

Reception may pre-fill; the resolving officer confirms and is accountable (Điều 9.3, R-29). A value whose trust is not "agrees" is never
taken over by itself: it has to be in `typed`, or be accepted by name in `accepted`. The paper prevails, so what is typed wins over what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.review.errors import FieldsMissing, UnknownDocument
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ConfirmedValue, FieldReading, MetadataConfirmed
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import DocumentId, EventId, RecordId
from sync_protocol.paper_types import FieldTemplate
from sync_protocol.view import DocumentView, DossierView


class ReviewLine(msgspec.Struct, frozen=True):
    """One field as the review screen shows it."""

    field: str
    label: str
    item: str
    required: bool
    proposal: str
    second: str
    trust: str
    reason: str
    page: int
    box: tuple[int, int, int, int] | None
    settled: str

    @property
    def needs_person(self) -> bool:
        """The confidence rule does not hold: a person must look at the paper."""
        return self.trust != "agrees"


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
    view = dossier(desk, rid)
    document = document_of(view, document_id)
    component = view.component(document.component_id)
    code = document.document_type or (component.document_type if component else "")
    kind = desk.catalogue.document_type(code, vietnam_date(desk.now()))
    own = kind.template if kind else ()
    names = {one.field for one in own}
    template = (*own, *(one for one in COMMON_FIELDS if one.field not in names))
    read = {one.field: one for one in document.readings}
    return [_line(one, read.get(one.field), document.value(one.field)) for one in template]


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
) -> int:
    """Save the values a person stands for; returns how many needed that person.

    Args:
        typed: values typed from the paper; they win over what was read.
        accepted: doubtful proposals the person looked at and accepts as read.
        unreadable: fields that cannot be read on the paper; a lawful answer.

    Raises:
        FieldsMissing: a required field has neither; a Problem of officer, dossier or store.
    """
    desk.officers.get(officer, role)
    values: list[ConfirmedValue] = []
    missing: list[str] = []
    looked_at = 0
    for line in lines(desk, rid, document_id):
        given = (typed or {}).get(line.field)
        if line.field in unreadable:
            values.append(ConfirmedValue(line.field, "", "typed", True, unreadable=True))
        elif given is not None and (_tidy(given) or not line.required):
            looked_at += 1
            values.append(ConfirmedValue(line.field, _tidy(given), "typed", _tidy(given) != line.proposal))
        elif given is None and line.proposal and (not line.needs_person or line.field in accepted):
            looked_at += line.field in accepted
            values.append(ConfirmedValue(line.field, line.proposal, "ocr"))
        elif line.required:
            missing.append(line.label)
    if missing:
        raise FieldsMissing(count=len(missing), labels=", ".join(missing))
    document = document_of(dossier(desk, rid), document_id)
    seen = {head.id for one in document.fields for head in one.settled.heads}
    body = MetadataConfirmed(
        document_id=document_id, role=role, officer=officer, values=tuple(values), confirmed_ms=desk.now_ms()
    )
    base = tuple(EventId(one) for one in sorted(seen))
    desk.ledger.save(Act(officer, role, "confirm"), [Draft(rid, body, base=base)])
    return looked_at


def _line(template: FieldTemplate, read: FieldReading | None, settled: str) -> ReviewLine:
    return ReviewLine(
        template.field, template.label, template.item, template.required, read.value if read else "", read.second if read else "",
        read.trust if read else "unreadable", read.reason if read else "", read.page if read else 0, read.box if read else None, settled,
    )  # fmt: skip


def _tidy(text: str) -> str:
    return " ".join(text.split())
