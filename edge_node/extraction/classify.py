"""Which paper is it? Title words, the form's own number and the symbol of its number speak for a document type.

Matching is folded and fuzzy; a title in capitals or large print near the top weighs more than the same words in a sentence. A title that
only begins like a type's ("THÔNG BÁO …") and goes on about something else speaks for nothing. A guess is offered with its evidence, a
person decides.
"""

from __future__ import annotations

import re
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

_OF_A_TITLE = 0.7
"""Weight in which print is large or in capitals."""

_GENRES = (
    "thong bao", "danh sach", "giay de nghi", "don de nghi", "de nghi", "to khai", "giay chung nhan", "chung nhan", "bien ban", "bao cao",
)  # fmt: skip
"""How papers of many types begin: alone they say nothing when the title goes on with words that the type does not know."""

_OTHER_GENRES = (*_GENRES, "don xin", "quyet dinh", "hop dong", "giay moi", "giay bien nhan", "giay tiep nhan", "phieu", "bang ke", "giay xac nhan", "giay uy quyen", "ban an", "to trinh")
"""Beginnings by which a title says that it is none of the types that do not begin so: a "Tờ khai căn cước" is no card."""

_BENEFITS = (
    "luong huu tri xa hoi", "tro cap tuat", "tu tuat", "tuat mot lan", "bhxh mot lan", "mai tang phi", "thai san", "om dau", "duong suc phuc hoi suc khoe", "tai nan lao dong", "benh nghe nghiep", "hang thang",
    "hanh thang", "truy linh", "linh luong huu", "tiep luong huu", "tro cap mai tang",
)  # fmt: skip
"""What "chế độ bảo hiểm xã hội" means in a title. Source: Luật Bảo hiểm xã hội 41/2024/QH15, Điều 4."""

_ANY_BENEFIT = "che do bao hiem xa hoi"
_OTHER_FUND = "that nghiep"

_FORM_CODE = re.compile(r"[A-Z]{0,2}\d{1,2}[A-Za-z]?-[A-ZĐ\d]{2,6}")

_LOST_STROKE = re.compile(r"\W*(?:V|[Vv]{2})\s+(?=\w)")

_SHORT_FORMS = {"bhxh": "bao hiem xa hoi", "bhyt": "bao hiem y te", "bhtn": "bao hiem that nghiep", "tnld": "tai nan lao dong", "bnn": "benh nghe nghiep"}
_FUNDS = ("bhxh", "bhyt", "bhtn")
_ANY_TITLE = frozenset(["v", "ve", "viec", "ban", "sao", "so", "mau", "cua", "va", "cho", "cac", "giai", "quyet", "huong", "che", "do"]) | frozenset(
    ["thong", "tin", "thay", "doi", "dieu", "chinh", "ho"]
)
"""Words that a title of any type may add."""


_NO_TITLES = ("cong ty", "uy ban nhan dan", "ubnd", "benh vien", "toa an", "truong ", "trung tam", "ngan hang")
"""How names of agencies begin that may stand in capitals in the middle of a letter's head."""

Window = tuple[str, float, str, str]


def guesses(rows: Sequence[Row], document_types: Sequence[DocumentType]) -> tuple[TypeGuess, ...]:
    """The document types with any evidence, strongest first, at most five."""
    if not rows:
        return ()
    first = rows[0].page_number
    top = [row for row in rows if row.page_number == first and row.box.y < row.page.height_px * _TOP_SHARE and not row.text.startswith("+")]  # "+BHXH+103+00+…" is what a transfer says
    windows = _windows(top, float(median(row.box.h for row in rows)))
    forms = " | ".join(folded(row.text) for row in top if _names_form(row))
    untitled = not any(weight > 0.8 and len(text) > 8 and not is_national_title(text) and not text.startswith(_NO_TITLES) for text, weight, _, _ in windows)
    found = [_evidence(kind, windows, forms, untitled) for kind in document_types]
    return tuple(sorted((g for g in found if g.evidence > 0.2), key=lambda g: -g.evidence)[:5])


def _names_form(row: Row) -> bool:
    """Whether a row is where forms say their own number: the edge at the very top, or a row "Mẫu số …" or "Số: …"."""
    share, said = row.box.bottom / row.page.height_px, folded(row.text)
    return share < 0.07 or (share < 0.2 and said.startswith(("mau", "so "))) or (share < 0.25 and said.startswith("mau "))


def _windows(top: Sequence[Row], usual: float) -> list[Window]:
    """One to three rows that follow each other: folded text, weight of a title there, text as read, how the title there begins."""
    windows: list[Window] = []
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
            begins = [c for c in row.text if c.isalpha()]
            title_above = count > 1 and len(begins) > 6 and all(c.isupper() for c in begins) and bool(_genre(top, at))  # its second line may be in small letters
            is_large = row.box.h > _LARGE * usual and len(row.text) < 60 and not row.text.endswith((".", ";"))  # a sentence ends so, and no title
            shown = capitals > 0.75 or title_above or is_large
            weight = 0.35 + 0.45 * shown + 0.2 * (0.38 < centre < 0.62) - 0.05 * (count - 1)
            windows.append((_in_full(folded(f"V/v {text[stroke:]}" if (stroke := behind_lost_stroke(text)) else text)), weight, text, _genre(top, at)))
    return windows


