"""Two desks, a hub and a message server as real programs: killed, cut off, filled up and put back; and a clerk who speaks too early is found out.

The long form: `python -m tests.faults --rounds 30 --seed N`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.processes.country import Country
from tests.faults.processes.drive import at_peace, one_round
from tests.faults.processes.troubles import take_copies

SHORT = ("kill_desk", "kill_hub", "kill_clerk", "cut_line", "kill_server", "full_desk", "restored_hub", "restored_desk", "cloned_desk")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    one = Country(tmp_path_factory.mktemp("country"), seed=7, machines=2)
    assert at_peace(one) == []
    take_copies(one)
    yield one
    one.close()


@pytest.mark.timeout(420)
def test_nothing_acknowledged_is_lost_or_doubled_and_all_replicas_are_equal(country: Country) -> None:
    for name in SHORT:
        one_round(country, (name,), at_once=1)
    assert at_peace(country) == []
    assert country.ledger.counters["acts"] and all(country.ledger.counters[name] for name in SHORT)


@pytest.mark.timeout(420)
def test_a_clerk_who_says_saved_before_the_commit_turns_it_red(country: Country) -> None:
    desk = next(iter(country.desks.values()))
    country.seat(desk, says_first=True)
    assert desk.clerk is not None
    desk.clerk.ask(1)
    desk.clerk.wait_for_word()
    country.rise(desk, killed=True)
    assert any(line.startswith("lost: ") for line in at_peace(country))
