"""Revoked papers and those who reuse them at a hub on PostgreSQL: the same suites."""

from tests.central_hub.cases.test_revoked_papers import *  # noqa: F403
from tests.edge_node.revoking.test_revoked_everywhere import *  # noqa: F403
