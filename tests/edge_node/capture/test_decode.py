"""Decoding: pages come out upright, sRGB, 8 bits, without metadata; a scan keeps its own picture."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy
import pikepdf
import pytest
from PIL import Image, ImageCms

from edge_node.capture.decode import DECODE_ENTRY, DECODE_TASK, decode_file, shown_name
from edge_node.capture.file_errors import FileTooLarge, TooComplex
from edge_node.capture.untrusted import DecodedFile, DecodeLimits
from sync_protocol.adapters.sandbox.errors import SandboxProblem, SandboxTaskRaised
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from tests.edge_node.capture.hostile import CASES, blocks


@pytest.fixture(scope="module", params=["namespaces", "bare"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return open_sandbox({DECODE_TASK: DECODE_ENTRY}, use_namespaces=request.param == "namespaces")


@pytest.fixture(scope="module")
def quick() -> Sandbox:
    return open_sandbox({DECODE_TASK: DECODE_ENTRY})


def made(name: str) -> bytes:
    """A corpus file by name."""
    return next(case.make() for case in CASES if case.name == name)


def pixels(decoded: DecodedFile, page: int = 0) -> numpy.ndarray:
    """The page as (height, width, 3) RGB."""
    with Image.open(io.BytesIO(decoded.pages[page].content)) as picture:
        assert not picture.getexif() and "icc_profile" not in picture.info and "comment" not in picture.info
        return numpy.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize(
    "name",
    ["plain_jpeg", "plain_png", "lzw_tiff_of_four_pages", "phone_heic", "plain_scan_pdf", "drawn_pdf", "cmyk_jpeg"]
    + ["lab_tiff", "jpeg_with_colour_profile", "turned_phone_photo", "transparent_palette_png", "fax_tiff"],
)
def test_every_kind_is_read_with_and_without_namespaces(sandbox: Sandbox, name: str) -> None:
    decoded = decode_file(made(name), name, sandbox=sandbox)
    height, width, _ = pixels(decoded).shape
    assert (decoded.pages[0].width_px, decoded.pages[0].height_px) == (width, height)


def test_a_jpeg_keeps_its_picture_and_loses_its_metadata(quick: Sandbox) -> None:
    source = made("jpeg_with_script_in_comment")
    (page,) = decode_file(source, "a.jpg", sandbox=quick).pages
    assert page.origin == "unchanged"
    assert b"<script>" in source and b"<script>" not in page.content
    with Image.open(io.BytesIO(source)) as before, Image.open(io.BytesIO(page.content)) as after:
        assert numpy.array_equal(numpy.asarray(before), numpy.asarray(after))


def test_a_scan_in_a_pdf_keeps_the_scanners_bytes_and_tells_its_resolution(quick: Sandbox) -> None:
    decoded = decode_file(made("scan_pdf_with_ocr_layer"), "a.pdf", sandbox=quick)
    assert decoded.pages[0].origin == "unchanged"
    assert decoded.pages[0].content == blocks.jpeg()
    assert decoded.pages[0].dpi == round(620 / (200 / 72))


def test_a_scan_with_something_drawn_on_it_is_rendered_with_it(quick: Sandbox) -> None:
    def stamp(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Contents = pdf.make_stream(b"q 200 0 0 280 0 0 cm /Im0 Do Q 1 0 0 rg 0 240 60 40 re f")

    decoded = decode_file(blocks.scan_pdf(change=stamp), "a.pdf", sandbox=quick)
    assert decoded.pages[0].origin == "rendered"
    red, green, blue = pixels(decoded)[20, 20]
    assert red > 230 and green < 30 and blue < 30


def test_a_phone_photo_is_turned_upright(quick: Sandbox) -> None:
    (page,) = decode_file(made("turned_phone_photo"), "a.jpg", sandbox=quick).pages
    assert (page.width_px, page.height_px, page.dpi) == (877, 620, 0)


def test_transparency_becomes_white_paper(quick: Sandbox) -> None:
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    decoded = decode_file(blocks.picture_bytes(picture, "PNG"), "a.png", sandbox=quick)
    assert pixels(decoded).min() > 250
    assert "transparency_on_white" in decoded.warnings


def test_sixteen_bits_become_eight_without_losing_grey(quick: Sandbox) -> None:
    for name in ("sixteen_bit_png", "sixteen_bit_tiff"):
        assert abs(int(pixels(decode_file(made(name), name, sandbox=quick))[9, 9, 0]) - 40000 // 256) <= 1


def test_a_colour_profile_is_applied_and_not_only_dropped(quick: Sandbox) -> None:
    picture = Image.new("LAB", (40, 40), (150, 200, 180))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    decoded = decode_file(blocks.picture_bytes(picture, "TIFF", icc_profile=lab.tobytes()), "a.tif", sandbox=quick)
    red, green, blue = pixels(decoded)[9, 9]
    assert red > 180 and red - green > 60 and red - blue > 60


def test_black_and_white_stays_exact_and_is_told(quick: Sandbox) -> None:
    decoded = decode_file(made("fax_tiff"), "a.tif", sandbox=quick)
    assert [page.media_type for page in decoded.pages] == ["image/png", "image/png"]
    assert not decoded.pages[0].is_colour


def test_pages_beyond_one_process_come_in_order(quick: Sandbox) -> None:
    def widen(pdf: pikepdf.Pdf) -> None:
        for number, page in enumerate(pdf.pages):
            page.obj.MediaBox = pikepdf.Array([0, 0, 100 + number, 90])

    pdf = blocks.pdf_of(widen, pages=19)
    decoded = decode_file(pdf, "a.pdf", sandbox=quick, limits=DecodeLimits(render_dpi=72))
    assert [page.width_px for page in decoded.pages] == list(range(100, 119))
    assert [page.source_frame for page in decoded.pages] == list(range(19))


def test_a_signature_stamp_is_drawn(quick: Sandbox) -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"0 0 1 rg 0 0 80 60 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        look.BBox = pikepdf.Array([0, 0, 80, 60])
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="a", F=4,
                Rect=pikepdf.Array([0, 220, 80, 280]), AP=pikepdf.Dictionary(N=look),
            )
        )  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))

    red, _, blue = pixels(decode_file(blocks.pdf_of(sign), "a.pdf", sandbox=quick))[60, 60]
    assert blue > 230 and red < 30


def test_a_file_at_the_size_limit_is_opened_and_one_above_is_not(quick: Sandbox) -> None:
    picture = blocks.jpeg()
    limits = DecodeLimits(file_mb=1)
    assert decode_file(picture + b"\0" * ((1 << 20) - len(picture)), "a.jpg", sandbox=quick, limits=limits).pages
    with pytest.raises(FileTooLarge) as caught:
        decode_file(picture + b"\0" * ((1 << 20) - len(picture) + 1), "a.jpg", sandbox=quick, limits=limits)
    assert "1 MB" in caught.value.clerk_sentence


def test_a_name_is_shown_safely_and_never_told_to_the_operator(quick: Sandbox) -> None:
    assert shown_name("C:\\Users\\a\\..\\Nguyễn\u202ecod.exe\0.pdf") == "Nguyễncod.exe.pdf"
    assert shown_name("../../etc/") == "không tên"
    with pytest.raises(Exception) as caught:
        decode_file(b"PK\x03\x04", "Nguyễn Thị Ấn.pdf", sandbox=quick)
    assert "Nguyễn" not in str(caught.value)


class _Failing:
    """A sandbox whose task ends in a given Problem."""

    def __init__(self, problem: SandboxProblem) -> None:
        self.problem = problem

    def run(self, task: str, payload: bytes, arguments: object, *, limits: SandboxLimits | None) -> bytes:
        raise self.problem


def test_a_crash_blames_the_file_and_an_exception_blames_us() -> None:
    with pytest.raises(TooComplex):
        decode_file(blocks.jpeg(), "a", sandbox=_Failing(SandboxProblem(task="decode", status=139)))
    with pytest.raises(SandboxTaskRaised):
        decode_file(blocks.jpeg(), "a", sandbox=_Failing(SandboxTaskRaised(task="decode", raised="KeyError")))


def test_importing_capture_loads_no_library_that_reads_documents() -> None:
    modules = "decode, tray, digitization, quality, watch_folder, escl, phone_link"
    program = f"from edge_node.capture import {modules}\nimport sys\nprint(sorted(set(sys.modules) & {{'PIL', 'cv2', 'pikepdf', 'pypdfium2', 'numpy'}}))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
