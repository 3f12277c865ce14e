"""A mirrored page gets its own verdict; a page in another language, and one with few words, get none."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.errors import MirroredPage
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Line, PageReading, RecogniserKind
from edge_node.recognition.page_reader import refuse_mirrored

WORDS = "Căn cứ quyết định của cơ quan bảo hiểm xã hội"
BACKWARDS = "iộh ãx mểih oảb nauq ơc aủc hnịđ tếyuq ức năC"
ENGLISH = "This certificate was issued by the consulate general without prejudice"


class Double:
    """A reader that sees `right` where the left half of the page is dark, and `mirrored` where the right half is."""

    def __init__(self, right: str, mirrored: str) -> None:
        self.right, self.mirrored, self.reads = right, mirrored, 0

    def read(self, page: Page, dpi: int) -> PageReading:
        """See `Recogniser`."""
        self.reads += 1
        half = page.shape[1] // 2
        text = self.right if page[:, :half].mean() < page[:, half:].mean() else self.mirrored
        line = Line(text, Box(0, 0, 10, 10), 0.9)
        return PageReading(RecogniserKind.FAST, dpi, page.shape[1], page.shape[0], (line,))

    def quarter_turns(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return 0

    def turns_by_trying(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return 0


def looked_at(right: str, mirrored: str) -> Double:
    page = np.full((200, 200, 3), 240, np.uint8)
    page[:, :100] = 100
    reader = Double(right, mirrored)
    refuse_mirrored(reader, page, reader.read(page, 200), 200)
    return reader


def test_a_page_that_makes_sense_only_in_a_mirror_is_refused() -> None:
    with pytest.raises(MirroredPage):
        looked_at(BACKWARDS, WORDS)


def test_a_page_of_vietnamese_is_read_once() -> None:
    assert looked_at(WORDS, BACKWARDS).reads == 1


@pytest.mark.parametrize("text", [ENGLISH, "xq zw", ""])
def test_another_language_and_a_few_letters_are_no_mirror(text: str) -> None:
    looked_at(text, BACKWARDS)
