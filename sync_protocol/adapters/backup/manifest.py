"""What a backup says about itself, and which backups are kept. A folder without its manifest is no backup: it is written last.

ROOT/files/                   one sealed pool of files that all backups of this place share
ROOT/20261122T020000Z/        hub.db or node.db · keys.json · backup.json
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from sync_protocol.adapters.backup.errors import BackupAbsent, BackupDamaged
from sync_protocol.adapters.durable_file import write_durably

FILE_NAME = "backup.json"
POOL = "files"
STAMP = "%Y%m%dT%H%M%SZ"
Kind = Literal["hub", "node"]


class BackupReport(msgspec.Struct, frozen=True):
    """What the copy holds. `path` is its folder, `lacking` files the store could not give, `pruned` older backups that went."""

    path: str
    events: int
    files: int
    bytes: int
    lacking: int
    pruned: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One finished backup.

    Attributes:
        made_ms: UTC.
        position: place of the newest event in the log; `events` counts all of them.
        database_sha256: of the encrypted copy as it lies here.
        settings: address, in the pool, of the sealed small files (settings, accounts, trust).
        lacking: files that the database names and the store could not give.
        scrubbed_to: where the next backup goes on re-reading the pool.
    """

    kind: Kind
    name: str
    made_ms: int
    database: str
    database_sha256: str
    database_bytes: int
    events: int
    position: int
    files: int
    file_bytes: int
    lacking: int
    settings: str
    scrubbed_to: str = ""


class Held(msgspec.Struct, frozen=True):
    """A finished backup in its folder."""

    folder: Path
    manifest: Manifest


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the newest backups stay: one for each of so many days, ISO weeks and months that have one."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Finish a backup. Raises OSError."""
    write_durably(folder / FILE_NAME, msgspec.json.format(msgspec.json.encode(manifest)))


def read_backup(folder: Path) -> Held:
    """The backup in `folder`, or the newest one below it. Raises BackupAbsent, BackupDamaged."""
    if not (folder / FILE_NAME).is_file():
        newest = finished(folder)
        if not newest:
            raise BackupAbsent(what=FILE_NAME)
        return newest[-1]
    try:
        return Held(folder, msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Manifest))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupDamaged(what=FILE_NAME) from error


def finished(root: Path) -> list[Held]:
    """Every readable backup below `root`, oldest first."""
    found = []
    for path in root.glob(f"*/{FILE_NAME}"):
        try:
            found.append(read_backup(path.parent))
        except BackupDamaged:
            continue  # it counts as none; `doctor` names the newest one that reads
    return sorted(found, key=lambda one: one.manifest.made_ms)


def kept(moments: Iterable[dt.datetime], keep: Keep) -> set[dt.datetime]:
    """Which of these moments stay: the last of each of the newest days, weeks and months. The newest always does.

    >>> day = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    >>> sorted(one.day for one in kept([day, day - dt.timedelta(1), day - dt.timedelta(2)], Keep(2, 1, 1)))
    [21, 22]
    """
    newest_first = sorted(moments, reverse=True)
    periods: tuple[tuple[int, Callable[[dt.datetime], object]], ...] = (
        (keep.days, dt.datetime.date),
        (keep.weeks, lambda one: one.isocalendar()[:2]),
        (keep.months, lambda one: (one.year, one.month)),
    )
    stays = set(newest_first[:1])
    for count, period in periods:
        stays |= _last_of_each(newest_first, count, period)
    return stays


def _last_of_each(
    newest_first: Sequence[dt.datetime], count: int, period: Callable[[dt.datetime], object]
) -> set[dt.datetime]:
    last: dict[object, dt.datetime] = {}
    for one in newest_first:
        last.setdefault(period(one), one)
    return set(list(last.values())[:count])
