"""The suite of `tests.central_hub.seals.test_examination` once more, with PostgreSQL under the hub."""

from tests.central_hub.seals.test_examination import *  # noqa: F403
