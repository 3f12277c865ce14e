"""A page that is nothing but a scan: its JPEG is taken out as the scanner made it.

Runs inside the sandbox. A page is "a scan" when it paints exactly one JPEG over the whole sheet and, besides, only
invisible text (an OCR layer). Anything drawn on top, such as a signature stamp, makes it a page to render.
"""

from __future__ import annotations

import io

import pikepdf
from PIL import Image as PillowImage

from edge_node.capture.jpeg_stream import read_jpeg_stream
from edge_node.capture.raster import check_size, make_page
from edge_node.capture.untrusted import DecodedPage, DecodeLimits, Refusal

_POINTS_PER_INCH = 72
_CONTENT_BYTES_MAX = 1 << 20
_JPEG_TAIL_MAX = 64
_QUIET_OPERATORS = frozenset(
    ("q", "Q", "gs", "BMC", "BDC", "EMC", "MP", "DP", "BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL")
    + ("Ts", "Tj", "TJ", "'", '"', "i", "j", "J", "M", "w", "d", "ri")
)
_SHOWING_TEXT = ("Tj", "TJ", "'", '"')
_INVISIBLE = 3


def scan_of(page: pikepdf.Page, number: int, limits: DecodeLimits) -> DecodedPage | None:
    """The page's own JPEG when the page is nothing but that, else None.

    Raises:
        Refusal: `damaged`, `image_too_big` or `too_complex`, for the JPEG itself.
    """
    if int(page.obj.get("/Rotate", 0)) % 360 or "/Annots" in page.obj or "/UserUnit" in page.obj:
        return None
    painted = _painted_image(page)
    if painted is None:
        return None
    image, matrix = painted
    width_pt = _sheet_width_pt(page, matrix)
    if width_pt is None or not _is_plain_jpeg(image):
        return None
    check_size(int(image.Width), int(image.Height), limits)
    raw = image.read_raw_bytes()
    stream = read_jpeg_stream(raw, scans_max=limits.jpeg_scans)
    if len(stream.tail.strip(b"\0\r\n")) > _JPEG_TAIL_MAX:
        # An end mark in the middle: decoders fill the rest of the sheet with grey and say nothing.
        raise Refusal("damaged", "jpeg inside pdf ends early")
    if not stream.is_common:
        return None
    with PillowImage.open(io.BytesIO(raw), formats=["JPEG"]) as picture:
        if picture.mode not in ("L", "RGB"):
            return None
        check_size(picture.width, picture.height, limits)
        try:
            picture.load()
        except OSError as problem:
            raise Refusal("damaged", "jpeg inside pdf") from problem
        dpi = round(picture.width * _POINTS_PER_INCH / width_pt)
        return make_page(picture, stream.clean, "image/jpeg", dpi, number, "unchanged")


def _is_plain_jpeg(image: pikepdf.Object) -> bool:
    filters = image.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    masked = any(key in image for key in ("/SMask", "/Mask", "/Decode", "/ImageMask", "/DecodeParms"))
    colours = image.get("/ColorSpace")
    if isinstance(colours, pikepdf.Array) and colours[0] == "/ICCBased":
        is_plain_colour = int(colours[1].get("/N", 0)) in (1, 3)
    else:
        is_plain_colour = colours in ("/DeviceRGB", "/DeviceGray")
    return bool(filters == "/DCTDecode" and not masked and is_plain_colour)


def _painted_image(page: pikepdf.Page) -> tuple[pikepdf.Object, pikepdf.Matrix] | None:
    """The only thing the page paints, with its placement; None when it paints anything else."""
    contents = page.obj.get("/Contents")
    pieces = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if any(not isinstance(piece, pikepdf.Stream) or len(piece.read_bytes()) > _CONTENT_BYTES_MAX for piece in pieces):
        return None
    found: tuple[pikepdf.Object, pikepdf.Matrix] | None = None
    matrix, saved, text_mode = pikepdf.Matrix(), [], 0
    images = page.obj.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "cm":
            matrix = pikepdf.Matrix(*(float(value) for value in operands)) @ matrix
        elif name == "Tr":
            text_mode = int(operands[0])
        elif name == "Do":
            if found is not None or str(images[str(operands[0])].get("/Subtype")) != "/Image":
                return None
            found = images[str(operands[0])], matrix
        elif name not in _QUIET_OPERATORS or (name in _SHOWING_TEXT and text_mode != _INVISIBLE):
            return None
        elif name == "q":
            saved.append((matrix, text_mode))
        elif name == "Q" and saved:
            matrix, text_mode = saved.pop()
    return found


def _sheet_width_pt(page: pikepdf.Page, matrix: pikepdf.Matrix) -> float | None:
    """Width of the picture in points when it lies upright over the whole sheet (2 % tolerance), else None."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    is_upright = abs(matrix.b) < 1e-6 and abs(matrix.c) < 1e-6 and matrix.a > 0 and matrix.d > 0
    tolerance = 0.02 * max(right - left, top - bottom)
    corners = (matrix.e - left, matrix.f - bottom, matrix.e + matrix.a - right, matrix.f + matrix.d - top)
    return matrix.a if is_upright and all(abs(corner) <= tolerance for corner in corners) else None
