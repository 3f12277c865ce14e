"""The four readers an office can choose from, behind one protocol.

`TwoReaders` is the default; `FastReader` serves a long queue; `LineTesseract` (own module) serves an office that
does not accept young models; `Manual` reads nothing, and every screen works with it: typing is first class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.writing import writing
from edge_node.recognition.alignment import missed_by_first, second_opinions
from edge_node.recognition.assembly import assembled, drafts
from edge_node.recognition.asternet import AsterNet
from edge_node.recognition.draft import LineDraft, Recogniser
from edge_node.recognition.gaps import gaps, read_in
from edge_node.recognition.inference import trim
from edge_node.recognition.limits import MIN_SCORE
from edge_node.recognition.lone_tones import LoneTones
from edge_node.recognition.model import PageReading, RecogniserKind
from edge_node.recognition.state_heading import headings, not_read
from edge_node.recognition.sure_words import sure_runs
from edge_node.recognition.thin_ones import days_again
from edge_node.recognition.third_look import ThirdLook
from edge_node.recognition.tone_marks import ToneMarks
from edge_node.recognition.tone_net import ToneNet

if TYPE_CHECKING:
    from edge_node.recognition.second_reader import SecondReader


def recogniser(kind: RecogniserKind, tessdata: str) -> Recogniser:
    """Build the chosen reader and load what it needs. `tessdata` is the folder of Debian's language data.

    Raises:
        ModelMismatch, LanguageDataMissing: what it needs is not there.
    """
    if kind is RecogniserKind.TWO_READERS:
        return TwoReaders()
    if kind is RecogniserKind.FAST:
        from edge_node.recognition.second_reader import SecondReader

        return FastReader(SecondReader(), ToneNet())
    if kind is RecogniserKind.LINES:
        from edge_node.recognition.tesseract import LineTesseract

        return LineTesseract(tessdata)
    return Manual()


def in_a_hurry(reader: Recogniser) -> Recogniser:
    """The same models' quicker way to read: two readers become one, every other reader stays itself."""
    return reader.fast if isinstance(reader, TwoReaders) else reader


class TwoReaders:
    """RapidOCR's detector with AsterNet, and trueocr on its own boxes as the second opinion."""

    def __init__(self) -> None:
        from edge_node.recognition.detector import LineEngine
        from edge_node.recognition.second_reader import SecondReader

        self._letters = AsterNet()
        self._first = LineEngine(self._letters)
        self._second = SecondReader()
        self._eye = ToneNet()
        self.fast = FastReader(self._second, self._eye)

    def quarter_turns(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return self._second.quarter_turns(grey)

    def turns_by_trying(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return self._second.turns_by_trying(grey)

    def read(self, page: Page, dpi: int) -> PageReading:
        """See `Recogniser`. Lines that only the second reader saw come with score 0, among them the heading of the state."""
        grey = writing(page)
        second = self._second.read_lines(grey)
        known = headings(second)
        others = [line for line in second if line not in known]
        spared = sure_runs(others, grey, self._eye)
        trim()  # detection is the peak: what decoding and straightening left behind must not stand beside it
        first = [d for d in drafts(self._first.lines(grey, [h.box for h in known], spared, others)) if d.score >= MIN_SCORE]
        first = days_again(first, grey, self._letters)
        first += read_in(gaps([d.box for d in first], others, grey), grey, self._letters)
        opinions = second_opinions(first, second)
        missed = missed_by_first(first, others)
        extra = [line for line in missed if line.score >= 0.6]
        unread = not_read(known, first)
        everything = first + [LineDraft(line.text, line.box, 0.0) for line in extra + unread]
        third, tones = ThirdLook(grey, self._letters), ToneMarks(grey, self._eye)
        opinions += [("", 0.0)] * len(extra) + [(line.text, line.score) for line in unread]
        reading = assembled(RecogniserKind.TWO_READERS, page, dpi, everything, opinions, grey, third, tones, spared)
        self._letters.rest()
        return reading


class FastReader:
    """trueocr with our eye for tones, 0.4 times the CPU. Alone it is no match for both: of 95 ID numbers it had 74, of two dense lists it lost a third of
    the lines (2026-11-30). Only what a card's QR or a published list says too is ever pre-confirmed."""

    def __init__(self, reader: SecondReader, eye: ToneNet) -> None:
        self._reader, self._eye = reader, eye

    def quarter_turns(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return self._reader.quarter_turns(grey)

    def turns_by_trying(self, grey: Grey) -> int:
        """See `Recogniser`."""
        return self._reader.turns_by_trying(grey)

    def read(self, page: Page, dpi: int) -> PageReading:
        """See `Recogniser`."""
        grey = writing(page)
        lines = self._reader.read_lines(grey)
        return assembled(RecogniserKind.FAST, page, dpi, lines, None, grey, tones=LoneTones(grey, self._eye))


class Manual:
    """Reads nothing: the clerk types. A page is still measured, turned by hand and archived like any other."""

    def quarter_turns(self, grey: Grey) -> int:
        """Always 0: nobody has looked."""
        return 0

    def turns_by_trying(self, grey: Grey) -> int:
        """Always 0: nobody has looked."""
        return 0

    def read(self, page: Page, dpi: int) -> PageReading:
        """See `Recogniser`; a reading without lines."""
        return assembled(RecogniserKind.MANUAL, page, dpi, [], None)
