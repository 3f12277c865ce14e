"""Both readers take "≥14" for "214"; the ink has two pieces, one above the other, where a digit is one. What the ink says is one witness: never agreement."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Word
from edge_node.recognition.relation_signs import relations_seen

_SIGN, _DIGIT = 24, 26
"""Columns that a drawn sign and a drawn digit take."""


def drawn(what: str, *, bordered: bool = False, blurred: bool = False) -> tuple[Grey, Box]:
    """Digits as strokes of one piece, signs as a wedge above a stroke, 22 px high, in a box 50 px high."""
    import cv2

    page = np.full((120, 600), 250, np.uint8)
    x = 60
    for sign in what:
        if sign in "≥≤":
            wedge = [(0, 0), (16, 6), (0, 13)] if sign == "≥" else [(16, 0), (0, 6), (16, 13)]
            cv2.polylines(page, [np.asarray([(x + a, 48 + b) for a, b in wedge])], False, 0, 2)
            cv2.rectangle(page, (x, 66), (x + 16, 68), 0, -1)
            x += _SIGN
        elif sign == ">":
            cv2.polylines(page, [np.asarray([(x, 48), (x + 16, 57), (x, 66)])], False, 0, 2)
            x += _SIGN
        elif sign == "(":
            cv2.ellipse(page, (x + 6, 60), (5, 15), 0, 90, 270, 0, 2)
            x += 12
        elif sign in ".,":
            cv2.rectangle(page, (x, 65), (x + 3, 68), 0, -1)
            x += 8
        else:
            cv2.putText(page, sign, (x, 68), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
            x += _DIGIT
    if bordered:
        cv2.rectangle(page, (30, 36), (x + 20, 82), 0, 2)
    if blurred:
        page = cv2.GaussianBlur(page, (3, 3), 0.8)
    return page, Box(56, 34, x - 56, 50)


@pytest.mark.parametrize(
    ("ink", "read", "right"),
    [
        ("≥14", "214", "≥14"),
        ("≥14", "è14", "≥14"),
        ("≤30", "s30", "≤30"),
        ("≤30", "30", "≤30"),
        ("≥2.500", "22.500", "≥2.500"),
        ("≥1", "21", "≥1"),
        ("(≥14", "(214", "(≥14"),
        ("214", "214", None),
        ("224", "224", None),
        (">7", ">7", None),
        ("(214", "(214", None),
        ("2.500", "2.500", None),
    ],
)
@pytest.mark.parametrize("bordered", [False, True])
@pytest.mark.parametrize("blurred", [False, True])
def test_the_ink_tells_a_sign_from_a_digit(ink: str, read: str, right: str | None, bordered: bool, blurred: bool) -> None:
    page, box = drawn(ink, bordered=bordered, blurred=blurred)
    (word,) = relations_seen([Word(read, box)], page)
    assert (word.text, word.mended) == ((right, True) if right else (read, False))


def test_a_sign_read_as_a_word_of_its_own_is_put_right() -> None:
    page, box = drawn("≤6")
    first = Box(box.x, box.y, _SIGN + 2, box.h)
    words = relations_seen([Word("&", first), Word("6", Box(first.right, box.y, box.right - first.right, box.h))], page)
    assert [word.text for word in words] == ["≤", "6"]


@pytest.mark.parametrize("read", ["21/02/2026", "214-QĐ", "214000000000", "Nghỉ"])
def test_days_and_long_numbers_are_not_looked_at(read: str) -> None:
    page, box = drawn("≥14")
    assert relations_seen([Word(read, box)], page)[0].text == read
