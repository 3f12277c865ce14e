"""Pictures in: bytes or arrays of any common kind become one page, `(height, width, 3) uint8, BGR`.

The size is known before the pixels are decoded, so that a small file cannot unfold into gigabytes. A page that is only read is shrunk
while it is decoded: a picture of 80 million pixels is held once, as the decoder holds it, and a JPEG not even that. Runs inside the reading
worker, whose memory is limited besides.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.errors import NotAPicture, PictureTooLarge, PictureTooSmall, SeveralFrames, StrangeArray
from edge_node.imaging.geometry import Transform
from edge_node.imaging.limits import MAX_DECODING_BYTES, MAX_PIXELS, MAX_SIDE_PX, MIN_SIDE_PX, READING_SIDE_PX
from edge_node.imaging.shrinking import STEPS, Rows, in_strips
from edge_node.imaging.unfolding import held_bytes

Page = NDArray[np.uint8]
"""`(height, width, 3) uint8`, BGR, origin top-left."""

Grey = NDArray[np.uint8]
"""`(height, width) uint8`, 0 = black."""


_INTEGER_TOPS = (255.0, 4095.0, 65535.0)
_FLOAT_TOPS = (1.0, *_INTEGER_TOPS)
"""What white may be in a picture of wide numbers: the lowest that holds its brightest pixel."""

_TWELVE_BITS = 4096

_ORIENTATION = 0x0112

_UPRIGHT: dict[int, Callable[[Page], Page]] = {
    2: lambda page: page[:, ::-1],
    3: lambda page: page[::-1, ::-1],
    4: lambda page: page[::-1],
    5: lambda page: page.transpose(1, 0, 2),
    6: lambda page: page.transpose(1, 0, 2)[:, ::-1],
    7: lambda page: page.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda page: page.transpose(1, 0, 2)[::-1],
}
"""What undoes EXIF's orientation, by its number (Exif 2.32, 4.6.4.A): on the page that is kept, since Pillow would hold the whole picture twice."""

_ON_ITS_SIDE = 5
"""Orientation from which width and height are exchanged."""


@dataclass(frozen=True)
class Decoded:
    """A picture made ready for reading.

    Attributes:
        page: the picture, its longest side at most `READING_SIDE_PX`.
        width_px, height_px: of the picture itself, as it is shown.
    """

    page: Page
    width_px: int
    height_px: int

    @property
    def to_picture(self) -> Transform:
        """Maps points of `page` to the picture."""
        height, width = self.page.shape[:2]
        return Transform(self.width_px / width, 0, 0, 0, self.height_px / height, 0)

    def turned(self, turns: int) -> Decoded:
        """As it is shown after quarter turns clockwise."""
        if turns % 4 == 0:
            return self
        page = np.ascontiguousarray(np.rot90(self.page, -turns))
        return Decoded(page, self.height_px, self.width_px) if turns % 2 else replace(self, page=page)


def page_from_bytes(image: bytes) -> Page:
    """Decode one picture at its full size; EXIF rotation is applied, transparency becomes white paper, 16 bits become 8.

    Raises:
        NotAPicture: the bytes are no picture, or are cut off.
        PictureTooLarge: beyond `MAX_PIXELS` or `MAX_SIDE_PX`, or its kind of file would need too much memory; nothing was decoded.
        PictureTooSmall: below `MIN_SIDE_PX`.
        SeveralFrames: more than one page in one file.
    """
    return _decoded(image, None).page


def for_reading(image: bytes | NDArray[Any]) -> Decoded:
    """The same for file bytes or an array, no larger than what is read.

    Raises:
        NotAPicture, PictureTooLarge, PictureTooSmall, SeveralFrames, StrangeArray: as of `page_from_bytes` and `page_from_array`.
    """
    if isinstance(image, bytes):
        return _decoded(image, READING_SIDE_PX)
    _check_array(image)
    height, width = image.shape[:2]
    return Decoded(_page(image, READING_SIDE_PX), width, height)


def page_from_array(array: NDArray[Any]) -> Page:
    """A grey, BGR or BGRA array of 1, 8 or 16 bits as a page. The array itself is never written to.

    Raises:
        StrangeArray: other shapes or kinds of number, among them a stack of several pages.
        PictureTooLarge, PictureTooSmall: outside the limits.
    """
    _check_array(array)
    return _page(array, None)


def _decoded(image: bytes, side_px: int | None) -> Decoded:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit below is stricter and has a sentence for the clerk
    try:
        with Image.open(io.BytesIO(image)) as opened:
            width, height = opened.size
            _check_size(width, height)
            frames = getattr(opened, "n_frames", 1)
            if frames > 1 and opened.format != "MPO":  # MPO: a phone's photo with its preview
                raise SeveralFrames(frames=frames)
            if side_px is not None and opened.format in ("JPEG", "MPO"):
                _ask_for_less(opened, side_px)
            if held_bytes(opened, (width, height), image) + len(image) > MAX_DECODING_BYTES:
                raise PictureTooLarge(width_px=width, height_px=height)
            opened.load()
            page = in_strips(_rows_of(opened), *opened.size, side_px)
            way = opened.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as cause:
        raise NotAPicture(size_bytes=len(image)) from cause
    if way not in _UPRIGHT:
        return Decoded(page, width, height)
    page = np.ascontiguousarray(_UPRIGHT[way](page))
    return Decoded(page, height, width) if way >= _ON_ITS_SIDE else Decoded(page, width, height)


