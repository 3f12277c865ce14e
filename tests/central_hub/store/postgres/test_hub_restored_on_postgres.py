"""The suite of `tests.edge_node.sync.test_hub_restored` once more, with PostgreSQL under the hub."""

from tests.edge_node.sync.test_hub_restored import *  # noqa: F403
