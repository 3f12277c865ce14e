"""Hybrid logical clock and the judgement of device clocks. Time is always given; nothing here reads a clock.

The clock is for display and for ordering one actor's own work. It never decides the winner of a protected field
(sync.md 2.10): an office computer 400 days off must not be able to change anything but its own labels.
"""

from __future__ import annotations

from sync_protocol.limits import CLOCK_TRUST_MS

COUNTER_BITS = 16
_COUNTER_MASK = (1 << COUNTER_BITS) - 1


def tick(last: int, now_ms: int) -> int:
    """Next clock value: never smaller than `last`, at least `now_ms`.

    >>> tick(0, 5) == 5 << 16
    True
    >>> tick(9 << 16, 5) == (9 << 16) + 1
    True
    """
    wall = now_ms << COUNTER_BITS
    return wall if wall > last else last + 1


def wall_ms(hlc: int) -> int:
    """Milliseconds since 1970-01-01T00:00Z of a clock value."""
    return hlc >> COUNTER_BITS


def is_untrusted(hlc: int, arrival_ms: int) -> bool:
    """True when the device clock was further ahead of the hub's than the tolerance allows."""
    return wall_ms(hlc) - arrival_ms > CLOCK_TRUST_MS
