"""A label's words in one row: where they stand, how surely they are a label there, and where the value begins behind them.

A label counts only where a form would have one: at the start of a row (after a number or dash), or in front of a colon.
Matching is on folded text with rapidfuzz, because readers err on accents first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from edge_node.extraction.codes import CODE_FIELDS
from edge_node.extraction.grammar import values
from edge_node.extraction.in_sentence import announces
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldTemplate

_PREFIX = re.compile(
    r"^\W*(?:dieu \d{1,2}\s?[.:]\s*)?(?:(?:[0-9o]\s?[0-9ol]?|[ivx]{1,4}|[a-zđ])\s?[.)/\]]\s?)*(?:\d{1,2}\.\d{1,2}\.?\s)?(?:(?<=[\[(])\d\d\S)?\W*"
)
"""Numbers and dashes before a label: "3.", "b)", "1.2", "[05]" and what readers make of its bracket ("(051")."""

_NOTE = re.compile(r"\s?\((?:\d|[^)]{2,60})\)[\s.]*$")
"""A remark, or the number of one, that ends a label without a colon: "Họ và tên (viết chữ in hoa)", "Họ và tên (1)"."""

_WHOSE = (
    r"\s(?:cua )?(?:nguoi (?:benh|de nghi|khai|lao dong|tham gia|huong|nop(?: tien)?|mua(?: hang)?|lam don|duoc (?:cap|giam dinh|xac nhan|xac minh))"
    r"|doi tuong(?: giam dinh| huong)?|benh nhan|chu the|toi|em)\b"
)
"""Words by which a label says that it means the person the paper is about."""

_TO_WHOM = re.compile(r"\bquan he (?:voi|cua|giua) $")
"""What makes a label of a person that of a bond with that person: "Quan hệ với người ủy quyền: con rể"."""

_APPLIES = re.compile(r"\s(?:cua )?(?:nguoi (?:de nghi|khai|nop|lam don)|toi|em)\b")
_OF_NO_APPLICANT = ("deceased_name", "child_name")
"""Fields that are about somebody who does not apply: "Họ và tên người khai" is not the name of the dead."""

_COLON_AFTER = re.compile(rf"(?:{_WHOSE})?(?:\sla)?(?:\s?no\b\.?)?(?:\s?\([^)]{{0,60}}\))?(?:\s?/\s?[a-z ,.]{{2,40}})?(?:\s?[.…·,])*\s?[:;]+")
_WHOSE_ALONE = re.compile(_WHOSE)
_ENDS = re.compile(rf"(?:{_WHOSE})?{_NOTE.pattern}|{_WHOSE}[\s.]*$|\s?/+\s?[a-z][a-z ,.'-]{{1,40}}$|\scua$")
"""What may end a label that has no colon: a remark, whose it is, the same in another language, "của" whose rest a narrow cell broke off."""
_QUALIFIED = re.compile(r"(?!.{0,30}(?:phan anh|duong day nong|ho tro|tu van)\b)(?:\s[a-z,]+){1,5}\s?:+")
_DRAWN_UP = re.compile(r"\s(?:danh sach|bieu|bang|ho so|to khai|phieu|hoa don|giay)\s?:+")
"""What the day may be of on which something was drawn up: "Ngày lập danh sách:"."""
_OF_INSURANCE = re.compile(r"\s(?:(?:tham gia|dong|tai) )?(?:bhxh|bao hiem xa hoi)(?: bat buoc)?$")
"""What a unit's code may be for, where its label stands in a cell without a colon: "Mã đơn vị tham gia BHXH"."""

_QUALIFIED_KINDS = ("address", "organisation", "phone", "money")
"""Kinds whose label may say more before its colon ("Địa chỉ nơi cư trú:"); for a name more words mean another person."""

ORDINARY = ("so", "ngay")
"""Labels that are words of other labels, too: "Mẫu số", "Quyển số", "Sinh ngày". Behind another word they count only with a capital of their own."""
_RELATIVES = frozenset(["cha", "me", "bo", "con", "vo", "chong", "tre", "tong", "cong", "ban", "mua", "nop", "benh"])
"""Words that say whose a label is, or which sum: a letter more or less is another."""
_NEXT_TO = 2

_LIKENESS = 88.0
_NEAR_ONLY = 200.0
"""By how much a misread label weighs less than one that is spelled exactly."""

COLON = 10_000.0
"""Weight of a colon: a label with one always wins over the same words without."""


@dataclass(frozen=True)
class Label:
    """An occurrence: `start`…`end` are positions in the row's text; the value begins at `end`. Higher `weight` wins."""

    field: str
    row: int
    start: int
    end: int
    weight: float


def without_number(text: str) -> str:
    """A row's bare words behind its number or dash.

    >>> without_number("8. Đơn vị làm việc")
    'don vi lam viec'
    """
    plain = bare(text)
    return plain[_PREFIX.match(plain).end() :]  # type: ignore[union-attr]


def is_said_by(words: str, anchor: str) -> bool:
    """Whether bare words are a label and nothing else, but for its number and whom it means ("8. Đơn vị làm việc của người hưởng")."""
    own = without_number(words).rstrip(" :")
    return re.fullmatch(rf"{re.escape(' '.join(bare(anchor).split()).rstrip(':'))}(?:{_WHOSE})?(?:{_NOTE.pattern})?", own) is not None


def label_in(text: str, field: FieldTemplate) -> int | None:
    """Where the value begins in a text that carries the field's label, or None. Used on the second reader's text."""
    found = in_row(field, 0, text)
    return max(found, key=lambda label: label.weight).end if found else None


