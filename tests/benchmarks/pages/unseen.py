"""The second set: other typefaces, layouts, words, sizes and faults than the first. It judges; nothing is tuned on it.

`python -m tests.benchmarks.pages --unseen --out DIR`. A fault found here is looked for in the first set's kind, never in these pages.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deploy.demo.papers import scan, stamp
from deploy.demo.papers.build import generator
from deploy.demo.papers.truth import PageTruth, write_truth
from tests.benchmarks.pages import (
    agencies_open,
    agencies_sealed,
    counters_open,
    counters_open_firms,
    counters_sealed,
    layouts_open,
    layouts_sealed,
    unseen_kinds,
)
from tests.benchmarks.pages.unseen_kinds import Chance, Drawer
from tests.benchmarks.pages.unseen_sheet import FACES, UnseenSheet

COUNT = 44
Pixels = NDArray[Any]
Rng = np.random.Generator
Fault = Callable[[Pixels, Rng], Pixels]


def _soft(picture: Pixels, rng: Rng) -> Pixels:
    """The lid was not closed: soft all over, and moved by three px."""
    kernel = np.zeros((3, 3), np.float32)
    kernel[1, :] = 1 / 3
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), float(rng.uniform(1.0, 1.4)))
    return np.asarray(cv2.filter2D(soft, -1, kernel))


def _pale(picture: Pixels, rng: Rng) -> Pixels:
    """Grey print on grey paper."""
    return (
        (picture.astype(np.float32) - 255) * float(rng.uniform(0.3, 0.4)) + 214 + rng.standard_normal(picture.shape) * 3
    )


def _specks(picture: Pixels, rng: Rng) -> Pixels:
    """Grain and dust."""
    grain = picture.astype(np.float32) + (rng.standard_normal(picture.shape[:2]) * 14)[..., None]
    grain[rng.random(picture.shape[:2]) < 0.0012] = 40
    return grain


def _shaded(picture: Pixels, rng: Rng) -> Pixels:
    """A hand's shadow with an edge, and light that falls off towards the corners."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot(x / width - 0.45, y / height - 0.4)
    falls = 1 - 0.35 * away**2
    edge = 1 / (1 + np.exp(-(x / width * 1.2 + y / height - float(rng.uniform(0.9, 1.4))) * 40))
    shaded = picture.astype(np.float32) * (falls * (1 - 0.38 * edge))[..., None]
    return np.asarray(cv2.GaussianBlur(shaded, (0, 0), 0.8)) + (rng.standard_normal((height, width)) * 4)[..., None]


def _plain(picture: Pixels, rng: Rng) -> Pixels:
    """As a good scanner gives it."""
    return (
        cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 0.4)
        - 4
        + (rng.standard_normal(picture.shape[:2]) * 2)[..., None]
    )


CONDITIONS: tuple[tuple[tuple[str, ...], Fault, int], ...] = (
    (("clean",), _plain, 92),
    (("stamped",), _plain, 85),
    (("skewed",), _plain, 85),
    (("stamped", "skewed"), _plain, 80),
    (("blurred",), _soft, 85),
    (("low_contrast",), _pale, 85),
    (("jpeg30",), _plain, 30),
    (("noise",), _specks, 80),
    (("photographed",), _shaded, 75),
    (("rotated90",), _plain, 85),
    (("grey_stamped",), _plain, 85),
)
"""Tags, fault, JPEG quality."""


def _geometry(tags: tuple[str, ...], width: int, height: int, rng: Rng) -> tuple[NDArray[np.float64], int, int]:
    if "skewed" in tags:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(1.5, 3.5) * rng.choice([-1, 1])), 1.0)
        return np.vstack([turn, [0, 0, 1]]), width, height
    if "photographed" in tags:
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * np.array([width, height])
        moved = corners + inward * rng.uniform(0.02, 0.07, (4, 2))
        return np.asarray(cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), np.float64), width, height
    if "rotated90" in tags:
        return np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, width], [0.0, 0.0, 1.0]]), height, width
    return np.eye(3), width, height


