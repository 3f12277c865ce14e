"""How well a page was read, judged by geometry: which characters stand where the ground truth says, whatever the reading order.

Text is compared in NFC with every case and mark; curly quotes and dashes are unified, dotted leaders are no text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from edge_node.imaging.geometry import Box
from edge_node.recognition.model import PageReading, Word
from tests.benchmarks.truth_set import LineTruth, PageTruth

_UNIFIED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})


@dataclass
class Tally:
    """Errors and totals that can be added up."""

    characters: int = 0
    character_errors: int = 0
    words: int = 0
    right_words: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.characters += other.characters
        self.character_errors += other.character_errors
        self.words += other.words
        self.right_words += other.right_words

    @property
    def cer(self) -> float:
        """Character errors in percent."""
        return 100 * self.character_errors / max(1, self.characters)

    @property
    def word_accuracy(self) -> float:
        """Right words in percent."""
        return 100 * self.right_words / max(1, self.words)


def plain(text: str) -> str:
    """The form in which texts are compared."""
    text = unicodedata.normalize("NFC", text).translate(_UNIFIED)
    return " ".join(re.sub(r"(?:[._·]\s?){3,}", " ", text).split())


def score_page(truth: PageTruth, reading: PageReading | None) -> tuple[Tally, list[tuple[str, str]]]:
    """Tally a page, and list the lines that were read wrongly as (truth, reading). Lines with pen strokes do not count."""
    said: dict[int, list[Word]] = {}
    boxes = [_in_copy(line, reading) for line in truth.lines] if reading else []
    for read in reading.lines if reading else ():
        for word in read.words:
            home = _home(word.box, boxes)
            if home is not None:
                said.setdefault(home, []).append(word)
    tally, wrong = Tally(), []
    for number, line in enumerate(truth.lines):
        if line.handwritten:
            continue
        words = sorted(said.get(number, []), key=lambda w: w.box.x)
        wanted, found = plain(line.text), plain(" ".join(w.text for w in words))
        tally.add(_line(wanted, found))
        if wanted != found:
            wrong.append((wanted, found))
    return tally, wrong


def _line(wanted: str, found: str) -> Tally:
    errors = min(Levenshtein.distance(wanted, found), len(wanted))
    kept = Levenshtein.editops(wanted.split(), found.split())
    lost = sum(1 for op in kept if op.tag in ("delete", "replace"))
    return Tally(len(wanted), errors, len(wanted.split()), len(wanted.split()) - lost)


def _in_copy(line: LineTruth, reading: PageReading) -> Box:
    """The truth's box in px of the reading copy, with the height that tilting added taken off again."""
    back = reading.to_page.inverse()
    x, y, w, h = line.box
    cx, cy = back.point(x + w / 2, y + h / 2)
    (x0, y0), (x1, y1) = reading.to_page.point(cx, cy), reading.to_page.point(cx + 1, cy)
    scale = math.hypot(x1 - x0, y1 - y0)
    slope = min(abs(x1 - x0), abs(y1 - y0)) / scale
    if reading.quarter_turns % 2:
        w, h = h, w
    w, h = w / scale, h / scale
    h = max(h - w * slope, 12.0)
    return Box(round(cx - w / 2), round(cy - h / 2), round(w), round(h))


def _home(box: Box, lines: list[Box]) -> int | None:
    best, most = None, 0.0
    for number, line in enumerate(lines):
        shared = box.shared_rows(line) / max(1, min(box.h, line.h)) * (box.shared_columns(line) / max(1, box.w))
        if shared > most:
            best, most = number, shared
    return best if most > 0.3 else None
