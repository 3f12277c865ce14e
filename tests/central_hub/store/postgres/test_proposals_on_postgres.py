"""The suite of `tests.edge_node.resolution.test_proposals` once more, with PostgreSQL under the hub."""

from tests.edge_node.resolution.test_proposals import *  # noqa: F403
