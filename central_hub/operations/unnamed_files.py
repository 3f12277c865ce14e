"""The daily look for files at the hub that nothing names: uploads that were given up, parts of old snapshots, what a crash left before its row.

Evidence comes first: whatever any row names stays, in whatever state; nothing goes while quarantine holds what nobody has settled (its events may name
files), or where the hub may have been put back (files/collecting.py). A desk keeps what it made, and is asked for it where it should be missed after all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

import apsw

from central_hub.store.hub_store import HubStore, read_state, write_state
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
NAMING: Final = (
    "blob", "blob_reference", "catalogue", "catalogue_part", "snapshot_part", "existence_file", "trust_lists", "lost_file", "awaited_file",
    "erased_file", "seal_work", "preserved_copy",
)  # fmt: skip
"""Tables whose column `digest` names a file of the store; a test holds this list against the schema."""


def is_due(connection: apsw.Connection, now_ms: int) -> bool:
    """Whether a day has passed since the last look, or the clock stands before it."""
    return is_look_due(read_calm(read_state(connection, CALM)), now_ms)


def collect_unnamed(
    store: HubStore, files: FileStore, now_ms: Callable[[], int], *, grace: dt.timedelta = GRACE, part: str | None = None
) -> int:
    """Take away what nothing names, as far as that is beyond doubt; returns how many files went. Repeating it is harmless.

    Raises:
        FileStoreUnavailable, StorageProblem.
    """
    at_ms = now_ms()
    calm = store.writer.run(lambda c: _look(c, at_ms, grace))
    if not may_collect(calm, grace) or store.readers.run(_holds_unsettled):
        return 0
    return store.readers.run(lambda c: take_away(files, named_files(c), at_ms, grace, part))


def _look(connection: apsw.Connection, now_ms: int, grace: dt.timedelta) -> Calm:
    calm = next_calm(read_calm(read_state(connection, CALM)), read_state(connection, "epoch") or b"", now_ms, grace)
    write_state(connection, CALM, written_calm(calm))
    return calm


def _holds_unsettled(connection: apsw.Connection) -> bool:
    return connection.execute("SELECT 1 FROM quarantine WHERE settled_ms IS NULL LIMIT 1").fetchone() is not None


def named_files(connection: apsw.Connection) -> Iterator[str]:
    """The address of every file that any row names, some of them more than once."""
    for table in NAMING:
        for (digest,) in connection.execute(f"SELECT digest FROM {table}"):
            yield as_bytes(digest).hex()
    for (preserved,) in connection.execute("SELECT preserved FROM preserved_copy"):
        yield as_bytes(preserved).hex()
