"""When this desk's own clock was wrong, learned at a greeting: everything written here since the greeting before may bear a wrong time (D.7).

A desk without a line does not know that its clock is wrong; the first greeting afterwards does. What it wrote is never changed by it: a leader looks.
"""

from __future__ import annotations

from typing import Final

import apsw
import msgspec

from edge_node.store.node_store import read_number, read_state, write_number, write_state
from sync_protocol.adapters.event_log import last_position
from sync_protocol.limits import CLOCK_TRUST_MS

SPANS_MAX: Final = 64
"""The oldest are let go: what was written so long ago has been looked at or decided."""
_SPANS, _CHECKED = "clock_spans", "clock_checked"
Span = tuple[int, int, int]
"""Behind this position of the log, up to that one, and how far the hub's clock was ahead (ms)."""


def note_clock(connection: apsw.Connection, offset_ms: int) -> None:
    """Remember what a greeting measured, and up to where the log was written by then."""
    before, here = read_number(connection, _CHECKED), last_position(connection)
    if abs(offset_ms) > CLOCK_TRUST_MS and here > before:
        kept = [*_spans(connection), (before, here, offset_ms)]
        write_state(connection, _SPANS, msgspec.msgpack.encode(kept[-SPANS_MAX:]))
    write_number(connection, _CHECKED, here)


def offset_at(connection: apsw.Connection, position: int) -> int | None:
    """How wrong the clock was found to be at the greeting that followed an event of this desk; None where it was right, or nobody knows."""
    return next((offset for before, upto, offset in _spans(connection) if before < position <= upto), None)


def _spans(connection: apsw.Connection) -> list[Span]:
    raw = read_state(connection, _SPANS)
    return [] if raw is None else msgspec.msgpack.decode(raw, type=list[Span])
