"""A program to be killed: saves a file, then its row, then says so on standard output, for ever."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import apsw

from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.sqlite import Writer, open_database

KEY = b"k" * 32
SEALING = Sealing(b"f" * 32, b"n" * 32)
SCHEMA = """
CREATE TABLE IF NOT EXISTS paper(digest TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS outbox(digest TEXT PRIMARY KEY) STRICT;
"""


def save_for_ever(folder: Path) -> None:
    """File first, then both rows in one transaction, then the acknowledgement."""
    files = FilesOnDisk(folder / "files", SEALING)
    with Writer(lambda: open_database(folder / "node.db", KEY)) as writer:
        writer.run(lambda connection: connection.execute(SCHEMA))
        already = writer.run(lambda connection: connection.execute("SELECT count(*) FROM paper").get)
        for number in itertools.count(int(str(already)) * 1_000):
            digest = files.put(f"paper {number} ".encode() * 2_000)

            def save(connection: apsw.Connection, digest: str = digest) -> None:
                connection.execute("INSERT OR IGNORE INTO paper VALUES(?)", (digest,))
                connection.execute("INSERT OR IGNORE INTO outbox VALUES(?)", (digest,))

            writer.run(save)
            sys.stdout.write(digest + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    save_for_ever(Path(sys.argv[1]))
