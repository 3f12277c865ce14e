"""Strips of writing, spoiled as captures are, and the pictures of their words as the reader would cut them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from edge_node.imaging.geometry import Box
from edge_node.recognition.tone_picture import tone_picture, vowel_place
from edge_node.recognition.tones import tone_of
from tests.benchmarks.tones.faces import Face, sized
from tests.benchmarks.tones.syllables import draw_word

Pixels = NDArray[Any]
Rng = np.random.Generator

FAULTS = ("clean", "blurred", "noise", "jpeg", "pale", "stamped", "skewed", "photographed")
_OFTEN = (0.12, 0.28, 0.09, 0.09, 0.1, 0.1, 0.1, 0.12)


@dataclass(frozen=True)
class Sample:
    """One word: its picture, its tone, and the circumstances for the record."""

    picture: Pixels
    tone: int
    fault: str
    word: str
    points: float


def samples(cuts: Sequence[Sequence[Face]], rng: Rng) -> list[Sample]:
    """Draw one strip in one face with one fault, and cut its words."""
    family = cuts[int(rng.integers(len(cuts)))]
    face = family[int(rng.integers(len(family)))]
    dpi = int(rng.choice((150, 200, 300), p=(0.15, 0.6, 0.25)))
    points = float(rng.uniform(8, 14) if rng.random() < 0.85 else rng.uniform(14, 20))
    font = sized(face.path, max(12, round(points * dpi / 72)), int(rng.choice((400, 400, 400, 600, 700))))
    fault = str(rng.choice(FAULTS, p=_OFTEN))
    picture, placed = _written(font, rng)
    picture, placed = _spoiled(picture, placed, fault, dpi, rng)
    made = []
    for text, core_start, core, left, right, top, bottom in placed:
        box = _as_found(left, right, top, bottom, len(text), rng)
        cut = tone_picture(picture, box, vowel_place(text, core_start, core))
        if cut is not None:
            made.append(Sample(np.round(cut * 255).astype(np.uint8), tone_of(core), fault, core, points * dpi / 200))
    return made


def _cased(rng: Rng) -> int:
    return int(rng.choice(3, p=(0.35, 0.3, 0.35)))


def _written(font: ImageFont.FreeTypeFont, rng: Rng) -> tuple[Pixels, list[tuple[Any, ...]]]:
    """A line of words in ink on white, `(h, w) float32`, and for each word its text, its syllable and where its ink stands."""
    em, casing = font.size, _cased(rng)
    canvas = Image.new("L", (em * 26, em * 4), 255)
    draw = ImageDraw.Draw(canvas)
    x, base, placed = float(em), round(em * 2.4), []
    if rng.random() < 0.3:  # the descenders and marks of the lines above and below
        gap = em * float(rng.uniform(1.25, 1.6))
        for y in (base - gap, base + gap):
            draw.text((em, y), " ".join(draw_word(rng) for _ in range(8)), 0, font, anchor="ls")
    space = font.getlength(" ") * float(rng.uniform(0.8, 1.6))
    while x < em * 20:
        core = draw_word(rng)
        core = core if casing == 0 else core[0].upper() + core[1:] if casing == 1 else core.upper()
        before, after = (
            str(rng.choice(("", "", "", "", "", "(", '"', "-", "/"))),
            str(rng.choice(("", "", "", "", "", ",", ".", ":", ")", ";"))),
        )
        text = before + core + after
        draw.text((x, base), text, 0, font, anchor="ls")
        wide = font.getlength(text)
        placed.append((text, len(before), core, x, x + wide))
        x += wide + space
    ink = (
        font.getbbox("Ấg" if casing else "ấg", anchor="ls")
        if rng.random() < 0.7
        else font.getbbox(" ".join(p[0] for p in placed), anchor="ls")
    )
    pixels = np.asarray(canvas, np.float32)[round(base - em * 2.2) : round(base + em * 1.4)]
    drop = base - round(base - em * 2.2)
    pixels = _ruled(pixels, drop, em, rng)
    return pixels, [(*word, drop + ink[1], drop + ink[3]) for word in placed]


def _ruled(pixels: Pixels, drop: int, em: int, rng: Rng) -> Pixels:
    """Now and then an underline, or the rule of a table above, below or beside."""
    pixels = pixels.copy()
    chance, thick = rng.random(), max(1, em // 18)
    if chance < 0.06:
        y = drop + max(2, em // 8)
        pixels[y : y + thick, em:] = 20
    elif chance < 0.16:
        y = drop + round(em * float(rng.uniform(0.4, 0.7)))
        pixels[y : y + thick] = 40
    elif chance < 0.26:
        y = max(0, drop - round(em * float(rng.uniform(1.2, 1.6))))
        pixels[y : y + thick] = 40
    if rng.random() < 0.08:
        x = int(rng.integers(em, em * 20))
        pixels[:, x : x + thick] = 40
    return pixels


def _spoiled(
    pixels: Pixels, placed: list[tuple[Any, ...]], fault: str, dpi: int, rng: Rng
) -> tuple[Pixels, list[tuple[Any, ...]]]:
    """The strip as captured and brought upright again, `(h, w) uint8`, and the words' places in it."""
    scale = dpi / 200
    if rng.random() < 0.2:  # worn or swollen type
        kernel = np.ones((2, 2), np.uint8)
        other = cv2.erode(pixels, kernel) if rng.random() < 0.5 else cv2.dilate(pixels, kernel)
        pixels = pixels + (other - pixels) * float(rng.uniform(0.2, 0.8))
    pixels = 255 - (255 - pixels) * float(rng.uniform(0.8, 0.98))
    if fault == "stamped" or rng.random() < 0.06:
        pixels = _stamped(pixels, dpi, rng)
    if fault in ("skewed", "photographed") or rng.random() < 0.3:
        pixels = _leaning(pixels, fault, rng)
    if fault == "pale":
        pixels = (pixels - 255) * float(rng.uniform(0.25, 0.5)) + float(rng.uniform(205, 245))
    if fault == "photographed":
        slope = np.linspace(1.0, float(rng.uniform(0.5, 1.0)), pixels.shape[1], dtype=np.float32)
        pixels = pixels * (slope if rng.random() < 0.5 else slope[::-1])[None, :]
    softness = {"blurred": (0.9, 1.6), "photographed": (0.6, 1.0), "clean": (0.25, 0.5)}.get(fault, (0.3, 0.7))
    pixels = cv2.GaussianBlur(
        pixels, (0, 0), float(rng.uniform(*softness)) * (scale if fault != "blurred" else max(1.0, scale**0.5))
    )
    if fault == "blurred" and rng.random() < 0.4:
        kernel = np.zeros((3, 3), np.float32)
        kernel[1 if rng.random() < 0.6 else slice(None), 1 if rng.random() < 0.2 else slice(None)] = 1.0
        pixels = cv2.filter2D(pixels, -1, kernel / kernel.sum())
    grain = {"noise": (10.0, 20.0), "photographed": (3.0, 7.0)}.get(fault, (0.5, 4.0))
    pixels = pixels + rng.standard_normal(pixels.shape, np.float32) * float(rng.uniform(*grain))
    if fault == "noise" and rng.random() < 0.5:
        pixels[rng.random(pixels.shape) < 0.0015] = 40
    stored = np.clip(pixels, 0, 255).astype(np.uint8)
    if fault == "jpeg" or rng.random() < 0.6:
        quality = int(rng.integers(25, 50) if fault == "jpeg" else rng.integers(65, 93))
        stored = cv2.imdecode(
            cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    return stored, placed


def _stamped(pixels: Pixels, dpi: int, rng: Rng) -> Pixels:
    """Red ink as the red channel leaves it, or as a grey copy shows it, in arcs and letters over the writing."""
    grey_copy = rng.random() < 0.5
    tint = float(rng.uniform(80, 165) if grey_copy else rng.uniform(190, 245))
    layer = Image.new("L", (pixels.shape[1], pixels.shape[0]), 255)
    draw = ImageDraw.Draw(layer)
    for _ in range(int(rng.integers(2, 5))):
        x, y, radius = (
            float(rng.uniform(0, layer.width)),
            float(rng.uniform(-1, 2)) * layer.height,
            dpi * float(rng.uniform(0.5, 0.75)),
        )
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=0, width=max(2, dpi // 60))
        inner = radius * 0.72
        draw.ellipse((x - inner, y - inner, x + inner, y + inner), outline=0, width=max(1, dpi // 120))
    font = ImageFont.load_default(size=round(dpi * float(rng.uniform(0.1, 0.16))))
    for _ in range(6):
        draw.text(
            (float(rng.uniform(0, layer.width)), float(rng.uniform(-0.2, 0.9)) * layer.height),
            "BẢO HIỂM XÃ HỘI".encode("ascii", "ignore").decode(),
            0,
            font,
        )
    cover = (255 - np.asarray(layer, np.float32)) / 255 * rng.uniform(0.5, 1.0, pixels.shape).astype(np.float32)
    return (
        np.minimum(pixels, 255 - cover * (255 - tint))
        if rng.random() < 0.5
        else pixels * (1 - cover * (1 - tint / 255))
    )


def _leaning(pixels: Pixels, fault: str, rng: Rng) -> Pixels:
    """Resampled between pixels, with the little slope that straightening leaves: a captured page was turned and turned back."""
    height, width = pixels.shape
    slope = np.tan(np.radians(float(rng.normal(0, 0.4 if fault == "photographed" else 0.15))))
    how = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
    zoom = float(rng.uniform(0.94, 1.06)) if fault == "photographed" else 1.0
    dx, dy = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.5, 0.5))
    matrix = np.array([[1.0, 0.0, dx], [slope, zoom, dy - slope * width / 2 + (1 - zoom) * height / 2]], np.float32)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE))


