"""The eye for tones: our own small network, a window of ink around a vowel in, chances of the six tones out.

Made in `tests/benchmarks/tones`, trained on drawn words only; how, on which faces and with what result says `RECORD.md` there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge_node.recognition.assets import TONE_NET, checked_own
from edge_node.recognition.inference import session


class ToneNet:
    """Chances of tones. `model` is another network than the project's own, for those who train one."""

    def __init__(self, model: Path | None = None) -> None:
        self._session = session(model or checked_own(TONE_NET))

    def __call__(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """`(n, 48, 64)` ink to `(n, 6)` chances, in the order of `tones.MARKS`."""
        scores = self._session.run(["scores"], {"pictures": np.asarray(pictures, np.float32)[:, None]})[0]
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
