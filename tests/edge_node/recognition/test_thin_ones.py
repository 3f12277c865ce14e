"""A day that lost the 1 behind a stroke is looked at again by the reader that lost it, and by nobody else's word."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.asternet import AsterNet
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.thin_ones import days_again
from tests.edge_node.imaging.pictures import faces

BLANK = np.full((200, 900), 255, np.uint8)
PLACE = Box(100, 50, 120, 36)


def tight(text: str) -> tuple[Grey, Box]:
    """The day in small print with each 1 set close to the stroke before it, and a detector's box around it."""
    font = ImageFont.truetype(faces()["serif"], 60)
    picture, left = Image.new("L", (600, 160), 255), 40.0
    for before, sign in zip(" " + text, text, strict=False):
        left -= 0.45 * font.getlength("/") if before + sign == "/1" else 0
        ImageDraw.Draw(picture).text((left, 30), sign, font=font, fill=0)
        left += font.getlength(sign)
    grey = cv2.GaussianBlur(np.asarray(picture.resize((200, 53), Image.Resampling.LANCZOS)), (0, 0), 0.6)
    ys, xs = np.where(grey < 128)
    return grey, Box(int(xs.min()) - 4, int(ys.min()) - 12, int(np.ptp(xs)) + 8, int(np.ptp(ys)) + 24)


def said(first: str, then: str) -> tuple[str, int]:
    """What stands for `first` when the wider look says `then`, and how often it looked."""
    looks = []

    def read(crops: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        looks.extend(crops)
        return [(then, 0.99, ()) for _ in crops]

    return days_again([LineDraft(first, PLACE, 0.9)], BLANK, read)[0].text, len(looks)


def test_a_one_set_close_to_its_stroke_is_seen_at_twice_the_width() -> None:
    letters, (grey, box) = AsterNet(), tight("25/11/1979")
    first = letters([grey[box.y : box.bottom + 1, box.x - 3 : box.right + 3]])[0][0]
    assert first != "25/11/1979"
    assert days_again([LineDraft(first, box, 0.9)], grey, letters)[0].text == "25/11/1979"


@pytest.mark.parametrize("first", ["25/1/979", "2511/1979", "25/11/979."])
def test_only_ones_and_strokes_are_put_back(first: str) -> None:
    assert said(first, "25/11/1979") == (first.replace(first.rstrip("."), "25/11/1979"), 1)
    assert said(first, "25/12/1979")[0] == first
    assert said(first, "25/11/979")[0] == first


@pytest.mark.parametrize("whole", ["25/11/1979", "01/02/2003", "48/6", "12345678", "1.500.000"])
def test_a_whole_day_and_what_is_none_are_not_looked_at_again(whole: str) -> None:
    assert said(whole, "11/11/1979") == (whole, 0)


def test_an_impossible_day_stays_where_the_wider_look_is_impossible_too() -> None:
    assert said("31/02/975", "31/02/1975") == ("31/02/975", 1)


def test_in_a_longer_line_the_other_words_keep_their_places() -> None:
    text = "sinh ngày 25/1/979, Nữ"
    centres = tuple(100.0 + 10 * n for n in range(len(text)))
    draft = LineDraft(text, Box(95, 50, 240, 36), 0.9, centres)
    (again,) = days_again([draft], BLANK, lambda crops: [("25/11/1979", 0.99, ()) for _ in crops])
    assert again.text == "sinh ngày 25/11/1979, Nữ"
    assert len(again.centres) == len(again.text) and list(again.centres) == sorted(again.centres)
    assert again.centres[-2:] == centres[-2:]


def test_a_page_of_broken_days_is_looked_at_only_so_often() -> None:
    looks = []

    def read(crops: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        looks.extend(crops)
        return [("", 0.0, ()) for _ in crops]

    days_again([LineDraft("25/1/979", PLACE, 0.9)] * 200, BLANK, read)
    assert len(looks) == 60


def test_a_day_alone_on_its_line_is_looked_at_in_the_lines_whole_box() -> None:
    looks = []

    def read(crops: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        looks.extend(crops)
        return [("25/11/1979", 0.99, ()) for _ in crops]

    centres = tuple(np.linspace(140.0, 180.0, 8).tolist())
    (again,) = days_again([LineDraft("25/1/979", PLACE, 0.9, centres)], BLANK, read)
    assert again.text == "25/11/1979" and looks[0].shape[1] > 2 * PLACE.w
