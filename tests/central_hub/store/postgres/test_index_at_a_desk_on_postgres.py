"""The suite of `tests.edge_node.existence.test_index_at_a_desk` once more, with PostgreSQL under the hub."""

from tests.edge_node.existence.test_index_at_a_desk import *  # noqa: F403
