"""The suite of `tests.edge_node.sync.test_reminding` once more, with PostgreSQL under the hub."""

from tests.edge_node.sync.test_reminding import *  # noqa: F403
