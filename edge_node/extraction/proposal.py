"""The proposal for one paper: classify, find, read, judge. Pure: the same reading always gives the same proposal.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 9.1 (nhận dạng trước, nhập tay khi không nhận dạng được) và 9.2 (điểm a–l). Item l,
the time of extraction, is set by whoever confirms, because nothing here knows the time.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from edge_node.extraction.body import find_body, labelled_values
from edge_node.extraction.broken_names import with_rests
from edge_node.extraction.classify import ENOUGH, guesses
from edge_node.extraction.cross_check import cross_checked, not_otherwise_spelled
from edge_node.extraction.errors import UnknownDocumentType
from edge_node.extraction.extent import with_doubts
from edge_node.extraction.field import propose
from edge_node.extraction.find import Find
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.grammar import values
from edge_node.extraction.head import find_head
from edge_node.extraction.judge import against_card
from edge_node.extraction.letterhead import of_the_head
from edge_node.extraction.marked import own_rows
from edge_node.extraction.model import DocumentProposal, FieldReading, FieldTrust
from edge_node.extraction.proof import with_proof
from edge_node.extraction.register import prevailing
from edge_node.extraction.rows import Row, crosses_columns, rows_on
from edge_node.extraction.table import lists_in, read_table
from edge_node.extraction.title import subject_below
from edge_node.extraction.whose import of_the_subject, with_stated
from edge_node.recognition.folding import folded
from edge_node.recognition.model import DocumentReading
from sync_protocol.card_qr import CardQr
from sync_protocol.paper_types import DocumentType, FieldTemplate

ITEMS = (
    FieldTemplate("document_name", "Tên giấy tờ", "text", (), True, "c"),
    FieldTemplate("number_symbol", "Số, ký hiệu", "number_symbol", (), False, "d"),
    FieldTemplate("issue_date", "Ngày cấp", "date", (), True, "đ"),
    FieldTemplate("issuing_body", "Cơ quan cấp", "organisation", (), True, "e"),
    FieldTemplate(
        "summary", "Trích yếu", "text", ("Trích yếu", "Nội dung thay đổi, yêu cầu", "Nội dung đề nghị"), False, "g"
    ),
    FieldTemplate("valid_until", "Thời hạn có hiệu lực", "text", ("Thời hạn có hiệu lực", "Thời hạn hiệu lực", "Có giá trị đến", "Có hiệu lực đến"), False, "h"),
    FieldTemplate("scope_of_validity", "Phạm vi có hiệu lực", "text", ("Phạm vi có hiệu lực", "Phạm vi hiệu lực", "Phạm vi áp dụng"), False, "i"),
)
"""Items that every paper has whatever its type; a type's own template may repeat them with labels."""

IDENTITY_CARD = "CCCD"

_LONG = ("address", "organisation")
"""Kinds whose values two cells of one height can make up together."""

_PARENT = "bao hiem xa hoi viet nam"

_TALL = 1.24
"""Height of a row, in those of the page's usual one, over which its digits may be written by hand: 4 of 331 printed values and half of 63
written ones are so high, among them all three whose pen nothing else gave away (2026-11-29). A card's own number is printed large.
"""


def extract(
    reading: DocumentReading,
    document_types: Sequence[DocumentType],
    gazetteer: Gazetteer,
    card: CardQr | None = None,
    chosen_type: str | None = None,
    today: dt.date | None = None,
    dossier_names: Sequence[str] = (),
) -> DocumentProposal:
    """Propose a document type and a value for each of its fields.

    `card` is an identity card's QR seen in the same dossier: on the card's own copy it replaces the reading, on papers of the
    same holder it is a further source. `chosen_type` is the type a person has chosen; without it the strongest guess counts.
    `today` (Vietnam date) lets days that lie ahead be noticed, `dossier_names` names that other papers of the dossier spell
    with other marks.

    Raises:
        UnknownDocumentType: `chosen_type` is not among `document_types`.
    """
    rows = own_rows([row for number, page in reading.readable() for row in rows_on(number, page)])
    found = guesses(rows, document_types)
    kind = _document_type(document_types, chosen_type, found)
    lists = lists_in(reading, kind.columns if kind else ())
    rows = [row for row in rows if not any(part.holds(row) for part in lists)]
    template = _template(kind)
    titles = (kind.name, *kind.keywords) if kind else ()
    head = find_head(rows, kind) if rows else {}
    finds, labelled = find_body(rows, template, head.keys())
    finds |= head
    finds = _without_title(finds, rows, template)
    finds = {name: replace(find, of_another=True) if _is_of_two_cells(find, rows) else find for name, find in finds.items()}
    finds |= prevailing(rows, template, finds)
    finds |= of_the_head(rows, template, finds)
    if "summary" not in finds and (subject := subject_below(finds.get("document_name"), rows)) is not None:
        finds["summary"] = subject
    if "personal_id" not in finds and (number := _only_number(rows)) is not None:
        finds["personal_id"] = number
    finds = with_stated(rows, template, of_the_subject(rows, template, finds))
    finds = with_doubts(with_rests(finds, rows), rows)
    if kind is None or kind.code != IDENTITY_CARD:  # a card has one person and one number
        finds = with_proof(finds, rows, template)
    tall = _TALL * median(row.box.h for row in rows) if rows and not (kind and kind.code == IDENTITY_CARD) else math.inf
    fields = [propose(field, finds.get(field.field), field.field in labelled, gazetteer, titles, tall) for field in template]
    if card is not None:
        fields = _with_card(fields, card, kind is not None and kind.code == IDENTITY_CARD)
    checked = cross_checked([not_otherwise_spelled(field, rows) for field in fields], today, dossier_names)
    table = read_table(lists, gazetteer, today)
    return DocumentProposal(kind.code if kind else None, found, tuple(checked), table)


