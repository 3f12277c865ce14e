"""Further files: odd but honest PDFs and pictures, actions and references of less known kinds, bombs in patterns and fonts, looped directories."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String
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
    scan_pdf,
    sheet,
    squeeze,
    tiff_of,
    with_annotation,
    with_root,
    zip_of,
)
from tests.edge_node.capture.hostile.case import add, case
from tests.edge_node.capture.hostile.pictures import with_picture

ACTIVE = "CAP-006"
_GREY = zlib.compress((b"\0" + b"\x80" * 120) * 40)

add("pdf_2_0", "harmless", lambda: pdf_of(force_version="2.0"))
add("linearised_pdf", "harmless", lambda: pdf_of(linearize=True, pages=3), pages=3)
add("pdf_written_for_people", "harmless", lambda: pdf_of(qdf=True))
add("pdf_with_cropped_page", "harmless", lambda: pdf_of(lambda pdf: _set(pdf, CropBox=Array([-10, -10, 150, 200]))))
add("pdf_opening_at_a_named_place", "harmless", lambda: with_root(OpenAction=String("a")))
add("pdf_with_layers", "harmless", lambda: with_root(OCProperties=Dictionary(OCGs=Array([]), D=Dictionary(Order=Array([])))))
add("pdf_with_page_labels", "harmless", lambda: with_root(PageLabels=Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))))
add("pdf_with_note", "harmless", lambda: with_annotation(Subtype=Name.Text, Contents="ghi chú"))
add("pdf_with_inner_link", "harmless", lambda: with_annotation(Subtype=Name.Link, Dest=Array([0, Name.Fit])))
add("pdf_that_turns_to_the_next_page", "harmless", lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Named, N=Name.NextPage)))
add("pdf_with_spaces_behind", "harmless", lambda: pdf_of() + b"\r\n\r\n  \0\0")
add("scans_lying_on_their_side", "harmless", lambda: scan_pdf(2, lambda pdf, page: page.obj.__setitem__("/Rotate", 270)), pages=2)
add("grey_lzw_tiff", "harmless", lambda: tiff_of([sheet().convert("L")], compression="tiff_lzw"))
add("fax_3_tiff", "harmless", lambda: tiff_of([sheet().convert("1")], compression="group3"))
add("packbits_tiff", "harmless", lambda: tiff_of([sheet()], compression="packbits"))
add("deflated_tiff", "harmless", lambda: tiff_of([sheet()], compression="tiff_adobe_deflate"))
add("tiff_of_one_line_strips", "harmless", lambda: picture_bytes(Image.new("1", (64, 20_000)), "TIFF", tiffinfo={278: 1}))
add("progressive_jpeg_with_restarts", "harmless", lambda: picture_bytes(sheet(), "JPEG", progressive=True, restart_marker_blocks=8))
add("two_jpegs_in_a_row", "multi-frame", lambda: jpeg() + jpeg())
add("tiff_of_79_megapixels_of_nothing", "size", lambda: picture_bytes(Image.new("L", (8900, 8900)), "TIFF", compression="tiff_adobe_deflate"))
add("tiff_whose_exif_is_itself", "malformed", lambda: picture_bytes(Image.new("L", (16, 16)), "TIFF", tiffinfo={34665: 8}), "", "CAP-004")
add("tiff_whose_inner_directory_is_itself", "malformed", lambda: picture_bytes(Image.new("L", (16, 16)), "TIFF", tiffinfo={330: 8}), "", "CAP-004")
add("png_of_two_hundred_thousand_notes", "metadata", lambda: png_of(40, 40, *[chunk(b"tEXt", b"a\0b")] * 200_000, data=_GREY), "", "CAP-009")
add("png_translated_text_bomb", "bombs", lambda: png_of(40, 40, chunk(b"iTXt", b"a\0\1\0\0\0" + squeeze(64 << 20)), data=_GREY), "CAP-009", "CAP-004")
add("zip_in_a_jpeg_segment", "polyglot", lambda: _jpeg_with_segment(zip_of()), "CAP-010")
add("jpeg_without_a_height", "malformed", lambda: _jpeg_of_height(0), "CAP-004")
add("hiding_action", "active", lambda: with_annotation(Subtype=Name.Widget, A=Dictionary(S=Name.Hide, T="x")), ACTIVE)
add("resetting_action", "active", lambda: with_annotation(Subtype=Name.Widget, A=Dictionary(S=Name.ResetForm)), ACTIVE)
add("action_that_switches_layers", "active", lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.SetOCGState, State=Array([]))), ACTIVE)
add("thread_of_another_file", "active", lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Thread, F="x.pdf")), ACTIVE)
add("printing_on_opening", "active", lambda: with_root(OpenAction=Dictionary(S=Name.Named, N=Name.Print)), ACTIVE)
add("address_base", "active", lambda: with_root(URI=Dictionary(Base="http://a.invalid")), ACTIVE)
add("name_of_a_file_elsewhere", "active", lambda: with_root(AF=Array([Dictionary(Type=Name.Filespec, F="a.xml")])), ACTIVE)
add("form_from_another_file", "active", lambda: _drawing(Ref=Dictionary(F="\\\\a.invalid\\x.pdf", Page=0)), ACTIVE)
add("form_with_a_print_shop_file", "active", lambda: _drawing(OPI=Dictionary({"/2.0": Dictionary(F="x")})), ACTIVE)
add("postscript_form", "active", lambda: _drawing(Subtype=Name.PS), ACTIVE)
add("stream_in_another_file", "active", lambda: raw_pdf(CATALOGUE, PAGES, PAGE, b"<</Length 0/F(x)>>stream\n\nendstream"), ACTIVE)
add("script_behind_escapes_written_by_hand", "active", lambda: raw_pdf(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/#4a#61vaScript/J#53(x)>>>>", PAGES, PAGE, raw_stream(b"")), ACTIVE)
add("locked_stream", "encrypted", lambda: raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(b"abc", b"/Filter/Crypt")), "CAP-005")
add("twenty_filters", "bombs", lambda: _filtered([b"/ASCIIHexDecode"] * 20, b"30>"), "CAP-009")
add("text_then_flate_filter", "harmless", lambda: _filtered([b"/ASCII85Decode", b"/FlateDecode"], base64.a85encode(zlib.compress(b"0 0 9 9 re f")) + b"~>"))
add("run_length_noise", "malformed", lambda: raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(b"\x81 " * 3_000_000, b"/Filter/RunLengthDecode")), "CAP-004", "CAP-009")
add("thirty_tree_levels", "harmless", lambda: _levels(30))
add("three_thousand_tree_levels", "malformed", lambda: _levels(3000), "CAP-004", "CAP-009")
add("tiles_without_end", "bombs", lambda: _tiles(), "CAP-009")
add("inline_picture_of_four_gigapixels", "bombs", lambda: _content(b"q BI /W 60000 /H 60000 /BPC 8 /CS /RGB ID \0\0\0 EI Q"), "", "CAP-004", "CAP-008", "CAP-009")
add("jbig2_page_of_four_gigapixels", "bombs", lambda: _jbig2(60_000), "", "CAP-004", "CAP-009")
add("bytes_missing_in_the_middle_of_a_scan", "truncated", lambda: _without_middle(scan_pdf(3)), "CAP-004")


def _set(pdf: Pdf, **entries: Any) -> None:
    for key, value in entries.items():
        pdf.pages[0].obj[f"/{key}"] = value


def _content(body: bytes) -> bytes:
    return raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(body))


def _filtered(filters: list[bytes], body: bytes) -> bytes:
    return raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(body, b"/Filter[" + b" ".join(filters) + b"]"))


def _drawing(**entries: Any) -> bytes:
    """A page that draws one form with these entries."""

    def change(pdf: Pdf) -> None:
        whole = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 10, 10])} | entries
        form = pdf.make_stream(b"", **whole)
        _set(pdf, Resources=Dictionary(XObject=Dictionary(X=form)), Contents=pdf.make_stream(b"/X Do"))

    return pdf_of(change)


def _levels(depth: int) -> bytes:
    levels = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(depth)]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 200 280]>>" % (depth + 1)
    return raw_pdf(CATALOGUE, *levels, page)


def _tiles() -> bytes:
    """A pattern of a thousandth of a point over the whole page."""

    def change(pdf: Pdf) -> None:
        tile = pdf.make_stream(
            b"0 0 1 1 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 0.01, 0.01]),
            XStep=0.001, YStep=0.001, Resources=Dictionary(),
        )
        drawn = pdf.make_stream(b"/Pattern cs /P scn 0 0 200 280 re f")
        _set(pdf, Resources=Dictionary(Pattern=Dictionary(P=tile)), Contents=drawn)

    return pdf_of(change)


def _jbig2(side: int) -> bytes:
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    return with_picture(b"/Filter/JBIG2Decode", page, bits=1)


def _jpeg_with_segment(body: bytes) -> bytes:
    content = jpeg()
    return content[:2] + b"\xff\xef" + struct.pack(">H", len(body) + 2) + body + content[2:]


def _jpeg_of_height(height: int) -> bytes:
    content = bytearray(jpeg())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 7] = struct.pack(">H", height)
    return bytes(content)


def _without_middle(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[: middle - 400] + content[middle + 400 :]


@case("harmless")
def inherited_box_and_turn() -> bytes:
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 280]/Rotate 90>>"
    return raw_pdf(CATALOGUE, pages, b"<</Type/Page/Parent 2 0 R>>")


@case("harmless")
def interlaced_png() -> bytes:
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = b"".join((b"\0" + b"\x80" * width) * height for width, height in passes)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@case("metadata")
def jpeg_with_sixty_kilobytes_of_vendor_notes() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x927C] = 1, b"x" * 60_000
    return picture_bytes(sheet(), "JPEG", exif=exif)


@case("harmless")
def our_own_sealed_copy() -> bytes:
    from tests.edge_node.signing.material import world

    return world().sealed.data
