"""Page images with known words, drawn for the tests of copies."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import fontpkg  # type: ignore[import-untyped]
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from edge_node.copies.model import CopyPage, CopyWord
from edge_node.copies.profile import DESK, encode_page

VIETNAM = dt.timezone(dt.timedelta(hours=7))
CAPTURED_AT = dt.datetime(2026, 11, 22, 9, 15, 3, tzinfo=VIETNAM)
PHRASES = (
    "GIẤY RA VIỆN",
    "Nguyễn Thị Ẵm Ộp",
    "Bệnh viện Đa khoa Hữu Lũng",
    "Quyết định số 1333/QĐ-BHXH",
    "trợ cấp một lần ₫ 12.500.000",
)


@lru_cache(maxsize=4)
def drawn_page(phrases: tuple[str, ...] = PHRASES, *, width_px: int = 827, height_px: int = 1169) -> CopyPage:
    """Return an A4 page at 100 dpi that shows one phrase a line, with the box of every word."""
    image, words = _drawn(phrases, width_px, height_px)
    jpeg = encode_page(np.asarray(image), DESK, order="RGB")
    return CopyPage(jpeg, width_px, height_px, 100, tuple(words))


def lying_page(turns: int) -> CopyPage:
    """The same page as a scanner took it that had it lying, to be turned clockwise by quarter turns to stand upright."""
    image, words = _drawn(PHRASES, 827, 1169)
    lying = np.ascontiguousarray(np.rot90(np.asarray(image), turns))
    return CopyPage(encode_page(lying, DESK, order="RGB"), lying.shape[1], lying.shape[0], 100, tuple(words), turns)


def _drawn(phrases: tuple[str, ...], width_px: int, height_px: int) -> tuple[Image.Image, list[CopyWord]]:
    image = Image.new("RGB", (width_px, height_px), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(fontpkg.path("be-vietnam-pro")), 24)
    words = []
    for line, phrase in enumerate(phrases):
        x, y = 80.0, 150.0 + 60 * line
        pen.text((x, y), phrase, font=font, fill="black")
        for word in phrase.split():
            words.append(CopyWord(word, x, y, pen.textlength(word, font=font), 32, line))
            x += pen.textlength(word + " ", font=font)
    return image, words
