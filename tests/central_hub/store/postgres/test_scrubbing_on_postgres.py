"""The suite of `tests.central_hub.operations.test_scrubbing` once more, with PostgreSQL under the hub."""

from tests.central_hub.operations.test_scrubbing import *  # noqa: F403
