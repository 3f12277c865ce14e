"""What of the suite `tests.edge_node.sync.test_stick_files` touches the hub's tables, once more with PostgreSQL under the hub."""

from tests.edge_node.sync.test_stick_files import (
    stage,  # noqa: F401
    test_a_file_that_is_wished_for_comes_with_the_next_stick_and_is_asked_for_no_more,  # noqa: F401
    test_a_new_desk_is_brought_its_whole_scope_by_stick_and_is_complete_only_at_its_end,  # noqa: F401
)
