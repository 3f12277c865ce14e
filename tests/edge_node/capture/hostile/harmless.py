"""Harmless files: they must be accepted, whatever is odd about them."""

from __future__ import annotations

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageCms, PngImagePlugin

from tests.edge_node.capture.hostile.blocks import (
    jpeg,
    pdf_of,
    picture_bytes,
    png,
    scan_pdf,
    sheet,
    tiff_of,
    with_root,
)
from tests.edge_node.capture.hostile.case import add, case

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
