"""The suite of `tests.central_hub.ingest.test_pairs` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_pairs import *  # noqa: F403
