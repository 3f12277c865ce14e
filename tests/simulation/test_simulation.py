"""A short run of the simulation, the seeds that once found a hole, and proof that missing safeguards are noticed.

The long run: `python -m tests.simulation --seeds 10000`.
"""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.simulation.run import play
from tests.simulation.safeguards import SAFEGUARDS, without
from tests.simulation.stores import MEMORY, Templates

SHORT_RUN = range(12)
ONCE_FAILING = (302, 325, 1006, 1107, 1137)
MUST_HAPPEN = (
    "drop", "duplicate", "delay", "cut", "busy", "node_crash", "hub_crash", "hub_restore", "node_clone", "incarnation_opened",
    "epoch_changed", "fork", "behind", "witness_accepted", "retired_pushed", "aside", "conflict_settled", "moved", "wrong_clock",
    "unknown_type", "revoke", "refused HUB-002", "erased",
)  # fmt: skip
NOTICED_AT = {
    ("epoch",): 0,
    ("promise after commit",): 23,
    ("signed promise",): 18,
    ("revocation",): 0,
    ("cursor with its page",): 11,
    ("witness",): 0,
    ("gap check",): 0,
    ("acts",): 6,
    ("aside",): 3,
    ("feed of the other history",): 18,
    ("erased stays erased",): 11,
    ("fork check", "promise names my event"): 7,
}


@pytest.fixture(scope="module")
def templates() -> Iterator[Templates]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Templates(Path(folder))
    structlog.reset_defaults()


def test_a_short_run_keeps_every_invariant_and_every_fault_really_happened(templates: Templates) -> None:
    happened: Counter[str] = Counter()
    for seed in SHORT_RUN:
        outcome = play(seed, templates)
        assert outcome.findings == (), f"python -m tests.simulation --start {seed} --seeds 1"
        happened.update(outcome.counters)
    assert [name for name in MUST_HAPPEN if not happened[name]] == []


@pytest.mark.parametrize("seed", ONCE_FAILING)
def test_a_seed_that_once_failed_stays_whole(seed: int, templates: Templates) -> None:
    assert play(seed, templates).findings == ()


@pytest.mark.parametrize(("names", "seed"), NOTICED_AT.items(), ids=["+".join(names) for names in NOTICED_AT])
def test_a_missing_safeguard_is_noticed(names: tuple[str, ...], seed: int, templates: Templates) -> None:
    with without(*names):
        assert play(seed, templates).findings != ()


def test_the_same_seed_plays_the_same_world(templates: Templates) -> None:
    assert play(3, templates) == play(3, templates)


def test_every_safeguard_has_a_name_that_the_command_knows(templates: Templates) -> None:
    assert {name for names in NOTICED_AT for name in names} <= set(SAFEGUARDS)
