"""Pages for tests, typeset with the fonts of installed packages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from edge_node.imaging.decode import Page

A4 = (1654, 2339)
FORM = (
    (750, 120, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (850, 175, "Độc lập - Tự do - Hạnh phúc"),
    (100, 120, "BẢO HIỂM XÃ HỘI VIỆT NAM"),
    (130, 175, "BHXH TỈNH ĐẮK LẮK"),
    (180, 240, "Số: 1234/QĐ-BHXH"),
    (800, 240, "Đắk Lắk, ngày 05 tháng 10 năm 2026"),
    (640, 380, "QUYẾT ĐỊNH"),
    (150, 500, "Họ và tên: NGUYỄN THỊ ẤN"),
    (150, 560, "Ngày, tháng, năm sinh: 01/02/1985"),
    (150, 620, "Số định danh cá nhân: 001185012345"),
    (150, 680, "Mã số BHXH: 0123456789"),
    (150, 740, "Địa chỉ: Số 5, phường Ngọc Hà, Hà Nội"),
    (150, 800, "Số tiền: 12.345.000 đồng"),
)
"""Left, top and text of each line of a small decision, in px of an A4 page at 200 dpi."""


@cache
def font_path() -> str:
    """A serif face that has every Vietnamese letter."""
    return faces()["serif"]


@cache
def faces() -> dict[str, str]:
    """Faces of installed packages that have every Vietnamese letter."""
    import fontpkg_be_vietnam_pro
    import fontpkg_noto_serif

    serif, sans = (Path(package.__file__).parent / "files" for package in (fontpkg_noto_serif, fontpkg_be_vietnam_pro))
    found = {path.name: str(path) for folder in (serif, sans) for path in folder.rglob("*.ttf")}
    names = {"serif": "NotoSerif[wdth,wght]", "slanted serif": "NotoSerif-Italic[wdth,wght]", "sans": "BeVietnamPro-Regular", "bold sans": "BeVietnamPro-Bold"}
    return {face: found[f"{name}.ttf"] for face, name in names.items()}


def typeset(lines: Sequence[tuple[int, int, str]], size: tuple[int, int] = A4, size_px: int = 34, face: str = "serif") -> Page:
    """A white page with these lines in black."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(faces()[face], size_px)
    for left, top, text in lines:
        draw.text((left, top), text, font=font, fill=(20, 20, 24))
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def encoded(page: Page, format: str = "PNG") -> bytes:
    """A page as file bytes."""
    import io

    from PIL import Image

    held = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(page[:, :, ::-1])).save(held, format)
    return held.getvalue()
