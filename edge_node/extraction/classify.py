"""Which paper is it? Title words, the form's own number and the symbol of its number speak for a document type.

Matching is folded and fuzzy; a title in capitals or large print near the top weighs more than the same words in a sentence. A title that
only begins like a type's ("THÔNG BÁO …") and goes on about something else speaks for nothing. A guess is offered with its evidence, a
person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rapidfuzz import fuzz

from edge_node.extraction.model import TypeGuess
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import folded
from edge_node.recognition.order import is_national_title
from sync_protocol.paper_types import DocumentType

ENOUGH = 0.55
"""Evidence from which a type is proposed."""

_TOP_SHARE = 0.5
_LIKENESS = 84.0

_LARGE = 1.22
"""Height over that of the page's usual row from which print is a title's, whatever its case."""

_GENRES = (
    "thong bao", "danh sach", "giay de nghi", "don de nghi", "de nghi", "to khai", "giay chung nhan", "chung nhan", "bien ban", "bao cao",
)  # fmt: skip
"""How papers of many types begin: alone they say nothing when the title goes on with words that the type does not know."""

_SHORT_FORMS = {"bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "bhtn": "bao hiem that nghiep", "tnld": "tai nan lao dong", "bnn": "benh nghe nghiep"}
_ANY_TITLE = frozenset(["v", "ve", "viec", "ban", "sao", "so", "mau", "cua", "va", "cho", "cac", "giai", "quyet", "huong", "che", "do"])
"""Words that a title of any type may add."""


def guesses(rows: Sequence[Row], document_types: Sequence[DocumentType]) -> tuple[TypeGuess, ...]:
    """The document types with any evidence, strongest first, at most five."""
    if not rows:
        return ()
    first = rows[0].page_number
    top = [row for row in rows if row.page_number == first and row.box.y < row.page.height_px * _TOP_SHARE]
    windows = _windows(top, float(median(row.box.h for row in rows)))
    forms = " | ".join(folded(row.text) for row in top if _names_form(row))
    untitled = not any(weight > 0.8 and len(text) > 8 and not is_national_title(text) for text, weight, _ in windows)
    found = [_evidence(kind, windows, forms, untitled) for kind in document_types]
    return tuple(sorted((g for g in found if g.evidence > 0.2), key=lambda g: -g.evidence)[:5])


def _names_form(row: Row) -> bool:
    """Whether a row is where forms say their own number: the edge at the very top, or a row "Mẫu số …" or "Số: …"."""
    share = row.box.bottom / row.page.height_px
    return share < 0.07 or (share < 0.2 and folded(row.text).startswith(("mau", "so ")))


def _windows(top: Sequence[Row], usual: float) -> list[tuple[str, float, str]]:
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
            shown = capitals > 0.75 or (row.box.h > _LARGE * usual and len(row.text) < 60)
            weight = 0.35 + 0.45 * shown + 0.2 * (0.38 < centre < 0.62) - 0.05 * (count - 1)
            windows.append((folded(text), weight, text))
    return windows


def _evidence(kind: DocumentType, windows: list[tuple[str, float, str]], forms: str, untitled: bool) -> TypeGuess:
    best, seen = 0.0, ""
    parts: dict[str, float] = {}
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
            if wanted in _GENRES and weight > 0.6:
                score *= _goes_on_as(kind, wanted, text, windows)
            if likeness >= _LIKENESS and score > best:
                best, seen = score, said
            if untitled and likeness == 100 and text.startswith(wanted):
                parts[wanted] = max(parts.get(wanted, 0.0), 0.85 * weight)
    if len(parts) > 1 and sum(parts.values()) > best:
        best = sum(parts.values())  # a letter has no title; "V/v" and "Kính gửi" together are its mark
    code = folded(kind.code)
    if any(c.isdigit() for c in code) and f" {code} " in f" {forms} ":
        best, seen = best + 0.6, seen or kind.code
    elif len(code) >= 3 and f" {code} " in f" {forms} ":
        best += 0.15
    return TypeGuess(kind.code, round(best, 3), seen)


def _goes_on_as(kind: DocumentType, wanted: str, text: str, windows: list[tuple[str, float, str]]) -> float:
    """How far the title that begins with a genre goes on with words of this type: 1 when it does or ends there, 0.4 when it does not."""
    whole = max((t for t, _, _ in windows if t.startswith(text)), key=len)
    rest = [word for word in _in_full(whole.partition(wanted)[2]).split() if word not in _ANY_TITLE]
    if len(rest) < 2:
        return 1.0
    own = set(_in_full(folded(" ".join((kind.name, *kind.keywords)))).split())
    return 0.4 + 0.6 * min(1.0, 2 * sum(word in own for word in rest) / len(rest))


def _in_full(text: str) -> str:
    return " ".join(_SHORT_FORMS.get(word, word) for word in text.split())


def _likeness(wanted: str, text: str) -> float:
    if len(text) < len(wanted) - 2 or not wanted:
        return 0.0
    if f" {wanted} " in f" {text} ":
        return 100.0
    return float(fuzz.partial_ratio(wanted, text)) if len(wanted) >= 8 else 0.0
