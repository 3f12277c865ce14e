"""When a letter is tried again: each time about twice as long, never longer than an hour, never all at the same moment."""

from __future__ import annotations

from typing import Final

FIRST_MS: Final = 30_000
LAST_MS: Final = 3_600_000


def wait_ms(tries: int, chance: float) -> int:
    """How long to wait after the given number of failures (from 1). `chance` in 0…1 spreads it between a half and the whole.

    >>> wait_ms(1, 1.0), wait_ms(2, 1.0), wait_ms(2, 0.0), wait_ms(50, 1.0)
    (30000, 60000, 30000, 3600000)
    """
    whole = min(FIRST_MS << min(max(tries, 1) - 1, 20), LAST_MS)
    return int(whole * (0.5 + chance / 2))
