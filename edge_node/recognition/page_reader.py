"""From a picture to a reading: decode, judge, make the reading copy, find codes, read. The worker's body."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
import numpy as np

from edge_node.imaging.barcodes import find_codes
from edge_node.imaging.decode import Decoded, Page, for_reading
from edge_node.imaging.errors import ImageProblem, MirroredPage
from edge_node.imaging.quality import doubts, refuse_empty
from edge_node.imaging.upright import reading_copy
from edge_node.recognition.draft import Recogniser
from edge_node.recognition.errors import NothingRead
from edge_node.recognition.folding import folded
from edge_node.recognition.mirrored import is_nonsense, makes_sense
from edge_node.recognition.model import Advice, Barcode, PageReading, RecogniserKind, Unreadable
from sync_protocol.errors import Problem

_SURE = 0.8
"""Mean score of the second reader, by letters, below which a page may lie wrongly: 0.84 to 0.99 on 79 upright pages."""

_FEW = 20
"""Letters below which a page says too little to be sure of its way up."""


def read_picture(recogniser: Recogniser, picture: bytes | Page, dpi: int, turns: int = 0) -> PageReading | Unreadable:
    """Read one page given as file bytes or as a decoded page, shown after quarter turns clockwise. A bad picture is a verdict, not an error."""
    try:
        shown = for_reading(picture).turned(turns)
        refuse_empty(shown.page, shown.to_picture.a)
        return _read(recogniser, shown, dpi)
    except (ImageProblem, NothingRead) as problem:
        return verdict(problem)


def _read(recogniser: Recogniser, shown: Decoded, dpi: int) -> PageReading:
    page = shown.page
    copy = reading_copy(page, recogniser.quarter_turns)
    reading = recogniser.read(copy.image, dpi)
    if reading.recogniser is not RecogniserKind.MANUAL and says_little(reading):
        other = reading_copy(page, recogniser.turns_by_trying)
        if other.quarter_turns != copy.quarter_turns:
            copy, reading = other, recogniser.read(other.image, dpi)
    refuse_mirrored(recogniser, page, reading, dpi)
    codes = tuple(Barcode(code.text, code.format, code.box) for code in find_codes(copy.image, _shows_card(reading)))
    if not reading.lines and not codes and reading.recogniser is not RecogniserKind.MANUAL:
        raise NothingRead()
    return msgspec.structs.replace(
        reading,
        to_page=shown.to_picture.after(copy.to_page),
        quarter_turns=copy.quarter_turns,
        skew_degrees=round(copy.skew_degrees, 3),
        barcodes=codes,
        advice=tuple(Advice(**asdict(doubt)) for doubt in doubts(copy.image, dpi)),
    )


def says_little(reading: PageReading) -> bool:
    """Whether so little was read, or so unsurely, that the page may lie on its side or head though nobody saw it."""
    letters = sum(len(line.text) for line in reading.lines)
    sure = sum(len(line.text) * (line.score if line.second is None else line.second_score) for line in reading.lines)
    return sure < _SURE * letters or letters < _FEW


def refuse_mirrored(recogniser: Recogniser, page: Page, reading: PageReading, dpi: int) -> None:
    """Let a page pass whose words are words, or none in a mirror either.

    Only a page of nonsense is read a second time.

    Raises:
        MirroredPage: what was read is nonsense, and makes sense in a mirror.
    """
    if not is_nonsense(line.second or line.text for line in reading.lines):
        return
    other = reading_copy(np.ascontiguousarray(page[:, ::-1]), recogniser.quarter_turns)
    if makes_sense(line.text for line in recogniser.read(other.image, dpi).lines):
        raise MirroredPage()


def _shows_card(reading: PageReading) -> bool:
    """Whether the words of an identity card stand on the page, so that a QR is to be expected."""
    return any(words in folded(line.text) for line in reading.lines for words in ("can cuoc", "identity card"))


def verdict(problem: Problem) -> Unreadable:
    """The same words, as a value that can be kept beside the page."""
    return Unreadable(problem.code, problem.clerk_sentence, problem.clerk_next_step)


def as_page(shape: tuple[int, int, int], pixels: bytes) -> Page:
    """Rebuild a page that crossed the pipe as raw pixels."""
    return np.frombuffer(pixels, dtype=np.uint8).reshape(shape)
