"""Leaving a scope at a hub on PostgreSQL: the same suite."""

from tests.edge_node.letting_go.test_leaving_a_scope import *  # noqa: F403
from tests.edge_node.letting_go.test_return_in_parts import (  # noqa: F401
    test_the_word_of_a_return_that_a_witness_brings_tells_the_past_also_to_who_is_in_scope,
    test_what_came_of_it_is_not_let_go_once_more_by_a_greeting_before_the_rest,
)
