"""Building blocks of the corpus: sheets, pictures, PDFs written whole or by hand."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageDraw


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


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Contents 4 0 R/Resources<<>>>>"


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
