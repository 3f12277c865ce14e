"""Polyglots, animated, truncated and malformed files."""

from __future__ import annotations

import functools
import random
import struct
from collections.abc import Callable

from PIL import Image

from tests.edge_node.capture.hostile.blocks import (
    CATALOGUE,
    PAGES,
    jpeg,
    pdf_of,
    picture_bytes,
    png,
    png_of,
    raw_pdf,
    scan_pdf,
    sheet,
    tiff_of,
    zip_of,
)
from tests.edge_node.capture.hostile.case import add
from tests.edge_node.capture.hostile.harmless import phone_heic

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
add("pdf_without_pages", "malformed", lambda: raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"), "CAP-004")
add("pdf_page_tree_cycle", "malformed", lambda: raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "CAP-004")
add("pdf_without_root", "malformed", lambda: raw_pdf(CATALOGUE, PAGES, trailer=b""), "CAP-004")
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
