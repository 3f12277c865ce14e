"""A database of one table, opened as the product opens it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.sqlite import (
    open_database,
)
from tests.sync_protocol.adapters.sqlite.paper import KEY, TABLE, Opener


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    connection = open_database(tmp_path / "node.db", KEY)
    connection.execute(TABLE)
    connection.close()
    return lambda: open_database(tmp_path / "node.db", KEY)


@pytest.fixture
def connection(opener: Opener) -> Iterator[apsw.Connection]:
    opened = opener()
    yield opened
    opened.close(True)
