"""Disks of the story: looked into, filled up, copied and put back.

Looking is done with keys and reader of the product, in this process, while the product's own processes run: the database is the meeting point.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import apsw

from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.keys import KeyFileOnDisk, Keys, unlock_keys
from sync_protocol.adapters.sqlite import open_database

LITTLE_BYTES = 8_192  # so much a file may still grow where the disk is called full by a limit
DISK_MB = 768  # a hub refuses to be begun on a disk that is nearly full (STO-016), and thirty rounds of files and backups must fit
PRESENT = ("anchor.json", "epoch.json")  # marks outside the database: on another disk they are not rolled back with it


@cache
def keys_of(folder: Path) -> Keys:
    """The keys of a state folder, opened once: copies of a folder keep them."""
    return unlock_keys(folder / "keys.json", KeyFileOnDisk(folder / "unattended.key"))


@contextlib.contextmanager
def looking_at(folder: Path) -> Iterator[apsw.Connection]:
    """The database of a node's or the hub's folder, for reading, at one moment."""
    name = "hub.db" if (folder / "hub.db").exists() else "node.db"
    connection = open_database(folder / name, keys_of(folder).database_key, read_only=True)
    try:
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def acts_on(folder: Path) -> set[str]:
    """Every act that this disk holds a copy of, in hexadecimal."""
    with looking_at(folder) as connection:
        return {act_id(event.header).hex() for _, _, event in event_log.all_events(connection)}


def files_of(folder: Path) -> FilesOnDisk:
    """The file store of a folder."""
    keys = keys_of(folder)
    return FilesOnDisk(folder / "files", Sealing(keys.files_key, keys.names_key))


def files_on(folder: Path, digests: Iterable[str]) -> set[str]:
    """Which of these files this disk holds."""
    files = files_of(folder)
    return {digest for digest in digests if files.has(digest)}


def copy_of(folder: Path, to: Path) -> Path:
    """Yesterday's copy of a folder whose programs stand still."""
    shutil.rmtree(to, ignore_errors=True)
    keys_of.cache_clear()  # another machine's keys may have lain at that place: two clones in one run were the harness's own red
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("backups"))
    return to


def put_back(copy: Path, folder: Path, *, with_marks: bool) -> None:
    """The folder as it was. Without the marks (which lie on another disk then) they stay those of today."""
    marks = {} if with_marks else {name: (folder / name).read_bytes() for name in PRESENT if (folder / name).exists()}
    for old in folder.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(copy, folder, dirs_exist_ok=True)
    for name, content in marks.items():
        (folder / name).write_bytes(content)


class SmallDisk:
    """A file system of its own for one folder; only where this is root."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=700", "tmpfs", folder), check=True, capture_output=True
        )
        self._folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Not a byte is left."""
        with contextlib.suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(65_536))
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(b"\0" * 512)

    def empty(self) -> None:
        """Somebody made room."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the file system away."""
        subprocess.run(("umount", "-l", self._folder), check=False, capture_output=True)


def limit_files(pid: int, most_bytes: int | None) -> None:
    """Let no file of a process grow beyond `most_bytes` (None: any): the full disk of a machine where this is not root."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most_bytes is None else most_bytes, hard))


def can_mount() -> bool:
    """Whether this process may mount a file system."""
    return os.geteuid() == 0 and shutil.which("mount") is not None