def _document_type(types: Sequence[DocumentType], chosen: str | None, found: Sequence[object]) -> DocumentType | None:
    by_code = {kind.code: kind for kind in types}
    if chosen is not None:
        if chosen not in by_code:
            raise UnknownDocumentType(document_type=chosen)
        return by_code[chosen]
    best = found[0] if found else None
    return by_code[best.code] if best is not None and best.evidence >= ENOUGH else None  # type: ignore[attr-defined]


def _template(kind: DocumentType | None) -> tuple[FieldTemplate, ...]:
    own = kind.template if kind else ()
    names = {field.field for field in own}
    return own + tuple(item for item in ITEMS if item.field not in names)


def _is_of_two_cells(find: Find, rows: Sequence[Row]) -> bool:
    return find.kind in _LONG and crosses_columns(find.row, find.start, find.end, rows, is_between=find.kind == "organisation")


def _without_title(finds: Mapping[str, Find], rows: Sequence[Row], template: Sequence[FieldTemplate]) -> dict[str, Find]:
    """The same, where the title was taken for the body that issued the paper ("SỔ BẢO HIỂM XÃ HỘI"), or its highest parent, another office in its place."""
    done, title, body = dict(finds), finds.get("document_name"), finds.get("issuing_body")
    field = next((field for field in template if field.field == "issuing_body"), None)
    if body is None or field is None:
        return done
    is_title = title is not None and body.row in (title.row, *title.more)
    if is_title or folded(body.row.text) == _PARENT:
        barred = (title.row, *title.more) if title is not None else ()
        own = (find for find in labelled_values(field, rows, template) if find.row not in barred and folded(find.row.text) != _PARENT)
        if (other := next(own, None)) is not None:
            done["issuing_body"] = other
        elif is_title:
            del done["issuing_body"]
    return done


def _only_number(rows: Sequence[Row]) -> Find | None:
    """The one personal number on the paper, where its label was not read; None when there is none, or more than one."""
    seen = {value.text: row for row in rows for value in values("personal_id", row.text)}
    if len(seen) != 1:
        return None
    (row,) = seen.values()
    return Find("personal_id", row, 0, len(row.text))


def _with_card(fields: Sequence[FieldReading], card: CardQr, is_card: bool) -> list[FieldReading]:
    name = card.full_name.upper() if is_card else card.full_name  # the card is printed in capitals
    said = {
        "personal_id": card.personal_id,
        "owner_id": card.personal_id,
        "full_name": name,
        "owner_name": name,
        "birth_date": card.birth_date.strftime("%d/%m/%Y") if card.birth_date else "",
        "owner_birth_date": card.birth_date.strftime("%d/%m/%Y") if card.birth_date else "",
        "sex": {"male": "Nam", "female": "Nữ", None: ""}[card.sex],
        "address": card.address if is_card else "",
        "issue_date": card.issued_on.strftime("%d/%m/%Y") if card.issued_on and is_card else "",
    }
    own_paper = is_card or any(
        f.field in ("personal_id", "owner_id") and f.proposal == card.personal_id for f in fields
    )
    if not own_paper:
        return list(fields)
    return [
        against_card(f, said[f.field], is_card)
        if said.get(f.field) and (is_card or f.trust is not FieldTrust.UNREADABLE)
        else f
        for f in fields
    ]
