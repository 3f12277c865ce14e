"""The hub's nightly look through its files: a damaged one is set aside and asked for again from who holds it; what dossiers refer to and is not here is
awaited from their offices. How a look goes on from night to night: sync_protocol/adapters/files/scrubbing.py."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec
import structlog

from central_hub.ingest.awaited_files import NOTED_AT_ONCE, absent_files, note_awaited
from central_hub.ingest.lost_files import note_lost
from central_hub.store.hub_store import HubStore, read_state, write_state
from sync_protocol.adapters.files.errors import FileDamaged
from sync_protocol.adapters.files.scrubbing import Named, Round, look_through, read_round, written_round
from sync_protocol.adapters.files.store import FileStore, always
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest

_log = structlog.get_logger(__name__)
ROUND = "files_round"
AWAITED_TO = "files_awaited_to"
# made here: few, looked for every night
_MADE = " UNION ".join(f"SELECT digest FROM {table}" for table in ("snapshot_part", "existence_file", "trust_lists", "catalogue", "catalogue_part"))
_NAMED = Named("SELECT digest FROM blob", lambda c: [as_bytes(digest) for (digest,) in c.execute(_MADE)])


class ScrubReport(msgspec.Struct, frozen=True):
    """What one look found."""

    checked: int
    lost: tuple[BlobDigest, ...]
    awaited: int = 0  # mostly on their way


def round_of(connection: apsw.Connection) -> Round:
    """Where the looks stand."""
    return read_round(read_state(connection, ROUND))


def scrub_files(
    store: HubStore, files: FileStore, now_ms: int, count: int | None = None, goes_on: Callable[[], bool] = always
) -> ScrubReport:
    """One look: this night's share of all files, or the next `count`, as long as it `goes_on`. Repeating it is harmless.

    Raises:
        FileStoreUnavailable, StorageProblem.
    """
    seen = look_through(files, store.readers, _NAMED, store.readers.run(round_of), now_ms, count=count, goes_on=goes_on)

    def keep(connection: apsw.Connection) -> None:
        write_state(connection, ROUND, written_round(seen.round))
        note_lost(connection, seen.lost, now_ms)

    store.writer.run(keep)
    for digest in seen.lost:
        _log.error("hub.file.lost", code=FileDamaged.code, digest=digest.hex()[:16])
    return ScrubReport(seen.checked, seen.lost, _await_files(store))


def _await_files(store: HubStore) -> int:
    """Ask for what is referred to and not here, from where the last look ended; returns how many files."""
    found = store.readers.run(lambda c: absent_files(c, read_state(c, AWAITED_TO) or b""))
    digests = {digest for _, digest in found}

    def keep(connection: apsw.Connection) -> None:
        note_awaited(connection, found)
        write_state(connection, AWAITED_TO, max(digests) if len(digests) == NOTED_AT_ONCE else b"")

    store.writer.run(keep)
    return len(digests)