def in_row(field: FieldTemplate, number: int, text: str, heading: str = "") -> list[Label]:
    """All occurrences of a field's label in the text of row `number`; `heading` is the folded one that the row stands under, "" for none."""
    plain = bare(text)
    start_of_row = _PREFIX.match(plain).end()  # type: ignore[union-attr]
    found = []
    for anchor in field.anchors:
        for wanted, bonus in _spellings(anchor, heading):
            for start, end, likeness in _likenesses(wanted, plain):
                if _is_of_another_word(wanted, plain, start) or _TO_WHOM.search(plain[:start]):
                    continue
                after = _COLON_AFTER.match(plain[end:]) or (_qualified(field, wanted, plain[end:]) if start <= start_of_row + 1 else None)
                behind = end
                note = _ENDS.match(plain[end:]) if after is None else None
                end += note.end() if note else 0
                tail = text[end:].lstrip(" .…")
                if after is None and anchor.endswith(":") and not (field.kind == "date" and not tail and start <= start_of_row + 1):
                    continue  # "Vào viện" alone in its cell is one, "Người nộp" alone says who signs
                if wanted in ORDINARY and plain[:start].rstrip()[-1:].isalpha() and (text[start].islower() or text[:end].isupper()):
                    continue
                if anchor.endswith(":") and text[start].islower() and plain[:start].rstrip()[-1:].isalpha():
                    continue  # the end of a longer label: "Tình trạng ra viện:"
                leads = start <= start_of_row + 1 and not (tail and not (tail[0].isdigit() or tail[0].isupper()))
                leads = leads and not (after is None and tail and wanted in ORDINARY and not any(value.start <= _NEXT_TO for value in values(field.kind, tail)[:1]))  # "SỞ Y TẾ"
                leads = leads or (not tail and plain[:start].rstrip().endswith("/"))  # "Số đăng ký / ngày đăng ký", and their values in the next column
                if after is None and not leads and not announces(field, wanted, plain[:start], text[end:]):
                    continue  # running text that happens to say these words
                if field.field in _OF_NO_APPLICANT and _APPLIES.match(plain[behind:]):
                    continue
                whose = _WHOSE_ALONE.match(after[0]) if after else None  # "Họ tên người đề nghị:" is one label, and no "Đề nghị:"
                qualified = whose.end() if whose else 0
                weight = likeness * (len(wanted) + qualified) + bonus - (_NEAR_ONLY if likeness < 100 else 0) + (COLON - (after.end() - qualified) * 20 if after else 0)
                # An agency's name begins with the very words that announce it: "BỆNH VIỆN Phụ sản". Alone they are a label.
                names_itself = after is None and field.kind == "organisation" and (tail or text[start:end].isupper())
                begin = start if names_itself else end + (after.end() if after else 0)
                found.append(Label(field.field, number, start, begin, weight))
    return found


def _qualified(field: FieldTemplate, wanted: str, behind: str) -> re.Match[str] | None:
    """What a label may say more before its colon."""
    if field.kind in _QUALIFIED_KINDS:
        return _QUALIFIED.match(behind)
    if field.field in CODE_FIELDS:
        return _QUALIFIED.match(behind) or _OF_INSURANCE.match(behind)
    return _DRAWN_UP.match(behind) if wanted == "ngay lap" else None


def _is_of_another_word(wanted: str, plain: str, start: int) -> bool:
    """Whether "số" is the end of "cơ sở", "trụ sở": "Mã cơ sở KCB" is no "Số KCB"."""
    return wanted.startswith("so") and plain[:start].rstrip().endswith((" co", " tru")) or (wanted.startswith("so ") and plain[:start] in ("co ", "tru "))


def _spellings(anchor: str, heading: str) -> list[tuple[str, float]]:
    """The anchor itself; and its beginning, where the heading above already says the rest ("… người chết")."""
    words = " ".join(bare(anchor).replace(":", " ").split()).split(" ")
    spellings = [(" ".join(words), 0.0)]
    if heading:
        for cut in range(len(words) - 1, 1, -1):
            if len(words) - cut >= 2 and " ".join(words[cut:]) in heading:
                spellings.append((" ".join(words[:cut]), 3000.0))
                break
    return spellings


def _likenesses(wanted: str, plain: str) -> list[tuple[int, int, float]]:
    """Places in `plain` like `wanted`, at word borders: all exact ones, else the best near one."""
    spaced = r"\s?".join(re.escape(c) for c in wanted if c != " ")  # the second reader drops spaces
    exact = [(m.start(), m.end(), 100.0) for m in re.finditer(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])", plain)]
    if exact or len(wanted) < 9 or len(plain) < len(wanted) - 1:
        return exact
    near = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=_LIKENESS)
    if near is None or near.dest_end - near.dest_start < len(wanted) - 2:
        return []
    start, end = near.dest_start, near.dest_end
    if (start and plain[start - 1].isalnum()) or not _begins_alike(wanted.split(" ")[0], plain[start:]):
        return []
    if (colon := plain.find(":", start, end)) >= 0:  # what stands behind a colon is the value: "Tôi tên: Lê" is no misread "Tôi tên là"
        return [(start, colon, near.score)] if colon - start >= len(wanted) - 2 else []
    while end < len(plain) and plain[end].isalnum() and end - near.dest_end < 2:
        end += 1
    if _RELATIVES.intersection(wanted.split()) != _RELATIVES.intersection(re.findall(r"[a-z]+", plain[start:end])):
        return []  # "Họ tên cha" is no misread "Họ tên con"
    return [(start, end, near.score)]


def _begins_alike(word: str, text: str) -> bool:
    """Whether a near label begins with its own first word, but for a letter: "GIẤY RA VIỆN" is a title and no misread "Ngày ra viện"."""
    return min(Levenshtein.distance(word, text[: len(word) + more]) for more in (-1, 0, 1)) <= 1
