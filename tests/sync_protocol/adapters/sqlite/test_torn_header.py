"""A first page that was torn on its way home comes back from the write-ahead log, whatever size of a page its garbage names."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.sqlite import open_database
from sync_protocol.adapters.sqlite.connection import Cipher
from sync_protocol.adapters.storage_errors import WrongDatabaseKey

KEY = b"k" * 32
SECTOR_BYTES = 512


def torn(path: Path, named_page_bytes: int, *, logged: bool = True) -> None:
    """A database whose newest rows lie in its log, and whose first sector is garbage that names a size of a page."""
    with path.open("r+b") as file:
        garbage = bytearray(b"\xe5" * SECTOR_BYTES)
        garbage[16:18] = (named_page_bytes & 0xFFFF if named_page_bytes < 65_536 else 1).to_bytes(2, "big")
        file.write(garbage)
    if not logged:
        path.with_name(path.name + "-wal").unlink()


@pytest.fixture(params=list(Cipher))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database that lost its power: what was committed last is in its log only."""
    place = tmp_path / "node.db"
    connection = open_database(place, KEY, cipher=request.param)
    connection.execute("CREATE TABLE paper(token TEXT PRIMARY KEY) STRICT")
    connection.execute("INSERT INTO paper VALUES('saved')")
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.close()
    return place


@pytest.mark.parametrize("named", [0xE5E5, 512, 8_192, 32_768, 65_536])
def test_a_torn_first_page_is_whole_again_after_the_next_opening(path: Path, named: int) -> None:
    torn(path, named)
    for _ in range(2):
        connection = open_database(path, KEY)
        assert connection.execute("SELECT token FROM paper").get == "saved"
        connection.close()


def test_a_torn_first_page_that_no_log_has_is_no_other_than_before(path: Path) -> None:
    torn(path, 32_768, logged=False)
    with pytest.raises(WrongDatabaseKey):
        open_database(path, KEY)


def test_a_wrong_key_opens_no_torn_database(path: Path) -> None:
    torn(path, 32_768)
    with pytest.raises(WrongDatabaseKey):
        open_database(path, b"x" * 32)
    assert open_database(path, KEY).execute("SELECT token FROM paper").get == "saved"
