"""How well a page was read, judged by geometry: which characters stand where the ground truth says, whatever the reading order.

Text is compared in NFC with every case and mark; curly quotes and dashes are unified, dotted leaders are no text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
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


def score_text(truth: str, reading: PageReading | None) -> Tally:
    """Tally a page of which only the text is known. Nobody knows where its lines stand, so the page is compared as a whole in reading order; a word counts
    as right as often as both texts have it.
    """
    wanted, said = plain(truth), plain(reading.text if reading else "")
    words, there = Counter(wanted.split()), Counter(said.split())
    return Tally(
        characters=len(wanted), character_errors=min(len(wanted), Levenshtein.distance(wanted, said)), words=words.total(), right_words=(words & there).total()
    )


def score_page(truth: PageTruth, reading: PageReading | None) -> tuple[Tally, list[tuple[str, str]]]:
    """Tally a page, and list the lines that were read wrongly as (truth, reading). Lines with pen strokes do not count."""
    tally, wrong = Tally(), []
    for line, said in zip(truth.lines, _said(truth, reading), strict=True):
        if line.handwritten:
            continue
        wanted, found = plain(line.text), plain(said)
        tally.add(_line(wanted, found))
        if wanted != found:
            wrong.append((wanted, found))
    return tally, wrong


def values_read(truth: PageTruth, reading: PageReading | None) -> list[tuple[str, str, str, bool]]:
    """(kind, value, what was read on its lines, whether the value stands in it whole) for every printed value.

    Judges the reading alone: no finder, no template. No letter or digit may be glued to the value, and spaces count.
    """
    judged = []
    said = _said(truth, reading)
    for field in truth.fields:
        if field.handwritten:
            continue
        at = [n for n, line in enumerate(truth.lines) if _covers(line.box, field.box)]
        wanted, found = plain(field.value), plain(" ".join(said[n] for n in at))
        # A value set in another form (a date written out) stands in no line and says nothing about the reading.
        if wanted in plain(" ".join(truth.lines[n].text for n in at)):
            whole = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", found) is not None
            judged.append((field.kind, wanted, found, whole))
    return judged


def _covers(line: tuple[float, float, float, float], field: tuple[float, float, float, float]) -> bool:
    (x, y, w, h), (fx, fy, fw, fh) = line, field
    rows, columns = min(y + h, fy + fh) - max(y, fy), min(x + w, fx + fw) - max(x, fx)
    return rows * 2 > min(h, fh) and columns * 2 > min(w, fw)


def _said(truth: PageTruth, reading: PageReading | None) -> list[str]:
    """For every line of the truth the words that were read on it, left to right."""
    homes: dict[int, list[Word]] = {}
    boxes = [_in_copy(line, reading) for line in truth.lines] if reading else []
    for read in reading.lines if reading else ():
        for word in read.words:
            home = _home(word.box, boxes)
            if home is not None:
                homes.setdefault(home, []).append(word)
    return [
        " ".join(word.text for word in sorted(homes.get(number, []), key=lambda w: w.box.x))
        for number in range(len(truth.lines))
    ]


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
