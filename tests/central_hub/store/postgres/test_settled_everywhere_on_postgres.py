"""The suite of `tests.edge_node.resolution.test_settled_everywhere` once more, with PostgreSQL under the hub."""

from tests.edge_node.resolution.test_settled_everywhere import *  # noqa: F403
