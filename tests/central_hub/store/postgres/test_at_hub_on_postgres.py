"""The suite of `tests.central_hub.lookup.test_at_hub` once more, with PostgreSQL under the hub."""

from tests.central_hub.lookup.test_at_hub import *  # noqa: F403
