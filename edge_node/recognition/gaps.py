"""Words that the first reader's detector passed over inside a line: the second reader's box is longer, and there is ink where no box lies.

On noisy pages and small print the detector breaks a line and loses a piece of it ("Giới tính / … Nationality"), and a line of which a third is covered
does not count as missed. The first reader then looks at the piece too. Its place is the second reader's, so that what is read there never counts
as agreement of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import percentiles
from edge_node.recognition.draft import LineDraft, tidy

_WIDE = 0.8
"""Width from which a gap is looked into, in heights of the line."""

_INKED = 0.35
"""Width of the ink in it from which there is something to read, in heights of the line: a rule between cells is thinner."""

_CONTRAST = 40
"""Grey levels below the paper from which a pixel is ink."""

_SURE = 0.8
"""Score of the second reader's line from which its box is believed."""

_LEGIBLE = 0.9
"""Score from which what the first reader sees in a gap is writing: 0.99 and more for three pieces of a noisy card, at most 0.74 for eight remains of stamps."""

_ROOM = 0.15
"""What is added above and below, as a share of the box's height."""

_MOST = 12
"""Gaps of a page that are looked into; a page with more is no print."""


def gaps(first: Sequence[Box], second: Sequence[LineDraft], grey: Grey) -> list[Box]:
    """Boxes of inked gaps, px of `grey`; none for lines that the first reader missed as a whole. Pure."""
    found: list[Box] = []
    for line in second:
        beside = sorted((b for b in first if b.shared_rows(line.box) * 3 > line.box.h), key=lambda b: b.x)
        beside = [b for b in beside if b.shared_columns(line.box)]
        if line.score < _SURE or not beside:
            continue
        edges = [line.box.x, *(edge for b in beside for edge in (b.x, b.right)), line.box.right]
        reached = line.box.x
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            start, reached = max(start, reached), max(reached, start)
            if end - start >= _WIDE * line.box.h:
                inked = _inked(grey, Box(start, line.box.y, end - start, line.box.h))
                found += [inked] if inked else []
    return found[:_MOST]


def _inked(grey: Grey, gap: Box) -> Box | None:
    """The part of the gap with ink, a little wider; None where there is too little."""
    crop = grey[max(0, gap.y) : gap.bottom, max(0, gap.x) : gap.right]
    if min(crop.shape) < 8:
        return None
    dark = np.flatnonzero((crop < percentiles(crop, 90)[0] - _CONTRAST).sum(axis=0) > 1)
    if len(dark) < _INKED * gap.h or dark[-1] - dark[0] < _INKED * gap.h:
        return None
    room = gap.h // 6
    left, right = max(gap.x + int(dark[0]) - room, gap.x), min(gap.x + int(dark[-1]) + 1 + room, gap.right)
    return Box(left, gap.y, right - left, gap.h)


def read_in(
    boxes: Sequence[Box], grey: Grey, read: Callable[[Sequence[Grey]], list[tuple[str, float, tuple[float, ...]]]]
) -> list[LineDraft]:
    """What the first reader surely sees in the gaps, as drafts whose place is `lent`."""
    crops = []
    for box in boxes:
        room = max(2, round(box.h * _ROOM))
        crops.append(grey[max(0, box.y - room) : box.bottom + room, max(0, box.x) : box.right])
    return [
        LineDraft(text, box, score, lent=True)
        for box, (raw, score, _) in zip(boxes, read(crops), strict=True)
        if score >= _LEGIBLE and (text := tidy(raw))
    ]
