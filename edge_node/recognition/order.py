"""Reading order of Vietnamese administrative papers: rows top to bottom, except where two columns are meant.

Tables and forms are read row by row. Two places of a paper have columns: the head, where the agency stands left of the
national title (Quốc hiệu), and the foot, where "Nơi nhận" stands left of the signature. There the left column is read first.
Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục IV (sơ đồ bố trí các thành phần thể thức).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.folding import folded

_TITLE = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap tu do hanh phuc"
_RECIPIENTS = "noi nhan"


def reading_order(texts: Sequence[str], boxes: Sequence[Box]) -> list[int]:
    """Indices of the lines in reading order; stable for equal positions. Every index occurs exactly once."""
    rows = rows_of(boxes)
    keys = [folded(text) for text in texts]
    ordered: list[int] = []
    head = _head_rows(rows, keys, boxes)
    if head:
        gutter = _left_edge(boxes[i] for row in rows[:head] for i in row if is_national_title(keys[i]))
        ordered += _two_columns(rows[:head], boxes, gutter)
    foot = _foot_row(rows, keys, head)
    for row in rows[head:foot]:
        ordered += row
    if foot < len(rows):
        recipients = around(boxes[i] for row in rows[foot:] for i in row if keys[i].startswith(_RECIPIENTS))
        page = around(boxes)
        ordered += _two_columns(rows[foot:], boxes, max(recipients.right, page.x + page.w * 2 // 5))
    return ordered


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Lines grouped by row, top to bottom, each row left to right. A tall box does not join the rows it spans."""
    rows: list[list[int]] = []
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i].middle_y, boxes[i].x)):
        row = rows[-1] if rows else None
        if row is not None and all(_level(boxes[i], boxes[j]) for j in row):
            row.append(i)
        else:
            rows.append([i])
    return [sorted(row, key=lambda i: boxes[i].x) for row in rows]


def _level(a: Box, b: Box) -> bool:
    """Beside each other: centres closer than half the lower height, and not one above the other."""
    close = abs(a.middle_y - b.middle_y) * 2 < min(a.h, b.h)
    return close and a.shared_columns(b) * 4 < min(a.w, b.w)


def is_national_title(key: str) -> bool:
    """Whether a folded line is the Quốc hiệu or Tiêu ngữ."""
    return len(key) > 12 and (fuzz.ratio(key, _TITLE) > 80 or fuzz.ratio(key, _MOTTO) > 80)


def _head_rows(rows: list[list[int]], keys: list[str], boxes: Sequence[Box]) -> int:
    """How many rows from the top belong to a two-column head: up to the last row near the title that has both columns."""
    titled = [r for r, row in enumerate(rows) if any(is_national_title(keys[i]) for i in row)]
    if not titled:
        return 0
    edge = _left_edge(boxes[i] for r in titled for i in rows[r] if is_national_title(keys[i]))
    if not any(boxes[i].right <= edge + boxes[i].h for r in range(titled[-1] + 2) if r < len(rows) for i in rows[r]):
        return 0  # the title stands alone in the middle
    last = titled[-1]
    for r in range(titled[-1] + 1, min(len(rows), titled[-1] + 6)):
        if any(boxes[i].x < edge - boxes[i].h and boxes[i].right > edge + boxes[i].h for i in rows[r]):
            break  # a line across the gutter ends the head
        last = r
        if any(keys[i].startswith(("so ", "so:")) or " ngay " in keys[i] for i in rows[r]):
            break
    return last + 1


def _foot_row(rows: list[list[int]], keys: list[str], head: int) -> int:
    """The row at which a two-column foot begins, or the number of rows."""
    for r in range(head, len(rows)):
        if any(keys[i].startswith(_RECIPIENTS) for i in rows[r]):
            return r
    return len(rows)


def _left_edge(boxes: Iterable[Box]) -> int:
    return min(box.x for box in boxes)


def _two_columns(rows: list[list[int]], boxes: Sequence[Box], gutter: int) -> list[int]:
    left = [i for row in rows for i in row if boxes[i].x + boxes[i].w / 2 < gutter]
    right = [i for row in rows for i in row if boxes[i].x + boxes[i].w / 2 >= gutter]
    return left + right
