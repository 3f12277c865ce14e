"""What a picture becomes in memory while Pillow decodes it, told from its header alone.

Most kinds of file are decoded row by row into Pillow's own picture. A JPEG that comes in several scans is held whole as coefficients besides,
a TIFF strip by strip, and what the other libraries hold was measured (2026-11-30: WebP 13 bytes a pixel, JPEG 2000 four for each channel).
"""

from __future__ import annotations

from typing import Any

_ROW_BY_ROW = ("PNG", "GIF", "BMP", "PPM")
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1}
_ROWS_PER_STRIP, _BITS_PER_SAMPLE, _SAMPLES_PER_PIXEL, _ORIENTATION = 278, 258, 277, 274


def held_bytes(picture: Any, full_size: tuple[int, int], file: bytes) -> int:
    """Bytes that decoding this opened Pillow picture will hold at once, beside the file itself.

    `full_size`: width and height as the file states them; a JPEG may already have been asked for less.
    """
    own: int = _pixels(picture.size) * (2 if picture.mode.startswith("I;16") else _PIXEL_BYTES.get(picture.mode, 4))
    if picture.format in ("JPEG", "MPO"):
        return own + (_coefficient_bytes(picture, full_size) if _has_several_scans(picture, file) else 0)
    if picture.format == "TIFF":
        return own * (1 if picture.tag_v2.get(_ORIENTATION, 1) == 1 else 2) + _strip_bytes(picture)
    return own if picture.format in _ROW_BY_ROW else own + _pixels(picture.size) * 4 * max(3, len(picture.getbands()))


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _has_several_scans(picture: Any, file: bytes) -> bool:
    """Whether the coefficients of a JPEG come in more than one scan: the header that Pillow has just read does not name all channels."""
    channels, end = len(picture.layer), picture.fp.tell()
    header = bytes([0, 6 + 2 * channels, channels])
    return "progressive" in picture.info or file[end - 6 - 2 * channels : end - 3 - 2 * channels] != header


def _coefficient_bytes(picture: Any, full_size: tuple[int, int]) -> int:
    """Two bytes for each coefficient of each channel."""
    parts = [int(across * down) for _, across, down, _ in picture.layer]
    return _pixels(full_size) * 2 * sum(parts) // max(parts)


def _strip_bytes(picture: Any) -> int:
    """The largest strip of a compressed TIFF, or nothing: without compression rows are read as they stand."""
    if picture.tile and picture.tile[0][0] == "raw":
        return 0
    width, height = picture.size
    rows = min(max(width, height), int(picture.tag_v2.get(_ROWS_PER_STRIP, height)))
    bits = int(max(picture.tag_v2.get(_BITS_PER_SAMPLE, (8,))))
    samples = int(picture.tag_v2.get(_SAMPLES_PER_PIXEL, 1))
    return int(rows * width * samples * bits // 8)