def _moved(truth: PageTruth, matrix: NDArray[np.float64], width: int, height: int) -> PageTruth:
    lines = [msgspec.structs.replace(x, box=scan.move_box(x.box, matrix, width, height)) for x in truth.lines]
    fields = [msgspec.structs.replace(x, box=scan.move_box(x.box, matrix, width, height)) for x in truth.fields]
    return msgspec.structs.replace(truth, lines=lines, fields=fields, width_px=width, height_px=height)


def _desk(width: int, height: int, rng: Rng) -> Pixels:
    """A wooden table."""
    grain = cv2.resize(rng.uniform(0.7, 1.0, (height // 40, 6)).astype(np.float32), (width, height))
    return grain[..., None] * np.array([128, 98, 70], np.float32)


SETS: dict[str, tuple[tuple[str, Drawer], ...]] = {
    "unseen": unseen_kinds.DRAWERS,
    "open": layouts_open.DRAWERS,
    "sealed": layouts_sealed.DRAWERS,
    "agencies-open": agencies_open.DRAWERS,
    "agencies-sealed": agencies_sealed.DRAWERS,
    "counters-open": (*counters_open.DRAWERS, *counters_open_firms.DRAWERS),
    "counters-sealed": counters_sealed.DRAWERS,
}
"""The second set, and the halves of the third, fourth and fifth: other layouts of the catalogue's papers, one to mend faults by, one to judge."""


def draw(folder: Path, number: int, seed: int, name: str = "unseen") -> Path:
    """Draw, stamp, capture and store page `number` (from 0) of a set."""
    kind, drawer = SETS[name][number % len(SETS[name])]
    tags, fault, quality = CONDITIONS[number % len(CONDITIONS)]
    rng = generator(seed, name, str(number))
    sheet = UnseenSheet(list(FACES)[number % len(FACES)], 300 if number % 4 == 3 else 200)
    truth = sheet.finish(drawer(sheet, Chance(rng)), [kind, *tags])
    if any("stamped" in tag for tag in tags):
        x, y, w, h = truth.lines[int(rng.integers(len(truth.lines) // 3, len(truth.lines)))].box
        size = round(sheet.dpi * 1.4)
        where = min(max(x + w * 0.5, size), sheet.image.width - size), min(max(y + h, size), sheet.image.height - size)
        stamp.press(sheet.image, *where, "Uỷ ban nhân dân xã Cẩm Thượng", ("UỶ BAN", "NHÂN DÂN"), rng, size)
    matrix, width, height = _geometry(tags, sheet.image.width, sheet.image.height, rng)
    lit = fault(np.asarray(sheet.image), rng)
    if tags == ("photographed",):
        whole = np.full(lit.shape[:2], 255, np.uint8)
        inside = cv2.warpPerspective(whole, matrix, (width, height))[..., None] / 255.0
        lit = cv2.warpPerspective(lit.astype(np.float32), matrix, (width, height), flags=cv2.INTER_CUBIC)
        lit = lit * inside + _desk(width, height, rng) * (1 - inside)
    elif not np.array_equal(matrix, np.eye(3)):
        lit = cv2.warpPerspective(
            lit.astype(np.float32), matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(246, 246, 244)
        )
    picture = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    if tags == ("grey_stamped",):
        picture = picture.convert("L").convert("RGB")
    path = folder / f"{number + 1:03d}-{kind}-{'_'.join(tags)}.jpg"
    path.write_bytes(scan.jpeg(picture, quality, sheet.dpi))
    write_truth(path, _moved(truth, matrix, width, height), plain_text=True)
    return path


def build_unseen(folder: Path, seed: int, count: int = COUNT, name: str = "unseen") -> list[Path]:
    """Make the second set, or a half of the third, in `folder`; the paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [draw(folder, number, seed, name) for number in range(count)]
