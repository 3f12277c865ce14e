"""The suite of `tests.central_hub.numbers.test_changes` once more, with PostgreSQL under the hub."""

from tests.central_hub.numbers.test_changes import *  # noqa: F403
