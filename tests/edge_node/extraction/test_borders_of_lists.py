"""Where the columns of a list part: what a border cuts through goes to a person, and no row of workers is taken for a part of the head."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import FieldTrust
from edge_node.recognition.model import Line
from tests.edge_node.extraction.test_lists_of_half_rows import PEOPLE, plain, plain_head, table
from tests.edge_node.extraction.test_table import cell, names, said

NOTES = ("Người có công", "Cận nghèo 70%", "HGĐ người 1", "Trẻ em DTTS")


def noted(*head: Line, pitch: int = 60) -> list[Line]:
    """A list of four workers, a note behind each."""
    return [*plain_head(*head), *(one for n in range(4) for one in (*plain(480 + pitch * n, n), said(960, 480 + pitch * n, NOTES[n])))]


def test_notes_in_a_column_of_their_own_are_read_and_confirmed() -> None:
    found = table(noted(), "D02-TS")
    assert [(cell(found, n, "note").proposal, cell(found, n, "note").trust) for n in range(4)] == [(note, FieldTrust.AGREES) for note in NOTES]


@pytest.mark.parametrize("stray", [965, 970, 985])
def test_a_note_that_lost_its_first_word_to_the_column_before_is_never_confirmed(stray: int) -> None:
    found = table(noted(said(stray, 400, "X")), "D02-TS")
    notes = [row.cell("note") for row in found.rows]
    read = [(note.proposal, note.trust) for note in notes if note is not None]
    assert any(text not in NOTES for text, _ in read)  # the border does lie wrong
    assert all(trust is not FieldTrust.AGREES for _, trust in read)


def test_two_workers_are_no_part_of_a_head_although_their_cells_say_a_label_together() -> None:
    sexes = [said(560, 450 + 40 * n, ("Nam", "Nữ", "Nữ", "Nam")[n]) for n in range(4)]
    rows = [one for n in range(4) for one in plain(450 + 40 * n, n)]
    found = table([*plain_head(said(530, 400, "Nữ hay nam")), *rows, *sexes], "D02-TS")
    assert names(found) == [one[0] for one in PEOPLE]


SUMS = ("440.000", "550.000", "660.000", "330.000")
POOR = ("hộ nghèo", "", "cận nghèo", "hộ nghèo")


def joined(head: tuple[Line, ...], cells: list[tuple[int, str]]) -> list[Line]:
    """A list of four workers, behind each one box in which two columns' words were read together."""
    return [*plain_head()[:-1], *head, *(one for n, (x, text) in enumerate(cells) for one in (*plain(480 + 60 * n, n), said(x, 480 + 60 * n, text)))]


def read(lines: list[Line], *fields: str) -> list[tuple[tuple[str, FieldTrust], ...]]:
    found = table(lines, "D05-TS")
    return [tuple((one.proposal, one.trust) for one in (row.cell(field) for field in fields) if one is not None) for row in found.rows]


def test_sums_set_to_the_right_of_their_label_stay_out_of_the_notes_beside_them() -> None:
    head = (said(850, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    cells = [(920 + 5 * n, f"{SUMS[n]} {POOR[n]}".strip()) for n in range(4)]
    sums = read(joined(head, cells), "amount")
    assert sums == [((text, FieldTrust.AGREES),) for text in SUMS]
    assert [note for (note, *_) in read(joined(head, cells), "note") if note[0]] == [(text, FieldTrust.AGREES) for text in POOR if text]


def test_one_misread_sum_does_not_keep_the_others_in_the_notes() -> None:
    head = (said(850, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    found = read(joined(head, [(920, f"{text} hộ nghèo") for text in ("440.000", "55O.0O0", "660.000", "330.000")]), "note")
    assert found == [(("hộ nghèo", FieldTrust.AGREES),)] * 4


def test_months_at_the_left_of_their_wide_label_stay_out_of_the_words_before_them() -> None:
    head = (said(830, 400, "Địa chỉ"), said(940, 400, "Từ ngày, tháng, năm"))
    places = ("Nậm Ban", "Nà Sang", "Nậm Ban", "Nà Sang")
    found = read(joined(head, [(820 + 12 * n, f"{place} 12/2025") for n, place in enumerate(places)]), "address", "from_date")
    assert [tuple(text for text, _ in row) for row in found] == [(place, "12/2025") for place in places]


def test_a_note_with_the_sum_beside_it_is_never_confirmed_where_no_straight_border_parts_them() -> None:
    head = (said(850, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    cells = [(920 + 60 * n, f"{SUMS[n]} hộ nghèo") for n in range(4)]
    found = read(joined(head, cells), "note")
    assert any(text.startswith(SUMS[0]) or SUMS[3] in text for ((text, _),) in found)  # the border does lie wrong
    assert all(trust is not FieldTrust.AGREES for ((text, trust),) in found if any(sum_ in text for sum_ in SUMS))


def test_no_border_is_drawn_that_would_give_a_note_to_the_sums() -> None:
    head = (said(850, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    found = read(joined(head, [(920 + 20 * n, f"{text} xx") for n, text in enumerate(SUMS)]), "note")
    assert [text for ((text, _),) in found] == [f"{text} xx" for text in SUMS]


def test_a_sum_that_strayed_into_the_note_of_one_row_is_never_confirmed_there() -> None:
    head = (said(850, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    lines = joined(head, [(850, "440.000"), (850, "550.000"), (850, "660.000"), (1000, "330.000 hộ nghèo")])
    assert read(lines, "note")[3][0] == ("330.000 hộ nghèo", FieldTrust.CHECK)


def test_a_column_nobody_filled_takes_nothing_from_the_notes_under_their_own_label() -> None:
    head = (said(830, 400, "Số tiền đóng"), said(1000, 400, "Ghi chú"))
    found = read(joined(head, [(1000, f"{SUMS[n]} hộ nghèo") for n in range(4)]), "amount", "note")
    assert [row[-1][0] for row in found] == [f"{text} hộ nghèo" for text in SUMS]
