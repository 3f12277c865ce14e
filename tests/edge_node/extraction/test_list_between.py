"""What stands in a list between its rows and behind them: office names in cells, headings, feet of pages, lines whose cells ran together; and half-rows."""

from __future__ import annotations

import pytest

from edge_node.extraction.field import propose
from edge_node.extraction.find import Find
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.rows import rows_on
from edge_node.recognition.model import Line
from sync_protocol.paper_types import FieldTemplate
from tests.edge_node.extraction.recorded import line, page
from tests.edge_node.extraction.test_lists_of_half_rows import PEOPLE, plain, plain_head, table
from tests.edge_node.extraction.test_table import cell, names, said

NAMES = [one[0] for one in PEOPLE]


def four(*more: Line, pitch: int = 60) -> list[Line]:
    return [*plain_head(said(850, 400, "Chức vụ")), *(one for n in range(4) for one in plain(480 + pitch * n, n)), *more]


@pytest.mark.parametrize("position", ["Kế toán kho", "Giám đốc xưởng", "Thủ trưởng đội xe", "Người lập trình", "Kế toán trưởng"])
def test_an_office_in_a_cell_does_not_end_the_list(position: str) -> None:
    assert names(table(four(said(850, 540, position)), "D02-TS")) == NAMES


def test_an_office_that_a_narrow_cell_broke_stays_in_it() -> None:
    found = table(four(said(850, 648, "Phó"), said(850, 682, "giám đốc"), pitch=90), "D02-TS")
    assert (names(found), cell(found, 2, "position").proposal) == (NAMES, "Phó giám đốc")


@pytest.mark.parametrize("office", ["KẾ TOÁN TRƯỞNG", "Giám đốc", "Người lập biểu", "Thủ trưởng đơn vị"])
def test_who_signs_below_a_list_ends_it(office: str) -> None:
    below = [said(130, 760, office), said(640, 760, "GIÁM ĐỐC"), said(130, 800, "Trần Thị Sương"), said(640, 800, "Ký ngày 02/03/2026"), said(850, 800, "Ký ngày 02/03/2026")]
    assert names(table(four(*below), "D02-TS")) == NAMES


@pytest.mark.parametrize("numeral, heading", [("B.", "CHẾ ĐỘ THAI SẢN"), ("II.", "Con ốm"), ("C.", "DƯỠNG SỨC"), ("I.", "Lao động tăng"), ("III/", "Điều chỉnh mức đóng")])
def test_a_heading_whose_numeral_is_in_the_ordinals_lane_is_no_part_of_a_name(numeral: str, heading: str) -> None:
    rows = [*(one for n in range(2) for one in plain(480 + 42 * n, n)), *(one for n in (2, 3) for one in plain(522 + 42 * n, n))]
    found = table([*plain_head(), *rows, said(92, 560, f"{numeral} {heading}")])
    assert names(found) == NAMES
    assert {cell(found, n, "full_name").trust for n in range(4)} == {FieldTrust.AGREES}


@pytest.mark.parametrize("heading", ["Tăng lao động", "THAI SẢN", "Giảm lao động", "Ốm đau dài ngày", "DƯỠNG SỨC"])
def test_a_heading_without_a_numeral_is_no_part_of_a_name(heading: str) -> None:
    found = table([*plain_head(), said(130, 450, heading), *(one for n in range(4) for one in plain(500 + 50 * n, n))])
    assert names(found) == NAMES


def test_what_stands_above_a_guessed_heading_goes_to_a_person() -> None:
    rows = [*(one for n in range(2) for one in plain(480 + 50 * n, n)), *(one for n in (2, 3) for one in plain(530 + 50 * n, n))]
    found = table([*plain_head(), *rows, said(130, 568, "Con ốm")])
    assert (names(found), cell(found, 1, "full_name").trust) == (NAMES, FieldTrust.CHECK)


def test_a_heading_that_runs_into_the_numbers_is_no_row() -> None:
    found = table([*plain_head(), said(130, 450, "THAI SẢN (tiếp) và các chế độ DƯỠNG SỨC"), *(one for n in range(4) for one in plain(500 + 50 * n, n))])
    assert names(found) == NAMES


@pytest.mark.parametrize("foot", ["(Xem tiếp trang 2)", "Chuyển sang trang sau", "(Còn tiếp trang sau)", "Mang sang trang 3", "Tiếp theo trang 2", "xem tiếp tờ 2"])
def test_the_word_that_the_list_goes_on_is_no_part_of_a_cell(foot: str) -> None:
    found = table([*four(said(1050, 660, "Tăng"), said(1050, 540, "Tăng")), said(1010, 690, foot)])
    assert cell(found, 3, "note").proposal == "Tăng"


