"""The suite of `tests.sync_protocol.adapters.test_visits` once more, with PostgreSQL under the hub."""

from tests.sync_protocol.adapters.test_visits import *  # noqa: F403
