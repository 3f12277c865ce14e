"""The nightly look through the hub's files: each is opened and hashed, a damaged one set aside and asked for again from who holds it; what dossiers
refer to and is not here is awaited from their offices."""

from __future__ import annotations

import apsw
import msgspec
import structlog

from central_hub.ingest.awaited_files import NOTED_AT_ONCE, absent_files, note_awaited
from central_hub.ingest.lost_files import note_lost
from central_hub.store.hub_store import HubStore, read_state, write_state
from sync_protocol.adapters.files.errors import FileDamaged
from sync_protocol.adapters.files.store import FileStore, Scrubbed
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest

_log = structlog.get_logger(__name__)
SCRUBBED_TO = "files_scrubbed_to"
HELD_TO = "files_held_to"
AWAITED_TO = "files_awaited_to"
NIGHTS = 7  # every file is read once in so many nights
# made here: few, looked for every night
_MADE = " UNION ".join(f"SELECT digest FROM {table}" for table in ("snapshot_part", "existence_file", "trust_lists", "catalogue", "catalogue_part"))
_KNOWN = f"SELECT digest FROM blob UNION {_MADE}"


class ScrubReport(msgspec.Struct, frozen=True):
    """What one look found."""

    checked: int
    lost: tuple[BlobDigest, ...]
    awaited: int = 0  # mostly on their way


def scrub_files(store: HubStore, files: FileStore, now_ms: int, count: int | None = None) -> ScrubReport:
    """Look through the next seventh of all files, or the next `count`; goes on where the last look ended. Repeating it is harmless.

    Raises:
        FileStoreUnavailable, StorageProblem.
    """
    after = store.readers.run(lambda c: read_state(c, SCRUBBED_TO) or b"").decode()
    share = store.readers.run(_held_files) // NIGHTS + 1 if count is None else count
    seen: Scrubbed = files.scrub(share, after)
    if after and seen.checked < share:  # the end came first: the rest of this night's share from the beginning
        rest = files.scrub(share - seen.checked)
        seen = Scrubbed(seen.checked + rest.checked, (*seen.damaged, *rest.damaged), rest.cursor)
    page = store.readers.run(lambda c: _next_held(c, share))
    made = store.readers.run(lambda c: _digests_in(c, _MADE))
    absent = {one for one in (*page, *made) if not files.has(one.hex())}  # set aside by a look that could not say so any more, or files put back alone
    lost = tuple(sorted({*_digests(store, files, seen.damaged), *absent}))
    store.writer.run(lambda c: _keep(c, seen.cursor, page[-1] if len(page) == share else b"", lost, now_ms))
    for digest in lost:
        _log.error("hub.file.lost", code=FileDamaged.code, digest=digest.hex()[:16])
    return ScrubReport(seen.checked, lost, _await_files(store))


def _await_files(store: HubStore) -> int:
    """Ask for what is referred to and not here, from where the last look ended; returns how many files."""
    found = store.readers.run(lambda c: absent_files(c, read_state(c, AWAITED_TO) or b""))
    digests = {digest for _, digest in found}

    def keep(connection: apsw.Connection) -> None:
        note_awaited(connection, found)
        write_state(connection, AWAITED_TO, max(digests) if len(digests) == NOTED_AT_ONCE else b"")

    store.writer.run(keep)
    return len(digests)


def _digests(store: HubStore, files: FileStore, damaged: tuple[str, ...]) -> tuple[BlobDigest, ...]:
    """Which files are gone. Where a file does not even say which one it was, every known file is looked for."""
    known = store.readers.run(lambda c: _digests_in(c, _KNOWN)) if damaged else []
    told = {BlobDigest(bytes.fromhex(one)) for one in damaged}
    if told <= set(known):
        return tuple(sorted(told))
    return tuple(sorted(one for one in known if not files.has(one.hex())))


def _digests_in(connection: apsw.Connection, question: str) -> list[BlobDigest]:
    return [BlobDigest(as_bytes(digest)) for (digest,) in connection.execute(question)]


def _held_files(connection: apsw.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM blob").fetchone()
    return int(row[0]) if row else 0


def _next_held(connection: apsw.Connection, count: int) -> list[BlobDigest]:
    """The next files that the tables call held, from where the last look ended."""
    after = read_state(connection, HELD_TO) or b""
    rows = connection.execute("SELECT digest FROM blob WHERE digest > ? ORDER BY digest LIMIT ?", (after, count))
    return [BlobDigest(as_bytes(digest)) for (digest,) in rows]


def _keep(connection: apsw.Connection, cursor: str, held_to: bytes, lost: tuple[BlobDigest, ...], now_ms: int) -> None:
    write_state(connection, HELD_TO, held_to)
    write_state(connection, SCRUBBED_TO, cursor.encode())
    note_lost(connection, lost, now_ms)
