"""The suite of `tests.edge_node.resolution.test_new_code` once more, with PostgreSQL under the hub."""

from tests.edge_node.resolution.test_new_code import *  # noqa: F403
