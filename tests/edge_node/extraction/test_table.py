"""Lists: heads found, rows told apart, cells judged; from recorded readings, without a reader."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldReading, FieldTrust, TableReading
from edge_node.extraction.table import lists_in, read_table
from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.model import DocumentReading, Line, PageReading, Word
from sync_protocol.paper_types import ColumnTemplate
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import page

SOURCE = "test"
COLUMNS = (
    ColumnTemplate("full_name", "Họ và tên", "name", ("Họ và tên",), SOURCE, True),
    ColumnTemplate("bhxh_number", "Mã số BHXH", "bhxh_number", ("Mã số BHXH",), SOURCE),
    ColumnTemplate("birth_date", "Ngày sinh", "date", ("Ngày sinh",), SOURCE),
    ColumnTemplate("personal_id", "Số định danh cá nhân", "personal_id", ("Số định danh cá nhân",), SOURCE),
    ColumnTemplate("leave_from", "Nghỉ từ ngày", "date", ("Từ ngày", "Nghỉ từ ngày - đến ngày"), SOURCE),
    ColumnTemplate("leave_to", "Nghỉ đến ngày", "date", ("Đến ngày", "Nghỉ từ ngày - đến ngày"), SOURCE),
    ColumnTemplate("address", "Nơi cư trú", "address", ("Nơi cư trú",), SOURCE),
    ColumnTemplate("amount", "Số tiền", "money", ("Số tiền",), SOURCE),
    ColumnTemplate("note", "Ghi chú", "text", ("Ghi chú",), SOURCE),
)
AN = ("Nguyễn Thị Ửng", "0112345678", "01/02/1985", "001185012345")
BA = ("Trần Văn Ba", "0212345678", "03/04/1990", "001090054321")
CHI = ("Lê Thị Chi", "0312345678", "05/06/1992", "001192067890")
LEFT = (70, 130, 430, 620, 800)
"""Left edges of ordinal, name, BHXH number, birth date and personal number."""


def said(x: int, y: int, text: str, second: str | None = None, by_hand: bool = False) -> Line:
    """A line 11 px wide a character, as in a list; both readers say the same unless `second` differs."""
    box = Box(x, y, max(1, 11 * len(text)), 30)
    words = tuple(Word(word.text, word.box, by_hand) for word in words_of(LineDraft(text, box, 0.99)))
    return Line(text, box, 0.99, words, text if second is None else second, 0.9)


def head(y: int = 400, *more: Line) -> list[Line]:
    """The head cells of the five columns; the last label wraps as in the form."""
    labels = ("TT", "Họ và tên", "Mã số BHXH", "Ngày sinh")
    line = [said(x, y, text) for x, text in zip(LEFT, labels, strict=False)]
    return [*line, said(800, y - 16, "Số định danh"), said(810, y + 16, "cá nhân"), *more]


def worker(y: int, number: str, cells: tuple[str, ...]) -> list[Line]:
    """One row of the five columns, its cells in boxes of their own."""
    return [said(x, y, text) for x, text in zip(LEFT, (number, *cells), strict=True) if text]


def table(*pages: list[Line]) -> TableReading:
    return read_table(lists_in(DocumentReading(tuple(page(*lines) for lines in pages)), COLUMNS), Gazetteer())


def names(found: TableReading) -> list[str]:
    return [cell.proposal for row in found.rows if (cell := row.cell("full_name"))]


def cell(found: TableReading, row: int, column: str) -> FieldReading:
    got = found.rows[row].cell(column)
    assert got is not None
    return got


def test_each_worker_is_a_row_with_its_own_cells() -> None:
    found = table([*head(), *worker(480, "1", AN), *worker(530, "2", BA), *worker(580, "3", CHI)])
    assert [row.row for row in found.rows] == ["r001", "r002", "r003"]
    assert [tuple(one.proposal for one in row.cells) for row in found.rows] == [AN, BA, CHI]
    assert {one.trust for row in found.rows for one in row.cells} == {FieldTrust.AGREES}
    assert cell(found, 1, "personal_id").place is not None
    assert found.counted == 3


def test_a_paper_without_columns_or_without_a_head_has_no_rows() -> None:
    rows = worker(480, "1", AN)
    assert table(rows).rows == ()
    assert read_table(lists_in(DocumentReading((page(*head(), *rows),)), ()), Gazetteer()).rows == ()


def test_a_cell_that_wraps_belongs_to_one_row() -> None:
    lines = [
        *head(400, said(1050, 400, "Nơi cư trú")),
        *worker(500, "1", AN),
        *worker(600, "2", BA),
        *worker(665, "3", CHI),
    ]
    lines += [
        said(1050, 470, "Số 27 ngõ 105 đường"),
        said(1050, 505, "Đội Cấn, phường Ngọc"),
        said(1050, 540, "Hà, Hà Nội"),
    ]
    lines += [
        said(1050, 585, "Thôn Chợ Gạo, xã"),
        said(1050, 620, "Trùng Khánh, Cao Bằng"),
        said(1050, 665, "Phường Láng, Hà Nội"),
    ]
    assert [cell(table(lines), n, "address").proposal for n in range(3)] == [
        "Số 27 ngõ 105 đường Đội Cấn, phường Ngọc Hà, Hà Nội", "Thôn Chợ Gạo, xã Trùng Khánh, Cao Bằng", "Phường Láng, Hà Nội",
    ]  # fmt: skip


def test_a_wrapped_cell_that_hangs_from_the_top_of_its_row_belongs_to_it_too() -> None:
    lines = [*head(400, said(1050, 400, "Nơi cư trú")), *worker(480, "1", AN), *worker(590, "2", BA)]
    lines += [said(1050, 480 + 35 * n, part) for n, part in enumerate(("Số 27 ngõ 105", "đường Đội Cấn", "Hà Nội"))]
    lines += [said(1050, 590 + 35 * n, part) for n, part in enumerate(("Thôn Chợ Gạo", "Cao Bằng"))]
    assert [cell(table(lines), n, "address").proposal for n in range(2)] == [
        "Số 27 ngõ 105 đường Đội Cấn Hà Nội",
        "Thôn Chợ Gạo Cao Bằng",
    ]


def test_the_second_page_goes_on_with_and_without_a_repeated_head() -> None:
    first = [*head(), *worker(480, "1", AN)]
    for second in (
        [*head(120), *worker(200, "2", BA), *worker(250, "3", CHI)],
        [*worker(120, "2", BA), *worker(170, "3", CHI)],
    ):
        found = table(first, second)
        assert names(found) == [AN[0], BA[0], CHI[0]]
        place = cell(found, 1, "full_name").place
        assert place is not None and place.page == 2


def test_totals_headings_and_column_numbers_are_no_rows() -> None:
    lines = [*head(), *(said(x, 445, f"({n})") for n, x in enumerate(LEFT, 1))]
    lines += [said(70, 490, "A"), said(130, 490, "CHẾ ĐỘ ỐM ĐAU"), *worker(540, "1", AN), *worker(590, "2", BA)]
    lines += [said(130, 640, "Tổng cộng"), said(800, 640, "1.250.000")]
    lines += [
        said(130, 700, "Danh sách gồm 2 người lao động."),
        said(130, 760, "Trần Văn Xa"),
        said(800, 760, "001090054322"),
    ]
    assert names(table(lines)) == [AN[0], BA[0]]


def test_a_worker_whose_name_folds_like_a_total_is_a_row() -> None:
    assert names(
        table([*head(), *worker(480, "1", ("Tống Thị Cộng", *AN[1:])), *worker(530, "2", ("Công Văn Tổng", *BA[1:]))])
    ) == [
        "Tống Thị Cộng",
        "Công Văn Tổng",
    ]


def test_two_dates_in_one_cell_go_to_their_two_columns_in_turn() -> None:
    label = said(1050, 400, "Nghỉ từ ngày - đến ngày")
    lines = [
        *head(400, label),
        *worker(480, "1", AN),
        *worker(560, "2", BA),
        said(1050, 480, "05/01/2026 - 08/01/2026"),
    ]
    lines += [said(1050, 545, "06/01/2026 -"), said(1050, 578, "09/01/2026")]
    found = table(lines)
    said_dates = [(cell(found, n, "leave_from").proposal, cell(found, n, "leave_to").proposal) for n in range(2)]
    assert said_dates == [("05/01/2026", "08/01/2026"), ("06/01/2026", "09/01/2026")]
    assert cell(found, 1, "leave_to").trust is FieldTrust.AGREES


def test_a_cell_with_one_date_too_few_is_shown_and_not_guessed() -> None:
    label = said(1050, 400, "Nghỉ từ ngày - đến ngày")
    found = table([*head(400, label), *worker(480, "1", AN), said(1050, 480, "05/01/2026 - 0?/01")])
    missing = cell(found, 0, "leave_to")
    assert (missing.proposal, missing.trust, missing.first) == ("", FieldTrust.UNREADABLE, "05/01/2026 - 0?/01")


def test_a_second_reader_whose_box_reaches_over_the_cells_still_counts() -> None:
    run_together = "0112345678" + "01/02/1985" + "001185012345"
    row = [said(70, 480, "1", "1 Nguyễn Thị Ửng"), said(130, 480, AN[0], "1 Nguyễn Thị Ửng")]
    row += [said(x, 480, text, run_together) for x, text in zip(LEFT[2:], AN[1:], strict=True)]
    found = table([*head(), *row])
    assert [(one.second, one.trust) for one in found.rows[0].cells] == [(text, FieldTrust.AGREES) for text in AN]


@pytest.mark.parametrize("second", ["1 Lê Nguyễn Thị Ửng", "1 Nguyễn Thị Ứng", "Nguyễn Thị Ửng An", "1 Thị Ửng"])
def test_a_word_that_only_one_reader_saw_is_never_cut_away_with_the_neighbours(second: str) -> None:
    row = [said(70, 480, "1", second), said(130, 480, AN[0], second), *worker(480, "", ("", *AN[1:]))]
    assert cell(table([*head(), *row]), 0, "full_name").trust is FieldTrust.CHECK


def test_a_box_over_several_cells_is_cut_where_the_columns_part() -> None:
    words = [(70, "1"), (130, "Nguyễn"), (210, "Thị"), (260, "Ửng"), (430, "0112345678")]
    cells = tuple(Word(text, Box(x, 480, 11 * len(text), 30)) for x, text in words)
    text = " ".join(text for _, text in words)
    whole = Line(text, Box(70, 480, 470, 30), 0.99, cells, text, 0.9)
    found = table([*head(), whole, *worker(480, "", ("", "", *AN[2:])), *worker(530, "2", BA)])
    assert [one.proposal for one in found.rows[0].cells] == list(AN)
    assert cell(found, 0, "full_name").trust is FieldTrust.AGREES


def test_a_handwritten_number_in_a_row_is_never_pre_confirmed() -> None:
    row = [one for one in worker(480, "1", AN) if one.text != AN[1]]
    found = cell(table([*head(), *row, said(430, 480, AN[1], by_hand=True)]), 0, "bhxh_number")
    assert (found.proposal, found.trust, found.reason) == (AN[1], FieldTrust.CHECK, "có chữ viết tay")


def test_a_number_in_two_rows_and_a_birth_year_against_the_number_go_to_a_person() -> None:
    twin = table([*head(), *worker(480, "1", AN), *worker(530, "2", (BA[0], AN[1], BA[2], BA[3]))])
    assert [cell(twin, n, "bhxh_number").reason for n in range(2)] == ["số này có ở nhiều dòng"] * 2
    odd = cell(table([*head(), *worker(480, "1", (AN[0], AN[1], "01/02/1986", AN[3]))]), 0, "birth_date")
    assert odd.trust is FieldTrust.CHECK and "khác năm 1985" in odd.reason


def test_an_empty_cell_is_doubtful_only_in_a_column_that_the_others_fill() -> None:
    labels = (said(1050, 400, "Số tiền"), said(1250, 400, "Ghi chú"))
    lines = [*head(400, *labels), *worker(480, "1", AN), *worker(530, "2", BA), *worker(580, "3", CHI)]
    found = table([*lines, said(1050, 480, "1.500.000"), said(1050, 580, "2.250.000"), said(1250, 480, "Nghỉ thêm")])
    empty = cell(found, 1, "amount")
    assert (empty.proposal, empty.trust, empty.place is not None) == ("", FieldTrust.CHECK, True)
    assert found.rows[1].cell("note") is None


def test_how_many_rows_the_paper_says_it_has_is_kept_beside_those_found() -> None:
    found = table(
        [*head(), *worker(480, "1", AN), *worker(530, "2", BA), said(130, 600, "Danh sách gồm 3 người lao động.")]
    )
    assert (len(found.rows), found.counted) == (2, 3)


def test_a_label_under_a_wider_label_is_a_column_of_its_own() -> None:
    labels = (said(1050, 372, "Số ngày nghỉ được tính hưởng"), said(1040, 412, "Từ ngày"), said(1250, 412, "Đến ngày"))
    lines = [*head(400, *labels), *worker(480, "1", AN), said(1040, 480, "05/01/2026"), said(1250, 480, "08/01/2026")]
    found = table(lines)
    assert (cell(found, 0, "leave_from").proposal, cell(found, 0, "leave_to").proposal) == ("05/01/2026", "08/01/2026")


def test_places_are_those_of_the_evidence_page() -> None:
    reading: PageReading = page(*head(), *worker(480, "1", AN), to_page=page().to_page)
    place = read_table(lists_in(DocumentReading((reading,)), COLUMNS), Gazetteer()).rows[0].cells[3].place
    assert place is not None and place.box.x == 800


def test_who_signs_below_a_list_does_not_move_the_borders_of_its_columns() -> None:
    labels = [said(70, 400, "TT"), said(130, 400, "Họ tên"), said(400, 400, "Mã số BHXH"), said(600, 400, "Nghỉ từ ngày"), said(800, 400, "Số tài khoản"), said(1120, 400, "Ghi chú")]
    rows = [
        cell
        for n, (who, number, day, account, note) in enumerate(
            [("Lý Thị Mai", "1011223344", "02/03/2026", "19034477812013", ""), ("Phan Văn Lộc", "1022334455", "03/03/2026", "0801000284410", "Lần hai của năm"), ("Giàng A Chu", "1044556677", "04/03/2026", "19036655010027", "")]
        )
        for cell in (said(70, 460 + 50 * n, str(n + 1)), said(130, 460 + 50 * n, who), said(400, 460 + 50 * n, number), said(600, 460 + 50 * n, day), said(790, 460 + 50 * n, account), *([said(975, 460 + 50 * n, note)] if note else []))
    ]
    signs = [said(70, 640, "Bằng chữ: Một triệu đồng"), said(760, 700, "Việt Trì, ngày 25 tháng 9 năm 2026"), said(900, 740, "TRƯỞNG PHÒNG"), said(900, 840, "Đoàn Ngọc Lễ")]
    found = read_table(lists_in(DocumentReading((page(*labels, *rows, *signs),)), {kind.code: kind.columns for kind in published().document_types}["C70A-HD"]), Gazetteer())
    assert (cell_of(found, 1, "account"), cell_of(found, 1, "note")) == ("0801000284410", "Lần hai của năm")


def cell_of(found: TableReading, row: int, column: str) -> str:
    return cell(found, row, column).proposal


@pytest.mark.parametrize(("first", "second", "trust"), [("0", "0", FieldTrust.AGREES), ("o", "0", FieldTrust.CHECK), ("o", "O", FieldTrust.CHECK)])
def test_a_sum_of_nothing_is_a_sum(first: str, second: str, trust: FieldTrust) -> None:
    labels = [said(70, 400, "TT"), said(130, 400, "Họ tên"), said(400, 400, "Mã số BHXH"), said(700, 400, "Số tiền")]
    rows = [one for n, number in enumerate(("1011223344", "1022334455")) for one in (said(70, 460 + 50 * n, str(n + 1)), said(130, 460 + 50 * n, "Lý Thị Mai"), said(400, 460 + 50 * n, number))]
    found = read_table(lists_in(DocumentReading((page(*labels, *rows, said(780, 460, "831.150"), said(800, 510, first, second)),)), {kind.code: kind.columns for kind in published().document_types}["C70A-HD"]), Gazetteer())
    amount = cell(found, 1, "amount")
    assert (amount.proposal, amount.trust) == ("0", trust)


@pytest.mark.parametrize("first", ["01/0/1985", "01/02/985", "0102/1985"])
@pytest.mark.parametrize("second", ["01/02/1985", "01/02/1985001185012345"])
def test_an_impossible_day_in_a_cell_gives_way_to_the_other_readers_whole_one_and_a_person_looks(first: str, second: str) -> None:
    row = [said(x, 480, text) for x, text in zip((70, 130, 430), ("1", AN[0], AN[1]), strict=True)]
    found = table([*head(), *row, said(620, 480, first, second), said(800, 480, AN[3], second if len(second) > 10 else None), *worker(560, "2", BA)])
    day = cell(found, 0, "birth_date")
    assert (day.proposal, day.trust) == ("01/02/1985", FieldTrust.CHECK)


def test_an_impossible_day_stays_where_both_readers_have_none() -> None:
    found = table([*head(), *worker(480, "1", (AN[0], AN[1], "31/02/1985", AN[3])), *worker(560, "2", BA)])
    day = cell(found, 0, "birth_date")
    assert (day.proposal, day.trust) == ("31/02/1985", FieldTrust.CHECK)
    row = [said(x, 480, text) for x, text in zip((70, 130, 430), ("1", AN[0], AN[1]), strict=True)]
    found = table([*head(), *row, said(620, 480, "01/0/1985", "01/00/1985"), *worker(560, "2", BA)])
    assert cell(found, 0, "birth_date").trust is not FieldTrust.AGREES
