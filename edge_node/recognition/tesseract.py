"""The fallback without young models: RapidOCR's detector, Tesseract line by line with Debian's Vietnamese data.

`SINGLE_LINE` returns nothing for some perfectly clear lines; those are tried again as `RAW_LINE` (took the error on such
pages from 4.12 % to 1.97 % of characters, 2026-11-22). Tesseract's own threads are switched off by the worker's environment
(`OMP_THREAD_LIMIT=1`): two threads on two busy cores took 86 s for a page that takes 2.6 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.writing import writing
from edge_node.recognition.assembly import assembled, drafts
from edge_node.recognition.errors import LanguageDataMissing
from edge_node.recognition.limits import MIN_SCORE
from edge_node.recognition.model import PageReading, RecogniserKind


class LineTesseract:
    """Tesseract `vie` behind RapidOCR's detector; single opinion, so nothing is ever pre-confirmed."""

    def __init__(self, tessdata: str) -> None:
        if not (Path(tessdata) / "vie.traineddata").is_file():
            raise LanguageDataMissing(folder=tessdata)
        import tesserocr

        from edge_node.recognition.detector import LineEngine

        self._modes = tesserocr.PSM
        self._api = tesserocr.PyTessBaseAPI(path=tessdata, lang="vie", psm=tesserocr.PSM.SINGLE_LINE)
        has_orientation = (Path(tessdata) / "osd.traineddata").is_file()
        self._osd = (
            tesserocr.PyTessBaseAPI(path=tessdata, lang="osd", psm=tesserocr.PSM.OSD_ONLY) if has_orientation else None
        )
        self._engine = LineEngine(self._lines)

    def quarter_turns(self, grey: Grey) -> int:
        """See `Recogniser`; 0 where Debian's orientation data is not installed or Tesseract is not sure."""
        if self._osd is None:
            return 0
        height, width = grey.shape
        self._osd.SetImageBytes(np.ascontiguousarray(grey).tobytes(), width, height, 1, width)
        found = self._osd.DetectOrientationScript()
        if not found or found["orient_conf"] < 2:
            return 0
        return -int(found["orient_deg"]) // 90 % 4  # Tesseract counts clockwise

    def turns_by_trying(self, grey: Grey) -> int:
        """See `Recogniser`; Tesseract's own look is all there is."""
        return self.quarter_turns(grey)

    def read(self, page: Page, dpi: int) -> PageReading:
        """See `Recogniser`."""
        lines = [d for d in drafts(self._engine.lines(writing(page))) if d.score >= MIN_SCORE]
        return assembled(RecogniserKind.LINES, page, dpi, lines, None)

    def _lines(self, crops: Sequence[Grey], _sign_widths: Sequence[float]) -> list[tuple[str, float, tuple[float, ...]]]:
        return [self._line(crop) for crop in crops]

    def _line(self, crop: Grey) -> tuple[str, float, tuple[float, ...]]:
        grey = np.pad(crop, 6, mode="edge")
        height, width = grey.shape
        for mode in (self._modes.SINGLE_LINE, self._modes.RAW_LINE):
            self._api.SetPageSegMode(mode)
            self._api.SetImageBytes(grey.tobytes(), width, height, 1, width)
            text = self._api.GetUTF8Text().strip()
            if text:
                return text.replace("\n", " "), self._api.MeanTextConf() / 100, ()
        return "", 0.0, ()
