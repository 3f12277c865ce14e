"""The timestamp authority's mailbox: files that wait for a time stamp, why, and when they are tried again. The work itself is the room `seals`."""

from __future__ import annotations

import apsw
import msgspec

from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int

SHOWN = 50


class WaitingStamp(msgspec.Struct, frozen=True):
    """A file by the first digits of its digest, tries so far, the code of the last failure, and the next attempt (ms UTC)."""

    file: str
    tries: int
    problem: str
    next_ms: int


class Stamps(msgspec.Struct, frozen=True):
    """How many wait and how many have theirs, and those that wait longest."""

    waiting: int
    done: int
    first: tuple[WaitingStamp, ...]


def read_stamps(connection: apsw.Connection) -> Stamps:
    """What the screen shows."""
    rows = connection.execute(
        "SELECT digest, tries, reason, again_ms FROM seal_work WHERE kind = 'stamp' ORDER BY again_ms LIMIT ?", (SHOWN,)
    )
    first = tuple(
        WaitingStamp(as_bytes(digest).hex()[:16], as_int(tries), str(reason), as_int(again))
        for digest, tries, reason, again in rows
    )
    waiting = one_int(connection.execute("SELECT count(*) FROM seal_work WHERE kind = 'stamp'").fetchone())
    return Stamps(waiting, one_int(connection.execute("SELECT count(*) FROM preserved_copy").fetchone()), first)


def stamp_now(connection: apsw.Connection, now_ms: int) -> None:
    """Let every waiting file be tried at the next look."""
    connection.execute("UPDATE seal_work SET again_ms = ? WHERE kind = 'stamp' AND again_ms > ?", (now_ms, now_ms))
