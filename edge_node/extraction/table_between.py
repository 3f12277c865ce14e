"""What stands in a list and is no row of it: headings between rows, totals, the line of column numbers, and what comes below the last row.

An office's name ("Kế toán", "Giám đốc") begins a cell as often as it begins the block of those who sign: the list ends there only where no row of
numbers stands beside it or below. All places are in px of the reading copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.table_cells import Piece
from edge_node.extraction.table_lanes import Lane
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.model import Line

_TOTAL_OF = re.compile(r"^\W*(?:tong|cong)\b(?=[^:(]{0,40}[:(]|.*\d)")
"""How a total's cell begins where it goes on ("Cộng tăng: 07 lao động", "Cộng (I + II)")."""

_TOTAL = re.compile(r"\W*(?:tong cong|tong so|tong|cong)(?: (?:trang|luy ke|so tien)\b.*)?\W*")
"""The whole text of a total's cell; "Tống Thị Công" is a worker."""

_AFTER = re.compile(
    r"^\W*(?:danh sach (?:nay )?(?:gom|co)|bang chu|so tien bang chu|trang \d+\b)|^(?:\w+ ){0,6}ngay \d{1,2} thang \d{1,2} nam \d{4}\W*$"
    r"|^\W*(?:(?:xem|con|chuyen|mang|cong|in)\s)?(?:tiep|sang|chuyen|mang)(?:\s(?:theo|sang|o|tai|tu))*\s(?:trang|to)\b"
)
_SIGNS = re.compile(r"^\W*(?:nguoi lap|noi nhan|thu truong|giam doc|ke toan)\b")
_HEADING = re.compile(r"^\s*(?:[A-ZĐ]|[IVX]{1,4})\s?(?:[.)/:-]\s?\D|$)")
_CLOSE = 0.6
"""Gap, in heights, below which a row of writing goes on in the cell above it."""


def is_end(line: Line, at: int, lines: Sequence[Line], lanes: Sequence[Lane]) -> bool:
    """Whether the list ends with this line, `at` of all `lines` below its head, top to bottom."""
    said = folded(line.text)
    if _AFTER.match(said):
        return True
    if not _SIGNS.match(said):
        return False
    level = [other for other in lines if other.box.middle_y > line.box.y]
    return not _goes_on(line, lines[:at], lanes) and not any(_is_in_row(other, level, lanes) for other in level)


def _goes_on(line: Line, above: Sequence[Line], lanes: Sequence[Lane]) -> bool:
    """Whether the line is the rest of the cell right above it ("Phó" / "giám đốc")."""
    near = (other for other in above if other.box.shared_columns(line.box) and line.box.y - other.box.bottom < _CLOSE * line.box.h < other.box.h)
    return capitals(line.text) < 0.8 and any(all(lane.holds(word.box) for one in (line, other) for word in one.words) for other in near for lane in lanes)


def _is_in_row(line: Line, lines: Sequence[Line], lanes: Sequence[Lane]) -> bool:
    """Whether two lanes have at this line's height a number or day of their kind and nothing else."""
    level = [other for other in lines if other.box.same_row(line.box)]
    said = (" ".join(word.text for other in level for word in other.words if lane.holds(word.box)) for lane in lanes)
    return sum(any(_is_all(column.kind, text) for column in lane.columns) for lane, text in zip(lanes, said, strict=True)) > 1


def _is_all(kind: str, text: str) -> bool:
    found = values(kind, text) if kind in NUMERIC_KINDS else []  # type: ignore[arg-type]
    return len(found) == 1 and not re.search(r"\w", text[: found[0].start] + text[found[0].end :])


def without_headings(pieces: Sequence[Piece], lanes: Sequence[Lane]) -> tuple[list[Piece], list[Piece]]:
    """The pieces without headings between rows, totals, and the line of column numbers "(1) (2) (3)"; and those headings that are known by the
    look of their words alone: what stands above one may have been meant to go on.
    """
    named = next((n for n, lane in enumerate(lanes) if any(column.kind == "name" for column in lane.columns)), 1)
    only_names = len(lanes) > named and all(column.kind == "name" or column.kind in NUMERIC_KINDS for column in lanes[named].columns)
    counting = frozenset(n for n in range(len(lanes)) if _is_of_numbers([piece for piece in pieces if piece.lane == n]))
    shouting = _shouts([piece for piece in pieces if piece.lane == named])
    kept, guessed = [], []
    for piece in pieces:
        level = [one for one in pieces if one.box.same_row(piece.box)]
        alone = not any(_has_digits(one) for one in level)
        first = min(level, key=lambda one: one.box.x)
        leads = first.lane == 0 or first.lane in counting or (first.lane <= named and only_names)  # "H. Ba Tơ" ends an address
        if alone and ((leads and _HEADING.match(first.line.text)) or (len(level) == 1 and piece.lane == 0 and len(piece.text) > 8)):
            continue
        if alone and _runs_across(level, counting):
            continue
        if any(_TOTAL.fullmatch(folded(one.text)) or (one.lane <= named and _TOTAL_OF.match(bare(one.text))) for one in level):
            continue
        if len(level) > 2 and all(len(re.sub(r"\W", "", one.text)) <= 2 for one in level):
            continue
        if alone and only_names and first.lane <= piece.lane == named and not any(one.lane > named or one.text.strip(" .").isdigit() for one in level) and _is_no_name(piece.text, shouting):
            guessed += [piece] if first is piece else []  # with a numeral before it, however misread, it is one
            continue
        kept.append(piece)
    return kept, guessed


def _runs_across(level: Sequence[Piece], counting: frozenset[int]) -> bool:
    """Whether the one line of this height runs without a digit through a lane of numbers or into the lane beside its beginning's, as no cell does."""
    return len(level) > 1 and len({id(one.line) for one in level}) == 1 and any(one.lane in counting for one in level)


def _is_of_numbers(pieces: Sequence[Piece]) -> bool:
    return 2 * sum(any(sign.isdigit() for sign in one.text) for one in pieces) > len(pieces)


def _is_no_name(text: str, shouting: bool) -> bool:
    """Whether words in the column of names name nobody: small letters begin one ("Tăng lao động"), or all are capitals where names are not."""
    words = [word for word in re.split(r"[^\w'’]+", text) if word.isalpha()]
    return len(words) > 1 and (any(word[0].islower() for word in words[1:]) or (not shouting and capitals(text) > 0.8))


def _shouts(pieces: Sequence[Piece]) -> bool:
    """Whether most names of the list are in capitals."""
    return 2 * sum(capitals(one.text) > 0.8 for one in pieces) > len(pieces)


def _has_digits(piece: Piece) -> bool:
    return sum(c.isdigit() for c in piece.text) >= 4
