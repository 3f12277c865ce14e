"""No acknowledged paper is lost, halved or corrupted by the disk; and the harness can see it when one is."""

from __future__ import annotations

from tests.faults.campaign import Plan, failures, power_losses
from tests.faults.desk import desk_losses


def test_no_paper_is_lost_in_power_losses() -> None:
    tally = power_losses(range(1, 31), Plan())
    assert tally.is_clean, tally
    assert tally.power_losses == 120 and tally.acknowledged > 300


def test_no_paper_is_lost_where_several_share_one_commit() -> None:
    tally = power_losses(range(101, 121), Plan(group_limit=5))
    assert tally.is_clean, tally
    assert tally.power_losses == 80 and tally.acknowledged > 300


def test_no_act_of_a_desk_is_lost_or_halved_in_power_losses() -> None:
    tally = desk_losses(range(201, 216), Plan())
    assert tally.is_clean, tally
    assert tally.power_losses == 60 and tally.acknowledged > 100


def test_a_first_page_that_was_torn_so_that_it_names_a_size_of_a_page_comes_home_from_the_log() -> None:
    assert desk_losses([9_001_080], Plan()).is_clean


def test_canary_a_desk_that_does_not_wait_for_the_disk_loses_acts() -> None:
    assert desk_losses(range(1, 12), Plan(synchronous="normal")).lost > 0


def test_no_paper_is_lost_when_any_single_operation_fails() -> None:
    tally = failures(range(300), Plan())
    assert tally.is_clean, tally
    assert tally.failures >= 280


def test_one_seed_replays_exactly() -> None:
    assert power_losses(range(7, 9), Plan()) == power_losses(range(7, 9), Plan())


def test_canary_a_database_that_does_not_wait_for_the_disk_loses_papers() -> None:
    tally = power_losses(range(1, 13), Plan(synchronous="normal"))
    assert tally.lost > 0


def test_canary_a_disk_that_lies_loses_papers() -> None:
    tally = power_losses(range(1, 25), Plan(lying_sync=0.2))
    assert not tally.is_clean
