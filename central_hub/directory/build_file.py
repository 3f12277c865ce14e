"""Build file: the process that writes a catalogue file, run as `python -m central_hub.directory.build_file`.

It is a process of its own because it uses Python's SQLite, and two SQLite libraries in one process lose each other's
locks. It reads the sources, checks them, and writes either the file or the list of complaints, never both.

Invariant: the same sources, version and time give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import msgspec
import sqlite_utils

from central_hub.directory.complaint import BuildAnswer, Complaint
from central_hub.directory.sources import read_sources
from central_hub.directory.validation import find_complaints
from sync_protocol.catalogue import Catalogue
from sync_protocol.catalogue_rows import PRIMARY_KEYS, columns, to_rows


def write_tables(catalogue: Catalogue, path: Path) -> dict[str, int]:
    """Write a catalogue as a new SQLite file and return the number of rows per table. The path must not exist."""
    database = sqlite_utils.Database(path)
    tables = to_rows(catalogue)
    for name, rows in tables.items():
        table = database.table(name)
        table.create(columns(name), pk=PRIMARY_KEYS[name])
        table.insert_all(rows)
    database.execute("PRAGMA user_version = 1")
    database.vacuum()
    database.close()
    return {name: len(rows) for name, rows in tables.items()}


def build(source: Path, path: Path, *, version: str, built_at: dt.datetime) -> BuildAnswer:
    """Write the file of a source directory, or of a catalogue as JSON; or return the complaints and write nothing."""
    complaints: list[Complaint] = []
    if source.is_dir():
        catalogue, complaints = read_sources(source, version=version, built_at=built_at)
    else:
        catalogue = msgspec.json.decode(source.read_bytes(), type=Catalogue)
    complaints += find_complaints(catalogue)
    if complaints:
        return BuildAnswer(tuple(complaints), {})
    return BuildAnswer((), write_tables(catalogue, path))


def main(arguments: list[str]) -> None:
    """Take source (directory or JSON file), file, version and ISO time; print the answer as JSON."""
    source, path, version, built_at = arguments
    answer = build(Path(source), Path(path), version=version, built_at=dt.datetime.fromisoformat(built_at))
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
