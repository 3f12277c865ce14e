"""Timestamping: the hub's step after a copy was accepted, which makes its signatures last.

Invariant: whatever the authority does, the copy that came in is what goes on; only the level differs. The bytes received
and the bytes stamped are both kept by the caller.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sync_protocol.adapters.timestamps import Post, TimestampUnavailable, ValidationDataMissing, preserve_copy
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.errors import Problem

Level = Literal["B-B", "B-LTA"]


@dataclass(frozen=True, slots=True)
class PreservedCopy:
    """A copy and the level it has reached; `problem` says why it is not higher, for the retry list."""

    data: bytes
    level: Level
    problem: Problem | None = None


def preserve(data: bytes, post: Post, trust: Trust, *, now: dt.datetime, number: int = 1) -> PreservedCopy:
    """Append validation data and a time stamp if that is possible now. Never raises for an authority's failure.

    Calling it again for a copy that stayed at `B-B` is safe; a copy that reached `B-LTA` is not given again before its
    time stamp needs renewal.
    """
    try:
        return PreservedCopy(preserve_copy(data, post, trust, now=now, number=number), "B-LTA")
    except (TimestampUnavailable, ValidationDataMissing) as problem:
        return PreservedCopy(data, "B-B", problem)
