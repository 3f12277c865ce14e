"""The daily look for files at this desk that nothing names: what a crash left before its event, parts of a snapshot, downloads that were given up.

Evidence comes first: whatever any row names stays, in whatever state, and what lies aside for a person keeps what it may name (set_aside.py). Nothing goes
while this desk is not in step with its hub, or may have been put back (files/collecting.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

import apsw

from edge_node.capture.jobs import all_jobs
from edge_node.operations.set_aside import named_aside
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore, read_number, read_state, write_state
from sync_protocol.adapters.files.collecting import (
    GRACE,
    Calm,
    is_look_due,
    may_collect,
    next_calm,
    read_calm,
    take_away,
    written_calm,
)
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes

CALM: Final = "files_calm"
NAMING: Final = ("blob", "blob_reference", "catalogue", "existence_file", "erased_file", "tray_file", "damaged_file")
"""Tables whose column `digest` names a file of the store; a test holds this list against the schema. Capture jobs name theirs inside their task."""


def is_due(connection: apsw.Connection, now_ms: int) -> bool:
    """Whether a day has passed since the last look, or the clock stands before it."""
    return is_look_due(read_calm(read_state(connection, CALM)), now_ms)


def collect_unnamed(
    store: NodeStore, files: FileStore, now_ms: Callable[[], int], *, grace: dt.timedelta = GRACE, part: str | None = None
) -> int:
    """Take away what nothing names, as far as that is beyond doubt; returns how many files went. Repeating it is harmless.

    Raises:
        FileStoreUnavailable, StorageProblem.
    """
    at_ms = now_ms()
    calm = store.writer.run(lambda c: _look(c, at_ms, grace))
    if not may_collect(calm, grace) or not store.readers.run(_is_in_step):
        return 0
    return store.readers.run(lambda c: _take(c, files, at_ms, grace, part))


def _take(connection: apsw.Connection, files: FileStore, now_ms: int, grace: dt.timedelta, part: str | None) -> int:
    aside = named_aside(connection)
    named = chain(named_files(connection), aside.named)
    since_ms = now_ms if aside.unread_since_ms is None else min(now_ms, aside.unread_since_ms)
    return take_away(files, named, now_ms, grace + dt.timedelta(milliseconds=now_ms - since_ms), part)


def _look(connection: apsw.Connection, now_ms: int, grace: dt.timedelta) -> Calm:
    life = (read_state(connection, "epoch") or b"") + own_lane(connection).inc
    calm = next_calm(read_calm(read_state(connection, CALM)), life, now_ms, grace)
    write_state(connection, CALM, written_calm(calm))
    return calm


def _is_in_step(connection: apsw.Connection) -> bool:
    """All news are in, and nothing is owed."""
    return read_number(connection, "cursor") >= read_number(connection, "feed_head") and not read_number(connection, "offers_owed")


def named_files(connection: apsw.Connection) -> Iterator[str]:
    """The address of every file that any row names, some of them more than once."""
    for table in NAMING:
        for (digest,) in connection.execute(f"SELECT digest FROM {table}"):
            yield as_bytes(digest).hex()
    for job in all_jobs(connection):
        for original in job.task.originals:
            yield original.digest.hex()
