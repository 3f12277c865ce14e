"""The hub's backups, and its restore, which always speaks under a new epoch (hub rule H4).

A lane's floor in a backup is written only after the copy was opened and read in full; nodes may then say *Đã có bản dự phòng*
(design.md §7). After a restore nodes send again what the backup lacks, so no acknowledged record is lost (RPO 0).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec

from central_hub.folder import HubFolder
from central_hub.ingest.backup_cover import FeedHeads, cover_feeds, feed_heads
from central_hub.store.epoch import begin_epoch
from central_hub.store.epoch_anchor import EpochAnchor, mark_of
from central_hub.store.hub_store import Embedded, Engine, HubStore
from central_hub.store.moving import move
from sync_protocol.adapters.backup.making import Place, make_backup, prune, small_files
from sync_protocol.adapters.backup.manifest import BackupReport, Keep
from sync_protocol.adapters.backup.restore import Restored, restore
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.key_slots import Opening
from sync_protocol.adapters.keys import Keys
from sync_protocol.adapters.sqlite import open_database
from sync_protocol.ids import HubEpoch

SMALL = ("hub.toml", "accounts.toml", "accounts.passwords", "trust")


# rows of files that the hub makes of its own tables and folders, and that no backup holds: the next look finds none, and makes them
_MADE_ANEW = ("existence_file", "snapshot_part", "snapshot", "trust_lists")


class HubRestore(msgspec.Struct, frozen=True):
    """What was restored and under which epoch the hub speaks now."""

    backup: str
    made_ms: int
    events: int
    files: int
    lacking: int
    epoch: HubEpoch


def back_up(
    folder: HubFolder, store: HubStore, files: FileStore, keys: Keys, name: str, root: Path, keep: Keep, now: dt.datetime,
    trust: str = "",
) -> BackupReport:  # fmt: skip
    """Copy, verify, record how far each lane is covered, then let old backups go.

    `trust` is the folder of trusted certificates, relative to the state folder. Raises a Problem when the copy cannot be made or read; no
    floor moves then.
    """
    with _tables_as_file(folder, store.engine, keys.database_key, root) as database:
        return _back_up(folder, store, files, keys, name, root, keep, now, trust, database)


def _back_up(
    folder: HubFolder, store: HubStore, files: FileStore, keys: Keys, name: str, root: Path, keep: Keep, now: dt.datetime,
    trust: str, database: Path,
) -> BackupReport:  # fmt: skip
    place = Place(
        kind="hub", name=name, database=database, database_key=keys.database_key, keys_file=folder.keys,
        sealing=Sealing(keys.files_key, keys.names_key), files=files, digests=named_files, small=small_files(folder.root, (*SMALL, *([trust] if trust else []))),
    )  # fmt: skip
    made = make_backup(place, root, now)
    copied = open_database(made.folder / made.manifest.database, keys.database_key, read_only=True)
    try:
        floors = copied.execute("SELECT lane, head_seq FROM lane").fetchall()
        feeds = feed_heads(copied)
    finally:
        copied.close()
    store.writer.run(lambda c: _cover(c, floors, feeds))
    pruned = prune(place, root, keep, now)
    size = made.manifest.database_bytes + made.manifest.file_bytes
    return BackupReport(
        str(made.folder), made.manifest.events, made.manifest.files, size, made.manifest.lacking, pruned
    )


@contextlib.contextmanager
def _tables_as_file(folder: HubFolder, engine: Engine, key: bytes, root: Path) -> Iterator[Path]:
    """The tables as an encrypted file that can be copied: the hub's own, or one moment of PostgreSQL for the length of the block."""
    if isinstance(engine, Embedded):
        yield engine.path
        return
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".tables-", dir=root) as spool:
        copy = Path(spool) / folder.database.name
        move(engine, Embedded(copy, key))
        yield copy


def restore_hub(
    backup: Path,
    state: Path,
    opening: Opening,
    anchor_of: Callable[[HubFolder], EpochAnchor],
    fresh: HubEpoch,
    now_ms: int,
) -> HubRestore:
    """A hub in the new folder `state`, under the epoch `fresh` (16 random bytes), from the backup in a folder.

    Files that the backup cannot give are forgotten, so that nodes which hold them bring them again.

    Raises:
        BackupProblem: see `restore`. KeyProblem: `opening` is not this backup's.
    """
    restored = restore(backup, state, "hub", opening, named_files)
    folder = HubFolder(state)
    _keep_all_in_folder(folder.settings)
    store = HubStore(Embedded(folder.database, restored.keys.database_key))
    try:
        store.writer.run(lambda c: _begin_anew(c, restored, fresh, now_ms))
        anchor_of(folder).write(store.readers.run(mark_of))
    finally:
        store.close()
    manifest = restored.held.manifest
    return HubRestore(
        restored.held.folder.name, manifest.made_ms, manifest.events, restored.files, len(restored.lacking), fresh
    )


def _keep_all_in_folder(settings: Path) -> None:
    """A backup brings tables and files in a folder: the restored hub must open those, not the PostgreSQL or the S3 store they came from."""
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [f"# {line}" if re.match(r"\s*(postgres|s3)\s*=", line) else line for line in lines]
    if kept != lines:
        write_durably(settings, "".join(kept).encode())


def named_files(connection: apsw.Connection) -> list[bytes]:
    """Every file that a hub's database says it holds: nodes' files, published catalogues and what goes with them."""
    rows = connection.execute("SELECT digest FROM blob UNION SELECT digest FROM catalogue UNION SELECT digest FROM catalogue_part ORDER BY 1")
    return [bytes(digest) for (digest,) in rows]


def _begin_anew(connection: apsw.Connection, restored: Restored, fresh: HubEpoch, now_ms: int) -> None:
    begin_epoch(connection, fresh, now_ms)
    connection.executemany("DELETE FROM blob WHERE digest = ?", [(digest,) for digest in restored.lacking])
    for table in _MADE_ANEW:
        connection.execute(f"DELETE FROM {table}")


def _cover(connection: apsw.Connection, floors: list[tuple[apsw.SQLiteValue, ...]], feeds: FeedHeads) -> None:
    cover_feeds(connection, feeds)
    connection.executemany(
        "INSERT INTO backup_floor(lane, seq) VALUES(?,?) ON CONFLICT(lane) DO UPDATE SET seq = excluded.seq"
        " WHERE excluded.seq > backup_floor.seq",
        floors,
    )
