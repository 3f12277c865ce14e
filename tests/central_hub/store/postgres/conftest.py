"""The server that the tests of this folder share, and two workers over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import offices
from tests.central_hub.ingest.conftest import window as window  # the suites of that room run here once more
from tests.central_hub.store.postgres.server import Server, running_server
from tests.central_hub.store.postgres.side_by_side import SideBySide, side_by_side
from tests.memory_disk import memory_disk


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server(memory_disk()) as running:
        yield running


@pytest.fixture(autouse=True)
def on_postgres(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every hub of this folder's tests keeps its tables in that server, until its test ends."""
    before = server.made()
    monkeypatch.setattr(offices, "engine_at", server.engine_at)
    monkeypatch.setattr(offices, "copy_tables", server.copy_tables)
    monkeypatch.setattr(offices, "forget_tables", server.forget_tables)
    monkeypatch.setattr("central_hub.app.Embedded", lambda path, key: server.engine_at(path.parent))  # where no settings say otherwise
    yield
    if server.is_in_memory:  # on a disk removing one waits for a checkpoint, and all go with the server
        server.drop_others(before)


@pytest.fixture
def both(server: Server, tmp_path: Path) -> Iterator[SideBySide]:
    """Two workers over one database."""
    with side_by_side(server, tmp_path / "hub") as made:
        yield made
