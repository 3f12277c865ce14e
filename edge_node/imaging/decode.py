"""Pictures in: bytes or arrays of any common kind become one page, `(height, width, 3) uint8, BGR`.

The size is known before the pixels are decoded, so that a small file cannot unfold into gigabytes. Runs inside the reading worker,
whose memory is limited besides.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.errors import NotAPicture, PictureTooLarge, PictureTooSmall, SeveralFrames, StrangeArray
from edge_node.imaging.limits import MAX_PIXELS, MAX_SIDE_PX, MIN_SIDE_PX

Page = NDArray[np.uint8]
"""`(height, width, 3) uint8`, BGR, origin top-left."""

Grey = NDArray[np.uint8]
"""`(height, width) uint8`, 0 = black."""


_INTEGER_TOPS = (255.0, 4095.0, 65535.0)
_FLOAT_TOPS = (1.0, *_INTEGER_TOPS)
"""What white may be in a picture of wide numbers: the lowest that holds its brightest pixel."""

_TWELVE_BITS = 4096


def page_from_bytes(image: bytes) -> Page:
    """Decode one picture; EXIF rotation is applied, transparency becomes white paper, 16 bits become 8.

    Raises:
        NotAPicture: the bytes are no picture, or are cut off.
        PictureTooLarge: beyond `MAX_PIXELS` or `MAX_SIDE_PX`; nothing was decoded.
        PictureTooSmall: below `MIN_SIDE_PX`.
        SeveralFrames: more than one page in one file.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit below is stricter and has a sentence for the clerk
    try:
        with Image.open(io.BytesIO(image)) as opened:
            _check_size(*opened.size)
            frames = getattr(opened, "n_frames", 1)
            if frames > 1 and opened.format != "MPO":  # MPO: a phone's photo with its preview
                raise SeveralFrames(frames=frames)
            ImageOps.exif_transpose(opened, in_place=True)  # a picture that lies right is not copied for it
            return page_from_array(_eight_bit(opened))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as cause:
        raise NotAPicture(size_bytes=len(image)) from cause


def _eight_bit(picture: Any) -> NDArray[Any]:
    """A Pillow picture of any mode as a grey, BGR or 16-bit array."""
    import cv2
    from PIL import Image

    if picture.mode.startswith("I;16"):
        return np.asarray(picture, dtype=np.uint16)
    if picture.mode in ("I", "F"):
        raw = np.nan_to_num(np.asarray(picture, dtype=np.float64), nan=np.inf, neginf=0.0)  # where nothing was measured is paper
        most = raw[np.isfinite(raw)].max(initial=0)
        top = next(top for top in (_FLOAT_TOPS if picture.mode == "F" else _INTEGER_TOPS) if most <= top or top == 65535.0)
        return np.clip(raw * (255.0 / top), 0, 255).astype(np.uint8)
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))
    if "A" in picture.getbands() or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return np.asarray(
        cv2.cvtColor(np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB")), cv2.COLOR_RGB2BGR)
    )


def page_from_array(array: NDArray[Any]) -> Page:
    """A grey, BGR or BGRA array of 1, 8 or 16 bits as a page. The array itself is never written to.

    Raises:
        StrangeArray: other shapes or kinds of number, among them a stack of several pages.
        PictureTooLarge, PictureTooSmall: outside the limits.
    """
    kind = array.dtype
    if (
        array.ndim not in (2, 3)
        or (array.ndim == 3 and array.shape[2] not in (1, 3, 4))
        or kind
        not in (
            np.uint8,
            np.uint16,
            np.bool_,
        )
    ):
        raise StrangeArray(shape=tuple(array.shape), kind=str(kind))
    _check_size(array.shape[1], array.shape[0])
    if kind == np.uint16:
        array = (array >> (4 if array.max() < _TWELVE_BITS else 8)).astype(np.uint8)  # 12 bits in 16 would be black
    elif kind == np.bool_:
        array = array.astype(np.uint8) * 255
    if array.ndim == 2:
        array = array[:, :, None]
    if array.shape[2] == 4:
        opacity = array[:, :, 3:].astype(np.uint16)
        array = ((array[:, :, :3] * opacity + 255 * (255 - opacity)) // 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(array, (*array.shape[:2], 3)))


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise PictureTooLarge(width_px=width, height_px=height)
    if min(width, height) < MIN_SIDE_PX:
        raise PictureTooSmall(width_px=width, height_px=height)
