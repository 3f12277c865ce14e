"""A paper that names several persons: each number is taken from behind the one whom the paper is about, or goes to a person."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(600, 130, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(700, 180, "Độc lập - Tự do - Hạnh phúc"))
OWN, OTHER = "0912345068", "0987654321"


def written(*rows: str) -> tuple[Line, ...]:
    """Rows one below the other; " | " parts two boxes of one height."""
    placed = []
    for n, row in enumerate(rows):
        placed += [line(150 + 750 * at, 600 + 60 * n, part) for at, part in enumerate(row.split(" | "))]
    return tuple(placed)


def said(chosen: str, name: str, *rows: str) -> tuple[str, FieldTrust]:
    field = extract(document(*NATIONAL, *written(*rows)), TYPES, Gazetteer(), chosen_type=chosen).field(name)
    assert field is not None
    return field.proposal, field.trust


def test_an_agents_telephone_is_not_the_applicants_though_its_label_is_the_forms_own() -> None:
    own, agent = f"Số điện thoại di động: {OWN}", ("Họ và tên: Tống Tỵ", f"Số điện thoại: {OTHER}")
    rows = ("Họ và tên: Lò Thị Dung", own, "II. Người được ủy quyền nộp hồ sơ", *agent)
    assert said("14-HSB", "phone", *rows) == (OWN, FieldTrust.AGREES)


@pytest.mark.parametrize(
    "rows",
    [
        (f"Điện thoại: {OTHER}", "Họ và tên: Lò Thị Dung", "Sinh ngày: 01/02/1985"),
        ("Họ và tên: Lò Thị Dung", "Người liên hệ: Tống Văn Tỵ", f"Số điện thoại: {OTHER}"),
        ("Ông: Lò Văn Dung, sinh ngày 01/02/1985", "Bên được ủy quyền (Bên B):", "Bà: Tống Thị Tỵ, sinh ngày 03/04/1990", f"Điện thoại: {OTHER}"),
        ("Họ và tên: Lò Thị Dung", "Thân nhân:", "Họ và tên | Số điện thoại", f"Tống Văn Tỵ | {OTHER}"),
    ],
)
def test_a_telephone_of_somebody_else_alone_is_never_trusted(rows: tuple[str, ...]) -> None:
    assert said("13-HSB", "phone", *rows)[1] is not FieldTrust.AGREES


def test_the_birth_behind_the_person_of_a_ruling_is_taken_and_not_that_of_who_asked_for_it() -> None:
    rows = ("Người yêu cầu: Bà Mạc Thị Thu, sinh ngày 25/12/1963", "1. Tuyên bố đối với ông: Lò Văn Dung, sinh ngày 21/07/1968,", "số định danh cá nhân 079068782213, là đã chết.")
    assert said("QD", "full_name", *rows)[0] == "Lò Văn Dung"
    assert said("QD", "birth_date", *rows) == ("21/07/1968", FieldTrust.CHECK)  # who asked has one as well: a sentence does not prove whose it is


def test_two_persons_in_columns_each_keep_what_stands_below_them() -> None:
    rows = ("Họ và tên: Lò Thị Dung | Họ và tên: Tống Văn Tỵ", f"Số điện thoại: {OWN} | Số điện thoại: {OTHER}")
    assert said("13-HSB", "phone", *rows) == (OWN, FieldTrust.AGREES)


def test_what_the_dead_had_is_taken_from_behind_them_and_what_the_declarer_has_from_behind_the_declarer() -> None:
    rows = (
        "Họ và tên người khai: Lò Thị Dung", "Số CCCD: 001185012345 | Mã số BHXH: 0111111111", f"Điện thoại: {OWN}", "Họ và tên người chết: Tống Văn Tỵ", "Mã số BHXH: 0122222222",
    )  # fmt: skip
    assert said("09-HSB", "bhxh_number", *rows) == ("0122222222", FieldTrust.AGREES)
    assert said("09-HSB", "personal_id", *rows)[0] == "001185012345"


def test_numbers_in_front_of_the_only_name_are_its_own() -> None:
    assert said("CCCD", "personal_id", "Số / No.: 001185012345", "Họ và tên / Full name:", "LÒ THỊ DUNG") == ("001185012345", FieldTrust.AGREES)


def test_an_offices_telephone_is_its_own_and_that_of_a_person_named_on_its_list_is_not() -> None:
    assert said("01B-HSB", "phone", "Tên đơn vị: Hợp tác xã Sao Mai", f"Số điện thoại: {OWN}") == (OWN, FieldTrust.AGREES)
    assert said("01B-HSB", "phone", "Tên đơn vị: Hợp tác xã Sao Mai", "Người lập: Tống Văn Tỵ", f"Điện thoại: {OTHER}")[1] is FieldTrust.CHECK


@pytest.mark.parametrize("rows", [("Họ và tên: Lò Thị Dung", "Số CCCD: 001185012345, ngày cấp: 02/11/2021"), ("Họ và tên: Lò Thị Dung", "Số CCCD: 001185012345", "Ngày cấp: 02/11/2021 tại Bộ Công an")])
@pytest.mark.parametrize("kind", ["GRV", "GCN-NV", "14-HSB", "HDLD"])
def test_the_day_of_issue_of_an_identity_card_is_not_the_papers(kind: str, rows: tuple[str, ...]) -> None:
    assert said(kind, "issue_date", *rows)[1] is not FieldTrust.AGREES


def test_the_dead_of_whom_a_request_speaks_are_not_who_asks() -> None:
    rows = ("Họ tên người đề nghị: Lò Thị Dung | Ngày sinh: 12/01/1966", f"ĐT: {OWN}", "Người chết: ông Tống Văn Tỵ, sinh ngày 05/01/1963,", "số sổ BHXH 7979613220, chết ngày 03/11/2026.")
    assert said("14-HSB", "full_name", *rows) == ("Lò Thị Dung", FieldTrust.AGREES)
    assert said("14-HSB", "birth_date", *rows) == ("12/01/1966", FieldTrust.AGREES)
    assert said("14-HSB", "full_name", *rows[1:])[0] == ""


def test_a_name_is_doubted_where_birth_and_number_contradict_each_other() -> None:
    rows = ("Họ và tên: Lò Thị Dung", "Sinh ngày: 05/01/1963", "Số CCCD: 001166612413")
    assert said("14-HSB", "full_name", *rows)[1] is FieldTrust.CHECK
