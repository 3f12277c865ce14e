"""The suite of `tests.central_hub.cases.test_cases` once more, with PostgreSQL under the hub."""

from tests.central_hub.cases.test_cases import *  # noqa: F403
