"""The suite of `tests.central_hub.ingest.test_strange_texts` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_strange_texts import *  # noqa: F403