def _ask_for_less(jpeg: Any, side_px: int) -> None:
    """Let the library decode only a half, a quarter or an eighth of each side, as long as the copy gets no smaller than by shrinking."""
    width, height = jpeg.size
    part = next((part for part in (8, 4, 2) if part * side_px * STEPS // (STEPS + 1) <= max(width, height)), None)
    if part is not None:
        jpeg.draft(jpeg.mode, (width // part, height // part))


def _rows_of(picture: Any) -> Rows:
    """The rows of a decoded Pillow picture of any mode, by strips."""
    eight_bit = _eight_bit(picture)
    return lambda top, bottom: _bgr(eight_bit(picture.crop((0, top, picture.width, bottom))))


def _eight_bit(picture: Any) -> Callable[[Any], NDArray[np.uint8]]:
    """How strips of a Pillow picture of this mode become grey or BGR arrays of 8 bits."""
    if picture.mode.startswith("I;16"):
        shift = _shift(picture.getextrema()[1])
        return lambda strip: (np.asarray(strip, dtype=np.uint16) >> shift).astype(np.uint8)
    if picture.mode in ("I", "F"):
        return _wide_numbers(picture)
    if picture.mode in ("1", "L"):
        return lambda strip: np.asarray(strip.convert("L"))
    return _on_white if "A" in picture.getbands() or "transparency" in picture.info else _coloured


def _wide_numbers(picture: Any) -> Callable[[Any], NDArray[np.uint8]]:
    """The same for 32 bits, whole or not: what is white is told by the brightest pixel of the whole picture."""

    def raw(strip: Any) -> NDArray[np.float64]:
        found = np.asarray(strip, dtype=np.float64)
        return np.nan_to_num(found, nan=np.inf, neginf=0.0)  # where nothing was measured is paper

    def brightest(top: int) -> float:
        strip = raw(picture.crop((0, top, picture.width, min(picture.height, top + 256))))
        return float(strip[np.isfinite(strip)].max(initial=0))

    most = max(brightest(top) for top in range(0, picture.height, 256))
    white = next(top for top in (_FLOAT_TOPS if picture.mode == "F" else _INTEGER_TOPS) if most <= top or top == 65535.0)
    return lambda strip: np.clip(raw(strip) * (255.0 / white), 0, 255).astype(np.uint8)


def _on_white(strip: Any) -> NDArray[np.uint8]:
    from PIL import Image

    rgba = strip.convert("RGBA")
    return _coloured(Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba))


def _coloured(strip: Any) -> NDArray[np.uint8]:
    import cv2

    rgb = np.asarray(strip if strip.mode == "RGB" else strip.convert("RGB"))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _check_array(array: NDArray[Any]) -> None:
    kind = array.dtype
    is_flat = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (1, 3, 4))
    if not is_flat or kind not in (np.uint8, np.uint16, np.bool_):
        raise StrangeArray(shape=tuple(array.shape), kind=str(kind))
    _check_size(array.shape[1], array.shape[0])


def _page(array: NDArray[Any], side_px: int | None) -> Page:
    if array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 3 and (side_px is None or max(array.shape) <= side_px):
        return np.ascontiguousarray(array)
    shift = _shift(int(array.max())) if array.dtype == np.uint16 else 0

    def rows(top: int, bottom: int) -> NDArray[np.uint8]:
        strip = array[top:bottom]
        return _bgr((strip >> shift).astype(np.uint8) if shift else strip.astype(np.uint8) * (255 if strip.dtype == np.bool_ else 1))

    return in_strips(rows, array.shape[1], array.shape[0], side_px)


def _shift(brightest: int) -> int:
    """Bits to drop from 16: 12 bits in 16 would be black."""
    return 4 if brightest < _TWELVE_BITS else 8


def _bgr(strip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey, BGR or BGRA as BGR on white."""
    if strip.ndim == 2:
        strip = strip[:, :, None]
    if strip.shape[2] == 4:
        opacity = strip[:, :, 3:].astype(np.uint16)
        strip = ((strip[:, :, :3] * opacity + 255 * (255 - opacity)) // 255).astype(np.uint8)
    return np.broadcast_to(strip, (*strip.shape[:2], 3))


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise PictureTooLarge(width_px=width, height_px=height)
    if min(width, height) < MIN_SIDE_PX:
        raise PictureTooSmall(width_px=width, height_px=height)
