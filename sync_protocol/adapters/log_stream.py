"""Where log lines go when there is no room for them: nowhere, and the program lives.

A desk whose log lies on a full disk, or whose reader of the log has gone, ended at the first line about it: the log is there to help the
work, not to stop it.
"""

from __future__ import annotations

import contextlib
from typing import TextIO, cast


class EnduringStream:
    """A text stream that never raises OSError. `missed` counts the lines refused since the last one that was taken."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.missed = 0

    def as_text(self) -> TextIO:
        """Itself, for a library that wants a file of text and uses its write and flush."""
        return cast("TextIO", self)

    def write(self, line: str) -> int:
        """Hand one line on."""
        with contextlib.suppress(OSError):
            self.missed += 1
            self._stream.write(line)
            return len(line)
        return 0

    def flush(self) -> None:
        """See that it is out; only then is nothing missed any more."""
        with contextlib.suppress(OSError):
            self._stream.flush()
            self.missed = 0
