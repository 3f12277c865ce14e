"""Restoring a backup into a new state folder: verified before, verified after, never over anything.

What a restored place must do to be safe (a new epoch at the hub, a new incarnation at a node) is its shell's, and follows at once.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import apsw
import msgspec

from sync_protocol.adapters.backup.errors import BackupDamaged, BackupOfAnother, RestoreTargetTaken, RestoreUnfinished
from sync_protocol.adapters.backup.making import KEYS_NAME, Digests, open_pool, sha256_of
from sync_protocol.adapters.backup.manifest import Held, Kind, read_backup
from sync_protocol.adapters.durable_file import create_durably, sync_folder
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.key_slots import Opening
from sync_protocol.adapters.keys import Keys, unlock_keys
from sync_protocol.adapters.sqlite import FullRead, full_read_check, open_database
from sync_protocol.adapters.storage_errors import StorageProblem


@dataclass(frozen=True)
class Restored:
    """What now stands in the new state folder. `lacking` are files the backup could not give; the other side still has them or nobody has."""

    held: Held
    keys: Keys
    read: FullRead
    files: int
    lacking: tuple[bytes, ...]


def restore(folder: Path, state: Path, kind: Kind, opening: Opening, digests: Digests) -> Restored:
    """Bring the backup in `folder` (or the newest below it) into the new folder `state`.

    Raises:
        BackupAbsent, BackupDamaged, BackupOfAnother: before anything was written.
        RestoreTargetTaken: `state` holds something. RestoreUnfinished: delete `state` and repeat.
        KeyProblem: `opening` does not open the keys of this backup.
    """
    if state.exists() and any(state.iterdir()):
        raise RestoreTargetTaken()
    held = read_backup(folder)
    if held.manifest.kind != kind:
        raise BackupOfAnother(found=held.manifest.kind, wanted=kind)
    source = held.folder / held.manifest.database
    keys = unlock_keys(held.folder / KEYS_NAME, opening)
    _require_whole(source, held)
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        pool = open_pool(held.folder.parent, Sealing(keys.files_key, keys.names_key))
        _write_small(state, pool.get(held.manifest.settings))
        create_durably(state / KEYS_NAME, (held.folder / KEYS_NAME).read_bytes())
        target = state / held.manifest.database
        shutil.copyfile(source, target)  # no process has either file open
        target.chmod(0o600)
        sync_folder(state)
        read, named = _checked(target, keys.database_key, digests)
        lacking = _bring_files(pool, FilesOnDisk(state / "files", Sealing(keys.files_key, keys.names_key)), named)
    except OSError as error:
        raise RestoreUnfinished(what=f"errno {error.errno}") from error
    except (FileAbsent, FileDamaged) as error:
        raise BackupDamaged(what="settings") from error
    return Restored(held, keys, read, len(named) - len(lacking), tuple(lacking))


def check_backup(folder: Path, kind: Kind, keys: Keys, digests: Digests) -> tuple[Held, FullRead, int]:
    """Read one backup in full without restoring it; returns it, what was read, and how many files it cannot give.

    Raises:
        BackupAbsent, BackupDamaged, BackupOfAnother.
    """
    held = read_backup(folder)
    if held.manifest.kind != kind:
        raise BackupOfAnother(found=held.manifest.kind, wanted=kind)
    source = held.folder / held.manifest.database
    _require_whole(source, held)
    read, named = _checked(source, keys.database_key, digests, read_only=True)
    pool = open_pool(held.folder.parent, Sealing(keys.files_key, keys.names_key))
    return held, read, sum(1 for digest in named if not _reads(pool, digest.hex()))


def _require_whole(source: Path, held: Held) -> None:
    try:
        if sha256_of(source) != held.manifest.database_sha256:
            raise BackupDamaged(what=held.manifest.database)
    except OSError as error:
        raise BackupDamaged(what=held.manifest.database) from error


def _checked(database: Path, key: bytes, digests: Digests, *, read_only: bool = False) -> tuple[FullRead, list[bytes]]:
    try:
        connection: apsw.Connection = open_database(database, key, read_only=read_only)
        try:
            return full_read_check(connection), digests(connection)
        finally:
            connection.close()
    except StorageProblem as error:
        raise BackupDamaged(what=f"{database.name} ({error.code})") from error


def _bring_files(pool: FilesOnDisk, files: FilesOnDisk, named: list[bytes]) -> list[bytes]:
    lacking = []
    for digest in named:
        try:
            files.put(pool.get(digest.hex()))
        except (FileAbsent, FileDamaged):
            lacking.append(digest)
    return lacking


def _reads(pool: FilesOnDisk, digest: str) -> bool:
    try:
        pool.get(digest)
    except (FileAbsent, FileDamaged):
        return False
    return True


def _write_small(state: Path, packed: bytes) -> None:
    for name, content in msgspec.msgpack.decode(packed, type=dict[str, bytes]).items():
        path = (state / name).resolve()
        if state.resolve() not in path.parents:
            raise BackupDamaged(what="settings")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        create_durably(path, content)
