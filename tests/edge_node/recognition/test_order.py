"""Reading order of papers as the decree lays them out; words with their boxes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge_node.imaging.geometry import Box
from edge_node.recognition.alignment import missed_by_first, second_opinions
from edge_node.recognition.draft import LineDraft, tidy, words_of
from edge_node.recognition.folding import bare, folded
from edge_node.recognition.order import reading_order, rows_of

boxes = st.builds(Box, st.integers(0, 1600), st.integers(0, 2300), st.integers(1, 900), st.integers(8, 60))


def ordered(*lines: tuple[int, int, int, str]) -> list[str]:
    places = [Box(x, y, w, 40) for x, y, w, _ in lines]
    texts = [text for *_, text in lines]
    return [texts[i] for i in reading_order(texts, places)]


def test_the_agency_on_the_left_is_read_before_the_national_title_on_the_right() -> None:
    assert ordered(
        (850, 130, 600, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (150, 132, 420, "BẢO HIỂM XÃ HỘI VIỆT NAM"),
        (950, 180, 400, "Độc lập - Tự do - Hạnh phúc"),
        (150, 182, 380, "BHXH TỈNH ĐẮK LẮK"),
        (900, 250, 500, "Đắk Lắk, ngày 05 tháng 10 năm 2026"),
        (200, 248, 300, "Số: 1234/QĐ-BHXH"),
        (640, 380, 300, "QUYẾT ĐỊNH"),
    ) == [
        "BẢO HIỂM XÃ HỘI VIỆT NAM",
        "BHXH TỈNH ĐẮK LẮK",
        "Số: 1234/QĐ-BHXH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Đắk Lắk, ngày 05 tháng 10 năm 2026",
        "QUYẾT ĐỊNH",
    ]


def test_a_title_in_the_middle_is_no_column() -> None:
    assert (
        ordered((500, 180, 700, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (600, 300, 400, "ĐƠN ĐỀ NGHỊ"))[1]
        == "ĐƠN ĐỀ NGHỊ"
    )


def test_a_table_is_read_row_by_row() -> None:
    cells = [
        (x, y, 120, f"{name}{number}")
        for number, y in enumerate((500, 560, 620), 1)
        for name, x in (("B", 600), ("A", 200), ("C", 1000))
    ]
    assert ordered(*cells) == ["A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3"]


def test_recipients_are_read_before_the_signature_beside_them() -> None:
    said = ordered(
        (900, 1500, 300, "GIÁM ĐỐC"),
        (150, 1502, 150, "Nơi nhận:"),
        (150, 1550, 200, "- Như Điều 3;"),
        (920, 1700, 250, "Lê Văn Hưng"),
        (150, 1600, 200, "- Lưu: VT."),
    )
    assert said == ["Nơi nhận:", "- Như Điều 3;", "- Lưu: VT.", "GIÁM ĐỐC", "Lê Văn Hưng"]


@given(st.lists(boxes, max_size=40))
def test_every_line_is_read_exactly_once(places: list[Box]) -> None:
    texts = [
        "Nơi nhận" if i % 7 == 3 else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" if i == 1 else "chữ"
        for i in range(len(places))
    ]
    assert sorted(reading_order(texts, places)) == list(range(len(places)))
    assert sorted(i for row in rows_of(places) for i in row) == list(range(len(places)))


@given(st.text(alphabet="aầbĐ 1", max_size=30), boxes)
def test_words_share_the_line_out_from_left_to_right(text: str, box: Box) -> None:
    words = words_of(LineDraft(tidy(text), box, 1.0))
    assert " ".join(word.text for word in words) == tidy(text)
    assert all(word.box.y == box.y and word.box.h == box.h for word in words)
    assert all(a.box.x <= b.box.x for a, b in zip(words, words[1:], strict=False))


def test_a_word_lies_where_its_characters_were_seen() -> None:
    draft = LineDraft("Số 12", Box(0, 0, 1000, 40), 1.0, (10.0, 30.0, 400.0, 900.0, 940.0))
    first, second = words_of(draft)
    assert first.box.right < 500 < second.box.x


def test_the_second_reader_is_matched_by_place_however_it_cut_the_row() -> None:
    first = [
        LineDraft("Ngày sinh: 01/02/1985", Box(100, 100, 400, 40), 1.0),
        LineDraft("Nữ", Box(700, 100, 60, 40), 1.0),
    ]
    second = [
        LineDraft("Ngày sinh:", Box(105, 104, 180, 32), 0.9),
        LineDraft("01/02/1985", Box(300, 104, 190, 32), 0.8),
    ]
    assert second_opinions(first, second) == [("Ngày sinh: 01/02/1985", 0.8), ("", 0.0)]


def test_a_line_that_only_the_second_reader_saw_is_kept() -> None:
    only = LineDraft("Mã số", Box(100, 300, 200, 40), 0.9)
    assert missed_by_first([LineDraft("x", Box(100, 100, 200, 40), 1.0)], [only]) == [only]


def test_a_row_read_in_one_piece_over_several_cells_is_not_read_twice() -> None:
    cells = [LineDraft(str(n), Box(100 + 200 * n, 100, 150, 40), 1.0) for n in range(5)]
    assert missed_by_first(cells, [LineDraft("0 1 2 3 4", Box(100, 98, 960, 44), 0.9)]) == []


def test_folding_keeps_positions_and_drops_marks() -> None:
    assert folded("  Họ và tên:  ĐỖ Thị Ấn ") == "ho va ten do thi an"
    assert len(bare("Số: 12/QĐ-BHXH, Ẵng Ứng")) == len("Số: 12/QĐ-BHXH, Ẵng Ứng")
