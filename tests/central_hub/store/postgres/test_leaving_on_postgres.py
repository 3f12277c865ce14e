"""Leaving a scope at a hub on PostgreSQL: the same suite."""

from tests.edge_node.letting_go.test_leaving_a_scope import *  # noqa: F403
