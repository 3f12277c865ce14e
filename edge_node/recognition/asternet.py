"""AsterNet, the first reader's recogniser: one line picture in, Vietnamese text out.

Asset files of `asterocr` 1.0.2 (MIT): a network over 32 px high lines in 0…1, 227 classes, blank first, one step per 4 px. It runs in 8 bits (`line_network`),
made from the package's file when the reader starts. Its own package default of −1…1 was measured to be worse (1.0 % against 0.74 % of characters wrong).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.recognition.assets import ASTERNET, ASTERNET_ALPHABET, ASTERNET_IN_EIGHT_BITS, checked, checked_bytes
from edge_node.recognition.inference import giving_back, session
from edge_node.recognition.limits import LINE_HEIGHT_PX, LINE_WIDTH_PX
from edge_node.recognition.line_levels import LEVELS
from edge_node.recognition.line_network import in_eight_bits

_NARROWER = 0.88
"""Width of a line picture against its height: an eighth less to walk over at no more faults. At 0.8 it loses spaces ("chữin", "30%")
and marks of blurred letters: 33 wrong words of 1,708 instead of 21 (2026-11-29)."""

_NARROW_SIGN_PX = 8
"""Width of a sign on average, in a line of `LINE_HEIGHT_PX`, below which the line keeps its proportions: with an eighth less, a thin letter ("r" of
"Tr", "t" of "tỉnh", a stroke) has less than a step of its own. Below 8: 50 → 26 letters wrong on 48 lines; from 8 to 10 no gain (2026-11-30)."""

_SHORT_PX = 256
"""Width up to which a line keeps its proportions: names in cells of small print lost a space ("KsorLũng"), and short lines cost little."""


class AsterNet:
    """Reads line pictures one by one: batching would pad with grey, which costs accuracy."""

    def __init__(self) -> None:
        made = in_eight_bits(checked(ASTERNET).read_bytes(), LEVELS)
        self._session = session(checked_bytes("asternet in eight bits", made, ASTERNET_IN_EIGHT_BITS))
        vocabulary = msgspec.json.decode(checked(ASTERNET_ALPHABET).read_bytes())
        self._alphabet: list[str] = vocabulary["chars"]

    def __call__(
        self, crops: Sequence[Grey], sign_widths: Sequence[float] = ()
    ) -> list[tuple[str, float, tuple[float, ...]]]:
        """Text, mean peak probability, and each character's centre as a share of the crop's width.

        `sign_widths`: for each crop how wide its signs are on average, px, where that is known.
        """
        widths = sign_widths or [math.inf] * len(crops)
        return [self._line(crop, width) for crop, width in zip(crops, widths, strict=True)]

    def rest(self) -> None:
        """Give the pool's free blocks back after a page: they must not stand beside the next page's detection."""
        speck = np.zeros((1, 1, LINE_HEIGHT_PX, LINE_HEIGHT_PX), np.float32)
        self._session.run(["log_probs"], {"images": speck}, giving_back())

    def _line(self, crop: Grey, sign_width: float = math.inf) -> tuple[str, float, tuple[float, ...]]:
        log_probs = self._session.run(["log_probs"], {"images": as_input(crop, sign_width)})[0][0]
        peaks = log_probs.argmax(axis=1)
        keep = (peaks != 0) & np.concatenate(([True], peaks[1:] != peaks[:-1]))
        steps = np.flatnonzero(keep)
        if not steps.size:
            return "", 0.0, ()
        text = "".join(self._alphabet[peaks[step]] for step in steps)
        score = float(np.exp(log_probs[steps, peaks[steps]]).mean())
        return text, score, tuple(((steps + 0.5) / len(peaks)).tolist())


def as_input(crop: Grey, sign_width: float = math.inf) -> NDArray[np.float32]:
    """`(1, 1, 32, width) float32`, grey in 0…1, width a multiple of 4 between 32 and 1024. `sign_width`: of a sign on average, px of `crop`."""
    import cv2

    height, width = crop.shape[:2]
    natural = width * LINE_HEIGHT_PX / max(1, height)
    is_condensed = sign_width * LINE_HEIGHT_PX < _NARROW_SIGN_PX * height
    wide = -(-round(natural if is_condensed else max(min(natural, _SHORT_PX), natural * _NARROWER)) // 4) * 4
    wide = min(max(wide, LINE_HEIGHT_PX), LINE_WIDTH_PX)
    method = cv2.INTER_AREA if height > LINE_HEIGHT_PX else cv2.INTER_LINEAR
    line = cv2.resize(crop, (wide, LINE_HEIGHT_PX), interpolation=method)
    return np.asarray(line[None, None], np.float32) / np.float32(255.0)
