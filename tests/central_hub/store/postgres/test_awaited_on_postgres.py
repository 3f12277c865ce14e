"""The suite of `tests.central_hub.ingest.test_awaited_files` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_awaited_files import *  # noqa: F403
