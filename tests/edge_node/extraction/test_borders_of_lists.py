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
