"""When a file that no row names may go: never on one look alone, and never by a clock or a database that may have been put back.

Evidence comes first. A file is younger than its row, an event may still be on its way from a desk without a line, and a database that was put back names
less than the disk holds. So a file goes only when no row names it, nobody touched it for `GRACE`, and for as long the place was *calm*: the same life of the
same log, and a clock that never stood still or jumped by more than a sixth of the grace between two looks. A copy that is put back without anybody noticing is
then younger than the files that it does not know (sync.md 2.7: only what is older than the longest time without a line).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import FileStore, checked_digest

GRACE: Final = dt.timedelta(days=90)
"""As long as an acknowledged event is kept for the hub's sake at most (sync.md 2.4, N2)."""
LOOK_MS: Final = 86_400_000
PARTS: Final = "0123456789abcdef"
"""Each look is at the files whose sealed name begins so: a sixteenth of the names is in memory."""
_STEADY_PARTS = 6


def kept_names(sealing: Sealing, referenced: Iterable[str], part: str) -> set[str]:
    """The names under which these files are kept, as far as they begin with `part`."""
    names = (sealing.name(checked_digest(digest)) for digest in referenced)
    return {name for name in names if name.startswith(part)}


class Calm(msgspec.Struct, frozen=True):
    """Since when this life of the place has been looked at regularly, and when last (its own clock, ms UTC)."""

    since_ms: int
    looked_ms: int
    life: bytes


def next_calm(before: Calm | None, life: bytes, now_ms: int, grace: dt.timedelta = GRACE) -> Calm:
    """What to remember of the look that begins now: a new calm where anything may have been put back.

    >>> day = 86_400_000
    >>> first = next_calm(None, b"a", 0)
    >>> next_calm(first, b"a", 14 * day).since_ms, next_calm(first, b"a", 16 * day).since_ms == 16 * day
    (0, True)
    """
    steady_ms = grace / _STEADY_PARTS / dt.timedelta(milliseconds=1)
    if before is None or before.life != life or not 0 <= now_ms - before.looked_ms <= steady_ms:
        return Calm(now_ms, now_ms, life)
    return Calm(before.since_ms, now_ms, life)


def may_collect(calm: Calm, grace: dt.timedelta = GRACE) -> bool:
    """Whether the calm has lasted as long as a file must have lain untouched."""
    return calm.looked_ms - calm.since_ms >= grace / dt.timedelta(milliseconds=1)


def is_look_due(calm: Calm | None, now_ms: int) -> bool:
    """Whether a day has passed since the last look, or the clock stands before it."""
    return calm is None or not 0 <= now_ms - calm.looked_ms < LOOK_MS


def take_away(files: FileStore, named: Iterable[str], now_ms: int, grace: dt.timedelta = GRACE, part: str | None = None) -> int:
    """Take away the files of one part of the names (that whose turn it is) that are not `named` and lay untouched for `grace`; returns how many."""
    now = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)
    return files.collect(named, older_than=grace, now=now, part=part_of(now_ms) if part is None else part)


def part_of(now_ms: int) -> str:
    """The part whose turn it is: all sixteen in as many days."""
    return PARTS[now_ms // LOOK_MS % len(PARTS)]


def read_calm(raw: bytes | None) -> Calm | None:
    """What the last look left; None where there was none, or it cannot be read."""
    try:
        return None if raw is None else msgspec.msgpack.decode(raw, type=Calm)
    except msgspec.MsgspecError:
        return None


def written_calm(calm: Calm) -> bytes:
    """For `read_calm`."""
    return msgspec.msgpack.encode(calm)
