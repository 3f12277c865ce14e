"""What the first reader's detector passed over inside a line is read by it all the same, on the second reader's place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import red_channel
from edge_node.recognition.assembly import assembled
from edge_node.recognition.asternet import AsterNet
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.gaps import gaps, read_in
from edge_node.recognition.model import RecogniserKind
from tests.edge_node.imaging.pictures import typeset

LINE = "Giới tính: Nữ Quốc tịch: Việt Nam"
PAGE = typeset([(100, 100, LINE)], (1000, 300))
GREY = red_channel(PAGE)
WHOLE = Box(98, 105, 560, 42)


def inked(part: str) -> tuple[int, int]:
    """First and last column of the line's beginning up to and with `part`."""
    columns = np.flatnonzero(red_channel(typeset([(100, 100, part)], (1000, 300))).min(axis=0) < 128)
    return int(columns[0]), int(columns[-1])


START, END = inked("Giới tính:")[1] + 4, inked("Giới tính: Nữ Quốc")[1] + 6
PIECES = [Box(98, 105, START - 98, 42), Box(END, 105, WHOLE.right - END, 42)]


def second(score: float = 0.97, box: Box = WHOLE) -> list[LineDraft]:
    return [LineDraft(LINE, box, score)]


def test_ink_between_two_boxes_of_the_first_reader_is_a_gap() -> None:
    (gap,) = gaps(PIECES, second(), GREY)
    assert gap.x >= START - 4 and gap.right <= END + 4


def test_a_line_that_is_covered_or_missed_as_a_whole_or_read_unsurely_has_no_gap() -> None:
    assert gaps([WHOLE], second(), GREY) == []
    assert gaps([], second(), GREY) == []
    assert gaps(PIECES, second(0.6), GREY) == []


def test_bare_paper_and_the_rule_between_two_cells_are_no_gap() -> None:
    for rule in (255, 30):
        table = np.full_like(GREY, 255)
        table[:, 300:303] = rule
        assert gaps([Box(98, 105, 100, 42), Box(500, 105, 100, 42)], second(), table) == []


def test_what_is_read_in_a_gap_never_counts_as_agreement() -> None:
    drafts = read_in(gaps(PIECES, second(), GREY), GREY, AsterNet())
    assert [draft.text for draft in drafts] == ["Nữ Quốc"]
    reading = assembled(RecogniserKind.TWO_READERS, PAGE, 200, drafts, [(LINE, 0.97)])
    assert all(word.mended for word in reading.lines[0].words)


def test_what_is_hardly_legible_in_a_gap_is_left_alone() -> None:
    def unsure(crops: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        return [("(3", 0.74, ()) for _ in crops]

    assert read_in(gaps(PIECES, second(), GREY), GREY, unsure) == []
