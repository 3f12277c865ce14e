"""RapidOCR's detector and pipeline, without its own recogniser, which cannot write Vietnamese.

The engine of `rapidocr-onnxruntime` 1.4.4 is kept (detection, sorting, cropping, filtering); its recogniser lacks 123 of the 134
accented letters, so another one is put into its place. The working size is pinned here because the engine ignores its own
setting for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidocr_onnxruntime import RapidOCR
from rapidocr_onnxruntime.ch_ppocr_det import TextDetector

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import inked_part
from edge_node.imaging.rules import Rule, upright_rules, without_rules
from edge_node.recognition.alignment import sign_width
from edge_node.recognition.assets import DETECTOR, DETECTOR_WITHOUT_DETOURS, checked, checked_bytes
from edge_node.recognition.detector_input import detector_input
from edge_node.recognition.detector_network import without_detours
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.inference import giving_back, session
from edge_node.recognition.limits import DETECTOR_GRID_PX, DETECTOR_SIDE_PX, DETECTOR_UNCLIP, MAX_LINES
from edge_node.recognition.spared import Part, Run, left_to_read, with_spared
from edge_node.recognition.state_heading import lies_on

_SIDE_PAD = 0.15
"""Room left and right of a line as a share of its height: boxes cut the full stop off (tried 2026-11-22)."""

_RULE_MARGIN = 0.3
"""How near to an end of a box, in its heights, a rule is the border of its cell and divides nothing."""

_FAINT = 0.25
"""Share of the contrast from which a column holds ink; grain of a noisy page counts too, and then less is taken off."""

_SIDE_ROOM = 0.15
"""Bare paper left at both ends of a box, in its heights; `_SIDE_PAD` comes on top when the line is cut out."""

LineReader = Callable[[Sequence[Grey], Sequence[float]], list[tuple[str, float, tuple[float, ...]]]]
"""Reads grey line pictures: text, score, and the centre of each character as a share of the width. The numbers are how wide the signs of each are, px."""


class LineEngine(RapidOCR):  # type: ignore[misc]
    """RapidOCR with the detector pinned at 1280 px and any line reader behind it."""

    def __init__(self, reader: LineReader) -> None:
        # The library's constructor would load its Chinese recogniser and classifier; only what is used is loaded.
        self.text_score, self.print_verbose = 0.0, False
        self.min_height, self.width_height_ratio = 30, -1
        self.max_side_len, self.min_side_len = 20_000, 30
        self.use_det, self.use_cls, self.use_rec = True, False, True
        self.load_img = _as_is
        self._rules: list[Rule] = []
        self._known: list[Box] = []
        self._runs: Sequence[Run] = ()
        self._parts: list[tuple[Part, Box, Box]] = []
        self._others: Sequence[LineDraft] = ()
        self._sign_widths: list[float] = []
        self._side_px = DETECTOR_SIDE_PX
        self.text_det = TextDetector(_detector_settings())
        made = without_detours(checked(DETECTOR).read_bytes())
        self.text_det.infer = _runner(session(checked_bytes("detector without detours", made, DETECTOR_WITHOUT_DETOURS)))
        self.text_det.get_preprocess = lambda _side: lambda grey: detector_input(grey, self._side_px)
        self.text_rec = lambda crops, _word_boxes: (self._read(reader, crops), 0.0)

    def lines(
        self, grey: Grey, known: Sequence[Box] = (), spared: Sequence[Run] = (), others: Sequence[LineDraft] = ()
    ) -> list[tuple[Box, str, float, tuple[float, ...]]]:
        """Box in px of `grey`, text, score, character centres as shares of the width; top to bottom.

        Only the part with ink is looked at, at the scale of the whole page: margins cost as much as writing. What lies on one of the
        `known` boxes, px of `grey`, is not read; of a line that begins or ends with one of the `spared` words, only the rest. `others`: lines as
        another reader saw them, for how wide their signs are.
        """
        height, width = grey.shape
        step = DETECTOR_GRID_PX * max(height, width) / DETECTOR_SIDE_PX
        rows, columns = (_on_grid(s, side, step) for s, side in zip(inked_part(grey), (height, width), strict=True))
        part = grey[rows, columns]
        self._side_px = max(32, round(DETECTOR_SIDE_PX * max(part.shape) / max(height, width)))
        rules = upright_rules(part, max(height, width))
        self._rules = [rule for rule in rules if rule.divides]
        self._runs = [run.moved(-columns.start, -rows.start) for run in spared]
        self._others = [replace(line, box=_moved(line.box, -columns.start, -rows.start)) for line in others]
        self._known = [_moved(box, -columns.start, -rows.start) for box in known]
        found, _ = self(without_rules(part, rules))
        lines = []
        for corners, (text, centres), score in found or []:
            box = _moved(_upright(np.array(corners)), columns.start, rows.start)
            lines.append((box.clipped(width, height), text, float(score), centres))
        return lines

    def auto_text_det(self, img: Grey) -> tuple[NDArray[np.float32] | None, float]:
        """The library's detection, bounded, and cut where a rule divides what it joined: a page of grain must not become thousands of lines."""
        boxes, seconds = super().auto_text_det(img)
        if boxes is None:
            return None, 0.0
        parts = [_cut(box, self._rules) for box in boxes[:MAX_LINES]]
        whole = [part for cut in parts for part in cut]
        kept = [part for cut in parts for part in cut if len(cut) == 1 or not _is_overlap(part, whole)]
        snug = [_snug(part, img) for part in kept]
        wanted = [part for part in snug if not lies_on(_upright(part), self._known)]
        return np.array(wanted, np.float32) if wanted else None, seconds

    def get_crop_img_list(self, img: Grey, dt_boxes: Sequence[NDArray[np.float32]]) -> list[Grey]:
        """Cut upright rectangles: the page is level, and the library would lay narrow cells ("2") on their side."""
        crops, self._parts, self._sign_widths = [], [], []
        for corners in dt_boxes:
            x0, y0 = np.floor(corners.min(axis=0)).astype(int)
            x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
            pad = max(2, round((y1 - y0) * _SIDE_PAD))
            box = _upright(corners)
            part = left_to_read(box, self._runs)
            left, right = part.start if part.before else max(0, x0 - pad), part.end if part.behind else x1 + 1 + pad
            if not part.is_whole:
                crops.append(img[max(0, y0) : y1 + 1, left:right])
                self._sign_widths.append(sign_width(box, self._others))
            self._parts.append((part, box, Box(left, box.y, min(right, img.shape[1]) - left, box.h)))
        return crops


    def _read(self, reader: LineReader, crops: Sequence[Grey]) -> list[tuple[tuple[str, tuple[float, ...]], float]]:
        """What the first reader reads, put together with what was spared it."""
        read = iter(reader(crops, self._sign_widths))
        return [_hide(with_spared(part, box, cut, ("", 1.0, ()) if part.is_whole else next(read))) for part, box, cut in self._parts]


