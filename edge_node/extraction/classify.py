"""Which paper is it? Title words, the form's own number and the symbol of its number speak for a document type.

Matching is folded and fuzzy; a title in capitals near the top weighs more than the same words in a sentence. A guess is
offered with its evidence, a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from edge_node.extraction.model import TypeGuess
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import folded
from sync_protocol.paper_types import DocumentType

ENOUGH = 0.55
"""Evidence from which a type is proposed."""

_TOP_SHARE = 0.5
_LIKENESS = 84.0


def guesses(rows: Sequence[Row], document_types: Sequence[DocumentType]) -> tuple[TypeGuess, ...]:
    """The document types with any evidence, strongest first, at most five."""
    if not rows:
        return ()
    first = rows[0].page_number
    top = [row for row in rows if row.page_number == first and row.box.y < row.page.height_px * _TOP_SHARE]
    windows = _windows(top)
    forms = " | ".join(folded(row.text) for row in top if _names_form(row))
    found = [_evidence(kind, windows, forms) for kind in document_types]
    return tuple(sorted((g for g in found if g.evidence > 0.2), key=lambda g: -g.evidence)[:5])


def _names_form(row: Row) -> bool:
    """Whether a row is where forms say their own number: the edge at the very top, or a row "Mẫu số …" or "Số: …"."""
    share = row.box.bottom / row.page.height_px
    return share < 0.07 or (share < 0.2 and folded(row.text).startswith(("mau", "so ")))


def _windows(top: Sequence[Row]) -> list[tuple[str, float, str]]:
    """One to three rows that follow each other: folded text, weight of a title there, text as read."""
    windows = []
    for at, row in enumerate(top):
        for count in (1, 2, 3):
            rows = top[at : at + count]
            if len(rows) < count or any(
                b.box.y - a.box.bottom > 1.5 * a.box.h for a, b in zip(rows, rows[1:], strict=False)
            ):
                break
            text = " ".join(r.text for r in rows)
            letters = [c for c in text if c.isalpha()]
            capitals = sum(c.isupper() for c in letters) / max(1, len(letters))
            centre = (row.box.x + row.box.w / 2) / row.page.width_px
            weight = 0.35 + 0.45 * (capitals > 0.75) + 0.2 * (0.38 < centre < 0.62) - 0.05 * (count - 1)
            windows.append((folded(text), weight, text))
    return windows


def _evidence(kind: DocumentType, windows: list[tuple[str, float, str]], forms: str) -> TypeGuess:
    best, seen = 0.0, ""
    for keyword in kind.keywords:
        wanted = folded(keyword)
        for text, weight, said in windows:
            likeness = _likeness(wanted, text)
            cover = min(1.0, len(wanted) / max(1, len(text)))
            if wanted == folded(kind.code):
                continue  # the form's number counts below, and only where forms carry it
            score = (
                (1.0 if likeness == 100 else 0.9 * (likeness / 100) ** 4)
                * weight
                * (0.6 + 0.4 * cover)
                * (0.75 + 0.25 * min(1.0, len(wanted) / 20))
            )
            if likeness >= _LIKENESS and score > best:
                best, seen = score, said
    code = folded(kind.code)
    if any(c.isdigit() for c in code) and f" {code} " in f" {forms} ":
        best, seen = best + 0.6, seen or kind.code
    elif len(code) >= 3 and f" {code} " in f" {forms} ":
        best += 0.15
    return TypeGuess(kind.code, round(best, 3), seen)


def _likeness(wanted: str, text: str) -> float:
    if len(text) < len(wanted) - 2 or not wanted:
        return 0.0
    if f" {wanted} " in f" {text} ":
        return 100.0
    return float(fuzz.partial_ratio(wanted, text)) if len(wanted) >= 8 else 0.0