def behind_lost_stroke(text: str) -> int:
    """Where the words behind a "V/v" begin that lost its stroke in the left column of a letter, 0 where there is none.

    >>> behind_lost_stroke("Vv cấp lại sổ"), behind_lost_stroke("V xác nhận"), behind_lost_stroke("V Nghĩa"), behind_lost_stroke("V. kết quả")
    (3, 2, 0, 0)
    """
    lost = _LOST_STROKE.match(text)
    return lost.end() if lost is not None and (lost[0].lower().count("v") > 1 or text[lost.end()].islower()) else 0


def _genre(top: Sequence[Row], at: int) -> str:
    """The genre that a row begins with, or the row right above it, of which it may be the second line; "" for none."""
    above = [row for row in top[max(0, at - 1) : at] if top[at].box.y - row.box.bottom < 1.5 * row.box.h]
    said = [folded(row.text) for row in (top[at], *above)]
    return next((genre for text in said for genre in sorted(_OTHER_GENRES, key=len, reverse=True) if text.startswith(genre)), "")


def _evidence(kind: DocumentType, windows: list[Window], forms: str, untitled: bool) -> TypeGuess:
    best, seen = 0.0, ""
    parts: dict[str, float] = {}
    titles = " ".join(_in_full(folded(title)) for title in (kind.name, *kind.keywords))
    codes = {folded(kind.code), *(folded(word) for word in kind.keywords if _FORM_CODE.fullmatch(word))}
    for keyword in kind.keywords:
        wanted = _in_full(folded(keyword))
        for text, weight, said, genre in windows:
            likeness = _likeness(wanted, text)
            cover = min(1.0, len(wanted) / max(1, len(text)))
            if folded(keyword) in codes:
                continue  # the form's number counts below, and only where forms carry it
            if _is_a_number(keyword, said, weight):
                continue
            score = (
                (1.0 if likeness == 100 else 0.9 * (likeness / 100) ** 4)
                * weight
                * (0.6 + 0.4 * cover)
                * (0.75 + 0.25 * min(1.0, len(wanted) / 20))
            )
            if wanted in _GENRES and weight > 0.6:
                score *= _goes_on_as(kind, wanted, text, windows) if _begins_with(text, wanted) else 0.4
            elif genre and genre not in titles:
                score *= 0.4
            if likeness >= _LIKENESS and score > best:
                best, seen = score, said
            if untitled and (text.startswith(wanted) or (len(wanted) > 6 and fuzz.ratio(text[: len(wanted)], wanted) > _LIKENESS)):
                parts[wanted] = max(parts.get(wanted, 0.0), 0.85 * weight)
    if len(parts) > 1 and sum(parts.values()) > best:
        best = sum(parts.values())  # a letter has no title; "V/v" and "Kính gửi" together are its mark
    shown = {code for code in codes if f" {code} " in f" {forms} "}
    if any(c.isdigit() for code in shown for c in code):
        best, seen = best + 0.6, seen or kind.code
    elif any(len(code) >= 3 for code in shown):
        best += 0.15
    return TypeGuess(kind.code, round(best, 3), seen)


def _is_a_number(keyword: str, said: str, weight: float) -> bool:
    """Whether "Sổ …" of a keyword would be found in "Số: 19/BB-BHXH" or "mã số BHXH 8721034455": folded they are one word. A title that lost its hook still counts."""
    words = re.findall(r"[^\W\d_]+", said.lower())
    return keyword.lower().startswith("sổ ") and "sổ" not in words and "số" in words and (weight < _OF_A_TITLE or any(c.isdigit() for c in said))


def _goes_on_as(kind: DocumentType, wanted: str, text: str, windows: list[Window]) -> float:
    """How far the title that begins with a genre goes on with words of this type: 1 when it does or ends there, 0.4 when it does not."""
    whole = max((t for t, _, _, _ in windows if t.startswith(text)), key=len)
    whole = re.split(r"\b(?:kinh gui|hom nay|can cu)\b", whole)[0]
    titles = _in_full(folded(" ".join((kind.name, *kind.keywords))))
    if _OTHER_FUND in whole and _OTHER_FUND not in titles:
        return 0.4
    rest = _telling(whole.partition(wanted)[2])
    if len(rest) < 2:
        return 1.0
    own = {pair for title in (kind.name, *kind.keywords, *(_BENEFITS if _ANY_BENEFIT in titles else ())) for pair in _pairs(_telling(_in_full(folded(title))))}
    known = {n for n, pair in enumerate(_pairs(rest)) if pair in own}
    if 0 in known and whole.partition(wanted)[2].startswith(" ve viec "):
        return 1.0  # what stands there is the subject, which says more than a type's name does
    return 0.4 + 0.6 * min(1.0, 2 * sum(n in known or n - 1 in known for n in range(len(rest))) / len(rest))


def _begins_with(text: str, wanted: str) -> bool:
    """Whether a title begins with a genre: "NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN" below a signature is none."""
    return fuzz.ratio(text[: len(wanted)], wanted) > _LIKENESS


def _telling(text: str) -> list[str]:
    """The words of a title that say something, each fund as one of them."""
    for short in _FUNDS:
        text = text.replace(_SHORT_FORMS[short], short)
    return [word for word in text.split() if word not in _ANY_TITLE]


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(words, words[1:], strict=False))


def _in_full(text: str) -> str:
    return " ".join(_SHORT_FORMS.get(word, word) for word in text.split())


def _likeness(wanted: str, text: str) -> float:
    if len(text) < len(wanted) - 2 or not wanted:
        return 0.0
    if f" {wanted} " in f" {text} ":
        return 100.0
    return float(fuzz.partial_ratio(wanted, text)) if len(wanted) >= 8 else 0.0
