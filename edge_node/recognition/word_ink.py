"""Where the words of a line really stand: their boxes, which were shared out by letters, brought to the gaps in the ink."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import percentiles

_REACH = 1.0
"""How far from where it is expected a gap is looked for, in heights of the line."""

_NEARNESS = 0.35
"""By how much of its distance a gap must be wider than a nearer one to be taken instead."""

_WIDEST = 0.45
"""Width beyond which a gap is worth no more, in heights of the line: the margin must not draw words to it."""

_INK = 0.4
"""Share of the contrast from which a pixel counts as ink."""

_RULED = 0.7
"""Share of a row's columns from which its ink is a rule and no writing."""


def snug_boxes(grey: Grey, boxes: Sequence[Box]) -> list[Box]:
    """The words' boxes of one line, left to right, their ends moved to the widest gap near by; unmoved where the ink shows none."""
    if not boxes:
        return []
    line, last = boxes[0], boxes[-1]
    reach = round(line.h * _REACH)
    left, right = max(0, line.x - reach), min(grey.shape[1], last.right + reach)
    gaps = bare_gaps(grey[max(0, line.y) : line.bottom, left:right]) + left
    if not gaps.size:
        return list(boxes)
    ends = [line.x, *((one.right + other.x) / 2 for one, other in zip(boxes, boxes[1:], strict=False)), last.right]
    near = _matched(np.asarray(ends), gaps, reach)
    done = []
    for box, start, end in zip(boxes, near, near[1:], strict=False):
        x0 = box.x if start is None else int(gaps[start, 1])
        x1 = box.right if end is None else int(gaps[end, 0])
        done.append(msgspec.structs.replace(box, x=x0, w=x1 - x0) if x1 - x0 >= box.h // 6 else box)
    return done


def bare_gaps(strip: NDArray[np.uint8]) -> NDArray[np.intp]:
    """`(n, 2)`: first column and first column after each run of columns without ink."""
    if min(strip.shape) < 8:
        return np.zeros((0, 2), np.intp)
    dark, paper = percentiles(strip, 2, 85)
    inked = strip < paper - max(paper - dark, 40.0) * _INK
    inked = inked[inked.mean(axis=1) < _RULED]
    bare = np.concatenate(([0], (inked.sum(axis=0) <= len(inked) // 40).astype(np.int8), [0]))
    steps = np.flatnonzero(np.diff(bare))
    return steps.reshape(-1, 2)


def _matched(ends: NDArray[np.float64], gaps: NDArray[np.intp], reach: int) -> list[int | None]:
    """For each end of a word its gap, in order and none twice: wide gaps first, each worth less by a third of its distance."""
    start, stop = gaps[:, 0][None], gaps[:, 1][None]
    away = np.maximum(0, np.maximum(start - ends[:, None], ends[:, None] - stop))
    worth = np.where(away <= reach, np.minimum(stop - start, round(reach * _WIDEST)) - _NEARNESS * away, -1.0)
    best = [np.zeros(len(gaps) + 1)]  # best[i][j]: the most that the first i ends are worth with the first j gaps
    for row in worth:
        taken = np.maximum(best[-1][1:], best[-1][:-1] + row)
        best.append(np.maximum.accumulate(np.concatenate(([0.0], taken))))
    found: list[int | None] = [None] * len(ends)
    j = len(gaps)
    for i in range(len(ends), 0, -1):
        while j and best[i][j] == best[i][j - 1]:
            j -= 1
        if j and best[i][j] > best[i - 1][j]:
            found[i - 1] = j - 1
            j -= 1
    return found
