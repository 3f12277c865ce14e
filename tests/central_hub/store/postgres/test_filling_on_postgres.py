"""The suite of `tests.edge_node.bootstrap.test_filling` once more, with PostgreSQL under the hub."""

from tests.edge_node.bootstrap.test_filling import *  # noqa: F403
