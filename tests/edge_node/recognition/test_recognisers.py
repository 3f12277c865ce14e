"""One suite for every reader: what a `Recogniser` promises, on a real page with the real models."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.imaging.decode import Page
from edge_node.recognition.model import DocumentReading, PageReading, RecogniserKind, Unreadable
from edge_node.recognition.service import ReadingService, ReadingSettings
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.imaging.pictures import FORM, encoded, typeset

WRITTEN = {text for *_, text in FORM}

MISREAD_MOST = {RecogniserKind.TWO_READERS: 0, RecogniserKind.FAST: 2, RecogniserKind.LINES: 1, RecogniserKind.MANUAL: len(FORM)}
"""Lines of the form, of 13, that a reader may have with a wrong letter, mark or space: fast loses spaces behind signs, Tesseract the hook of "ẤN"."""


def unusual(kind: str) -> bytes:
    """The form as a file of this kind: "TIFF", "GIF" and "MPO" with two frames, the others as modes of pixels."""
    picture = Image.fromarray(np.ascontiguousarray(typeset(FORM)[:, :, ::-1]))
    held = io.BytesIO()
    if kind in ("TIFF", "GIF", "MPO"):
        picture.save(held, kind, save_all=True, append_images=[picture.rotate(180)])
    elif kind == "I;16":
        Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257).save(held, "PNG")
    else:
        picture.convert(kind).save(held, "JPEG" if kind == "CMYK" else "PNG")
    return held.getvalue()


def is_manual(kind: RecogniserKind) -> bool:
    """Whether nothing is looked for, so that nothing is found and nothing missed."""
    return kind is RecogniserKind.MANUAL


def left_to_the_clerk(answer: PageReading | Unreadable) -> bool:
    """What the manual reader gives for any page on which something may stand: the page as it lies, without a word."""
    return isinstance(answer, PageReading) and not answer.lines and answer.quarter_turns == 0


@pytest.fixture(scope="module", params=list(RecogniserKind), ids=str)
def service(request: pytest.FixtureRequest) -> Iterator[ReadingService]:
    with ReadingService(ReadingSettings(kind=request.param)) as reading:
        yield reading


@pytest.fixture(scope="module")
def reading(service: ReadingService) -> PageReading:
    answer = service.read_page(encoded(typeset(FORM)), 200)
    assert isinstance(answer, PageReading)
    return answer


def test_a_printed_form_is_read(reading: PageReading) -> None:
    said = re.sub(r"(?<=\d) (?=/)", "", " ".join(reading.text.split()))
    numbers = ("001185012345", "01/02/1985", "0123456789", "12.345.000", "1234/QĐ-BHXH")
    assert [number for number in numbers if number in said] == ([] if is_manual(reading.recogniser) else list(numbers))


def test_every_letter_and_mark_is_right_but_for_what_a_reader_is_known_to_miss(reading: PageReading) -> None:
    missed = WRITTEN - {line.text for line in reading.lines}
    assert len(missed) <= MISREAD_MOST[reading.recogniser]
    assert bool(reading.lines) != is_manual(reading.recogniser)


def test_text_is_composed_and_boxes_lie_on_the_page(reading: PageReading) -> None:
    assert unicodedata.is_normalized("NFC", reading.text)
    for line in reading.lines:
        assert line.text == " ".join(word.text for word in line.words)
        assert 0 <= line.box.x < line.box.right <= reading.width_px
        assert 0 <= line.box.y < line.box.bottom <= reading.height_px
        assert 0 <= line.score <= 1
    assert len(reading.placed_words()) == sum(len(line.words) for line in reading.lines)


def test_only_two_readers_give_a_second_opinion(reading: PageReading) -> None:
    if reading.recogniser is RecogniserKind.TWO_READERS:
        assert all(line.second for line in reading.lines)
    else:
        assert all(line.second is None for line in reading.lines)


def test_only_two_readers_pre_confirm_a_number(reading: PageReading) -> None:
    proposal = extract(DocumentReading((reading,)), DOCUMENT_TYPES, Gazetteer())
    trusts = {field.trust for field in proposal.fields if field.kind in ("personal_id", "date", "bhxh_number")}
    assert (FieldTrust.AGREES in trusts) == (reading.recogniser is RecogniserKind.TWO_READERS)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (np.random.default_rng(1).integers(0, 256, (2339, 1654, 3), dtype=np.uint8), "IMG-007"),
        (np.full((2339, 1654, 3), 255, np.uint8), "IMG-006"),
        (np.zeros((1, 1), np.uint8), "IMG-003"),
        (np.full((20_000, 200), 255, np.uint8), "IMG-006"),
        (np.full((20_001, 200), 255, np.uint8), "IMG-002"),
    ],
    ids=["grain", "blank", "one pixel", "20000 px", "20001 px"],
)
def test_a_page_that_cannot_be_read_gets_a_clear_verdict(service: ReadingService, page: Page, code: str) -> None:
    answer = service.read_page(page, 200)
    assert isinstance(answer, Unreadable)
    assert answer.code == code
    assert answer.sentence and answer.next_step


def test_a_mirrored_page_is_said_to_be_one(service: ReadingService) -> None:
    answer = service.read_page(np.ascontiguousarray(typeset(FORM)[:, ::-1]), 200)
    if is_manual(service._settings.kind):
        assert left_to_the_clerk(answer)
    else:
        assert isinstance(answer, Unreadable)
        assert answer.code == "IMG-009"


def test_a_broken_file_gets_a_clear_verdict(service: ReadingService) -> None:
    answer = service.read_page(encoded(typeset(FORM), "JPEG")[:900], 200)
    assert isinstance(answer, Unreadable)
    assert answer.code == "IMG-001"


def test_a_drawing_without_writing_goes_to_a_person(service: ReadingService) -> None:
    drawing = np.full((2339, 1654, 3), 255, np.uint8)
    cv2.circle(drawing, (800, 1100), 500, (0, 0, 0), 60)
    answer = service.read_page(drawing, 200)
    if is_manual(service._settings.kind):
        assert left_to_the_clerk(answer)
    else:
        assert isinstance(answer, Unreadable)
        assert answer.code == "OCR-004"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_page_is_read_and_its_boxes_lie_on_the_turned_page(service: ReadingService, turns: int) -> None:
    evidence = np.ascontiguousarray(np.rot90(typeset(FORM), turns))
    answer = service.read_page(evidence, 200)
    assert isinstance(answer, PageReading)
    assert answer.quarter_turns == (0 if is_manual(answer.recogniser) else turns)
    assert ("001185012345" in answer.text) != is_manual(answer.recogniser)
    for word in answer.placed_words():
        box = word.box.clipped(evidence.shape[1], evidence.shape[0])
        assert evidence[box.y : box.bottom, box.x : box.right].min() < 100, "there is ink where the word is said to be"


def test_in_a_hurry_two_readers_become_the_fast_one_and_others_stay_themselves(service: ReadingService) -> None:
    kind = service._settings.kind
    answer = service.read_page(typeset(FORM), 200, hurry=True)
    assert isinstance(answer, PageReading)
    assert answer.recogniser is (RecogniserKind.FAST if kind is RecogniserKind.TWO_READERS else kind)
    if kind is RecogniserKind.TWO_READERS:
        assert all(line.second is None for line in answer.lines)


def test_a_page_in_another_language_is_read_and_nothing_in_it_is_taken_for_a_field(service: ReadingService) -> None:
    letter = (
        (150, 200, "Dear colleagues, the annual meeting takes place in the main hall."),
        (150, 260, "Bitte bringen Sie Ihre Unterlagen und den Ausweis mit."),
        (150, 320, "Merci de confirmer votre participation avant la fin du mois."),
    )
    answer = service.read_page(typeset(letter), 200)
    assert isinstance(answer, PageReading)
    proposal = extract(DocumentReading((answer,)), DOCUMENT_TYPES, Gazetteer())
    assert proposal.document_type is None
    assert all(field.trust is not FieldTrust.AGREES for field in proposal.fields)


@pytest.mark.parametrize("kind", ["CMYK", "RGBA", "I;16", "MPO", "TIFF", "GIF"])
def test_pictures_of_unusual_kinds_are_read_or_get_a_clear_verdict(service: ReadingService, kind: str) -> None:
    answer = service.read_page(unusual(kind), 200)
    if kind in ("TIFF", "GIF"):  # several pages in one file
        assert isinstance(answer, Unreadable)
        assert answer.code == "IMG-004"
    else:
        assert isinstance(answer, PageReading)
        assert bool(answer.lines) == (service._settings.kind is not RecogniserKind.MANUAL)


def test_memory_stays_within_its_budget(service: ReadingService, reading: PageReading) -> None:
    assert reading
    assert service.peak_bytes < 700_000_000


def test_canary_a_page_with_other_words_is_noticed(reading: PageReading) -> None:
    with pytest.raises(AssertionError):
        assert "999999999999" in reading.text
