"""The suite of `tests.central_hub.ingest.test_store_away` once more, with PostgreSQL under the hub."""

import pytest

from tests.central_hub.ingest.test_store_away import *  # noqa: F403


@pytest.fixture
def reading_only() -> str:
    """A server that became a standby, or whose operator allows no writing."""
    return "SET default_transaction_read_only = on"
