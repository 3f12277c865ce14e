"""The suite of `tests.central_hub.ingest.test_current_papers` once more, with PostgreSQL under the hub."""

from tests.central_hub.ingest.test_current_papers import *  # noqa: F403

del test_whatever_is_done_in_whatever_order_all_name_the_same_one  # noqa: F821  hundreds of stories about the order; the other tests of the suite touch every table
