"""The hub's mark outside its database: which epoch it speaks under, and how far the log had come. It tells a restore nobody announced.

The mark follows the database: it is written after a commit, never before. So a database that stands behind its mark, or holds another event
at the marked place, is a copy of the past, and the hub opens a new epoch before it answers anybody (hub rule H4). A false alarm is
harmless: nodes offer what they hold and nothing is lost. A rollback within the last second before a crash is not seen here; the comparison
of floors with every node's next hello finds it. Put the mark on another disk than the database (`anchor_file`), where a copied
folder cannot bring it along. Source: sync.md 2.4 H4, 2.13.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import apsw
import msgspec

from central_hub.errors import MarkUnwritable
from central_hub.store.epoch import EPOCH, begin_epoch
from central_hub.store.hub_store import read_state, write_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.ids import HubEpoch

COMMITTED_BESIDE = "committed_beside"  # the hub's state; only PostgreSQL counts (decision 0011)
Reason = Literal["", "created", "mark_missing", "epoch_differs", "database_behind", "history_differs"]


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What stands in the file: the epoch, the newest position and the id of the event there (empty before the first).

    `beside` counts what was committed in a shared order (ingest/beside.py): a position may be committed before a smaller one there, so the newest
    position alone does not say that everything before it is held.
    """

    epoch: bytes
    position: int
    event_id: bytes
    beside: int = 0


def assess(mark: Mark | None, now: Mark, id_at: Callable[[int], bytes]) -> Reason:
    """Why this database is not the one that was marked, or "". `id_at` gives the id of the event at a position, empty for none."""
    if mark is None:
        return "mark_missing"
    if mark.epoch != now.epoch:
        return "epoch_differs"
    if now.position < mark.position or now.beside < mark.beside:
        return "database_behind"
    if mark.position and id_at(mark.position) != mark.event_id:
        return "history_differs"
    return ""


class EpochAnchor:
    """The mark at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: Mark | None = None

    def read(self) -> Mark | None:
        """The mark; None where there is none or it does not read: both are a doubt."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Mark)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def write(self, mark: Mark) -> None:
        """Make the mark durable; nothing happens when it already stands. Raises MarkUnwritable."""
        if mark == self._written:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(self.path, msgspec.json.encode(mark))
        except OSError as error:
            raise MarkUnwritable(what=f"errno {error.errno}") from error
        self._written = mark


def open_epoch(
    connection: apsw.Connection, anchor: EpochAnchor, fresh: HubEpoch, now_ms: int
) -> tuple[HubEpoch, Reason]:
    """The epoch to speak under: the one held, or `fresh` (16 random bytes) for a new or a rolled-back database, and why."""
    held = read_state(connection, EPOCH)
    if held is None:
        write_state(connection, EPOCH, fresh)
        return fresh, "created"
    reason = assess(anchor.read(), mark_of(connection), lambda position: _id_at(connection, position))
    if reason:
        begin_epoch(connection, fresh, now_ms)
        return fresh, reason
    return HubEpoch(held), ""


def mark_of(connection: apsw.Connection) -> Mark:
    """What the database says about itself now."""
    position = event_log.last_position(connection)
    beside = int.from_bytes(read_state(connection, COMMITTED_BESIDE) or b"", "big")
    return Mark(read_state(connection, EPOCH) or b"", position, _id_at(connection, position), beside)


def _id_at(connection: apsw.Connection, position: int) -> bytes:
    row = connection.execute("SELECT id FROM event WHERE position = ?", (position,)).fetchone()
    return bytes(row[0]) if row else b""
