"""Filled bands with light print: the head of a program's table, the letterhead of a bank. In the reading copy they become dark print on paper.

Readers expect ink on paper; white letters on green were read as nonsense, and the detector joined the whole band into one line. A band is told from
a photograph, a scan's black edge and a bar code by being a rectangle of one shade with some light print in it.
"""

from __future__ import annotations

import numpy as np

from edge_node.imaging.decode import Grey, Page

_A4_INCHES = 11.69
_LOOK_DPI = 25
"""Resolution at which bands are looked for."""

_DARK = 150
"""Level below which the darkest channel belongs to a band, also on average with its light print; bold capitals on paper stay above."""

_FULL = 0.55
"""Share of a band's row or column that is dark."""

_LEAST_INCHES = (0.13, 0.35)
_HIGHEST_INCHES = 2.2
_RECTANGLE = 0.8
"""Share of its bounding box that a band fills."""

_SHADE = 26
"""Levels around its usual one in which most of a band lies, but for its print."""

_ONE_SHADE = 0.55
_LIGHT_PRINT = (0.01, 0.45)
"""Share of a band that its light print may take."""

_RIM = 0.04
"""Share of each side of a band that may be light: print keeps a margin, a portrait has shoulders and hair."""

_CONTRAST = 70
"""Levels between band and print from which print is light."""


def with_bands_inverted(grey: Grey, page: Page) -> Grey:
    """`grey`, the picture that is read of the level `page`, with the light print of filled bands dark on paper; itself where there are none. Pure."""
    bands = [(rows, columns) for part in _dark_parts(page) for rows, columns in [_edges(page, part)] if _is_band(_shade(page[rows, columns]))]
    if not bands:
        return grey
    clean = grey.copy()
    for rows, columns in bands:
        clean[rows, columns] = _inverted(_shade(page[rows, columns]))
    return clean


def _shade(page: Page) -> Grey:
    """The darkest channel: a red band is light in the red one, and a green one dark."""
    import cv2

    return np.asarray(cv2.min(cv2.min(page[:, :, 0], page[:, :, 1]), page[:, :, 2]), dtype=np.uint8)


def _dark_parts(page: Page) -> list[tuple[slice, slice]]:
    """Rows and columns of rectangles that are mostly dark, roughly, in px of the page."""
    import cv2

    per_inch = max(page.shape) / _A4_INCHES
    times = max(1, round(per_inch / _LOOK_DPI))
    height, width = page.shape[0] // times, page.shape[1] // times
    if min(height, width) < 8:
        return []
    small = np.asarray(cv2.resize(page[: height * times, : width * times], (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    dark = np.asarray(_shade(small) < _DARK).view(np.uint8)
    if not dark.any():
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    low, narrow = (inches * per_inch / times for inches in _LEAST_INCHES)
    return [
        (slice(y * times, (y + h) * times), slice(x * times, (x + w) * times))
        for x, y, w, h, area in stats[1:].tolist()
        if h + 1 >= low and w + 1 >= narrow and h <= _HIGHEST_INCHES * per_inch / times and area >= _RECTANGLE * w * h
    ]


def _edges(page: Page, part: tuple[slice, slice]) -> tuple[slice, slice]:
    """The band from its first to its last row and column that are mostly dark: the rough part is up to a step too large or too small."""
    reach = round(max(page.shape) / _A4_INCHES / _LOOK_DPI) + 1
    top, left = max(0, part[0].start - reach), max(0, part[1].start - reach)
    dark = _shade(page[top : part[0].stop + reach, left : part[1].stop + reach]) < _DARK
    rows, columns = (np.flatnonzero(dark.mean(axis=axis) > _FULL) for axis in (1, 0))
    if not rows.size or not columns.size:
        return part
    return slice(top + int(rows[0]), top + int(rows[-1]) + 1), slice(left + int(columns[0]), left + int(columns[-1]) + 1)


def _is_band(shade: Grey) -> bool:
    """Whether most of it is of one shade, its rim wholly, and some of it much lighter."""
    counts = np.bincount(shade.ravel(), minlength=256)
    usual = int(np.argmax(np.convolve(counts, np.ones(9), mode="same")))
    one_shade = counts[max(0, usual - _SHADE) : usual + _SHADE + 1].sum() / shade.size
    light = np.asarray(shade > usual + _CONTRAST)
    rim = max(1, min(shade.shape) // 40)
    sides = (light[:rim], light[-rim:], light[:, :rim], light[:, -rim:])
    inner = light[3 * rim : -3 * rim, 3 * rim : -3 * rim]
    return (
        usual < _DARK
        and one_shade >= _ONE_SHADE
        and max(float(side.mean()) for side in sides) <= _RIM
        and inner.size > 0
        and _LIGHT_PRINT[0] <= float(inner.mean()) <= _LIGHT_PRINT[1]
    )


def _inverted(shade: Grey) -> Grey:
    """The band as dark print on white: its shade becomes paper, its lightest print black."""
    levels = np.cumsum(np.bincount(shade.ravel(), minlength=256)) / shade.size
    ground, print_ = int(np.searchsorted(levels, 0.5)), int(np.searchsorted(levels, 0.995))
    stretched = (shade.astype(np.float32) - ground) * (225.0 / max(1, print_ - ground))
    return np.asarray(np.clip(250.0 - stretched, 0, 255), dtype=np.uint8)
