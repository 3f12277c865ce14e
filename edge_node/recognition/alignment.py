"""Two readings of one page brought together: which of the second reader's lines stand beside each of the first's.

The boxes were found independently, so one may have split what the other joined. A line of the first reader gets everything the
second read on the same row within its width, left to right; a joined line of the second is given to each part whole, and
whoever compares must look for the value inside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.folding import bare


def second_opinions(first: Sequence[LineDraft], second: Sequence[LineDraft]) -> list[tuple[str, float]]:
    """For each line of `first`: the second reader's text there ("" when it saw nothing) and its lowest score (0 then)."""
    return [_beside(line.box, second) for line in first]


def _beside(box: Box, second: Sequence[LineDraft]) -> tuple[str, float]:
    near = [line for line in second if _belongs(box, line.box)]
    near.sort(key=lambda line: line.box.x)
    return " ".join(line.text for line in near), min((line.score for line in near), default=0.0)


def _belongs(box: Box, other: Box) -> bool:
    """On one row, and the narrower of both lies by more than half beside the other."""
    return box.same_row(other) and box.shared_columns(other) * 2 > min(box.w, other.w)


def sign_width(box: Box, lines: Sequence[LineDraft]) -> float:
    """How wide a sign is on average, spaces among them, px, by the lines that lie beside `box`; infinite where there are none."""
    near = [line for line in lines if _belongs(box, line.box)]
    signs = sum(len(line.text) for line in near)
    return sum(line.box.w for line in near) / signs if signs else math.inf


def missed_by_first(first: Sequence[LineDraft], second: Sequence[LineDraft]) -> list[LineDraft]:
    """Lines that only the second reader saw: they are shown as doubtful, never dropped.

    A row that it read in one piece over several cells of the first reader is not one of them: the cells count together.
    """
    return [line for line in second if _covered(line.box, first) * 3 <= line.box.w]


def _covered(box: Box, first: Sequence[LineDraft]) -> int:
    """How many columns of `box` the first reader's lines beside it cover, px."""
    return sum(box.shared_columns(f.box) for f in first if box.shared_rows(f.box) * 3 > box.h)


def same_words(first: Sequence[str], second: Sequence[str]) -> dict[int, str]:
    """Which word of the second reading stands where a word of the first does: index in `first` to the other's text.

    >>> same_words(["Họ", "tên:", "HIẾM"], ["Họ", "tên:", "HIỂM"])[2]
    'HIỂM'
    """
    here, there = [bare(text) for text in first], [bare(text) for text in second]
    return {
        a.src_start + i: second[a.dest_start + i]
        for a in Levenshtein.opcodes(here, there)
        if a.tag in ("replace", "equal") and a.src_end - a.src_start == a.dest_end - a.dest_start
        for i in range(a.src_end - a.src_start)
    }
