"""A flipped bit in an encrypted database is told or harmless, never read as something else."""

from __future__ import annotations

import random
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.sqlite import Cipher, close_quietly, full_read_check, open_database
from sync_protocol.adapters.storage_errors import StorageProblem

KEY = b"k" * 32
ROWS = 400
FLIPS = 150


def fill(path: Path, key: bytes | None, cipher: Cipher | None) -> list[tuple[int, str]]:
    """A database of a few hundred pages, and what it holds."""
    connection = open_database(path, key, cipher=cipher)
    connection.execute("CREATE TABLE paper(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
    rows = [(number, f"{number:06d}" * 120) for number in range(ROWS)]
    connection.executemany("INSERT INTO paper VALUES(?, ?)", rows)
    connection.close()
    return rows


def silently_wrong(path: Path, key: bytes | None, rows: list[tuple[int, str]], flips: int) -> tuple[int, int]:
    """(told, silently wrong) over `flips` single flipped bits, each on a fresh copy. No connection is open meanwhile."""
    chance, whole = random.Random(3), path.read_bytes()
    told = wrong = 0
    for _ in range(flips):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        connection = None
        try:
            connection = open_database(path, key, read_only=True)
            found = [(int(number), str(body)) for number, body in connection.execute("SELECT id, body FROM paper")]
            wrong += found != rows
            full_read_check(connection)
        except (StorageProblem, apsw.Error, UnicodeDecodeError):
            told += 1
        finally:
            if connection is not None:
                close_quietly(connection)
    path.write_bytes(whole)
    return told, wrong


@pytest.mark.parametrize("cipher", list(Cipher))
def test_no_flipped_bit_is_read_as_something_else(tmp_path: Path, cipher: Cipher) -> None:
    rows = fill(tmp_path / "node.db", KEY, cipher)
    told, wrong = silently_wrong(tmp_path / "node.db", KEY, rows, FLIPS)
    assert wrong == 0 and told == FLIPS


def test_canary_a_plaintext_database_is_read_silently_wrong(tmp_path: Path) -> None:
    rows = fill(tmp_path / "plain.db", None, None)
    _, wrong = silently_wrong(tmp_path / "plain.db", None, rows, 40)
    assert wrong > 0
