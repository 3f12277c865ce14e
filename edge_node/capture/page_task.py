"""What the sandbox does with pages for the tray: looking at them. Bytes of a page leave it only re-encoded.

Registered by the composition root as `LOOK_TASK`. Importing this module loads Pillow, OpenCV, pdfium and zxing-cpp; only
the sandboxed process does.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import cv2
import msgspec
import numpy as np

# Loaded before the filter closes: `find_codes` and NumPy's percentiles reach for them later.
import numpy.ma
import zxingcpp  # noqa: F401
from PIL import Image as PillowImage
from PIL.Image import Image, Resampling

from edge_node.capture.decode_task import read_frames
from edge_node.capture.look import LookReport, PageLook
from edge_node.capture.untrusted import DecodedPage, DecodeLimits, Refusal
from edge_node.imaging.barcodes import find_codes
from edge_node.imaging.duplicates import fingerprint
from edge_node.imaging.errors import BlankPage, ImageProblem
from edge_node.imaging.photographed import sheet_in
from edge_node.imaging.quality import doubts, refuse_empty

THUMB_PX = 240
VIEW_PX = 1100
_CODE_LENGTH_MAX = 1_000
_CODES_MAX = 8


def look(content: bytes, arguments: dict[str, Any]) -> bytes:
    """Look at the pages `first` … `first + count - 1` of a file: small pictures, codes, doubts; a `LookReport`."""
    cv2.setNumThreads(1)
    limits = msgspec.convert(arguments["limits"], DecodeLimits)
    try:
        page_count, pages, _ = read_frames(content, limits, int(arguments["first"]), int(arguments["count"]))
        report = LookReport(page_count=page_count, pages=tuple(_look(page) for page in pages))
    except Refusal as refusal:
        report = LookReport(refusal=refusal.reason, detail=refusal.detail)
    return msgspec.msgpack.encode(report)


def _look(page: DecodedPage) -> PageLook:
    with PillowImage.open(io.BytesIO(page.content), formats=["JPEG", "PNG"]) as opened:
        picture = opened.convert("RGB")
    pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    is_blank, advice = _verdict(pixels, page.dpi)
    sheet = None if is_blank else sheet_in(pixels)
    codes = [code.text for code in find_codes(pixels) if len(code.text) <= _CODE_LENGTH_MAX]
    return PageLook(
        frame=page.source_frame, width_px=page.width_px, height_px=page.height_px, digest=hashlib.sha256(page.content).digest(),
        thumb=_shrunk(picture, THUMB_PX), view=_shrunk(picture, VIEW_PX), codes=tuple(codes[:_CODES_MAX]), is_blank=is_blank,
        doubts=advice, corners=sheet.corners if sheet else (), sheet_dpi=sheet.dpi if sheet else 0,
        print=b"" if is_blank else fingerprint(pixels),
    )  # fmt: skip


def _verdict(pixels: np.ndarray[Any, np.dtype[np.uint8]], dpi: int) -> tuple[bool, tuple[str, ...]]:
    """(blank, what the clerk should look at while the paper is still on the desk)."""
    try:
        refuse_empty(pixels)
    except BlankPage:
        return True, ()
    except ImageProblem as problem:
        return False, (problem.clerk_sentence,)
    return False, tuple(one.sentence for one in doubts(pixels, dpi or 200))


def _shrunk(picture: Image, side_px: int) -> bytes:
    small = picture.copy()
    small.thumbnail((side_px, side_px), Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()
