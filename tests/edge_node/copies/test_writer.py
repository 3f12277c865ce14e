"""The copy keeps the picture untouched, is found by search, and is PDF/A-2b before anybody signs it."""

from __future__ import annotations

import dataclasses
import io
import subprocess
import unicodedata
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from edge_node.copies import archival
from edge_node.copies.errors import NotArchival, PageCountRefused, PageSizeMismatch, PageUnreadable, TimeWithoutZone
from edge_node.copies.model import CopyPage, CopyWord
from edge_node.copies.typefaces import load_typeface
from edge_node.copies.writer import make_copy
from tests.edge_node.copies.material import CAPTURED_AT, PHRASES, drawn_page


@pytest.fixture(scope="module")
def copy() -> bytes:
    return make_copy([drawn_page(), drawn_page()], title="Giấy ra viện", captured_at=CAPTURED_AT)


def test_the_picture_goes_into_the_copy_byte_for_byte(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert pdf.pages[0].Resources.XObject.Im0.read_raw_bytes() == drawn_page().jpeg


def test_the_same_pages_give_the_same_bytes(copy: bytes) -> None:
    assert make_copy([drawn_page(), drawn_page()], title="Giấy ra viện", captured_at=CAPTURED_AT) == copy


def test_the_copy_passes_the_archival_gate(copy: bytes) -> None:
    archival.require_archival(copy)


def test_a_file_without_colour_intent_does_not_pass_the_gate(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        del pdf.Root.OutputIntents
        changed = archival.save(pdf)
    with pytest.raises(NotArchival):
        archival.require_archival(changed)


def test_bytes_that_are_no_pdf_do_not_pass_the_gate() -> None:
    with pytest.raises(NotArchival):
        archival.require_archival(b"not a pdf")


@pytest.mark.parametrize("phrase", PHRASES)
def test_an_accented_phrase_is_found_by_poppler_and_by_pdfium(phrase: str, copy: bytes, tmp_path: Path) -> None:
    stored = tmp_path / "copy.pdf"
    stored.write_bytes(copy)
    shown = subprocess.run(["pdftotext", "-l", "1", stored, "-"], capture_output=True, check=True).stdout.decode()
    assert phrase in shown
    assert pypdfium2.PdfDocument(copy)[0].get_textpage().search(phrase).get_next() is not None


def test_words_whose_boxes_touch_stay_words_in_poppler(tmp_path: Path) -> None:
    texts = ("BỆNH", "VIỆN", "PHỤ", "SẢN", "THĂNG", "ĐÔ")  # readers split a line's box without leaving gaps
    words = tuple(CopyWord(text, 80 + 90 * place, 150, 90, 32, 0) for place, text in enumerate(texts))
    stored = tmp_path / "copy.pdf"
    page = dataclasses.replace(drawn_page(), words=words)
    stored.write_bytes(make_copy([page], title="x", captured_at=CAPTURED_AT))
    shown = subprocess.run(["pdftotext", stored, "-"], capture_output=True, check=True).stdout.decode()
    assert "BỆNH VIỆN PHỤ SẢN THĂNG ĐÔ" in shown


def test_decomposed_words_are_stored_composed() -> None:
    page = drawn_page()
    word = CopyWord(unicodedata.normalize("NFD", "Nguyễn"), 80, 150, 90, 32, 0)
    made = make_copy([dataclasses.replace(page, words=(word,))], title="x", captured_at=CAPTURED_AT)
    assert pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range().strip() == "Nguyễn"


def test_what_is_drawn_after_the_text_layer_is_visible(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        operators = [str(part.operator) for part in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("q") == operators.count("Q") == 2
    assert operators[-1] == "Q"


def test_glyph_widths_are_the_advances_of_the_font_program(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        descendant = pdf.pages[0].Resources.Font.F0.DescendantFonts[0]
        widths = [int(width) for width in descendant.W[1]]
        program = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
    scale = 1000 / program["head"].unitsPerEm
    assert widths == [round(program["hmtx"][glyph][0] * scale) for glyph in program.getGlyphOrder()]


def test_every_typeface_has_a_thousand_units_and_all_vietnamese_letters(tmp_path: Path) -> None:
    for kind in ("text", "stamp"):
        made = load_typeface(kind, tmp_path)
        font = TTFont(io.BytesIO(made.sfnt))
        assert font["head"].unitsPerEm == 1000
        assert set(range(0x1EA0, 0x1EFA)) <= set(font.getBestCmap())
        assert load_typeface(kind, tmp_path) == made
    assert len(list(tmp_path.iterdir())) == 2


def test_a_page_without_words_makes_a_copy_without_text_layer() -> None:
    made = make_copy([dataclasses.replace(drawn_page(), words=())], title="x", captured_at=CAPTURED_AT)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert "/Font" not in pdf.pages[0].Resources


def test_a_letter_the_typeface_lacks_stays_in_the_picture_only() -> None:
    word = CopyWord("漢Ấn", 80, 150, 90, 32, 0)
    made = make_copy([dataclasses.replace(drawn_page(), words=(word,))], title="x", captured_at=CAPTURED_AT)
    assert pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range().strip() == "Ấn"


def test_a_copy_of_no_page_is_refused() -> None:
    with pytest.raises(PageCountRefused):
        make_copy([], title="x", captured_at=CAPTURED_AT)


@pytest.mark.parametrize("jpeg", [b"", b"\x89PNG", drawn_page().jpeg[:40]])
def test_a_page_that_is_no_jpeg_names_the_page_to_scan_again(jpeg: bytes) -> None:
    with pytest.raises(PageUnreadable) as caught:
        make_copy([drawn_page(), CopyPage(jpeg, 827, 1169, 100)], title="x", captured_at=CAPTURED_AT)
    assert caught.value.clerk_next_step == "Quét lại trang 2."


def test_a_page_of_another_size_than_declared_is_refused() -> None:
    with pytest.raises(PageSizeMismatch):
        make_copy([dataclasses.replace(drawn_page(), width_px=800)], title="x", captured_at=CAPTURED_AT)


def test_a_capture_time_without_zone_is_refused() -> None:
    with pytest.raises(TimeWithoutZone):
        make_copy([drawn_page()], title="x", captured_at=CAPTURED_AT.replace(tzinfo=None))
