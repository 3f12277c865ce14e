"""Two signatures in one file: where they stand, what they say, and that the first survives everything that follows."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array
from PIL import Image

from edge_node.copies import archival
from edge_node.copies.errors import NotArchival
from edge_node.copies.typefaces import load_typeface
from edge_node.signing.agency import seal_copy
from edge_node.signing.errors import (
    AlreadySigned,
    CertificateChain,
    CertificateNotEnrolled,
    CertificateOutOfDate,
    CertificateUsage,
    FieldMissing,
    FileNotSignable,
    StampDoesNotFit,
    TimeWithoutZone,
)
from edge_node.signing.personal import sign_capture
from edge_node.signing.placement import PageShape, Place, place_on
from edge_node.signing.stamp import draw_stamp
from sync_protocol.adapters.verification.appearance import visible_texts
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import AGENCY, CAPTURED_AT, NOW, SEALED_AT, world

ALPHABET = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY ẾỘỮẴẫ ẰẮẲẴẶẦẤẨẪẬÈÉẺẼẸỀỂỄỆÌÍỈĨỊÒÓỎÕỌỒỐỔỖỜỚỞỠỢÙÚỦŨỤỪỨỬỰỲÝỶỸỴ"
DPI = 100


def rendered(pdf: bytes) -> Image.Image:
    """Draw page 1 as a reader shows it, with its fields."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    page: Image.Image = document[0].render(scale=DPI / 72, may_draw_forms=True).to_pil()
    return page.convert("L")


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert box is not None
    return box


def reshaped(*, rotation: int, origin: tuple[int, int]) -> bytes:
    """Return the copy as an empty page of 595 x 842 pt with this rotation and this origin of its boxes."""
    with pikepdf.open(io.BytesIO(world().copy)) as pdf:
        page = pdf.pages[0].obj
        x, y = origin
        page.MediaBox = Array([x - 20, y - 20, x + 615, y + 862])
        page.CropBox = Array([x, y, x + 595, y + 842])
        page.Rotate = rotation
        page.Contents = pdf.make_stream(b"q Q")
        return archival.save(pdf)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("origin", [(0, 0), (-100, 250)])
