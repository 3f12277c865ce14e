"""The suite of `tests.central_hub.ingest.test_law_numbers` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_law_numbers import *  # noqa: F403
