"""The suite of `tests.edge_node.sync.test_comparing` once more, with PostgreSQL under the hub."""

from tests.edge_node.sync.test_comparing import *  # noqa: F403
