"""Every type of the catalogue: known by its title, and all fields of its template found on a form that prints their labels."""

from __future__ import annotations

import pytest

from edge_node.extraction.codes import CODE_FIELDS
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from sync_protocol.paper_types import DocumentType, FieldTemplate
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
CATCH_ALL = "GT-CM"
"""What no title says: any other proof. It is known by "Giấy xác nhận", never by its own name."""

SAID = {
    "name": "Nguyễn Thị Ẵm", "date": "01/02/1985", "personal_id": "001185012345", "bhxh_number": "0112345678", "tax_code": "0100109106",
    "phone": "0912345068", "money": "1.250.000", "sex": "Nữ", "address": "Thôn Đoài, xã Đông Anh, Hà Nội", "number_symbol": "12/QĐ-BHXH",
    "organisation": "Bệnh viện Bạch Mai", "text": "Viêm phổi",
}  # fmt: skip
CODE = "TZ0112L"
NATIONAL = (line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(980, 180, "Độc lập - Tự do - Hạnh phúc"))


def said_of(field: FieldTemplate) -> str:
    """What stands behind a field's label."""
    return CODE if field.field in CODE_FIELDS else SAID[field.kind]


def titled(title: str, *more: Line) -> DocumentProposal:
    """A page with this title in capitals, wrapped and centred, as readers give it."""
    rows = [""]
    for word in title.upper().split():
        rows = [*rows[:-1], f"{rows[-1]} {word}".strip()] if len(rows[-1]) + len(word) < 52 else [*rows, word]
    shown = [line(827 - 17 * len(row) // 2, 380 + 55 * n, row) for n, row in enumerate(rows)]
    return extract(document(*NATIONAL, line(150, 130, "CÔNG TY CỔ PHẦN SÔNG LÔ"), *more, *shown), TYPES, Gazetteer())


def own_titles(kind: DocumentType) -> list[str]:
    """Titles that are this type's alone: its name, and the keywords that no other type has."""
    others = {word.casefold() for other in TYPES if other.code != kind.code for word in other.keywords}
    words = [word for word in kind.keywords if len(word) > 11 and word.casefold() not in others]
    return words if kind.code == CATCH_ALL else [kind.name, *words]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.code)
def test_a_type_is_known_by_its_titles_with_and_without_its_forms_number(kind: DocumentType) -> None:
    for title in own_titles(kind):
        for form in ((), (line(1200, 60, f"Mẫu số: {kind.code}"),)):
            assert titled(title, *form).document_type == kind.code, title


def test_a_title_whose_marks_were_misread_is_still_known() -> None:
    """The letters that readers err on most: hỏi for ngã, a circumflex lost, and back."""
    wrong = 0
    for kind in TYPES:
        for title in own_titles(kind):
            misread = title.upper().translate(str.maketrans("ỂẢỎỈẤẾỒ", "ẾÃÕÌẨỂÔ"))
            wrong += titled(misread).document_type != kind.code
    assert wrong == 0


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.code)
def test_every_labelled_field_of_a_type_is_read_from_its_label(kind: DocumentType) -> None:
    labelled = [
        (field, next((a for a in field.anchors if not a.isupper() and len(a) > 5), "")) for field in kind.template
    ]
    fields = [(field, anchor) for field, anchor in labelled if anchor and field.kind != "organisation"]
    rows = [line(150, 1000 + 60 * n, f"{anchor}: {said_of(field)}") for n, (field, anchor) in enumerate(fields)]
    found = extract(
        document(*NATIONAL, line(600, 380, kind.name.upper()[:60].strip()), *rows), TYPES, Gazetteer(), None, kind.code
    )
    for field, anchor in fields:
        got = found.field(field.field)
        assert got is not None and (got.proposal, got.trust) == (said_of(field), FieldTrust.AGREES), anchor
