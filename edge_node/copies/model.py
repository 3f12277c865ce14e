"""What a copy is made of: page images as the scanner's profile encoded them, and the words read on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_PAGES = 500
"""Pages in one copy; the verifier at the hub refuses more (`verification.structure.MAX_PAGES`)."""


@dataclass(frozen=True, slots=True)
class CopyWord:
    """One word on a page.

    Coordinates are px of the page as it is shown (the stored image after its turns), origin top-left. `line` numbers the text line the word stands on; words
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

    `width_px` and `height_px` are the stored image's. `turns` counts quarter turns clockwise that show it upright: the page
    draws it turned, the image stays as it was scanned. `words` may be empty: a copy without a text layer is still a lawful copy.
    """

    jpeg: bytes
    width_px: int
    height_px: int
    dpi: int
    words: Sequence[CopyWord] = ()
    turns: int = 0

    @property
    def shown_px(self) -> tuple[int, int]:
        """(width, height) in px as the page is shown."""
        return (self.height_px, self.width_px) if self.turns % 2 else (self.width_px, self.height_px)
