"""Files that unfold into more than anybody can hold."""

from __future__ import annotations

import struct
import zlib

from pikepdf import Array
from PIL import Image

from tests.edge_node.capture.hostile.blocks import (
    CATALOGUE,
    PAGE,
    PAGES,
    chunk,
    jpeg,
    pdf_of,
    picture_bytes,
    png_of,
    raw_pdf,
    raw_stream,
    squeeze,
    tiff_of,
)
from tests.edge_node.capture.hostile.case import add

BOMB = ("CAP-008", "CAP-009")
add("png_of_four_gigapixels", "bombs", lambda: png_of(65_535, 65_535), "CAP-008")
add("png_one_pixel_too_wide", "bombs", lambda: png_of(20_001, 10), "CAP-008")
add("png_of_81_megapixels", "bombs", lambda: png_of(9000, 9001, data=squeeze(4 << 20)), "CAP-008")
add(
    "png_text_bomb", "bombs", lambda: png_of(40, 40, chunk(b"zTXt", b"a\0\0" + squeeze(64 << 20))), "CAP-009", "CAP-004"
)
add(
    "png_profile_bomb",
    "bombs",
    lambda: png_of(40, 40, chunk(b"iCCP", b"a\0\0" + squeeze(64 << 20))),
    "CAP-009",
    "CAP-004",
)
add("png_data_beyond_its_size", "bombs", lambda: png_of(40, 40, data=squeeze(256 << 20)), "", "CAP-004", "CAP-009")
add("jpeg_of_four_gigapixels", "bombs", lambda: _resized_jpeg(65_500, 65_500), *BOMB)
add("jpeg_scan_bomb", "bombs", lambda: _scan_bomb(6000), "CAP-009")
add("tiff_of_four_gigapixels", "bombs", lambda: _tiff_with_size(60_000, 60_000), "CAP-008", "CAP-004")
add("tiff_of_too_many_frames", "multi-frame", lambda: tiff_of([Image.new("1", (8, 8))] * 201), "CAP-007")
add("pdf_flate_bomb", "bombs", lambda: _content_bomb(1), "CAP-009")
add("pdf_double_flate_bomb", "bombs", lambda: _content_bomb(2), "CAP-009")
add("pdf_many_middle_bombs", "bombs", lambda: _middle_bombs(), "CAP-009")
add("pdf_form_bomb", "bombs", lambda: _form_bomb(), "CAP-009")
add("pdf_object_stream_bomb", "bombs", lambda: _object_stream_bomb(), "CAP-009", "CAP-004")
add("pdf_image_of_four_gigapixels", "bombs", lambda: _image_pdf(60_000, 60_000), "CAP-008")
add(
    "pdf_huge_sheet",
    "bombs",
    lambda: pdf_of(lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 14_400, 14_400]))),
    "CAP-008",
)
add(
    "pdf_sheet_with_user_unit",
    "bombs",
    lambda: pdf_of(lambda pdf: pdf.pages[0].obj.__setitem__("/UserUnit", 5000)),
    "",
    "CAP-008",
    "CAP-009",
)
add(
    "pdf_deep_nesting",
    "malformed",
    lambda: raw_pdf(CATALOGUE, PAGES, PAGE, b"[" * 9000 + b"]" * 9000),
    "CAP-004",
    "CAP-009",
)
add(
    "pdf_deep_dictionaries",
    "malformed",
    lambda: raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R/X" + b"<</X" * 400 + b" 1" + b">>" * 400 + b">>", PAGES, PAGE, raw_stream(b"")
    ),
    "CAP-004",
    "CAP-009",
)
add("pdf_path_bomb", "bombs", lambda: _content_pdf(b"0 0 m " + b"200 280 l 0 0 l " * 1_500_000 + b"S"), "", "CAP-009")


def _resized_jpeg(width: int, height: int) -> bytes:
    content = bytearray(jpeg())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def _scan_bomb(scans: int) -> bytes:
    content = picture_bytes(Image.new("L", (4000, 4000), 128), "JPEG", progressive=True)
    start, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    return content[:end] + content[start:end] * scans + b"\xff\xd9"


def _tiff_with_size(width: int, height: int) -> bytes:
    content = bytearray(picture_bytes(Image.new("L", (16, 16)), "TIFF"))
    directory = struct.unpack_from("<I", content, 4)[0]
    for at in range(directory + 2, directory + 26, 12):
        tag = struct.unpack_from("<H", content, at)[0]
        if tag in (256, 257):
            struct.pack_into("<HII", content, at + 2, 4, 1, width if tag == 256 else height)
    return bytes(content)


def _content_pdf(body: bytes) -> bytes:
    return raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(zlib.compress(body), b"/Filter/FlateDecode"))


def _content_bomb(rounds: int) -> bytes:
    names = b"/Filter[" + b"/FlateDecode" * rounds + b"]"
    return raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(squeeze(300 << 20, rounds), names))


def _middle_bombs() -> bytes:
    body = raw_stream(squeeze(60 << 20), b"/Filter/FlateDecode")
    return raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(b""), *[body] * 12)


def _form_bomb() -> bytes:
    forms = []
    for level in range(12):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (level + 6)
        forms.append(raw_stream(b"/F Do " * 12, b"/Type/XObject/Subtype/Form/BBox[0 0 200 280]" + inner))
    last = raw_stream(b"0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 280]")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    return raw_pdf(CATALOGUE, PAGES, page, raw_stream(b"/F Do"), *forms, last)


def _object_stream_bomb() -> bytes:
    packed = squeeze(800 << 20)
    bomb = raw_stream(packed, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    out = bytearray(b"%PDF-1.7\n")
    place = len(out)
    out += b"5 0 obj\n" + bomb + b"\nendobj\n"
    start = len(out)
    rows = [(0, 0, 0), (2, 5, 0), (2, 5, 1), (0, 0, 0), (0, 0, 0), (1, place, 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    out += b"6 0 obj\n" + raw_stream(table, b"/Type/XRef/W[1 4 1]/Size 7/Root 1 0 R") + b"\nendobj\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _image_pdf(width: int, height: int) -> bytes:
    image = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    return raw_pdf(CATALOGUE, PAGES, page, raw_stream(b"/I Do"), raw_stream(squeeze(8 << 20), image % (width, height)))