def test_the_stamps_stand_in_their_corners_however_the_page_lies(rotation: int, origin: tuple[int, int]) -> None:
    pdf = reshaped(rotation=rotation, origin=origin)
    signed = sign_capture(pdf, world().key("officer_rsa"), captured_at=CAPTURED_AT, typefaces_dir=world().typefaces)
    left, top, right, bottom = ink_box(rendered(signed.data))
    point = DPI / 72
    assert left < 14 * point
    assert top < 14 * point
    assert right < 275 * point
    assert bottom < (8 + 45) * point
    sealed = seal_copy(
        signed.data, world().key("agency"), form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=world().typefaces
    )
    page = rendered(sealed.data)
    half = page.crop((page.width // 2, 0, page.width, page.height))
    left, top, right, bottom = ink_box(half)
    assert top < 14 * point
    assert bottom < (8 + 45) * point
    assert right > half.width - 268 * point


def test_a_stamp_reads_the_same_however_the_page_lies() -> None:
    drawn = []
    for rotation in (0, 90, 180, 270):
        pdf = reshaped(rotation=rotation, origin=(0, 0))
        data = sign_capture(
            pdf, world().key("officer_rsa"), captured_at=CAPTURED_AT, typefaces_dir=world().typefaces
        ).data
        drawn.append(rendered(data).crop((0, 0, 360, 75)))
    for other in drawn[1:]:
        assert difference(drawn[0], other) < 0.06


def test_the_comparison_of_stamps_can_go_red() -> None:
    upright = rendered(world().signed.data).crop((0, 0, 360, 75))
    assert difference(upright, upright.rotate(180)) > 0.06


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of ink that is not shared, after a slight blur that forgives anti-aliasing."""
    from PIL import ImageChops, ImageFilter

    first, second = (image.filter(ImageFilter.GaussianBlur(2)) for image in (one, other))
    changed = ImageChops.difference(first, second).point(lambda grey: 255 if grey > 60 else 0)
    return float(sum(changed.histogram()[255:])) / (changed.width * changed.height)


@pytest.mark.parametrize("words", [("Người quét: " + ALPHABET,), ("SAO LỤC", AGENCY, "25-11-2026 09:15:03 +07:00")])
def test_a_stamp_is_a_pdf_a_page_with_every_letter_in_it(words: tuple[str, ...]) -> None:
    place = place_on(PageShape(0, 0, 595, 842, 0), "top-right")
    stamp = draw_stamp(words, place, load_typeface("stamp", world().typefaces), at=CAPTURED_AT)
    archival.require_archival(stamp)
    shown = "".join(pypdfium2.PdfDocument(stamp)[0].get_textpage().get_text_range().split())
    assert shown == "".join("".join(words).split())


def test_tall_letters_are_not_cut_at_the_upper_edge() -> None:
    place = Place((0, 0, 260, 45), 260, 45, (1, 0, 0, 1, 0, 0))
    stamp = draw_stamp(("ẴỖỄẪ",), place, load_typeface("stamp", world().typefaces), at=CAPTURED_AT)
    image = pypdfium2.PdfDocument(stamp)[0].render(scale=8).to_pil().convert("L")
    assert ink_box(image)[1] > 0


def test_a_stamp_too_long_for_its_place_is_refused() -> None:
    place = Place((0, 0, 60, 20), 60, 20, (1, 0, 0, 1, 0, 0))
    with pytest.raises(StampDoesNotFit):
        draw_stamp((AGENCY * 5,), place, load_typeface("stamp", world().typefaces), at=CAPTURED_AT)


def test_a_long_agency_name_is_wrapped_at_words_in_ten_points() -> None:
    name = "Bảo hiểm xã hội cơ sở Hữu Lũng – Chi Lăng trực thuộc Bảo hiểm xã hội tỉnh Lạng Sơn"
    sealed = seal_copy(
        world().signed.data,
        world().key("agency"),
        form="TRÍCH SAO",
        agency=name,
        at=SEALED_AT,
        typefaces_dir=world().typefaces,
    )
    assert name in visible_texts(sealed.data)["CoQuan_1"]
    assert b"/Image" not in sealed.data[world().signed.length :]


def test_the_words_are_the_certificates_name_and_one_instant() -> None:
    texts = visible_texts(world().sealed.data)
    shown = CAPTURED_AT.astimezone(archival.VIETNAM).strftime("%d-%m-%Y %H:%M:%S +07:00")
    assert texts["NguoiQuet_1"] == f"Người quét: Nguyễn Thị Ẵm Thời gian quét: {shown}"
    with pikepdf.open(io.BytesIO(world().signed.data)) as pdf:
        moment = str(next(field.V.M for field in pdf.Root.AcroForm.Fields if "/V" in field))
    assert moment.startswith(CAPTURED_AT.strftime("D:%Y%m%d%H%M%S"))


def test_every_later_version_begins_with_the_officers_file() -> None:
    assert world().sealed.data[: world().signed.length] == world().signed.data
    assert world().signed.data[: len(world().copy)] == world().copy


def test_poppler_finds_both_signatures_valid(tmp_path: Path) -> None:
    stored = tmp_path / "sealed.pdf"
    stored.write_bytes(world().sealed.data)
    said = subprocess.run(["pdfsig", "-nocert", stored], capture_output=True, check=False).stdout.decode()
    assert said.count("Signature is Valid.") == 2
    assert "Nguyễn Thị Ẵm" in said


def test_poppler_sees_a_flipped_byte(tmp_path: Path) -> None:
    data = bytearray(world().signed.data)
    data[data.index(b"JFIF") + 600] ^= 4
    stored = tmp_path / "flipped.pdf"
    stored.write_bytes(data)
    said = subprocess.run(["pdfsig", "-nocert", stored], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid." not in said


def test_a_copy_is_signed_once_and_sealed_once() -> None:
    with pytest.raises(AlreadySigned):
        sign_capture(world().signed.data, world().key("officer_rsa"), captured_at=CAPTURED_AT)
    with pytest.raises(AlreadySigned):
        seal_copy(world().sealed.data, world().key("agency"), form="SAO Y", agency=AGENCY, at=SEALED_AT)


def test_a_file_without_the_agencys_field_is_not_sealed() -> None:
    with pytest.raises(FieldMissing):
        seal_copy(world().copy, world().key("agency"), form="SAO Y", agency=AGENCY, at=SEALED_AT)


def test_a_file_that_is_not_archival_is_not_signed() -> None:
    with pikepdf.open(io.BytesIO(world().copy)) as pdf:
        del pdf.Root.OutputIntents
        changed = archival.save(pdf)
    with pytest.raises(NotArchival):
        sign_capture(changed, world().key("officer_rsa"), captured_at=CAPTURED_AT)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n%%EOF", b"\xff" * 900])
def test_what_is_no_pdf_is_not_signed(pdf: bytes) -> None:
    with pytest.raises(FileNotSignable):
        sign_capture(pdf, world().key("officer_rsa"), captured_at=CAPTURED_AT)


@pytest.mark.parametrize(
    ("who", "problem"),
    [("expired", CertificateOutOfDate), ("no_nonrepudiation", CertificateUsage), ("false_issuer", CertificateChain)],
)
def test_a_certificate_that_may_not_sign_does_not(who: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        sign_capture(world().copy, world().key(who), captured_at=CAPTURED_AT, roots=world().roots)


def test_a_certificate_outside_the_register_does_not_sign() -> None:
    key = world().key("officer_rsa")
    with pytest.raises(CertificateNotEnrolled):
        sign_capture(world().copy, key, captured_at=CAPTURED_AT, registry=frozenset())
    sign_capture(world().copy, key, captured_at=CAPTURED_AT, registry={key.certificate_sha256}, roots=world().roots)


def test_a_time_without_zone_is_not_signed() -> None:
    with pytest.raises(TimeWithoutZone):
        sign_capture(world().copy, world().key("officer_rsa"), captured_at=dt.datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize("who", ["officer_rsa", "officer_p256"])
def test_both_kinds_of_key_make_copies_the_hub_accepts(who: str) -> None:
    signed = sign_capture(world().copy, world().key(who), captured_at=CAPTURED_AT, typefaces_dir=world().typefaces)
    assert (
        verify_copy(signed.data, trust=world().trust, expected=world().expected(bound=False), now=NOW).verdict
        == "valid"
    )


def test_importing_the_rooms_loads_no_signature_library() -> None:
    code = "import sys, edge_node.signing, edge_node.signing.personal, edge_node.signing.agency; print('pyhanko' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"False"
