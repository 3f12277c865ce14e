"""What was read: words, lines, pages and documents as values, or the reason why nothing could be.

Boxes of lines and words are in pixels of the *reading copy* (upright, level); `PageReading.to_page` maps them to the evidence
page. Text is NFC.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from edge_node.imaging.geometry import IDENTITY, Box, Transform

DEBIAN_TESSDATA = "/usr/share/tesseract-ocr/5/tessdata"
"""Where Debian puts `vie.traineddata`."""


class RecogniserKind(StrEnum):
    """Which reader an office has chosen."""

    TWO_READERS = "two_readers"
    FAST = "fast"
    LINES = "lines"
    MANUAL = "manual"


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A run of characters without a space.

    `by_hand`: the ink looks written, not printed. `mended`: its letters are the second reader's, because the first reader's
    cannot be right; the two readers do not agree here. `tone_seen`: our own eye surely sees the tone that is written here.
    """

    text: str
    box: Box
    by_hand: bool = False
    mended: bool = False
    tone_seen: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line of writing.

    Attributes:
        text: what the first reader read, with what could be mended.
        box: where, in px of the reading copy.
        score: the first reader's own certainty, 0…1; good for ordering, never for trusting.
        words: the same text cut at spaces, each with its box.
        second: what the second reader read on its own boxes there, left to right; None when there was no second reader.
        second_score: the second reader's certainty, 0…1.
    """

    text: str
    box: Box
    score: float
    words: tuple[Word, ...] = ()
    second: str | None = None
    second_score: float = 0.0


class Barcode(msgspec.Struct, frozen=True):
    """A QR or other code found on the page; box in px of the reading copy."""

    text: str
    format: str
    box: Box


class Advice(msgspec.Struct, frozen=True):
    """A doubt about the picture that does not stop reading: what, and what to do (Vietnamese)."""

    code: str
    sentence: str
    next_step: str


class PageReading(msgspec.Struct, frozen=True, tag="page"):
    """One page as read, lines in reading order.

    Attributes:
        recogniser: which reader.
        dpi: resolution of the evidence page, as stated at capture.
        width_px, height_px: size of the reading copy.
        to_page: maps boxes of the reading copy to the evidence page.
        quarter_turns: counter-clockwise turns of the content that were undone.
        skew_degrees: tilt that was undone.
    """

    recogniser: RecogniserKind
    dpi: int
    width_px: int
    height_px: int
    lines: tuple[Line, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    advice: tuple[Advice, ...] = ()
    to_page: Transform = IDENTITY
    quarter_turns: int = 0
    skew_degrees: float = 0.0

    @property
    def text(self) -> str:
        """The whole page in reading order, NFC, one line each: what the invisible PDF layer holds."""
        return "\n".join(line.text for line in self.lines)

    def placed_words(self) -> tuple[Word, ...]:
        """All words in reading order with boxes in px of the evidence page."""
        return tuple(
            msgspec.structs.replace(word, box=self.to_page.box(word.box)) for line in self.lines for word in line.words
        )


class Unreadable(msgspec.Struct, frozen=True, tag="unreadable"):
    """The verdict on a page that gave no reading: stable code, what happened, what to do. The page itself stays."""

    code: str
    sentence: str
    next_step: str


class DocumentReading(msgspec.Struct, frozen=True):
    """All pages of one paper, first page first. `pages` holds a verdict where a page gave no reading."""

    pages: tuple[PageReading | Unreadable, ...]

    def readable(self) -> tuple[tuple[int, PageReading], ...]:
        """The pages that were read, with their number counted from 1."""
        return tuple((n, page) for n, page in enumerate(self.pages, 1) if isinstance(page, PageReading))
