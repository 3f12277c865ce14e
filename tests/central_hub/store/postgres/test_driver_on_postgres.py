"""The suite of `tests.edge_node.sync.test_driver` once more, with PostgreSQL under the hub."""

from tests.edge_node.sync.test_driver import *  # noqa: F403
