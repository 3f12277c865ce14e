"""A real node, hub and message server under SIGKILL, the hub once put back from an older copy: nothing that was called saved is lost or doubled."""

from __future__ import annotations

from tests.faults.killing import kill_at_random


def test_nothing_said_is_lost_or_doubled_when_node_and_hub_are_killed_at_random() -> None:
    outcome = kill_at_random(1, seed=1)
    assert outcome.is_clean, outcome
    assert outcome.said > 0 and outcome.restored == 1
