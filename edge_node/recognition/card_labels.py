"""The labels that are printed on every identity card: small bilingual print, always the same words.

At the true size of a card they are 1.5 to 2 mm high, and both readers lose a stroke, a stop or a space in them ("Ful name", "Place ofresidence",
"No::"). What they say is fixed by the card's form, so a line that begins with one of them, but for a letter, begins with it. Only the
label is put right; what stands behind it, the holder's data, is never touched. A label whose Vietnamese half is whole is known by it, since the English half
follows; one that has lost its stroke must have all its letters, or an English half that is like the label's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

import msgspec
from rapidfuzz.distance import Levenshtein

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word

LABELS = (
    "Số / No.:",
    "Họ và tên / Full name:",
    "Ngày sinh / Date of birth:",
    "Giới tính / Sex:",
    "Quốc tịch / Nationality:",
    "Quê quán / Place of origin:",
    "Nơi thường trú / Place of residence:",
    "Có giá trị đến / Date of expiry:",
    "Có giá trị đến:",
    "Đặc điểm nhận dạng / Personal identification:",
    "Ngày, tháng, năm / Date, month, year:",
    "Số định danh cá nhân / Personal identification number:",
    "Họ, chữ đệm và tên khai sinh / Full name:",
    "Ngày, tháng, năm sinh / Date of birth:",
    "Nơi cư trú / Place of residence:",
    "Nơi đăng ký khai sinh / Place of birth:",
    "Ngày, tháng, năm cấp / Date of issue:",
    "Ngày, tháng, năm hết hạn / Date of expiry:",
)
"""Cards of 2021 and of 2024, front and back."""

_LETTERS_A_FAULT = 8
"""One letter in so many may be misread, lost or too much; a label of fewer letters must be whole."""

_NUMBER = re.compile(r"\d\d")
"""Where a value begins: no label has two digits beside each other, and "N0" is none."""

_STOPS = ".,:;"

_ALIKE = str.maketrans("01|i", "olll")


TITLES = (
    "CĂN CƯỚC CÔNG DÂN", "CĂN CƯỚC", "Citizen Identity Card", "IDENTITY CARD", "SOCIALIST REPUBLIC OF VIET NAM",
    "Independence - Freedom - Happiness",
)  # fmt: skip
"""Lines of the card that hold nothing else."""

_ENGLISH = 0.6
"""Likeness of the English half from which it is the label's, where the Vietnamese half is whole: "Ngày sinh / Date ot binh:"."""

_LEAST = 9
"""Letters from which a label needs no stroke: "Số nợ" has those of "Số / No."."""

_NUMBER_LABEL = re.compile(r"[Ss][^\W\d]\W?\w?\W?N[o0O][.:;]*")
""" "Số / No.:" with whatever became of its stroke ("SốN0:", "Số 7 No:"); the N is a capital, which no "Số nợ" has."""


def card_label_mended(words: Sequence[Word], second: str | None = None) -> tuple[Word, ...]:
    """The words of a line with the card's label at its beginning put right, or as they are. Pure.

    A label alone on its line has its colon only where one of the readers saw it: `second` is what the second reader read there, None when there was none.
    """
    labelled = list(takewhile(lambda word: not _NUMBER.search(word.text), words))
    title = _title(words)
    if title:
        return _instead(words, title)
    found = [(*near, end) for end in range(1, len(labelled) + 1) if (near := _nearest(labelled[:end]))]
    if not found:
        return tuple(words)
    _, label, end = min(found, key=lambda one: (one[0], one[2]))
    value = tuple(dropwhile(lambda word: not word.text.strip(_STOPS), words[end:]))  # a colon that was seen twice
    if value and value[0].text[0].islower() and not label.startswith("Giới tính"):
        return tuple(words)  # another form's label, which goes on: "… / Place of birth registration"
    if not value and second and not second.rstrip().endswith(":") and not words[-1].text.endswith(":"):
        label = label.removesuffix(":")
    if label.startswith("Giới tính") and value:
        value = (value[0], *card_label_mended(value[1:]))  # the nationality stands on the same line
    return (*_instead(words[:end], label), *value)


def _title(words: Sequence[Word]) -> str | None:
    """The title of a card that the line is, but for one letter in eight; with the capitals of the title."""
    said = " ".join(word.text for word in words)
    for title in TITLES:
        near = Levenshtein.distance(bare(said), bare(title)) <= len(title) // _LETTERS_A_FAULT
        if near and said.isupper() == title.isupper() and said != title:
            return title
    return None


def _letters(text: str) -> str:
    return "".join(sign for sign in bare(text).translate(_ALIKE) if sign.isalpha())


_BY_LETTERS = {_letters(label): label for label in LABELS}
_HALVES = {label: tuple(map(_letters, label.split("/", 1))) for label in LABELS if "/" in label}


def _nearest(words: Sequence[Word]) -> tuple[int, str] | None:
    """The faults and the one label that these words are; None where there is none or more than one."""
    said = " ".join(word.text for word in words)
    if _NUMBER_LABEL.fullmatch(said):
        return 0, LABELS[0]
    letters = _letters(said)
    near = [
        (faults, label)
        for known, label in _BY_LETTERS.items()
        if (faults := _faults(said, letters, known, label)) is not None
    ]
    whole = [one for one in near if one[0] == 0] or near
    return whole[0] if len(whole) == 1 else None


def _faults(said: str, letters: str, known: str, label: str) -> int | None:
    """Letters in which what was read differs from a label; None where it is not that label."""
    if "/" not in label:
        return 0 if letters == known and said.endswith(":") else None
    faults = Levenshtein.distance(letters, known)
    if "/" in said and faults <= len(known) // _LETTERS_A_FAULT:
        return faults
    vietnamese, english = _HALVES[label]
    if len(known) < _LEAST or not letters.startswith(vietnamese):
        return None
    like = Levenshtein.normalized_similarity(letters.removeprefix(vietnamese), english)
    return faults if like >= _ENGLISH else None


def _instead(words: Sequence[Word], label: str) -> tuple[Word, ...]:
    """The label's words over the ink of those that were read; a word that was read right keeps its own box."""
    said = label.split()
    if len(words) == len(said):
        return tuple(
            word if word.text == text else msgspec.structs.replace(word, text=text, mended=True)
            for word, text in zip(words, said, strict=True)
        )
    whole, at, done = around(word.box for word in words), 0, []
    per_sign = whole.w / len(label)
    for text in said:
        x, width = round(whole.x + at * per_sign), max(1, round(len(text) * per_sign))
        done.append(Word(text, Box(x, whole.y, width, whole.h), mended=True))
        at += len(text) + 1
    return tuple(done)
