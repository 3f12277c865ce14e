"""Drafts of lines: what a reader gives before reading order, words and a second opinion are added."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import PageReading, Word


class Recogniser(Protocol):
    """Anything that reads a page. Implementations load their models when made, keep no state between pages, use one thread."""

    def read(self, page: Page, dpi: int) -> PageReading:
        """Read an upright, level page of `(height, width, 3) uint8`, BGR. Boxes are in px of `page`; order is reading order."""

    def quarter_turns(self, grey: Grey) -> int:
        """By how many quarter turns counter-clockwise the content is turned, 0…3; 0 when the reader cannot tell."""

    def turns_by_trying(self, grey: Grey) -> int:
        """The same, found by reading each way round: dear, for a page of which little could be read."""


@dataclass(frozen=True)
class LineDraft:
    """A line as one reader saw it. `centres`: x of each character's centre in px of the page, or empty when unknown.

    `chances`: for each character how sure the reader was, or empty. `lent`: the place is another reader's, so that both do not see it independently.
    """

    text: str
    box: Box
    score: float
    centres: tuple[float, ...] = ()
    chances: tuple[float, ...] = ()
    lent: bool = False


def tidy(text: str) -> str:
    """NFC, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def words_of(draft: LineDraft) -> tuple[Word, ...]:
    """Cut a line at its spaces and share the box out.

    Where the reader knows its characters' centres, cuts fall half-way between the neighbours of a space; otherwise each
    character gets the same width. Words lie inside the line's box, left to right, without overlap.
    """
    if not draft.text:
        return ()
    box, count = draft.box, len(draft.text)
    known = len(draft.centres) == count
    centres = draft.centres if known else tuple(box.x + box.w * (i + 0.5) / count for i in range(count))
    words: list[Word] = []
    left, start = float(box.x), 0
    for end in [i for i, c in enumerate(draft.text) if c == " "] + [count]:
        right = float(box.right) if end == count else (centres[end - 1] + centres[end + 1]) / 2
        right = min(max(right, left + 1), float(box.right))
        if end > start:
            half = (right - left) / max(1, end - start) / 2
            snug_left = max(left, centres[start] - half * 1.4) if known else left
            snug_right = min(right, centres[end - 1] + half * 1.4) if known else right
            x = round(snug_left)
            words.append(Word(draft.text[start:end], Box(x, box.y, max(1, round(snug_right) - x), box.h)))
        left, start = right, end + 1
    return tuple(words)
