"""Backups: a verified copy of the database and the files, and the floors that nodes learn of as "covered by a backup".

A floor is written only after the copy was opened and read in full; nodes may then say *Đã có bản dự phòng* (design.md §7).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import apsw
import msgspec

from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.durable_file import create_durably
from sync_protocol.adapters.files import FileStore
from sync_protocol.adapters.sqlite import backup as copy_database
from sync_protocol.adapters.sqlite import open_database


class BackupReport(msgspec.Struct, frozen=True):
    """What the copy holds. `path` is its folder."""

    path: str
    events: int
    files: int
    bytes: int


def make_backup(store: HubStore, files: FileStore, key: bytes, folder: Path, now: dt.datetime) -> BackupReport:
    """Copy database and files, verify the copy, then record how far each lane is covered.

    Raises a Problem of the store when the copy cannot be made or read; no floor moves then.
    """
    target = folder / now.strftime("%Y%m%dT%H%M%SZ")
    target.mkdir(parents=True)
    source = open_database(store.path, key)
    try:
        copy_database(source, target / "hub.db", key)
    finally:
        source.close()
    copied = open_database(target / "hub.db", key, read_only=True)
    try:
        floors = [(lane, seq) for lane, seq in copied.execute("SELECT lane, head_seq FROM lane")]
        digests = [bytes(d) for (d,) in copied.execute("SELECT digest FROM blob")]
        events = copied.execute("SELECT count(*) FROM event").fetchone()
    finally:
        copied.close()
    size = (target / "hub.db").stat().st_size
    (target / "files").mkdir()
    for digest in digests:
        content = files.get(digest.hex())
        create_durably(target / "files" / digest.hex(), content)
        size += len(content)
    store.writer.run(lambda c: _cover(c, floors))
    return BackupReport(str(target), int(events[0]) if events else 0, len(digests), size)  # type: ignore[arg-type]


def _cover(connection: apsw.Connection, floors: list[tuple[object, object]]) -> None:
    connection.executemany(
        "INSERT INTO backup_floor(lane, seq) VALUES(?,?) ON CONFLICT(lane) DO UPDATE SET seq = max(seq, excluded.seq)",
        floors,  # type: ignore[arg-type]
    )
