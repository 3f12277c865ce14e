"""trueocr, the second reader: its own detector, its own recogniser, about half a CPU second a page.

It finds its own boxes. Two recognisers on the same boxes share every bad crop: on common boxes both agreed on a wrong number twice in
596, on separate boxes never in 587 (2026-11-22). Alone it is the fast mode, weaker on diacritics.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import inked_part
from edge_node.recognition.assets import TRUEOCR, checked
from edge_node.recognition.draft import LineDraft, tidy
from edge_node.recognition.limits import MAX_LINES

_BATCH = 16

_LEAST = 1000

_ON_ITS_HEAD = 0.7
"""About the score of lines that stand on their head: 0.68 to 0.79 on five pages, 0.85 to 0.97 upright, and hardly a line when they lie on their side."""

_CLEARLY = 1.5
"""How much more must be read one way round than the way the page lies."""


class SecondReader:
    """trueocr 0.1.1 (Apache-2.0) on its own boxes; also knows which way is up."""

    def __init__(self) -> None:
        folder = [checked(model).parent for model in TRUEOCR][0]
        from trueocr.page import PageEngine
        from trueocr.recognizer import Recognizer

        self._page = PageEngine(folder, threads=1)
        self._lines = Recognizer(folder, threads=1)

    def read_lines(self, grey: Grey) -> list[LineDraft]:
        """All lines found, in no particular order; boxes in px of `grey`."""
        boxes: list[Box] = []
        for x0, y0, x1, y1, _score in self._page.detect(grey)[:MAX_LINES]:
            x, y = math.floor(x0), math.floor(y0)
            boxes.append(Box(x, y, math.ceil(x1) - x, math.ceil(y1) - y).clipped(grey.shape[1], grey.shape[0]))
        crops = [np.ascontiguousarray(grey[b.y : b.bottom, b.x : b.right]) for b in boxes]
        return [line for line in self._read(crops, boxes) if line.text]

    def _read(self, crops: Sequence[Grey], boxes: Sequence[Box]) -> Iterator[LineDraft]:
        """The library's own way to read line pictures, which keeps but the mean of what the network knows of each character."""
        from trueocr.preprocess import pad_batch, prepare_image, width_batches

        lines = self._lines
        pictures = [prepare_image(crop, lines.max_width, lines.pad_y, lines.pad_x) for crop in crops]
        for batch in width_batches([picture.shape[1] for picture in pictures], max_batch=_BATCH):
            tensor, widths = pad_batch([pictures[at] for at in batch])
            ids, sure, lengths = lines.session.run(["ids", "conf", "lengths"], {"x": tensor, "widths": widths})
            for at, steps, chances, length in zip(batch, ids, sure, lengths, strict=True):
                yield self._line(steps[:length], chances[:length], boxes[at])

    def _line(self, steps: NDArray[np.int64], chances: NDArray[np.float32], box: Box) -> LineDraft:
        at = np.flatnonzero((steps != 0) & np.concatenate(([True], steps[1:] != steps[:-1])))  # greedy CTC, blank 0
        raw = "".join(self._lines.chars[step - 1] for step in steps[at])
        text = tidy(raw)
        if text != raw:
            return LineDraft(text, box, float(chances[at].mean()))
        # The picture had room added at both sides.
        room = self._lines.pad_x * box.h
        centres = box.x - room + (at + 0.5) / max(1, len(steps)) * (box.w + 2 * room)
        inside = np.clip(centres, box.x, box.right).tolist()
        return LineDraft(text, box, float(chances[at].mean()) if at.size else 0.0, tuple(inside), tuple(chances[at].tolist()))

    def quarter_turns(self, grey: Grey) -> int:
        """Quarter turns counter-clockwise of the content, 0…3; a turn is claimed only above 95 % certainty.

        The part with ink is looked at first: a card in the corner of a page is too small to be seen on the whole of it.
        """
        inked = grey[_grown(inked_part(grey), grey.shape)]
        turns = int(self._page.orientation(np.ascontiguousarray(inked)))
        if turns not in (1, 2, 3) and inked.size < grey.size:
            turns = int(self._page.orientation(grey))
        return turns if turns < 4 else 0

    def turns_by_trying(self, grey: Grey) -> int:
        """Quarter turns counter-clockwise of the content, by what can be read each way round; 0 where no way is clearly better."""
        sense = [_sense(self.read_lines(np.ascontiguousarray(np.rot90(grey, -turns)))) for turns in range(4)]
        best = int(np.argmax(sense))
        return best if sense[best] > _CLEARLY * sense[0] else 0


def _sense(lines: Sequence[LineDraft]) -> float:
    """How much was read surely: letters, each by how far its line's score lies above what a page on its head gets."""
    return sum(len(line.text) * max(0.0, line.score - _ON_ITS_HEAD) for line in lines)


def _grown(part: tuple[slice, slice], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The part with bare paper around it up to `_LEAST` px a side: of a few lines alone the model is unsure."""
    rows, columns = (_stretched(one, side) for one, side in zip(part, shape, strict=True))
    return rows, columns


def _stretched(part: slice, side: int) -> slice:
    length = min(side, max(_LEAST, part.stop - part.start))
    start = max(0, min(part.start - (length - (part.stop - part.start)) // 2, side - length))
    return slice(start, start + length)
