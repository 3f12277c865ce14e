"""What stands on a paper and is not its own: the stamp of the day on which an office received it, and what a commune writes under a copy.

Both bring a number, a day and an office of their own, with the very words by which a paper announces its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare

_COPIED = re.compile(r"^\W*(?:chung thuc (?:ban )?sao|sao y(?: ban chinh)?\b|(?:ban )?sao (?:nay )?dung voi|trich sao|sao luc|so chung thuc\b)")
_COPIED_FROM = 0.35
"""Share of the page from which such words stand under a copy; above they are its title ("SAO Y")."""

_RECEIVED = re.compile(r"^\W*(?:cong van )?den\W*(?:$|(?:so|ngay)\s?[:.])")
_OFFICE = re.compile(r"^\W*(?:bhxh|bao hiem xa hoi|ubnd|uy ban)\b")
_OF_STAMP = re.compile(r"^\W*(?:(?:cong van )?den\b|so\b|ngay\b|gio\b|chuyen\b|luu (?:hs|ho so)\b)")

_PAPERS_OWN = re.compile(r"^\W*so\W*\d+[\w.]*\s?/\s?[a-zđ]")
"""A number with a symbol, above the stamp: arrivals are only counted."""


def own_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows that are the paper's own."""
    copied = next((n for n, row in enumerate(rows) if _COPIED.match(bare(row.text)) and row.box.y > _COPIED_FROM * row.page.height_px), len(rows))
    ends_on = rows[copied].page_number if copied < len(rows) else None
    kept = [row for n, row in enumerate(rows) if n < copied or row.page_number != ends_on]
    stamps = [row for row in kept if _is_arrival(row.text) and row.box.y < 0.5 * row.page.height_px]
    return [row for row in kept if not any(_in_stamp(row, stamp) for stamp in stamps)]


def _is_arrival(text: str) -> bool:
    """Whether these words are the stamp's: in capitals, or in front of its number, where readers take large letters for small ones."""
    plain = bare(text)
    return _RECEIVED.match(plain) is not None and (text.lstrip(" .").startswith(("ĐẾN", "CÔNG VĂN ĐẾN")) or "so" in plain.split(":")[0].split())


def _in_stamp(row: Row, stamp: Row) -> bool:
    """Whether a row belongs to the stamp that says "ĐẾN": itself, number, day and where it goes, close around it."""
    close = row.page_number == stamp.page_number and abs(row.box.middle_y - stamp.box.middle_y) < 2.6 * stamp.box.h
    near = close and abs(row.box.x - stamp.box.x) < 6 * stamp.box.h
    whose = near and row.box.y < stamp.box.y and row.text.isupper() and _OFFICE.match(bare(row.text)) is not None
    plain = bare(row.text)
    return row is stamp or whose or (near and _OF_STAMP.match(plain) is not None and not (row.box.y < stamp.box.y and _PAPERS_OWN.match(plain)))
