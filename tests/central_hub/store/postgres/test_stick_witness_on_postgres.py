"""What of the suite `tests.edge_node.sync.test_stick_witness` touches the hub's tables, once more with PostgreSQL under the hub."""

from tests.edge_node.sync.test_stick_witness import (
    scene,  # noqa: F401
    test_a_hub_that_is_put_back_once_more_is_given_it_once_more,  # noqa: F401
    test_the_second_stick_gives_back_what_the_first_one_showed_to_be_forgotten,  # noqa: F401
)
