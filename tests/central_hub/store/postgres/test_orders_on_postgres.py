"""The suite of `tests.central_hub.erasure.test_orders` once more, with PostgreSQL under the hub."""

from tests.central_hub.erasure.test_orders import *  # noqa: F403
