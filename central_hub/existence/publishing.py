"""Publishing the index: a base of everything, then a small file a day; a new base when something was taken out or the key is a year old.

An answer at a desk is never newer than the file it came from, so every file carries the hub time of the state it was read from. Files are
content-addressed like any other: a node fetches what it lacks, in chunks, and resumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import apsw
import msgspec

from central_hub.existence.entries import all_entries, entries_since, has_shrunk
from central_hub.store.hub_store import HubStore, read_state, write_state
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.existence import Hasher, IndexFile, Offered, entries_in, offer_message, write_index
from sync_protocol.ids import BlobDigest, OfficeCode
from sync_protocol.limits import EXISTENCE_FILE_ENTRIES_MAX, EXISTENCE_FILES_MAX
from sync_protocol.messages import ExistenceOffer

KEY = "existence_key"
KEY_SINCE = "existence_key_ms"
KEY_LIFE_MS = 365 * 86_400_000
DAILY_FILES_MAX = 30
_COLUMNS = "digest, size, entries, position, as_of_ms, is_base"

Entropy = Callable[[int], bytes]


class Published(msgspec.Struct, frozen=True):
    """What one publication made."""

    files: int
    entries: int
    bytes: int
    is_base: bool


def publish(
    store: HubStore, files: FileStore, now_ms: int, entropy: Entropy, *, whole: bool = False,
    file_entries: int = EXISTENCE_FILE_ENTRIES_MAX,
) -> Published:  # fmt: skip
    """Publish what was coded since the last file, or everything where that is due; `whole` asks for everything.

    Files are durable before their rows; one whose row never came is collected. Repeating it adds at most one small file.
    """
    key, is_fresh = store.writer.run(lambda c: key_of(c, now_ms, entropy))
    position = store.settled_position()
    made = store.readers.run(lambda c: _written(c, Hasher(key), now_ms, whole or is_fresh, file_entries, position))
    rows = [
        IndexFile(BlobDigest(bytes.fromhex(files.put(content))), len(content), now_ms, made.position, made.is_base)
        for content in made.contents
    ]
    former = store.writer.run(lambda c: _put_in_force(c, rows, made))
    for digest in former:
        files.remove(digest.hex())
    return Published(len(rows), made.entries, sum(row.size for row in rows), made.is_base)


def newest_ms(connection: apsw.Connection) -> int:
    """Hub time of the newest index file, 0 before the first."""
    row = connection.execute("SELECT max(as_of_ms) FROM existence_file").fetchone()
    return int(row[0] or 0) if row else 0


def offer_of(connection: apsw.Connection, hub: str, sign: Callable[[bytes], bytes]) -> ExistenceOffer:
    """The files in force under the hub's signature, with their key; empty before the first publication."""
    offered = Offered(read_state(connection, KEY) or b"", tuple(files_in_force(connection)))
    return ExistenceOffer(offered, sign(offer_message(hub, offered)))


def files_in_force(connection: apsw.Connection) -> list[IndexFile]:
    """Base files first, then the daily ones, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM existence_file ORDER BY is_base DESC, as_of_ms, digest")
    return [IndexFile(BlobDigest(bytes(d)), size, at, position, bool(base)) for d, size, _, position, at, base in rows]


def is_index_file(connection: apsw.Connection, digest: BlobDigest) -> bool:
    """Whether a file is one that every enrolled node may read."""
    return connection.execute("SELECT 1 FROM existence_file WHERE digest = ?", (digest,)).fetchone() is not None


def key_of(connection: apsw.Connection, now_ms: int, entropy: Entropy) -> tuple[bytes, bool]:
    """The key of this generation, and whether it was made just now: the first one, or the former was a year old."""
    held, since = read_state(connection, KEY), read_state(connection, KEY_SINCE)
    if held is not None and since is not None and now_ms - int.from_bytes(since, "big") < KEY_LIFE_MS:
        return held, False
    key = entropy(32)
    write_state(connection, KEY, key)
    write_state(connection, KEY_SINCE, now_ms.to_bytes(8, "big"))
    return key, True


class _Made(msgspec.Struct, frozen=True):
    contents: tuple[bytes, ...]
    entries: int
    position: int
    is_base: bool


def _written(
    connection: apsw.Connection, hasher: Hasher, now_ms: int, whole: bool, file_entries: int, position: int
) -> _Made:
    """What is to be published of the log up to a position at least."""
    held = files_in_force(connection)
    base_position = max((one.position for one in held if one.is_base), default=None)
    daily = sum(1 for one in held if not one.is_base)
    is_base = whole or base_position is None or has_shrunk(connection, base_position) or daily >= DAILY_FILES_MAX
    if is_base:
        found = all_entries(connection, hasher)
    else:
        found = entries_since(connection, hasher, max(one.position for one in held))
    contents = tuple(write_index(part, as_of_ms=now_ms, position=position) for part in _parts(found, file_entries))
    contents = contents or (write_index((), as_of_ms=now_ms, position=position),)
    return _Made(contents, sum(entries_in(one) for one in contents), position, is_base)


def _parts(found: Iterable[tuple[int, OfficeCode]], size: int) -> Iterator[list[tuple[int, OfficeCode]]]:
    walk = iter(found)
    for _ in range(EXISTENCE_FILES_MAX - DAILY_FILES_MAX):
        part = list(islice(walk, size))
        if not part:
            return
        yield part


def _put_in_force(connection: apsw.Connection, rows: list[IndexFile], made: _Made) -> list[BlobDigest]:
    """Write the new rows; a base ends everything before it. Returns the files that nobody needs any more."""
    new = {row.digest for row in rows}
    former = [one.digest for one in files_in_force(connection) if one.digest not in new] if made.is_base else []
    connection.executemany("DELETE FROM existence_file WHERE digest = ?", [(one,) for one in former])
    connection.executemany(
        f"INSERT OR REPLACE INTO existence_file({_COLUMNS}) VALUES(?,?,?,?,?,?)",
        [(row.digest, row.size, made.entries, row.position, row.as_of_ms, int(row.is_base)) for row in rows],
    )
    return former
