"""Which of the connected nodes are heard: between "here" and "gone" there is a line that carries slowly, and one that carries nothing more.

A line that breaks without a word keeps its connection open at the message server for over a minute. A node's lane of records says every second
that it is there, and the server tells when it last heard each connection. Nothing heard for two seconds makes a node slow, for half a minute
silent. A slow line would change its word every few seconds: once it was slow twice within five minutes it is called slow until it was
heard without a gap for a minute. Times are milliseconds of a clock that is never set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

Voice = Literal["clear", "slow", "silent"]
SLOW_MS: Final = 2_100
SILENT_MS: Final = 30_000
CALM_MS: Final = 60_000
TWICE_MS: Final = 300_000


class Heard(msgspec.Struct, frozen=True):
    """How a node is heard now, and how long ago it was last heard."""

    voice: Voice
    age_ms: int


class _Line(msgspec.Struct):
    voice: Voice = "clear"
    gap_ended_ms: int = 0  # when a gap was last seen to end, 0 for never
    is_uneven: bool = False
    is_in_gap: bool = False


class Hearing:
    """The voices of all nodes that beat. Give it every look; it says what changed."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def look(self, ages_ms: Mapping[str, int], now_ms: int) -> dict[str, Heard]:
        """Take how long ago each connected, beating node was heard; returns those whose voice changed. A node that is left out is clear and forgotten."""
        before = self._lines
        self._lines = {node: before.get(node) or _Line() for node in ages_ms}
        changed = {node: Heard("clear", 0) for node, line in before.items() if node not in ages_ms and line.voice != "clear"}
        for node, age_ms in ages_ms.items():
            line = self._lines[node]
            voice = _voice(line, age_ms, now_ms)
            if voice != line.voice:
                line.voice = voice
                changed[node] = Heard(voice, age_ms)
        return changed


def _voice(line: _Line, age_ms: int, now_ms: int) -> Voice:
    if age_ms > SLOW_MS:
        if not line.is_in_gap:
            line.is_in_gap = True
            line.is_uneven = bool(line.gap_ended_ms) and now_ms - line.gap_ended_ms < TWICE_MS
        return "silent" if age_ms > SILENT_MS else "slow"
    if line.is_in_gap:
        line.is_in_gap, line.gap_ended_ms = False, now_ms
    if line.is_uneven and now_ms - line.gap_ended_ms < CALM_MS:
        return "slow"
    line.is_uneven = False
    return "clear"
