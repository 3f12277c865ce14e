"""The suite of `tests.central_hub.ingest.test_store_away` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_store_away import *  # noqa: F403
