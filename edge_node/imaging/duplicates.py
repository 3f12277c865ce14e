"""Seen before? Two pictures of one sheet, even when laid down anew, against two different forms of one kind.

Office forms look alike, so a fingerprint only suggests; `same_sheet` then lays the pictures over each other and looks for any
place that differs. Its answer is a suspicion for a person, never a reason to drop a page.
"""

from __future__ import annotations

import numpy as np

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.ink import luminance

_SIDE = 16
_THUMB = (566, 800)
"""Width and height in px of the pictures that are laid over each other; A4 at about 70 dpi."""

SUGGESTED_DISTANCE = 40
"""Differing bits of 256 up to which two fingerprints suggest one sheet."""

_PATCH_DIFFERENCE = 0.16
"""Ink difference within a patch of about a word, as a share of full ink, above which the sheets differ."""


def fingerprint(page: Page) -> bytes:
    """256 bits, as 32 bytes, that stay nearly the same when a sheet is scanned again: brightness steps of a 17 × 16 thumbnail."""
    import cv2

    small = cv2.resize(luminance(page), (_SIDE + 1, _SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (np.diff(small, axis=1) > 1).ravel()
    return np.packbits(bits).tobytes()


def distance(one: bytes, other: bytes) -> int:
    """Differing bits of two fingerprints, 0…256."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def same_sheet(one: Page, other: Page) -> bool:
    """Whether both pictures show one sheet: no patch of the size of a word differs after alignment."""
    import cv2

    a, b = _inky_thumb(one), _inky_thumb(other)
    (dx, dy), _ = cv2.phaseCorrelate(a.astype(np.float64), b.astype(np.float64))
    moved = cv2.warpAffine(b, np.array([[1, 0, -dx], [0, 1, -dy]], dtype=np.float64), _THUMB)
    blurred = [cv2.GaussianBlur(picture, (0, 0), 4.0) for picture in (a, moved)]
    margin = 24
    gap = np.abs(blurred[0] - blurred[1])[margin:-margin, margin:-margin]
    scale = max(float(blurred[0].max()), 1e-6)
    return bool(gap.max() / scale < _PATCH_DIFFERENCE)


def _inky_thumb(page: Page) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    import cv2

    grey: Grey = np.asarray(cv2.resize(luminance(page), _THUMB, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    paper = cv2.medianBlur(grey, 31)
    return np.asarray(np.clip(paper.astype(np.float32) - grey, 0, 255) / 255.0, dtype=np.float32)
