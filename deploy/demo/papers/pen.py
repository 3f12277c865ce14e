"""The pen: digits and signatures drawn as strokes, so that a page carries real handwriting and no handwriting font.

A digit is one or two polylines in a unit box (x right, y down, baseline at 1); every use wobbles and leans anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Stroke = NDArray[np.float64]
INK = (28, 45, 130)
_FINE = 3
"""Strokes are drawn at three times the size and reduced, which gives them soft edges."""

_SHAPES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (
        (
            (0.55, 0.03),
            (0.2, 0.12),
            (0.06, 0.5),
            (0.2, 0.92),
            (0.5, 0.99),
            (0.78, 0.8),
            (0.85, 0.4),
            (0.7, 0.1),
            (0.5, 0.02),
        ),
    ),
    "1": (((0.25, 0.28), (0.4, 0.18), (0.55, 0.02), (0.52, 0.5), (0.48, 1.0)),),
    "2": (((0.12, 0.25), (0.3, 0.04), (0.65, 0.05), (0.78, 0.3), (0.55, 0.62), (0.1, 0.97), (0.5, 0.95), (0.9, 0.98)),),
    "3": (
        (
            (0.15, 0.12),
            (0.5, 0.01),
            (0.78, 0.2),
            (0.6, 0.42),
            (0.4, 0.47),
            (0.7, 0.53),
            (0.82, 0.78),
            (0.5, 1.0),
            (0.1, 0.88),
        ),
    ),
    "4": (
        ((0.6, 0.02), (0.35, 0.35), (0.08, 0.68), (0.5, 0.66), (0.92, 0.66)),
        ((0.68, 0.4), (0.66, 0.7), (0.62, 1.02)),
    ),
    "5": (
        ((0.25, 0.05), (0.22, 0.25), (0.2, 0.46), (0.55, 0.4), (0.82, 0.62), (0.7, 0.92), (0.4, 1.0), (0.1, 0.9)),
        ((0.25, 0.05), (0.55, 0.06), (0.85, 0.02)),
    ),
    "6": (
        (
            (0.72, 0.03),
            (0.4, 0.2),
            (0.15, 0.6),
            (0.25, 0.93),
            (0.55, 0.99),
            (0.8, 0.8),
            (0.65, 0.56),
            (0.4, 0.56),
            (0.17, 0.72),
        ),
    ),
    "7": (
        ((0.1, 0.08), (0.45, 0.07), (0.88, 0.05), (0.65, 0.4), (0.42, 1.0)),
        ((0.35, 0.52), (0.55, 0.5), (0.78, 0.5)),
    ),
    "8": (
        (
            (0.75, 0.15),
            (0.45, 0.0),
            (0.22, 0.2),
            (0.5, 0.46),
            (0.82, 0.74),
            (0.55, 1.0),
            (0.18, 0.82),
            (0.42, 0.5),
            (0.75, 0.22),
            (0.73, 0.12),
        ),
    ),
    "9": (((0.8, 0.25), (0.55, 0.02), (0.2, 0.18), (0.25, 0.46), (0.55, 0.5), (0.8, 0.25), (0.75, 0.6), (0.55, 1.02)),),
    "/": (((0.75, -0.02), (0.5, 0.5), (0.2, 1.08)),),
    "-": (((0.15, 0.58), (0.5, 0.56), (0.85, 0.57)),),
}


def smooth(points: Stroke, per_segment: int = 14) -> Stroke:
    """A Catmull-Rom curve through the points, `(n, 2)` float."""
    padded = np.vstack([points[0], points, points[-1]])
    t = np.linspace(0, 1, per_segment, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1:]])


def _dense(curve: Stroke) -> Stroke:
    """The curve with points at most half a px apart, so that a quick stroke is a line and not a row of dots."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    at = np.linspace(0, lengths[-1], max(2, int(lengths[-1] * 2)))
    return np.column_stack([np.interp(at, lengths, curve[:, 0]), np.interp(at, lengths, curve[:, 1])])


def _ink(
    image: Image.Image, curves: list[Stroke], width_px: float, colour: tuple[int, int, int]
) -> tuple[int, int, int, int]:
    """Draw curves given in page px; returns the ink box (left, top, right, bottom)."""
    every = np.vstack(curves)
    left, top = np.floor(every.min(axis=0) - width_px - 1).astype(int)
    right, bottom = np.ceil(every.max(axis=0) + width_px + 1).astype(int)
    mask = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE), 0)
    draw = ImageDraw.Draw(mask)
    for curve in map(_dense, curves):
        radii = width_px / 2 * _FINE * (0.85 + 0.25 * np.sin(np.linspace(0, 5, len(curve))))
        for (x, y), radius in zip((curve - (left, top)) * _FINE, radii, strict=True):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=235)
    mask = mask.resize((right - left, bottom - top), Image.Resampling.BOX)
    image.paste(Image.new("RGB", mask.size, colour), (left, top), mask)
    return int(left), int(top), int(right), int(bottom)


def write(
    image: Image.Image, text: str, x: float, baseline: float, height_px: float, rng: np.random.Generator
) -> tuple[float, tuple[int, int, int, int]]:
    """Write digits, `/` and `-` by hand. Returns the x after the last stroke and the ink box in page px."""
    curves: list[Stroke] = []
    lean = rng.uniform(0.08, 0.22)
    for letter in text:
        if letter == " ":
            x += height_px * 0.3
            continue
        scale = height_px * rng.uniform(0.92, 1.08)
        width = scale * (0.42 if letter == "1" else 0.62)
        drop = rng.normal(0, height_px * 0.03)
        for shape in _SHAPES[letter]:
            points = np.array(shape) + rng.normal(0, 0.025, (len(shape), 2))
            points = np.column_stack(
                [points[:, 0] * width + (1 - points[:, 1]) * lean * scale, (points[:, 1] - 1) * scale]
            )
            curves.append(smooth(points) + (x, baseline + drop))
        x += width * rng.uniform(1.12, 1.3)
    return x, _ink(image, curves, max(2.4, height_px * 0.085), INK)


def sign(image: Image.Image, x: float, y: float, width_px: float, rng: np.random.Generator) -> None:
    """A signature: one looping stroke and a flourish under it, centred on (x, y). It is not text."""
    count = int(rng.integers(9, 17))
    steps = np.linspace(0, 1, count)
    swing = np.where(np.arange(count) % 2 == 0, -1, 1) * rng.uniform(0.05, 0.2, count) * (1.15 - steps)
    swing[rng.integers(0, 3)] *= 2.2
    lean = rng.uniform(0.2, 0.9)
    main = np.column_stack([(steps - 0.5) * 0.8 + rng.normal(0, 0.045, count) - lean * swing, swing])
    tail = np.array([(0.38, 0.0), (0.1, 0.16), (-0.42, 0.2), (0.0, 0.12), (0.52, -0.08)]) + rng.normal(0, 0.02, (5, 2))
    curves = [smooth(part, 26) * width_px + (x, y) for part in (main, tail)]
    _ink(image, curves, 4.2, INK)