def _as_found(left: float, right: float, top: float, bottom: float, letters: int, rng: Rng) -> Box:
    """A word's box as the reader has it: the line's rows with the detector's room, the columns by the letters' centres."""
    high, letter = bottom - top, (right - left) / max(1, letters)
    above, below = float(rng.normal(0.17, 0.07)), float(rng.normal(0.33, 0.09))
    y0, y1 = top - high * min(max(above, -0.05), 0.4), bottom + high * min(max(below, 0.02), 0.6)
    astray = 0.12 if rng.random() < 0.8 else 0.35  # most ends are found in the ink, some only by counting letters
    x0, x1 = left + float(rng.normal(-0.05, astray)) * letter, right + float(rng.normal(0.05, astray)) * letter
    return Box(max(0, round(x0)), max(0, round(y0)), max(4, round(x1 - x0)), max(8, round(y1 - y0)))


def stacked(made: Sequence[Sample]) -> dict[str, Pixels]:
    """Samples as arrays that can be kept in one file."""
    return {
        "pictures": np.stack([s.picture for s in made]),
        "tones": np.array([s.tone for s in made], np.uint8),
        "faults": np.array([FAULTS.index(s.fault) for s in made], np.uint8),
        "words": np.array([s.word for s in made]),
        "points": np.array([s.points for s in made], np.float32),
    }


def draw_set(cuts: Sequence[Sequence[Face]], count: int, seed: int) -> dict[str, Pixels]:
    """`count` words from a seed; the same faces and seed give the same words."""
    rng, made = np.random.default_rng(seed), []
    while len(made) < count:
        made += samples(cuts, rng)
    return stacked(made[:count])


def folders(named: Sequence[Path]) -> list[Path]:
    """Where faces are looked for: what the maker names, the system's, and the two packages the papers are drawn with."""
    import fontpkg_be_vietnam_pro
    import fontpkg_noto_serif

    packages = [Path(package.__file__).parent / "files" for package in (fontpkg_be_vietnam_pro, fontpkg_noto_serif)]
    return [*named, Path("/usr/share/fonts/truetype"), *packages]