def _upright(corners: NDArray[np.float32]) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(int(left), int(top), int(right - left), int(bottom - top))


def _moved(box: Box, x: int, y: int) -> Box:
    """The box in px of a picture whose corner lies elsewhere."""
    return Box(box.x + x, box.y + y, box.w, box.h)


def _on_grid(part: slice, side: int, step: float) -> slice:
    """The part grown to a whole number of the detector's steps, so that it is not stretched; all of a side that has no room."""
    wanted = round(-(-(part.stop - part.start) // step) * step)
    if wanted >= side:
        return slice(0, side)
    start = max(0, min(part.start - (wanted - part.stop + part.start) // 2, side - wanted))
    return slice(start, start + wanted)


def _cut(box: NDArray[np.float32], rules: Sequence[Rule]) -> list[NDArray[np.float32]]:
    """A box in parts, as upright corners, where rules of a table go through it from top to bottom."""
    (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
    near = (bottom - top) * _RULE_MARGIN
    middle = (top + bottom) / 2
    cuts = sorted(
        rule.middle
        for rule in rules
        if rule.top <= min(middle, top + near) + 1
        and rule.bottom >= max(middle, bottom - near) - 1
        and left + near < rule.middle < right - near
    )
    if not cuts:
        return [box]
    # A cut stays clear of the rule by the room that is added to every line, so that no digit of the next cell comes along.
    room = max(2, round((bottom - top) * _SIDE_PAD)) + 2
    lefts, rights = [float(left), *(cut + room for cut in cuts)], [*(cut - room for cut in cuts), float(right)]
    return [
        np.array([(x0, top), (x1, top), (x1, bottom), (x0, bottom)], np.float32)
        for x0, x1 in zip(lefts, rights, strict=True)
        if x1 - x0 > near
    ]


def _snug(part: NDArray[np.float32], grey: Grey) -> NDArray[np.float32]:
    """The box without the bare paper at its ends: on a cell of a table a quarter of what the line reader would have to walk over."""
    (left, top), (right, bottom) = part.min(axis=0), part.max(axis=0)
    x0, y0 = max(0, int(left)), max(0, int(top))
    crop = grey[y0 : int(bottom) + 1, x0 : int(right) + 1]
    if min(crop.shape) < 8:
        return part
    levels = np.cumsum(np.bincount(crop.ravel(), minlength=256)) / crop.size
    paper, darkest = int(np.searchsorted(levels, 0.9)), int(np.searchsorted(levels, 0.01))
    inked = np.flatnonzero(crop.min(axis=0) < paper - _FAINT * (paper - darkest))
    if not inked.size or paper - darkest < 20:
        return part
    room = (bottom - top) * _SIDE_ROOM
    x_first, x_last = max(left, x0 + inked[0] - room), min(right, x0 + inked[-1] + 1 + room)
    return np.array([(x_first, top), (x_last, top), (x_last, bottom), (x_first, bottom)], np.float32)


def _is_overlap(part: NDArray[np.float32], boxes: Sequence[NDArray[np.float32]]) -> bool:
    """Whether a narrow part is only where a box reached into the next cell: that cell's own box covers a third of it."""
    (left, top), (right, bottom) = part.min(axis=0), part.max(axis=0)
    if right - left > 1.5 * (bottom - top):
        return False
    for box in boxes:
        (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
        beside = min(y1, bottom) - max(y0, top) > (bottom - top) / 2 and x1 - x0 > right - left
        if box is not part and beside and min(x1, right) - max(x0, left) > (right - left) / 3:
            return True
    return False


def _runner(network: Any) -> Callable[[NDArray[np.float32]], Any]:
    """The detector's run, in the form that the library calls."""
    name = network.get_inputs()[0].name
    return lambda picture: network.run(None, {name: picture}, giving_back())


def _hide(line: tuple[str, float, tuple[float, ...]]) -> tuple[tuple[str, tuple[float, ...]], float]:
    """Carry the character centres through the library's result, which knows a text and a score."""
    text, score, centres = line
    return (text, centres), score


def _as_is(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return image


def _detector_settings() -> dict[str, Any]:
    return {
        "model_path": str(checked(DETECTOR)),
        "use_cuda": False,
        "use_dml": False,
        "intra_op_num_threads": 1,
        "inter_op_num_threads": 1,
        "limit_side_len": DETECTOR_SIDE_PX,
        "limit_type": "max",
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "thresh": 0.3,
        "box_thresh": 0.5,
        "max_candidates": 1000,
        "unclip_ratio": DETECTOR_UNCLIP,
        "use_dilation": True,
        "score_mode": "fast",
    }
