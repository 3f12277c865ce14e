"""Scan profile: how an upright page image becomes the JPEG that is kept as evidence.

Profiles are named by purpose. `desk` is the default: 200 dpi colour at quality 50 was about 220 KB a page, 7 s on a
256 kbit/s line, with no loss in what the readers read (signing.md §1a, measured). 300 dpi cost 1.75 times the bytes for
no gain in reading; it is there for maps and for archives that ask for it.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I (colour, at least 200 dpi); no profile goes below.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge_node.copies.errors import ImageRefused

Order = Literal["RGB", "BGR"]


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """How pages of one purpose are kept: resolution in dpi, JPEG quality, chroma at half resolution or full."""

    name: str
    label: str
    dpi: int
    quality: int
    halves_chroma: bool = True


DESK = ScanProfile("desk", "Quét tại quầy", dpi=200, quality=50)
SLOW_LINE = ScanProfile("slow_line", "Đường truyền yếu", dpi=200, quality=35)
FINE_PRINT = ScanProfile("fine_print", "Chữ nhỏ, dấu mờ", dpi=300, quality=50)
ARCHIVE = ScanProfile("archive", "Lưu trữ, bản đồ", dpi=300, quality=75, halves_chroma=False)
FLOOR_QUALITY = SLOW_LINE.quality
"""No page is kept below this: 35 read as well as 50 and the seal stayed whole; 25 begins to block the paper's texture (signing.md §1a)."""
_STEPS = (FLOOR_QUALITY, 43)
"""Qualities tried where a page is beyond its budget: the floor first, which tells whether trying is of any use."""
PROFILES = {profile.name: profile for profile in (DESK, SLOW_LINE, FINE_PRINT, ARCHIVE)}


def encode_page(image: NDArray[np.uint8] | Any, profile: ScanProfile = DESK, *, order: Order = "BGR") -> bytes:
    """Return the page as a baseline JPEG of the profile, with the resolution written in it.

    Args:
        image: `(height, width, 3)` uint8 in `order`, or `(height, width)` uint8 grey; upright, not resampled here.
        profile: the purpose of the scan.
        order: channel order of a colour image; OpenCV works in BGR.

    Raises:
        ImageRefused: any other shape or type, or an empty image.
    """
    array = np.asarray(image)
    colour = array.ndim == 3 and array.shape[2] == 3
    if array.dtype != np.uint8 or not (colour or array.ndim == 2) or array.size == 0:
        raise ImageRefused(found=f"{array.shape} {array.dtype}")
    upright = array[:, :, ::-1] if colour and order == "BGR" else array
    encoded = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(upright)).save(
        encoded,
        "JPEG",
        quality=profile.quality,
        subsampling="4:2:0" if profile.halves_chroma else "4:4:4",
        optimize=True,
        dpi=(profile.dpi, profile.dpi),
    )
    return encoded.getvalue()


def encode_page_within(
    image: NDArray[np.uint8] | Any, size_bytes_max: int, profile: ScanProfile = DESK, *, order: Order = "BGR"
) -> bytes:
    """Return the page at the profile's quality, or at the best lower one that keeps it within `size_bytes_max`.

    At most two further encodings. Where even `FLOOR_QUALITY` is beyond the budget (grain of a camera) the floor is returned: legible before small.

    Raises:
        ImageRefused: as `encode_page`.
    """
    best = encode_page(image, profile, order=order)
    if len(best) <= size_bytes_max or profile.quality <= FLOOR_QUALITY:
        return best
    for quality in _STEPS:
        tried = encode_page(image, replace(profile, quality=quality), order=order)
        if quality != FLOOR_QUALITY and len(tried) > size_bytes_max:
            break
        best = tried
        if len(tried) > size_bytes_max:
            break
    return best
