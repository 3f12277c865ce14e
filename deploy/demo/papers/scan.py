"""The copier: turns a clean sheet into what a scanner or a telephone delivers, and carries every box along.

A `Look` names the faults. Geometry is one projective matrix, applied to pixels and to box corners alike; the new box
is the upright box around the moved corners. Randomness comes from the caller's generator only.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deploy.demo.papers.truth import Box, PageTruth

Pixels = NDArray[Any]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Look:
    """Faults of one capture. Angles in degrees clockwise, blur in px (sigma), noise in grey levels (sigma)."""

    skew_degrees: float = 0.0
    perspective: float = 0.0
    shadow: float = 0.0
    blur_px: float = 0.35
    noise_levels: float = 3.0
    contrast: float = 1.0
    paper_tint: tuple[int, int, int] = (252, 251, 247)
    jpeg_quality: int = 88
    quarter_turns: int = 0


def _skew(width: int, height: int, degrees: float) -> Matrix:
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.vstack([turn, [0.0, 0.0, 1.0]])


def _perspective(width: int, height: int, strength: float, rng: np.random.Generator) -> Matrix:
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    moved = corners + inward * rng.uniform(0.25, 1.0, (4, 2)) * strength * np.array([width, height])
    return np.asarray(cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), dtype=np.float64)


def _quarter_turns(width: int, height: int, turns: int) -> tuple[Matrix, int, int]:
    """The exact matrix of `turns` clockwise quarter turns, and the size after them."""
    matrix = np.eye(3)
    for _ in range(turns % 4):
        matrix = np.array([[0.0, -1.0, height], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]) @ matrix
        width, height = height, width
    return matrix, width, height


def move_box(box: Box, matrix: Matrix, width: int, height: int) -> Box:
    """The upright box around the moved corners, cut at the image's edge."""
    x, y, w, h = box
    corners = matrix @ np.array([(x, y, 1), (x + w, y, 1), (x + w, y + h, 1), (x, y + h, 1)], dtype=float).T
    points = corners[:2] / corners[2]
    left, top = np.floor(np.clip(points.min(axis=1), 0, (width, height))).astype(int)
    right, bottom = np.ceil(np.clip(points.max(axis=1), 0, (width, height))).astype(int)
    return int(left), int(top), int(right - left), int(bottom - top)


def _light(pixels: Pixels, look: Look, rng: np.random.Generator) -> Pixels:
    """Paper colour, contrast, shadow, softness and sensor noise; `(h, w, 3) uint8`, RGB."""
    picture = pixels.astype(np.float32) * (np.array(look.paper_tint, np.float32) / 255)
    if look.contrast != 1.0:
        picture = (picture - 255) * look.contrast + 235
    height, width = picture.shape[:2]
    if look.shadow:
        slope = (
            np.linspace(0, 1, width, dtype=np.float32)[None, :]
            + 0.6 * np.linspace(0, 1, height, dtype=np.float32)[:, None]
        )
        edge = 1 / (1 + np.exp(-(slope - rng.uniform(0.6, 1.0)) * 9))
        picture *= (1 - look.shadow * edge)[..., None]
    if look.blur_px:
        picture = cv2.GaussianBlur(picture, (0, 0), look.blur_px).astype(np.float32)
    if look.noise_levels:
        grain = rng.standard_normal((height, width), dtype=np.float32) * look.noise_levels
        picture += grain[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def capture(
    image: Image.Image, truth: PageTruth, look: Look, rng: np.random.Generator
) -> tuple[Image.Image, PageTruth]:
    """The captured page and its truth in the captured image's px.

    Skew and perspective keep the size of the page; quarter turns swap it.
    """
    width, height = image.size
    pixels = np.asarray(image)
    matrix = np.eye(3)
    if look.skew_degrees:
        matrix = _skew(width, height, look.skew_degrees)
    if look.perspective:
        matrix = _perspective(width, height, look.perspective, rng) @ matrix
    if look.skew_degrees or look.perspective:
        table = (120, 112, 104) if look.perspective else (238, 238, 236)
        pixels = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=table)
    pixels = np.rot90(_light(pixels, look, rng), -look.quarter_turns % 4)
    turn, width, height = _quarter_turns(width, height, look.quarter_turns)
    matrix = turn @ matrix
    lines = [msgspec.structs.replace(line, box=move_box(line.box, matrix, width, height)) for line in truth.lines]
    fields = [msgspec.structs.replace(field, box=move_box(field.box, matrix, width, height)) for field in truth.fields]
    captured = msgspec.structs.replace(truth, width_px=width, height_px=height, lines=lines, fields=fields)
    return Image.fromarray(np.ascontiguousarray(pixels)), captured


def jpeg(image: Image.Image, quality: int, dpi: int) -> bytes:
    """The stored file of a capture: baseline colour JPEG with its resolution written in."""
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, dpi=(dpi, dpi), subsampling=0 if quality > 80 else 2)
    return target.getvalue()
