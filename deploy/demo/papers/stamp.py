"""The round red stamp of an office: ring, name along the ring, star, name in the middle; inked unevenly."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from deploy.demo.papers import fonts

RED = (206, 30, 42)
_FINE = 2


def _letters_on_arc(mask: Image.Image, text: str, radius: float, size: int, *, upper: bool) -> None:
    """Set capitals along a circle around the middle, upright at twelve o'clock (upper) or at six (lower)."""
    font = fonts.sized(fonts.serif(), "bold", size)
    middle = mask.width / 2
    advance = [font.getlength(letter) + size * 0.08 for letter in text]
    angle = -sum(advance) / radius / 2
    for letter, step in zip(text, advance, strict=True):
        angle += step / radius / 2
        tile = Image.new("L", (size * 3, size * 3), 0)
        ImageDraw.Draw(tile).text((size * 1.5, size * 1.5), letter, font=font, fill=255, anchor="mm")
        turn = angle if upper else -angle
        tile = tile.rotate(-math.degrees(turn), resample=Image.Resampling.BICUBIC)
        side = -1 if upper else 1
        x = middle + radius * math.sin(angle) - size * 1.5
        y = middle + side * radius * math.cos(angle) - size * 1.5
        spot = (round(x), round(y))
        mask.paste(ImageChops.lighter(tile, mask.crop((*spot, spot[0] + tile.width, spot[1] + tile.height))), spot)
        angle += step / radius / 2


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.4
        angle = math.pi * corner / 5
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    draw.polygon(points, fill=255)


def _mask(diameter: int, ring_text: str, middle_lines: tuple[str, ...]) -> Image.Image:
    size = diameter * _FINE
    mask = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(mask)
    for inset, width in ((0.01, 0.02), (0.045, 0.008), (0.215, 0.008)):
        draw.ellipse(
            (size * inset, size * inset, size * (1 - inset), size * (1 - inset)), outline=255, width=round(size * width)
        )
    small = round(size * 0.088)
    room = size * 0.375 * 2 * math.pi * 0.72
    while small > 12 and len(ring_text) * small * 0.74 > room:
        small -= 1
    _letters_on_arc(mask, ring_text, size * 0.37, small, upper=True)
    _star(draw, size / 2, size * 0.87, size * 0.045)
    font_size = round(size * (0.105 if max(map(len, middle_lines)) <= 9 else 0.08))
    font = fonts.sized(fonts.serif(), "bold", font_size)
    for row, text in enumerate(middle_lines):
        y = size / 2 + (row - (len(middle_lines) - 1) / 2) * font_size * 1.35
        draw.text((size / 2, y), text, font=font, fill=255, anchor="mm")
    return mask


def press(
    image: Image.Image,
    x: float,
    y: float,
    ring_text: str,
    middle_lines: tuple[str, ...],
    rng: np.random.Generator,
    diameter: int = 280,
) -> None:
    """Press the stamp onto the page with its centre at (x, y) px; what lies under it stays readable.

    280 px are the 36 mm of a real stamp at 200 dpi.
    """
    mask = _mask(diameter, ring_text.upper(), middle_lines)
    mask = mask.rotate(rng.uniform(-14, 14), resample=Image.Resampling.BICUBIC)
    mask = mask.resize((diameter, diameter), Image.Resampling.BOX)
    patches = Image.fromarray(rng.integers(120, 256, (9, 9)).astype(np.uint8)).resize(
        mask.size, Image.Resampling.BICUBIC
    )
    grain = Image.fromarray(rng.integers(150, 256, (diameter, diameter)).astype(np.uint8))
    mask = ImageChops.multiply(ImageChops.multiply(mask, patches), grain)
    spot = (round(x - diameter / 2), round(y - diameter / 2))
    under = image.crop((*spot, spot[0] + diameter, spot[1] + diameter))
    inked = ImageChops.multiply(under, Image.new("RGB", under.size, RED))
    image.paste(inked, spot, mask)
