"""The nightly look through a file store, at the hub and at a desk: every file is read, opened and hashed once in `NIGHTS` nights.

A damaged file is set aside by the store, and what the tables call held must be there. A look ends when its share is read or its time is over; where it
stands is kept in the same transaction as what it found, so that a machine which is switched off each evening goes on where it was, and nights
that were missed are made up for by larger shares. A file whose own first bytes are damaged does not say which it was: then every file of the tables is
looked for. Source: sync.md 2.7 (a scrub re-hashes).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import apsw
import msgspec

from sync_protocol.adapters.files.store import FileStore, always
from sync_protocol.adapters.sqlite.readers import Readers
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import BlobDigest

NIGHTS: Final = 7
NIGHT_MS: Final = 86_400_000


class Round(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the looks stand. Times are ms UTC by the own clock, 0 for never.

    `after` and `held_after` say where the next look goes on in the store and in the tables; `checked` files of this round were read; `whole_ms` is when
    the last whole round had begun, so that every file was read since then.
    """

    looked_ms: int = 0
    begun_ms: int = 0
    after: str = ""
    held_after: bytes = b""
    checked: int = 0
    whole_ms: int = 0


class Named(msgspec.Struct, frozen=True):
    """What the tables call held: `rows` selects a column `digest` and is walked in its order; `beside` are few, and looked for every night."""

    rows: str
    beside: Callable[[apsw.Connection], Iterable[bytes]]


class Look(msgspec.Struct, frozen=True):
    """What one look found; `round` is to be kept together with it."""

    checked: int
    lost: tuple[BlobDigest, ...]
    round: Round


def is_due(before: Round, now_ms: int) -> bool:
    """Whether a day has passed since the last look began, or the clock stands before it.

    >>> is_due(Round(looked_ms=5), 4), is_due(Round(looked_ms=5), 6), is_due(Round(), NIGHT_MS)
    (True, False, True)
    """
    return not 0 <= now_ms - before.looked_ms < NIGHT_MS


@contextlib.contextmanager
def time_for(seconds: float, pause_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[], bool]]:
    """For `look_through` in a thread: whether it goes on, until `seconds` are over or the block is left; it rests for `pause_s` between two files."""
    ends, left = clock() + seconds, threading.Event()
    try:
        yield lambda: not left.wait(pause_s) and clock() < ends
    finally:
        left.set()


def share_of(held: int, before: Round, now_ms: int) -> int:
    """How many files this look reads, so that the round ends in time: what missed nights left is spread over those that remain.

    >>> share_of(700, Round(), 1), share_of(700, Round(begun_ms=1, after="a", checked=101), 1 + 6 * NIGHT_MS)
    (101, 600)
    """
    if not before.after:
        return held // NIGHTS + 1
    left = max(1, NIGHTS - max(0, now_ms - before.begun_ms) // NIGHT_MS)
    return max(max(0, held - before.checked) // left, held // NIGHTS) + 1


def look_through(
    files: FileStore, readers: Readers, named: Named, before: Round, now_ms: int, *, count: int | None = None,
    goes_on: Callable[[], bool] = always,
) -> Look:  # fmt: skip
    """One look: the next share of the store, or `count` files, as long as it `goes_on`. Repeating it is harmless.

    Raises:
        FileStoreUnavailable: the disk does not answer. StorageProblem.
    """
    share = share_of(readers.run(lambda c: _count(c, named.rows)), before, now_ms) if count is None else count
    seen = files.scrub(share, before.after, goes_on)
    page = readers.run(lambda c: _rows(c, f"SELECT digest FROM ({named.rows}) AS held WHERE digest > ? ORDER BY digest LIMIT ?", before.held_after, share))
    beside = readers.run(lambda c: [BlobDigest(one) for one in named.beside(c)])
    told = {BlobDigest(bytes.fromhex(one)) for one in seen.damaged}
    wanted = {*page, *beside}
    if told:
        known = {*readers.run(lambda c: _rows(c, named.rows)), *beside}
        wanted |= told & known if told <= known else known
    lost = tuple(sorted(one for one in wanted if not files.has(one.hex())))
    begun = before.begun_ms if before.after else now_ms
    return Look(seen.checked, lost, Round(
        looked_ms=now_ms, begun_ms=begun, after=seen.cursor, held_after=page[-1] if len(page) == share else b"",
        checked=seen.checked + (before.checked if before.after else 0), whole_ms=before.whole_ms if seen.cursor else begun,
    ))  # fmt: skip


def read_round(raw: bytes | None) -> Round:
    """What the last look left; a new round where there was none, or it cannot be read."""
    try:
        return Round() if raw is None else msgspec.msgpack.decode(raw, type=Round)
    except msgspec.MsgspecError:
        return Round()


def written_round(one: Round) -> bytes:
    """For `read_round`."""
    return msgspec.msgpack.encode(one)


def _count(connection: apsw.Connection, rows: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM ({rows}) AS held").fetchone()
    return as_int(row[0]) if row else 0


def _rows(connection: apsw.Connection, question: str, *values: apsw.SQLiteValue) -> list[BlobDigest]:
    return [BlobDigest(as_bytes(digest)) for (digest,) in connection.execute(question, values)]
