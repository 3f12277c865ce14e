"""Files of another kind than they say, and of every size."""

from __future__ import annotations

import random
import zlib

from tests.edge_node.capture.hostile.blocks import (
    CATALOGUE,
    pdf_of,
    picture_bytes,
    raw_pdf,
    sheet,
    zip_of,
)
from tests.edge_node.capture.hostile.case import add

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
    return raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count, *[page] * count)
