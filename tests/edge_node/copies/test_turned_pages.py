"""A page turned in the tray: the picture stays as it was scanned, the page stands upright in every reader, words lie on their letters."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge_node.copies.writer import make_copy
from edge_node.review.page_task import _size
from edge_node.signing.personal import sign_capture
from tests.edge_node.copies.material import CAPTURED_AT, PHRASES, drawn_page, lying_page
from tests.edge_node.signing.material import world

TURNS = (0, 1, 2, 3)


@pytest.fixture(scope="module")
def copy() -> bytes:
    """One page for each turn, past the archival gate."""
    return make_copy([lying_page(turns) for turns in TURNS], title="Giấy ra viện", captured_at=CAPTURED_AT)


@pytest.fixture(scope="module")
def upright() -> NDArray[np.int16]:
    return _grey(
        pypdfium2.PdfDocument(make_copy([drawn_page()], title="x", captured_at=CAPTURED_AT))[0].render().to_pil()
    )


@pytest.mark.parametrize("turns", TURNS)
def test_the_picture_of_a_turned_page_is_the_scanners_byte_for_byte(turns: int, copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert pdf.pages[turns].Resources.XObject.Im0.read_raw_bytes() == lying_page(turns).jpeg
        assert "/Rotate" not in pdf.pages[turns]


@pytest.mark.parametrize("turns", TURNS)
def test_a_turned_page_stands_upright_in_pdfium_with_its_size_and_words(
    turns: int, copy: bytes, upright: NDArray[np.int16]
) -> None:
    page = pypdfium2.PdfDocument(copy)[turns]
    assert page.get_size() == pytest.approx((827 * 0.72, 1169 * 0.72), abs=0.01)
    assert _difference(_grey(page.render().to_pil()), upright) < 2
    text = page.get_textpage()
    assert all(text.search(phrase).get_next() is not None for phrase in PHRASES)
    first = drawn_page().words[0]
    assert text.count_rects() >= len(PHRASES)
    left, _, right, top = (side / 0.72 for side in text.get_rect(0))
    assert left == pytest.approx(first.x, abs=6) and first.y - 10 < 1169 - top < first.y + first.h
    assert right > left
    size = _size(page)
    assert (size.width_px, size.height_px) == (827, 1169)


def test_turned_pages_stand_upright_in_poppler_and_are_found(
    copy: bytes, upright: NDArray[np.int16], tmp_path: Path
) -> None:
    stored = tmp_path / "copy.pdf"
    stored.write_bytes(copy)
    subprocess.run(["pdftoppm", "-r", "72", "-gray", stored, tmp_path / "page"], check=True)
    for turns in TURNS:
        with Image.open(tmp_path / f"page-{turns + 1}.pgm") as drawn:
            assert _difference(_grey(drawn), upright) < 3
        number = str(turns + 1)
        shown = subprocess.run(["pdftotext", "-f", number, "-l", number, stored, "-"], capture_output=True, check=True)
        assert all(phrase in shown.stdout.decode() for phrase in PHRASES)


def test_a_picture_drawn_without_its_turn_would_be_seen(upright: NDArray[np.int16]) -> None:
    """Canary: a page that lies is far from one that stands."""
    assert _difference(upright[::-1, ::-1], upright) > 3


def test_the_personal_stamp_stands_top_left_of_a_turned_page(upright: NDArray[np.int16]) -> None:
    made = world()
    turned = make_copy([lying_page(1)], title="x", captured_at=CAPTURED_AT)
    signed = sign_capture(turned, made.key("officer_p256"), captured_at=CAPTURED_AT, typefaces_dir=made.typefaces)
    document = pypdfium2.PdfDocument(signed.data)
    document.init_forms()
    drawn = _grey(document[0].render(may_draw_forms=True).to_pil())
    corner = drawn[:60, : drawn.shape[1] // 2]
    assert (corner < 128).sum() > 100 > (upright[:60, : upright.shape[1] // 2] < 128).sum()
    assert (drawn[:60, drawn.shape[1] // 2 :] < 128).sum() == 0


def _grey(picture: Image.Image) -> NDArray[np.int16]:
    return np.asarray(picture.convert("L"), dtype=np.int16)


def _difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    rows, columns = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
    return float(np.abs(one[:rows, :columns] - other[:rows, :columns]).mean())
