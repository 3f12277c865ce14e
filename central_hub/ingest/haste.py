"""While somebody waits for what is looked up, the interpreter goes from thread to thread in short turns.

A look is some fifteen statements, and after each its thread asks for the interpreter back. Beside a queue that is drained a thread which proves, folds or
writes keeps it for a whole turn (`TURN_S` of `cli.serve`, half a millisecond), several of them one after another. Turns that are always as short cost the
queue itself more changes than they save it.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Final

LOOK_TURN_S: Final = 0.000_05


class Haste:
    """Turns are short as long as anybody is inside. For the event loop's thread alone."""

    def __init__(self) -> None:
        self._inside = 0
        self._usual_s = 0.0

    def __enter__(self) -> None:
        if not self._inside:
            self._usual_s = sys.getswitchinterval()
            sys.setswitchinterval(LOOK_TURN_S)
        self._inside += 1

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._inside -= 1
        if not self._inside:
            sys.setswitchinterval(self._usual_s)
