"""Sheets of paper as a scanner gives them: text, blank sides, sheets with a code. 100 dpi keeps them small."""

from __future__ import annotations

import io

import segno
from PIL import Image, ImageDraw

SIZE = (827, 1169)


def sheet(words: str = "", code: str = "", *, dpi: int = 200) -> bytes:
    """One page as JPEG: lines of ink under the words, and a QR code at the top left where one is wanted."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    if words:
        pen.text((80, 700), words, fill="black")
        for row in range(5):
            pen.line((80, 750 + row * 40, 700, 750 + row * 40), fill="black", width=4)
    if code:
        drawing = io.BytesIO()
        segno.make(code, error="m", micro=False).save(drawing, kind="png", scale=8, border=4)
        with Image.open(drawing) as picture:
            image.paste(picture.convert("RGB"), (80, 80))
    out = io.BytesIO()
    image.save(out, "JPEG", dpi=(dpi, dpi), quality=60)
    return out.getvalue()


def stack(*pages: bytes) -> bytes:
    """Several sheets in one PDF, as a scanner's feeder writes them."""
    images = [Image.open(io.BytesIO(page)) for page in pages]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=100)
    return out.getvalue()
