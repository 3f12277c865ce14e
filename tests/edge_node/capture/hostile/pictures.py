"""Pictures of rare kinds: inside PDFs, of odd depth, lying on their side; and PDFs whose tables go round in circles."""

from __future__ import annotations

import functools
import io
import struct
import zlib

import pikepdf
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

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
    scan_pdf,
    sheet,
    squeeze,
    tiff_of,
    zip_of,
)
from tests.edge_node.capture.hostile.case import add, case

WHITE_OR_DAMAGED = ("", "CAP-004")  # a picture inside a PDF that only some readers can draw: whole, or refused


def with_picture(
    entries: bytes, body: bytes, *, colours: bytes = b"/DeviceGray", bits: int = 8, size: tuple[int, int] = (40, 40)
) -> bytes:
    """A page that is one picture, written by hand."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    image = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent %d" % (*size, colours, bits)
    return raw_pdf(
        CATALOGUE, PAGES, page, raw_stream(b"q 200 0 0 280 0 0 cm /I Do Q"), raw_stream(body, image + entries)
    )


def sized(entries: bytes, body: bytes, colours: bytes) -> bytes:
    return with_picture(entries, body, colours=colours, size=(620, 877))


def jpeg_2000() -> bytes:
    return picture_bytes(sheet(), "JPEG2000")


add("jpeg_2000_inside_pdf", "colour", lambda: sized(b"/Filter/JPXDecode", jpeg_2000(), b"/DeviceRGB"))
add(
    "cmyk_inside_pdf",
    "colour",
    lambda: sized(b"/Filter/DCTDecode", picture_bytes(sheet().convert("CMYK"), "JPEG"), b"/DeviceCMYK"),
)
add(
    "fax_of_noise_inside_pdf",
    "malformed",
    lambda: with_picture(b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 40/Rows 40>>", b"\xaa" * 90, bits=1),
    *WHITE_OR_DAMAGED,
)
add(
    "jpeg_2000_cut_inside_pdf",
    "truncated",
    lambda: sized(b"/Filter/JPXDecode", jpeg_2000()[:400], b"/DeviceRGB"),
    "CAP-004",
)
add(
    "jbig2_of_noise_inside_pdf",
    "malformed",
    lambda: with_picture(b"/Filter/JBIG2Decode", b"\0" * 40 + b"\xff" * 300, bits=1),
    "CAP-004",
)
add("jbig2_of_nothing_inside_pdf", "malformed", lambda: with_picture(b"/Filter/JBIG2Decode", b"", bits=1), "CAP-004")
add("unknown_filter_inside_pdf", "malformed", lambda: with_picture(b"/Filter/Nonsense", b"\xaa" * 1600), "CAP-004")
add(
    "broken_flate_inside_pdf",
    "malformed",
    lambda: with_picture(b"/Filter/FlateDecode", b"not deflated at all " * 20),
    "CAP-004",
)
add(
    "sixteen_bits_of_colour_png",
    "colour",
    lambda: png_of(30, 40, depth=16, data=zlib.compress((b"\0" + bytes(range(180))) * 40)),
)
add("interlaced_png_bomb", "bombs", lambda: _interlaced(30_000, 30_000), "CAP-008")
add("interlaced_png_that_lies_about_its_size", "bombs", lambda: _interlaced(8_900, 8_900), "CAP-004", "CAP-009")
add("big_tiff", "harmless", lambda: picture_bytes(sheet(), "TIFF", big_tiff=True))
add("arithmetic_jpeg", "colour", lambda: _frame_kind(0xC9), "", "CAP-004")
add("lossless_jpeg", "colour", lambda: _frame_kind(0xC3), "CAP-004")
add("jpeg_of_twelve_bits", "colour", lambda: jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), "CAP-004")
for _turn in range(2, 9):
    add(
        f"photo_lying_as_{_turn}",
        "metadata",
        functools.partial(lambda turn: picture_bytes(sheet(), "JPEG", exif=_orientation(turn)), _turn),
    )
add("avif_picture", "wrong type", lambda: b"\0\0\0\x1cftypavif" + b"\0" * 99, "CAP-002")
add("jpeg_xl_picture", "wrong type", lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0" * 99, "CAP-002")
add("bare_jpeg_2000", "wrong type", jpeg_2000, "CAP-002")
add("word_document", "archives", lambda: b"PK\3\4" + b"\0" * 26 + b"word/document.xml", "CAP-002")
add("form_data", "wrong type", lambda: b"%FDF-1.2\n1 0 obj\n<<>>\nendobj\n", "CAP-002")
add("zip_before_pdf", "polyglot", lambda: zip_of() + pdf_of(), "CAP-002")
add("jpeg_start_before_pdf", "polyglot", lambda: b"\xff\xd8\xff\xe0" + pdf_of(), "CAP-004", "CAP-010")
add(
    "pdf_inside_jpeg_comment",
    "polyglot",
    lambda: picture_bytes(sheet(), "JPEG", comment=raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(b""))),
    "",
    "CAP-010",
)
add("table_that_points_at_itself", "malformed", lambda: _looping_table(), "", "CAP-004")
add("table_of_two_thousand_million", "malformed", lambda: _huge_table(), "", "CAP-004")
add(
    "object_stream_that_extends_itself",
    "malformed",
    lambda: raw_pdf(
        CATALOGUE, PAGES, PAGE, raw_stream(b""), raw_stream(b"9 0 <<>>", b"/Type/ObjStm/N 1/First 4/Extends 5 0 R")
    ),
    "",
    "CAP-004",
)
add(
    "form_that_draws_itself",
    "malformed",
    lambda: _self_drawing(
        b"/F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>", b"/XObject<</F 5 0 R>>"
    ),
    "",
    "CAP-004",
    "CAP-009",
)
add("sheet_without_area", "malformed", lambda: _sheet(b"[0 0 0 0]"), "", "CAP-004")
add("sheet_of_endless_width", "malformed", lambda: _sheet(b"[0 0 1e40 280]"), "", "CAP-004", "CAP-008")
add("sheet_upside_down", "harmless", lambda: _sheet(b"[200 280 0 0]"))


@case("harmless")
def scan_with_later_revision() -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(scan_pdf()))
    writer.root["/Lang"] = generic.TextStringObject("vi")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


add("tiff_of_mixed_sizes", "multi-frame", lambda: tiff_of([sheet(), sheet(300, 400), sheet(400, 300)]), pages=3)


def _interlaced(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", squeeze(4 << 20)) + chunk(b"IEND", b"")


def _frame_kind(marker: int) -> bytes:
    content = bytearray(jpeg())
    content[content.index(b"\xff\xc0") + 1] = marker
    return bytes(content)


def _orientation(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = turn
    return exif


def _plain() -> bytes:
    return pdf_of(object_stream_mode=pikepdf.ObjectStreamMode.disable)


def _looping_table() -> bytes:
    content = _plain()
    at = int(content[content.rindex(b"startxref") + 9 :].split()[0])
    return content.replace(b"/Size", b"/Prev %d /Size" % at, 1)


def _huge_table() -> bytes:
    content = _plain()
    at = content.index(b"xref\n0 ")
    return content[:at] + b"xref\n0 2000000000\n" + content[content.index(b"\n", at + 5) + 1 :]


def _self_drawing(body: bytes, entries: bytes, resources: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<<" + resources + b">>>>"
    return raw_pdf(CATALOGUE, PAGES, page, raw_stream(b"/F Do"), raw_stream(body, entries))


def _sheet(box: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox" + box + b"/Contents 4 0 R/Resources<<>>>>"
    return raw_pdf(CATALOGUE, PAGES, page, raw_stream(b"0 0 50 50 re f"))
