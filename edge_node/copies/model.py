"""What a copy is made of: page images as the scanner's profile encoded them, and the words read on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_PAGES = 500
"""Pages in one copy; the verifier at the hub refuses more (`verification_structure.MAX_PAGES`)."""


@dataclass(frozen=True, slots=True)
class CopyWord:
    """One word on a page.

    Coordinates are px of the stored image, origin top-left. `line` numbers the text line the word stands on; words
    of one line share one size and one base line in the text layer, so a search finds phrases.
    """

    text: str
    x: float
    y: float
    w: float
    h: float
    line: int


@dataclass(frozen=True, slots=True)
class CopyPage:
    """One page: the JPEG bytes, stored untouched, and what was read on it.

    `words` may be empty: a copy without a text layer is still a lawful copy.
    """

    jpeg: bytes
    width_px: int
    height_px: int
    dpi: int
    words: Sequence[CopyWord] = ()
