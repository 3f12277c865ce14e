"""The suite of `tests.central_hub.ingest.test_refusals` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_refusals import *  # noqa: F403
