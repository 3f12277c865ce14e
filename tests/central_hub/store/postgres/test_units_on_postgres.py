"""The suite of `tests.central_hub.directory.test_units` once more, with PostgreSQL under the hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from tests.central_hub.directory.desk_of_law import hub_with_law
from tests.central_hub.directory.test_units import *  # noqa: F403
from tests.central_hub.store.postgres.server import Server


@pytest.fixture
def hub(tmp_path: Path, server: Server) -> Iterator[Hub]:
    one, _ = hub_with_law(tmp_path, f'[store]\npostgres = "{server.engine_at(tmp_path).url}"\n')
    yield one
    one.store.close()
