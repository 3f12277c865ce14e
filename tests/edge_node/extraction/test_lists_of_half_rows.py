"""Lists whose rows are two lines: one number over another, a name over its number; and what must never become a part of a neighbour's cell."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust, TableReading
from edge_node.extraction.table import lists_in, read_table
from edge_node.recognition.model import DocumentReading, Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import page
from tests.edge_node.extraction.test_table import cell, names, said

COLUMNS = {kind.code: kind.columns for kind in published().document_types}
PEOPLE = (
    ("Lý Thị Mai", "1011223344", "010190004321", "02/03/1990", "01/02/2026", "05/02/2026"),
    ("Phan Văn Lộc", "1022334455", "010088007654", "11/10/1988", "03/02/2026", "09/02/2026"),
    ("Vàng Thị Nhị Hoa", "1033445566", "010195001122", "25/12/1995", "10/02/2026", "14/02/2026"),
    ("Giàng A Chu", "1044556677", "010084003344", "07/07/1984", "11/02/2026", "12/02/2026"),
)
HALF, PITCH = 46, 94


def table(lines: list[Line], kind: str = "01B-HSB") -> TableReading:
    return read_table(lists_in(DocumentReading((page(*lines),)), COLUMNS[kind]), Gazetteer())


def stacked_head(y: int = 400) -> list[Line]:
    """A head of two rows: number over number, day over day; the other labels in its middle."""
    middle = [said(70, y, "TT"), said(130, y, "Họ và tên"), said(640, y, "Ngày sinh"), said(1050, y, "Ghi chú")]
    return [*middle, said(430, y - 24, "Mã số BHXH"), said(436, y + 24, "Số CCCD"), said(840, y - 24, "Từ ngày"), said(835, y + 24, "Đến ngày")]


def half_rows(y: int, number: int, note: str = "") -> list[Line]:
    """A worker on two half-rows."""
    name, bhxh, own, born, start, end = PEOPLE[number]
    cells = [said(70, y, str(number + 1)), said(130, y, name), said(640, y, born), *([said(1050, y, note)] if note else [])]
    return [*cells, said(430, y - HALF // 2, bhxh), said(424, y + HALF // 2, own), said(840, y - HALF // 2, start), said(840, y + HALF // 2, end)]


STACKS = ("full_name", "bhxh_number", "personal_id", "birth_date", "leave_from", "leave_to")


def in_order(row_cells: dict[str, str]) -> tuple[str, ...]:
    return tuple(row_cells[name] for name in STACKS)


def test_each_worker_on_two_half_rows_keeps_what_is_his() -> None:
    found = table([*stacked_head(), *(one for n in range(4) for one in half_rows(520 + PITCH * n, n))])
    said_rows = [in_order({one.field: one.proposal for one in row.cells}) for row in found.rows]
    assert said_rows == list(PEOPLE)
    assert {one.trust for row in found.rows for one in row.cells} == {FieldTrust.AGREES}


def test_a_half_row_that_nobody_filled_moves_no_other_workers_cells() -> None:
    lines = [*stacked_head(), *(one for n in range(4) for one in half_rows(520 + PITCH * n, n) if one.text not in (PEOPLE[1][1], PEOPLE[2][2]))]
    found = table(lines)
    assert names(found) == [one[0] for one in PEOPLE]
    assert [cell(found, n, "birth_date").proposal for n in range(4)] == [one[3] for one in PEOPLE]
    assert (cell(found, 1, "bhxh_number").proposal, cell(found, 2, "personal_id").proposal) == ("", "")


def test_a_note_that_some_rows_lack_stays_in_its_row() -> None:
    notes = ("Con ốm", "", "", "Nghỉ tiếp")
    found = table([*stacked_head(), *(one for n in range(4) for one in half_rows(520 + PITCH * n, n, notes[n]))])
    assert [(one.proposal if (one := row.cell("note")) else "") for row in found.rows] == list(notes)


def name_over_number(y: int, number: int, wraps: bool = False) -> list[Line]:
    """A worker whose name and number share a cell, as the day of birth and the sex do."""
    name, bhxh, own, born, *_ = PEOPLE[number]
    first, last = name.rsplit(" ", 1)
    top = [said(130, y - 34, first), said(130, y, last)] if wraps else [said(130, y - 17, name)]
    return [*top, said(130, y + (34 if wraps else 17), own), said(70, y, str(number + 1)), said(430, y, bhxh), said(640, y, born)]


def test_a_name_over_a_number_in_one_cell_are_two_values() -> None:
    head = [said(70, 400, "TT"), said(130, 383, "Họ và tên"), said(130, 417, "Số CCCD"), said(430, 400, "Mã số BHXH"), said(640, 400, "Ngày sinh")]
    lines = [*head, *name_over_number(500, 0), *name_over_number(580, 1), *name_over_number(680, 2, True), *name_over_number(790, 3)]
    found = table(lines)
    assert names(found) == [one[0] for one in PEOPLE]
    assert [cell(found, n, "personal_id").proposal for n in range(4)] == [one[2] for one in PEOPLE]
    assert {cell(found, n, "personal_id").trust for n in range(4)} == {FieldTrust.AGREES}


def test_a_name_and_a_number_read_as_one_line_are_two_values() -> None:
    head = [said(70, 400, "TT"), said(130, 383, "Họ và tên"), said(130, 417, "Số CCCD"), said(530, 400, "Mã số BHXH"), said(740, 400, "Ngày sinh")]
    rows = [said(x, 500 + 60 * n, text) for n, one in enumerate(PEOPLE) for x, text in ((130, f"{one[0]} {one[2]}"), (530, one[1]), (740, one[3]))]
    found = table([*head, *rows])
    assert [(cell(found, n, "full_name").proposal, cell(found, n, "personal_id").proposal) for n in range(4)] == [(one[0], one[2]) for one in PEOPLE]


def test_a_wide_label_over_two_columns_is_not_stacked_with_one_of_them() -> None:
    head = [said(70, 400, "TT"), said(130, 400, "Họ và tên"), said(430, 400, "Mã số BHXH"), said(640, 380, "Số tiền được hưởng trong tháng này"), said(700, 420, "Ngày sinh"), said(900, 420, "Từ ngày")]
    rows = [said(x, 480 + 50 * n, text) for n, one in enumerate(PEOPLE) for x, text in ((130, one[0]), (430, one[1]), (700, one[3]), (900, one[4]))]
    found = table([*head, *rows])
    assert [cell(found, n, "birth_date").proposal for n in range(4)] == [one[3] for one in PEOPLE]


def plain_head(*more: Line) -> list[Line]:
    return [said(70, 400, "TT"), said(130, 400, "Họ và tên"), said(430, 400, "Mã số BHXH"), said(640, 400, "Ngày sinh"), said(1050, 400, "Ghi chú"), *more]


def plain(y: int, number: int, *note: Line) -> list[Line]:
    name, bhxh, _, born, *_ = PEOPLE[number]
    return [said(70, y, str(number + 1)), said(130, y, name), said(430, y, bhxh), said(640, y, born), *note]


def test_the_pages_foot_is_no_part_of_the_last_cell() -> None:
    lines = [*plain_head(), *plain(480, 0, said(1050, 480, "Tăng")), *plain(555, 1, said(1050, 541, "Điều chỉnh"), said(1050, 569, "mức đóng")), said(1120, 625, "Trang 1/3")]
    found = table(lines)
    assert [(cell(found, n, "note").proposal, cell(found, n, "note").trust) for n in range(2)] == [("Tăng", FieldTrust.AGREES), ("Điều chỉnh mức đóng", FieldTrust.AGREES)]


@pytest.mark.parametrize("total", ["Cộng giảm: 02 người", "Cộng (I + II + III)", "Tổng cộng: 4", "Tổng số (A+B)"])
def test_a_total_with_more_words_is_no_worker(total: str) -> None:
    lines = [*plain_head(said(850, 400, "Số tiền")), *(one for n in range(4) for one in plain(480 + 50 * n, n, said(850, 480 + 50 * n, "1.200.000")))]
    assert names(table([*lines, said(130, 680, total), said(850, 680, "4.800.000")], "C70A-HD")) == [one[0] for one in PEOPLE]


def test_a_heading_whose_numeral_was_misread_is_no_part_of_a_name() -> None:
    lines = [*plain_head(), *plain(480, 0), *plain(530, 1), said(70, 580, "ii"), said(130, 580, "Nghỉ dưỡng sức"), *plain(630, 2), *plain(680, 3)]
    found = table(lines)
    assert names(found) == [one[0] for one in PEOPLE]
    assert {cell(found, n, "full_name").trust for n in range(4)} == {FieldTrust.AGREES}


def test_two_days_in_a_cell_for_one_go_to_a_person() -> None:
    lines = [*plain_head(), *plain(480, 0), *plain(560, 1), said(640, 590, "01/01/1989")]
    found = cell(table(lines), 1, "birth_date")
    assert (found.trust, found.proposal) == (FieldTrust.CHECK, PEOPLE[1][3])


def test_writing_between_two_rows_is_nobodys_for_sure() -> None:
    lines = [*plain_head(), *plain(480, 0), *plain(560, 1), *plain(640, 2, said(1050, 640, "Tăng")), said(1050, 522, "Thử việc")]
    found = table(lines)
    assert all(one.trust is not FieldTrust.AGREES for n in (0, 1) if (one := found.rows[n].cell("note")) and one.proposal)


def test_lines_of_two_cells_that_stand_evenly_go_to_a_person() -> None:
    notes = [said(1050, 470 + 33 * n, text) for n, text in enumerate(("Nghỉ không", "hưởng lương", "Thai sản", "trước sinh"))]
    lines = [*plain_head(), *plain(487, 0), *plain(570, 1), *notes[:3], notes[3]]
    found = table(lines)
    wrong = [one for n in (0, 1) if (one := found.rows[n].cell("note")) and one.trust is FieldTrust.AGREES]
    assert all(one.proposal in ("Nghỉ không hưởng lương", "Thai sản trước sinh") for one in wrong)


def test_a_birth_year_and_a_month_are_cells_in_their_own_precision() -> None:
    head = [said(70, 400, "TT"), said(130, 400, "Họ và tên"), said(430, 400, "Mã số BHXH"), said(640, 400, "Năm sinh"), said(850, 400, "Từ tháng, năm")]
    rows = [said(x, 480 + 50 * n, text) for n, one in enumerate(PEOPLE) for x, text in ((130, one[0]), (430, one[1]), (640, one[3][-4:]), (850, one[4][3:]))]
    found = table([*head, *rows], "D02-TS")
    assert [(cell(found, n, "birth_date").proposal, cell(found, n, "from_date").proposal) for n in range(4)] == [(one[3][-4:], one[4][3:]) for one in PEOPLE]
    assert {one.trust for row in found.rows for one in row.cells} == {FieldTrust.AGREES}
