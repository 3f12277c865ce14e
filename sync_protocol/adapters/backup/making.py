"""Making a backup: a verified copy of the database, the sealed files it names, the wrapped keys, and the small files that make a place itself.

Invariant: nothing of a backup is readable without the keys of its place: database pages, files and settings are sealed, and the key file is
wrapped as it is on the machine. The unattended key and officers' signing keys are never copied; they are kept apart. The live database
file is never touched: SQLite itself writes the copy, which is then opened and read in full. Backups of one root share one pool of
files, so a nightly one costs what is new.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import apsw
import msgspec

from sync_protocol.adapters.backup import manifest as manifests
from sync_protocol.adapters.backup.errors import BackupProblem
from sync_protocol.adapters.backup.manifest import Held, Keep, Kind, Manifest
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import COLLECT_AGE_MIN, FileStore
from sync_protocol.adapters.sqlite import backup as copy_database
from sync_protocol.adapters.sqlite import open_database

KEYS_NAME = "keys.json"
SCRUB_SHARE = 7  # every backup re-reads a seventh of the pool, so a week re-reads all of it

Digests = Callable[[apsw.Connection], list[bytes]]


@dataclass(frozen=True)
class Place:
    """What is backed up. `digests` lists the files that a database copy names; `small` are files by path relative to the state folder."""

    kind: Kind
    name: str
    database: Path
    database_key: bytes
    keys_file: Path
    sealing: Sealing
    files: FileStore
    digests: Digests
    small: Mapping[str, bytes]


def make_backup(place: Place, root: Path, now: dt.datetime) -> Held:
    """Write one backup below `root` and verify it.

    A file that the store cannot give is counted in `lacking` and does not stop the rest: records come first.

    Raises:
        BackupProblem, StorageProblem: no backup was made; a half-made folder has no manifest and is none.
    """
    folder = root / now.astimezone(dt.UTC).strftime(manifests.STAMP)
    try:
        folder.mkdir(parents=True, mode=0o700)
        source = open_database(place.database, place.database_key)
        try:
            copy_database(source, folder / place.database.name, place.database_key)
        finally:
            source.close()
        pool = open_pool(root, place.sealing)
        scrubbed_to = _scrub(pool, root)
        digests, events, position = _read_copy(place, folder / place.database.name)
        file_bytes, lacking = _copy_files(place.files, pool, digests)
        write_durably(folder / KEYS_NAME, place.keys_file.read_bytes())
        made = Manifest(
            kind=place.kind, name=place.name, made_ms=int(now.timestamp() * 1000), database=place.database.name,
            database_sha256=sha256_of(folder / place.database.name), database_bytes=(folder / place.database.name).stat().st_size,
            events=events, position=position, files=len(digests) - lacking, file_bytes=file_bytes, lacking=lacking,
            settings=pool.put(msgspec.msgpack.encode(dict(place.small))), scrubbed_to=scrubbed_to,
        )  # fmt: skip
        manifests.write_manifest(folder, made)
    except OSError as error:
        raise BackupProblem(what=f"errno {error.errno}") from error
    return Held(folder, made)


def prune(place: Place, root: Path, keep: Keep, now: dt.datetime) -> int:
    """Remove backups beyond the rule and files that no kept one names; returns how many backups went. Idempotent."""
    held = manifests.finished(root)
    stays = manifests.kept((_moment(one) for one in held), keep)
    going = [one for one in held if _moment(one) not in stays]
    for one in going:
        (one.folder / manifests.FILE_NAME).unlink(missing_ok=True)  # first of all it is no backup any more
        shutil.rmtree(one.folder, ignore_errors=True)
    if going:
        named: set[str] = set()
        for one in held:
            if one not in going:
                digests, _, _ = _read_copy(place, one.folder / one.manifest.database)
                named |= {digest.hex() for digest in digests} | {one.manifest.settings}
        open_pool(root, place.sealing).collect(named, older_than=COLLECT_AGE_MIN, now=now)
    return len(going)


def open_pool(root: Path, sealing: Sealing) -> FilesOnDisk:
    """The files that all backups below `root` share."""
    return FilesOnDisk(root / manifests.POOL, sealing)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file that no process has open. Raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def small_files(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The named files and the files of the named folders, as far as they are there, by relative path."""
    found: dict[str, bytes] = {}
    for name in names:
        path = root / name
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if one.is_file():
                found[str(one.relative_to(root))] = one.read_bytes()
    return found


def _moment(one: Held) -> dt.datetime:
    return dt.datetime.fromtimestamp(one.manifest.made_ms / 1000, dt.UTC)


def _scrub(pool: FilesOnDisk, root: Path) -> str:
    """Re-read a share of what older backups put there; what is damaged is set aside and copied anew by this backup."""
    held = manifests.finished(root)
    if not held:
        return ""
    newest = held[-1].manifest
    return pool.scrub(newest.files // SCRUB_SHARE + 1, newest.scrubbed_to).cursor


def _read_copy(place: Place, copy: Path) -> tuple[list[bytes], int, int]:
    reader = open_database(copy, place.database_key, read_only=True)
    try:
        row = reader.execute("SELECT count(*), coalesce(max(position), 0) FROM event").fetchone()
        events, position = (int(value) for value in row or (0, 0))
        return place.digests(reader), events, position
    finally:
        reader.close()


def _copy_files(files: FileStore, pool: FilesOnDisk, digests: Iterable[bytes]) -> tuple[int, int]:
    """(bytes, lacking). What is new is read back in full before it counts."""
    total, lacking = 0, 0
    for digest in (one.hex() for one in digests):
        try:
            if not pool.has(digest):
                pool.put(files.get(digest))
                pool.get(digest)
            total += pool.size(digest)
        except (FileAbsent, FileDamaged):
            lacking += 1
    return total, lacking