def test_the_end_of_a_name_is_joined_where_rows_of_one_line_stand_as_close() -> None:
    rows = [one for n in range(3) for one in plain(480 + 41 * n, n)]
    last = [said(70, 603, "4"), said(130, 603, "Phạm Hồng"), said(130, 638, "Bảo Trâm"), said(430, 603, PEOPLE[3][1]), said(640, 603, PEOPLE[3][3])]
    found = table([*plain_head(), *rows, *last])
    assert names(found) == [*NAMES[:3], "Phạm Hồng Bảo Trâm"]


def test_cells_of_a_line_that_ran_together_go_to_a_person_and_to_nobody_else() -> None:
    head = [said(70, 400, "TT"), said(130, 400, "Họ và tên"), said(430, 400, "Mã số BHXH"), said(640, 400, "Ngày sinh"), said(850, 400, "Số CCCD"), said(1050, 400, "Nơi cư trú")]
    rows = [said(x, 480 + 80 * n, text) for n, one in enumerate(PEOPLE) for x, text in ((70, str(n + 1)), (130, one[0]), (430, one[1]), (640, one[3])) if n != 1]
    homes = [said(x, 480 + 80 * n, text) for n, one in enumerate(PEOPLE) if n != 1 for x, text in ((850, one[2]), (1050, "Thôn Đông"))]
    one = PEOPLE[1]
    merged = said(130, 560, f"{one[0]:27}{one[1]:19}{one[3]:17}{one[2]} Thôn Nam,")
    found = table([*head, *rows, *homes, merged, said(1050, 594, "xã Ba Vì"), said(1050, 674, "xã Tản Lĩnh")], "D05-TS")
    assert all(one.proposal in ("Thôn Đông", "Thôn Đông xã Tản Lĩnh") for n in (0, 2, 3) if (one := cell(found, n, "address")).trust is FieldTrust.AGREES)
    assert all(one.trust is not FieldTrust.AGREES for one in found.rows[1].cells)


def test_a_name_over_an_address_in_half_rows_are_two_values_for_a_person() -> None:
    stacks = ((130, "Họ và tên", "Nơi cư trú"), (430, "Ngày sinh", "Từ ngày"), (640, "Số ĐDCN", "Mức thu nhập"), (850, "Mã số BHXH", "Số tiền đóng"))
    head = [said(70, 400, "TT"), *(said(x, y, text) for x, upper, lower in stacks for y, text in ((376, upper), (424, lower)))]
    rows: list[Line] = []
    for n, (name, bhxh, own, born, start, _) in enumerate(PEOPLE):
        y = 500 + 110 * n
        rows += [said(70, y, str(n + 1)), said(130, y, name), said(430, y, born), said(640, y, own), said(850, y, bhxh)]
        rows += [said(130, y + 40, "Khu 2, TT. Yên Bình,"), said(130, y + 72, "H. Yên Bình"), said(430, y + 40, start), said(640, y + 40, "1.500.000"), said(850, y + 40, f"{n + 2}91.000")]
    found = table([*head, *rows], "D05-TS")
    kinds = ("full_name", "bhxh_number", "personal_id", "birth_date", "from_date")
    assert [tuple(cell(found, n, kind).proposal for kind in kinds) for n in range(4)] == [one[:5] for one in PEOPLE]
    assert [(cell(found, n, "amount").proposal, cell(found, n, "salary").proposal) for n in range(4)] == [(f"{n + 2}91.000", "1.500.000") for n in range(4)]
    assert {cell(found, n, "address").proposal for n in range(4)} == {"Khu 2, TT. Yên Bình, H. Yên Bình"}
    assert {cell(found, n, kind).trust for n in range(4) for kind in ("full_name", "address")} == {FieldTrust.CHECK}


@pytest.mark.parametrize("label", ["STT Họ và tên", "TT Họ tên", "Stt Người tham gia"])
def test_a_head_cell_boxed_with_the_ordinals_label_is_its_own_column(label: str) -> None:
    head = [said(70, 400, label), *plain_head()[2:]]
    found = table([*head, *(one for n in range(4) for one in plain(480 + 50 * n, n))])
    assert (names(found), found.counted) == (NAMES, 4)


@pytest.mark.parametrize("label, code, trust", [("Mã đơn vị thu BHXH", "BHXH", FieldTrust.CHECK), ("Mã đơn vị BHXH:", "KZ0417H", FieldTrust.AGREES)])
def test_a_units_code_has_a_digit(label: str, code: str, trust: FieldTrust) -> None:
    template = FieldTemplate("unit_number", "Mã số đơn vị", "text", ("Mã đơn vị",), True, "k")
    row = rows_on(1, page(line(150, 130, f"{label} {code}")))[0]
    assert propose(template, Find("text", row, row.text.index(code), len(row.text)), True, Gazetteer()).trust is trust
