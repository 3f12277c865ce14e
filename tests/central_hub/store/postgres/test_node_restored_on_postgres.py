"""The suite of `tests.edge_node.sync.test_node_restored` once more, with PostgreSQL under the hub."""

from tests.edge_node.sync.test_node_restored import *  # noqa: F403
