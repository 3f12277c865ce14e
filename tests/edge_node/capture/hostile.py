"""Our own hostile corpus: files made to crash, stall, deceive or outgrow the reader, beside harmless ones.

Every case is generated, named, and carries the set of codes that are a right answer; an empty set means the file must be
accepted. Where two answers are equally right (a bomb may be stopped by a rule or by a limit) both are listed.
"""

from __future__ import annotations

import functools
import io
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin


@dataclass(frozen=True)
class Case:
    """One file: what it is called, what it is, and which codes are right (none: it must be accepted)."""

    name: str
    category: str
    make: Callable[[], bytes]
    codes: frozenset[str]
    pages: int = 1


CASES: list[Case] = []


def case(category: str, *codes: str, pages: int = 1) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a generator; its name with underscores is the case's name."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES.append(Case(make.__name__, category, make, frozenset(codes), pages))
        return make

    return register


def add(name: str, category: str, make: Callable[[], bytes], *codes: str, pages: int = 1) -> None:
    """Register a case made by a lambda."""
    CASES.append(Case(name, category, make, frozenset(codes), pages))


# ---------------------------------------------------------------- building blocks


@functools.cache
def sheet(width: int = 620, height: int = 877) -> Image.Image:
    """A small page with something on it (A4 at 75 dpi)."""
    picture = Image.new("RGB", (width, height), (250, 248, 240))
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        draw.rectangle((60, 80 + line * 60, 80 + (line * 97) % 480 + 60, 100 + line * 60), fill=(20, 20, 30 + line * 9))
    draw.ellipse((400, 650, 560, 810), outline=(200, 20, 30), width=6)
    return picture


def picture_bytes(picture: Image.Image, form: str, **options: Any) -> bytes:
    """The picture coded in one format."""
    target = io.BytesIO()
    picture.save(target, form, **options)
    return target.getvalue()


@functools.cache
def jpeg() -> bytes:
    """A harmless JPEG."""
    return picture_bytes(sheet(), "JPEG", quality=85, dpi=(200, 200))


@functools.cache
def png() -> bytes:
    """A harmless PNG."""
    return picture_bytes(sheet(), "PNG", dpi=(200, 200))


def chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *extra: bytes, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG written by hand, so that its header may lie."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(extra)
        + chunk(b"IDAT", data or zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


def pdf_of(change: Callable[[Pdf], None] | None = None, *, pages: int = 1, **save: Any) -> bytes:
    """A PDF with small text pages, changed by the caller."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(200, 280))
        page.obj.Contents = pdf.make_stream(b"0.2 0.2 0.3 rg 20 20 100 40 re f")
    if change:
        change(pdf)
    target = io.BytesIO()
    pdf.save(target, **save)
    return target.getvalue()


def scan_pdf(count: int = 1, change: Callable[[Pdf, pikepdf.Page], None] | None = None) -> bytes:
    """A PDF of scans: one JPEG per page, as scanners write them."""

    def fill(pdf: Pdf) -> None:
        for page in pdf.pages:
            image = pdf.make_stream(jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=620, Height=877)
            image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
            page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
            page.obj.Contents = pdf.make_stream(b"q 200 0 0 280 0 0 cm /Im0 Do Q")
            if change:
                change(pdf, page)

    return pdf_of(fill, pages=count)


def with_root(**entries: Any) -> bytes:
    """A PDF whose catalogue has these entries."""

    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = pdf.make_indirect(value) if isinstance(value, Dictionary) else value

    return pdf_of(change)


def with_annotation(**entries: Any) -> bytes:
    """A PDF whose page has one annotation."""

    def change(pdf: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 50, 50]), **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return pdf_of(change)


def raw_pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF written by hand, object by object, with a correct cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return bytes(out + b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start))


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<<>>>>"


def raw_stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object for `raw_pdf`."""
    return b"<</Length %d%s>>stream\n" % (len(body), entries) + body + b"\nendstream"


def squeeze(size_bytes: int, rounds: int = 1) -> bytes:
    """Zeros squeezed so small that they explode."""
    packer = zlib.compressobj(9)
    block = b"\0" * (1 << 20)
    body = b"".join(packer.compress(block) for _ in range(size_bytes >> 20)) + packer.flush()
    for _ in range(rounds - 1):
        body = zlib.compress(body, 9)
    return body


def tiff_of(frames: Iterable[Image.Image], **options: Any) -> bytes:
    """A multi-page TIFF."""
    first, *rest = frames
    return picture_bytes(first, "TIFF", save_all=True, append_images=rest, **options)


def zip_of() -> bytes:
    """A small archive."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "a" * 40)
    return target.getvalue()


# ---------------------------------------------------------------- harmless: must be accepted

add("plain_jpeg", "harmless", jpeg)
add("plain_png", "harmless", png)
add("plain_scan_pdf", "harmless", scan_pdf)
add("three_scans_pdf", "harmless", lambda: scan_pdf(3), pages=3)
add("drawn_pdf", "harmless", pdf_of)
add(
    "pdf_with_object_streams",
    "harmless",
    lambda: pdf_of(pages=2, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    pages=2,
)
add("pdf_after_byte_order_mark", "harmless", lambda: b"\xef\xbb\xbf" + pdf_of())
add("pdf_opening_at_a_page", "harmless", lambda: with_root(OpenAction=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))))
add(
    "pdf_with_structure_tree",
    "harmless",
    lambda: with_root(StructTreeRoot=Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.P))),
)
add("pdf_with_empty_form", "harmless", lambda: with_root(AcroForm=Dictionary(Fields=Array([]))))
add("grey_jpeg", "harmless", lambda: picture_bytes(sheet().convert("L"), "JPEG"))
add("progressive_jpeg", "harmless", lambda: picture_bytes(sheet(), "JPEG", progressive=True))
add("cmyk_jpeg", "colour", lambda: picture_bytes(sheet().convert("CMYK"), "JPEG"))
add("black_and_white_png", "colour", lambda: picture_bytes(sheet().convert("1"), "PNG"))
add("palette_png", "colour", lambda: picture_bytes(sheet().quantize(16), "PNG"))
add("transparent_palette_png", "colour", lambda: picture_bytes(sheet().quantize(16), "PNG", transparency=0))
add("alpha_png", "colour", lambda: picture_bytes(sheet().convert("RGBA"), "PNG"))
add("grey_alpha_png", "colour", lambda: picture_bytes(sheet().convert("LA"), "PNG"))
add("sixteen_bit_png", "colour", lambda: picture_bytes(Image.new("I;16", (300, 400), 40000), "PNG"))
add("sixteen_bit_tiff", "colour", lambda: picture_bytes(Image.new("I;16", (300, 400), 40000), "TIFF"))
add("lab_tiff", "colour", lambda: picture_bytes(Image.new("LAB", (300, 400), (200, 128, 128)), "TIFF"))
add("cmyk_tiff", "colour", lambda: picture_bytes(sheet().convert("CMYK"), "TIFF"))
add("fax_tiff", "harmless", lambda: tiff_of([sheet().convert("1")] * 2, compression="group4"), pages=2)
add("lzw_tiff_of_four_pages", "multi-frame", lambda: tiff_of([sheet()] * 4, compression="tiff_lzw"), pages=4)
add("jpeg_tiff", "multi-frame", lambda: tiff_of([sheet()] * 2, compression="jpeg"), pages=2)
add("turned_phone_photo", "metadata", lambda: picture_bytes(sheet(), "JPEG", exif=_exif(6)))
add(
    "jpeg_with_script_in_comment",
    "metadata",
    lambda: picture_bytes(sheet(), "JPEG", comment=b"<script>alert(1)</script>"),
)
add("jpeg_with_place", "metadata", lambda: picture_bytes(sheet(), "JPEG", exif=_exif(1)))
add("jpeg_with_vendor_tail", "metadata", lambda: jpeg() + b"\0\0SEFH" + b"\x01\x02" * 40 + b"SEFT")
add(
    "motion_photo_with_second_picture",
    "multi-frame",
    lambda: picture_bytes(sheet(), "MPO", save_all=True, append_images=[sheet()]),
)
add("png_with_text", "metadata", lambda: picture_bytes(sheet(), "PNG", pnginfo=_text("Title", "Giấy ra viện")))
add("largest_allowed_side", "size", lambda: picture_bytes(Image.new("1", (20_000, 40)), "PNG"))
add(
    "eighty_megapixels_of_grey",
    "size",
    lambda: picture_bytes(Image.new("L", (8000, 10_000), 240), "PNG", compress_level=1),
)
add("two_hundred_pages", "size", lambda: pdf_of(pages=200), pages=200)


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "x"
    return exif


def _text(key: str, value: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(key, value)
    return info


@case("colour")
def jpeg_with_colour_profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture_bytes(sheet(), "JPEG", icc_profile=profile)


@case("colour")
def png_with_broken_colour_profile() -> bytes:
    return picture_bytes(sheet(), "PNG", icc_profile=b"not a profile at all" * 9)


@case("harmless")
def phone_heic() -> bytes:
    pillow_heif.register_heif_opener()
    return picture_bytes(sheet(), "HEIF")


@case("harmless")
def scan_pdf_with_ocr_layer() -> bytes:
    def change(pdf: Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = pdf.make_stream(b"q 200 0 0 280 0 0 cm /Im0 Do Q BT 3 Tr /F1 9 Tf 10 10 Td (abc) Tj ET")
        page.obj.Resources.Font = Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))

    return scan_pdf(change=change)


# ---------------------------------------------------------------- size, names of kinds, wrong type

BOMB = ("CAP-008", "CAP-009")
add("nothing", "size", lambda: b"", "CAP-001")
add("one_byte", "size", lambda: b"%", "CAP-002")
add("more_than_the_limit", "size", lambda: b"%PDF-1.7\n" + b"\0" * (101 << 20), "CAP-003")
add("two_hundred_and_one_pages", "size", lambda: pdf_of(pages=201), "CAP-007")
add("ten_thousand_pages", "size", lambda: _many_pages(10_000), "CAP-007")
add("count_that_lies_low", "size", lambda: _many_pages(300).replace(b"/Count 300", b"/Count 1  "), "CAP-007", "CAP-004")
add("count_that_lies_high", "size", lambda: pdf_of().replace(b"/Count 1 ", b"/Count 9999999 "), "CAP-007", "CAP-004")
add("html_called_pdf", "wrong type", lambda: b"<!doctype html><script>alert(1)</script>", "CAP-002")
add("svg_picture", "svg/xml", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "CAP-002")
add("xml_with_entities", "svg/xml", lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "CAP-002")
add(
    "xml_reading_passwd",
    "svg/xml",
    lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    "CAP-002",
)
add("zip_archive", "archives", zip_of, "CAP-002")
add("gzip_archive", "archives", lambda: zlib.compress(b"a" * 99, wbits=31), "CAP-002")
add("seven_zip", "archives", lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "CAP-002")
add("rar", "archives", lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 60, "CAP-002")
add("program", "wrong type", lambda: b"MZ\x90\0" + b"\0" * 99, "CAP-002")
add("elf_program", "wrong type", lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 99, "CAP-002")
add("gif_picture", "wrong type", lambda: picture_bytes(sheet().quantize(8), "GIF"), "CAP-002")
add(
    "animated_gif",
    "animated",
    lambda: picture_bytes(sheet().quantize(8), "GIF", save_all=True, append_images=[sheet().quantize(4)] * 3),
    "CAP-002",
)
add("webp_picture", "wrong type", lambda: picture_bytes(sheet(), "WEBP"), "CAP-002")
add("bmp_picture", "wrong type", lambda: picture_bytes(sheet(), "BMP"), "CAP-002")
add("postscript", "wrong type", lambda: b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file", "CAP-002")
add("video_called_heic", "wrong type", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 99, "CAP-002")
add("random_bytes", "wrong type", lambda: random.Random(1).randbytes(5000), "CAP-002")
add("pdf_header_far_inside", "wrong type", lambda: b"A" * 600 + pdf_of(), "CAP-002")
add("heic_header_only", "malformed", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 300, "CAP-004", "CAP-009")


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]>>"
    return raw_pdf(_CATALOGUE, b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count, *[page] * count)


# ---------------------------------------------------------------- decompression bombs

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
    lambda: raw_pdf(_CATALOGUE, _PAGES, _PAGE, b"[" * 9000 + b"]" * 9000),
    "CAP-004",
    "CAP-009",
)
add(
    "pdf_deep_dictionaries",
    "malformed",
    lambda: raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R/X" + b"<</X" * 400 + b" 1" + b">>" * 400 + b">>", _PAGES, _PAGE, raw_stream(b"")
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
    return raw_pdf(_CATALOGUE, _PAGES, _PAGE, raw_stream(zlib.compress(body), b"/Filter/FlateDecode"))


def _content_bomb(rounds: int) -> bytes:
    names = b"/Filter[" + b"/FlateDecode" * rounds + b"]"
    return raw_pdf(_CATALOGUE, _PAGES, _PAGE, raw_stream(squeeze(300 << 20, rounds), names))


def _middle_bombs() -> bytes:
    body = raw_stream(squeeze(60 << 20), b"/Filter/FlateDecode")
    return raw_pdf(_CATALOGUE, _PAGES, _PAGE, raw_stream(b""), *[body] * 12)


def _form_bomb() -> bytes:
    forms = []
    for level in range(12):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (level + 6)
        forms.append(raw_stream(b"/F Do " * 12, b"/Type/XObject/Subtype/Form/BBox[0 0 200 280]" + inner))
    last = raw_stream(b"0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 280]")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    return raw_pdf(_CATALOGUE, _PAGES, page, raw_stream(b"/F Do"), *forms, last)


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
    return raw_pdf(
        _CATALOGUE, _PAGES, page, raw_stream(b"/I Do"), raw_stream(squeeze(8 << 20), image % (width, height))
    )


# ---------------------------------------------------------------- active content


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F="cmd.exe")


ACTIVE = "CAP-006"
add("script_on_opening", "active", lambda: with_root(OpenAction=_script()), ACTIVE)
add("launch_on_opening", "active", lambda: with_root(OpenAction=_launch()), ACTIVE)
add("link_on_opening", "active", lambda: with_root(OpenAction=Dictionary(S=Name.URI, URI="http://a.invalid")), ACTIVE)
add(
    "named_scripts",
    "active",
    lambda: with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array(["a", _script()])))),
    ACTIVE,
)
add("additional_actions", "active", lambda: with_root(AA=Dictionary(WC=_script())), ACTIVE)
add("embedded_files", "active", lambda: with_root(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))), ACTIVE)
add("portfolio", "active", lambda: with_root(Collection=Dictionary(View=Name.D)), ACTIVE)
add("xfa_form", "active", lambda: with_root(AcroForm=Dictionary(Fields=Array([]), XFA="x")), ACTIVE)
add(
    "link_annotation",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="http://a.invalid")),
    ACTIVE,
)
add("launch_annotation", "active", lambda: with_annotation(Subtype=Name.Link, A=_launch()), ACTIVE)
add(
    "second_action_in_chain",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D="a", Next=_script())),
    ACTIVE,
)
add(
    "submit_form",
    "active",
    lambda: with_annotation(Subtype=Name.Widget, A=Dictionary(S=Name.SubmitForm, F="http://a.invalid")),
    ACTIVE,
)
add(
    "other_file",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F="\\\\a.invalid\\b.pdf")),
    ACTIVE,
)
add(
    "import_data",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.ImportData, F="a.fdf")),
    ACTIVE,
)
add("attachment_annotation", "active", lambda: with_annotation(Subtype=Name.FileAttachment), ACTIVE)
add("rich_media", "active", lambda: with_annotation(Subtype=Name.RichMedia), ACTIVE)
add("movie", "active", lambda: with_annotation(Subtype=Name.Movie), ACTIVE)
add("sound", "active", lambda: with_annotation(Subtype=Name.Sound), ACTIVE)
add("screen_rendition", "active", lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Rendition)), ACTIVE)
add("three_d", "active", lambda: with_annotation(Subtype=Name("/3D")), ACTIVE)
add(
    "script_behind_escaped_name",
    "active",
    lambda: with_root(OpenAction=_script()).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS "),
    ACTIVE,
    "CAP-004",
)
add(
    "page_action",
    "active",
    lambda: pdf_of(lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=_script()))),
    ACTIVE,
)
add(
    "unreachable_script",
    "active",
    lambda: raw_pdf(_CATALOGUE, _PAGES, _PAGE, raw_stream(b""), b"<</S/JavaScript/JS(app.alert(1))>>"),
    ACTIVE,
)


@case("active", ACTIVE)
def script_inside_object_stream() -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(_script())

    return pdf_of(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@case("active", ACTIVE)
def embedded_file_stream() -> bytes:
    def change(pdf: Pdf) -> None:
        held = Stream(pdf, zip_of(), Type=Name.EmbeddedFile)
        pdf.Root.Extra = Dictionary(EF=Dictionary(F=pdf.make_indirect(held)))

    return pdf_of(change)


# ---------------------------------------------------------------- encrypted


def _locked(**options: Any) -> bytes:
    return pdf_of(encryption=pikepdf.Encryption(**options))


add("password_aes", "encrypted", lambda: _locked(user="a", owner="b"), "CAP-005")
add("owner_password_only", "encrypted", lambda: _locked(user="", owner="b"), "CAP-005")
add("password_rc4", "encrypted", lambda: _locked(user="a", owner="b", R=3, aes=False, metadata=False), "CAP-005")

# ---------------------------------------------------------------- polyglots, truncated, malformed

add("pdf_with_zip_behind", "polyglot", lambda: pdf_of() + zip_of(), "CAP-010")
add("jpeg_with_zip_behind", "polyglot", lambda: jpeg() + zip_of(), "CAP-010")
add("png_with_zip_behind", "polyglot", lambda: png() + zip_of(), "CAP-010")
add("tiff_with_zip_behind", "polyglot", lambda: tiff_of([sheet()]) + zip_of(), "CAP-010")
add("jpeg_with_pdf_behind", "polyglot", lambda: jpeg() + pdf_of(), "CAP-010")
add("png_with_page_behind", "polyglot", lambda: png() + b"<html><script>alert(1)</script></html>", "CAP-010")
add("pdf_with_page_behind", "polyglot", lambda: pdf_of() + b"<HTML><script>alert(1)</script>", "CAP-010")
add("jpeg_with_php_behind", "polyglot", lambda: jpeg() + b"<?php system($_GET[0]); ?>", "CAP-010")
add("jpeg_with_program_behind", "polyglot", lambda: jpeg() + b"MZ\x90\0" + b"\0" * 200, "CAP-010")
add(
    "animated_png",
    "animated",
    lambda: picture_bytes(sheet(), "PNG", save_all=True, append_images=[sheet().rotate(180)]),
    "CAP-011",
)


def _cut(make: Callable[[], bytes], share: float) -> bytes:
    content = make()
    return content[: int(len(content) * share)]


for share in (0.1, 0.5, 0.9):
    percent = int(share * 100)
    add(f"jpeg_cut_at_{percent}", "truncated", functools.partial(_cut, jpeg, share), "CAP-004")
    add(f"png_cut_at_{percent}", "truncated", functools.partial(_cut, png, share), "CAP-004")
    add(
        f"pdf_cut_at_{percent}",
        "truncated",
        functools.partial(_cut, lambda: scan_pdf(2), share),
        "CAP-004",
    )
add("tiff_cut", "truncated", lambda: tiff_of([sheet()])[:90_000], "CAP-004")
add("heic_cut", "truncated", lambda: phone_heic()[:2000], "CAP-004")
add("pdf_header_only", "malformed", lambda: b"%PDF-1.7\n%%EOF\n", "CAP-004")
add("pdf_without_pages", "malformed", lambda: raw_pdf(_CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"), "CAP-004")
add("pdf_page_tree_cycle", "malformed", lambda: raw_pdf(_CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "CAP-004")
add("pdf_without_root", "malformed", lambda: raw_pdf(_CATALOGUE, _PAGES, trailer=b""), "CAP-004")
add("pdf_root_is_a_number", "malformed", lambda: raw_pdf(b"7"), "CAP-004")
add("pdf_of_noise", "malformed", lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(4000) + b"\n%%EOF", "CAP-004")
add("pdf_with_broken_scan", "malformed", lambda: _broken_scan(), "CAP-004")
add("jpeg_header_only", "malformed", lambda: b"\xff\xd8\xff\xe0", "CAP-004")
add("jpeg_of_noise", "malformed", lambda: b"\xff\xd8\xff" + random.Random(3).randbytes(4000), "CAP-004")
add("png_header_only", "malformed", lambda: b"\x89PNG\r\n\x1a\n", "CAP-004")
add("png_with_wrong_checksum", "malformed", lambda: png()[:90] + b"\0\0\0" + png()[93:], "CAP-004")
add("png_of_zero_width", "malformed", lambda: png_of(0, 40), "CAP-004")
add("tiff_header_only", "malformed", lambda: b"II*\0\x08\0\0\0", "CAP-004")
add("tiff_directory_cycle", "malformed", lambda: _tiff_cycle(), "CAP-004", "CAP-007", "CAP-009", "")
add("tiff_of_noise", "malformed", lambda: b"MM\0*" + random.Random(4).randbytes(4000), "CAP-004")


def _broken_scan() -> bytes:
    content = scan_pdf()
    at = content.index(b"\xff\xd8\xff") + 900
    return content[:at] + b"\xff\xd9" + content[at + 2 :]


def _tiff_cycle() -> bytes:
    content = bytearray(picture_bytes(Image.new("L", (16, 16)), "TIFF"))
    directory = struct.unpack_from("<I", content, 4)[0]
    entries = struct.unpack_from("<H", content, directory)[0]
    struct.pack_into("<I", content, directory + 2 + entries * 12, directory)
    return bytes(content)
