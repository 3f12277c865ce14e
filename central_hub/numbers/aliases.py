"""Former numbers: under which number a person is found now. Old codes are printed and signed on paper, so they must keep leading there."""

from __future__ import annotations

import apsw

from sync_protocol.folding import digits

STEPS_MAX = 5


def numbers_now(connection: apsw.Connection, number: str) -> tuple[str, ...]:
    """The given number first, then those that followed it by approved corrections and mergers. A split leads nowhere: both are in use."""
    found = [digits(number)]
    for step in range(STEPS_MAX):
        if step >= len(found):
            break
        rows = connection.execute(
            "SELECT DISTINCT new FROM number_change WHERE old = ? AND state = 'approved' AND kind IN ('corrected', 'merged') ORDER BY new",
            (found[step],),
        ).fetchall()
        found += [str(new) for (new,) in rows if new not in found]
    return tuple(found)
