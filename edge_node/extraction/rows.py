"""Rows: the lines of one page put together as a form's reader sees them, label and value on one row.

A detector may box a label and its value apart. Boxes of one row with a small gap are joined again; cells of a table and the
columns of a head stay apart. Every character keeps the word it came from, so that a value finds its place on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from edge_node.extraction.model import Place
from edge_node.imaging.geometry import Box, around
from edge_node.recognition.folding import bare, folded
from edge_node.recognition.model import Line, PageReading, Word
from edge_node.recognition.order import is_national_title, rows_of

_GAP = 3.2
"""Gap up to which boxes of one row are one row of writing, in heights of the lower one."""

_COLUMN = 3
"""Other boxes that begin at the same place, from which that is the border of a column; boxes with a smaller gap are parted there, too."""

_TITLE_ENDS = ("nghia viet nam", "chu nghia viet nam", "hoi chu nghia viet nam", "xa hoi chu nghia viet nam")
"""How the national title goes on in a narrow column, where its first words stand in the row above."""

_STATE = re.compile(r"(?<=\S\s)(?:cong hoa xa hoi chu nghia|doc lap\W+tu do)\b")
"""How the heading of the state begins behind other words."""

_PLACE_AND_DAY = re.compile(r"^[^\W\d][^\d,:]{2,40},\s*ngay\b.{1,12}\bthang\b")
"""The place and day of a paper's head, right of an agency's name in capitals."""

_COLON_GAP = 14
"""How far, in heights, a label's colon may stand right of it."""

_SEEN_GAP, _ALIGNED = 0.5, 0.4
_NEAR_ROWS = 8
"""The smallest gap at such a border, and how far beginnings may be apart, in heights."""


@dataclass(frozen=True)
class Row:
    """A row of writing. `second` holds the second reader's texts there, one per box, without repetition."""

    text: str
    words: tuple[Word, ...]
    box: Box
    score: float
    second: str | None
    page_number: int
    page: PageReading

    def words_between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that characters `start`…`end` of `text` belong to."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                found.append(word)
            at += len(word.text) + 1
        return tuple(found)

    def place(self, start: int, end: int) -> Place:
        """Where these characters stand on the evidence page."""
        words = self.words_between(start, end)
        box = around(w.box for w in words) if words else self.box
        return Place(self.page_number, self.page.to_page.box(box), self.page.dpi)


def rows_on(number: int, page: PageReading) -> list[Row]:
    """The rows of a page, top to bottom, left to right within one height."""
    lines = [part for line in page.lines if line.words for part in _parted(line)]
    rows: list[Row] = []
    for members in rows_of([line.box for line in lines]):
        group: list[Line] = []
        for i in members:
            if group and not _has_its_colon(group[-1], lines[i]) and (_apart(group[-1], lines[i]) or _begins_column(group[-1], lines[i], lines)):
                rows.append(_joined(group, number, page))
                group = []
            group.append(lines[i])
        rows.append(_joined(group, number, page))
    return rows


def _parted(line: Line) -> Iterator[Line]:
    """The line; where the heading of the state follows an agency's name within one box, both for themselves. A second reader that did not see it there
    vouches for neither.
    """
    begins = _STATE.search(bare(line.text))
    at = len(line.text[: begins.start()].split()) if begins else 0
    if not begins or not 0 < at < len(line.words):
        yield line
        return
    seen = _STATE.search(bare(line.second or ""))
    second = (line.second[: seen.start()].strip(), line.second[seen.start() :]) if line.second and seen else (None, None) if line.second is None else ("", "")
    for words, read in zip((line.words[:at], line.words[at:]), second, strict=True):
        yield replace(line, text=" ".join(word.text for word in words), box=around(word.box for word in words), words=words, second=read)


def _has_its_colon(left: Line, right: Line) -> bool:
    """Whether the colon of a label stands in the next box, in front of the value, as where colons are set under each other ("Giới tính      : Nữ")."""
    return right.text.lstrip().startswith(":") and ":" not in left.text and right.box.x - left.box.right < _COLON_GAP * right.box.h


def _apart(left: Line, right: Line) -> bool:
    """Whether two lines of one height are two pieces of writing. The national title never goes on from an agency's name, nor do place and day."""
    if right.text.lstrip().startswith(":"):
        return False  # the colons of a form stand below each other, far right of their labels
    wide = right.box.x - left.box.right > _GAP * min(right.box.h, left.box.h)
    heads = left.text.isupper() and _PLACE_AND_DAY.match(bare(right.text)) is not None
    return wide or heads or is_national_title(folded(right.text)) or (right.text.isupper() and folded(right.text) in _TITLE_ENDS and not left.text.isupper())


def crosses_columns(row: Row, start: int, end: int, rows: Sequence[Row], *, is_between: bool) -> bool:
    """Whether one line of writing reaches over the border at which rows right above or below begin: the words of two cells may have been read as one.

    With `is_between` above and below: what stands over a list is no cell of it.
    """
    words, height = row.words_between(start, end), row.box.h
    near = [r for r in rows if r is not row and r.page_number == row.page_number and abs(r.box.middle_y - row.box.middle_y) < _NEAR_ROWS * height]
    if not words:
        return False
    inside = [r.box for r in near if words[0].box.x + 4 * height < r.box.x < words[-1].box.right - height]
    borders = ([other.y < row.box.y for other in inside if abs(box.x - other.x) < _ALIGNED * height] for box in inside)
    return any(len(above) >= _COLUMN and (not is_between or (True in above and False in above)) for above in borders)


def _begins_column(left: Line, right: Line, lines: list[Line]) -> bool:
    """Whether a line begins where other lines, which stand above and below it, begin too: it is the next cell, and goes on from no sentence. Behind a
    colon it is the value of a label.
    """
    height = min(left.box.h, right.box.h)
    if right.text.lstrip().startswith(":") or right.box.x - left.box.right < _SEEN_GAP * height or left.text.rstrip().endswith(":"):
        return False
    return sum(abs(line.box.x - right.box.x) < _ALIGNED * height for line in lines if line is not right) >= _COLUMN


def _joined(lines: list[Line], number: int, page: PageReading) -> Row:
    words = tuple(word for line in lines for word in line.words)
    seconds = list(dict.fromkeys(line.second for line in lines if line.second is not None))
    return Row(
        text=" ".join(word.text for word in words),
        words=words,
        box=around(line.box for line in lines),
        score=min(line.score for line in lines),
        second=" ".join(seconds) if seconds else None if all(line.second is None for line in lines) else "",
        page_number=number,
        page=page,
    )
