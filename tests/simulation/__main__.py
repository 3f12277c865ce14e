"""`python -m tests.simulation --seeds N [--start S] [--menu first|whole|wide|full] [--unannounced] [--without SAFEGUARD …]`: play worlds, count what
happened, name what broke.

The last lines say how many worlds failed, how fast they were, how often the power was lost, and which faults of the menu never struck: in a long run
(500 worlds or more) a fault that never struck fails the run, because then the menu is stale.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from tests.memory_disk import memory_disk
from tests.simulation.run import play
from tests.simulation.safeguards import SAFEGUARDS, without
from tests.simulation.stores import Templates
from tests.simulation.weather import ANSWERS, FIRST, FULL, GREETING, LEAVING, MORE, WIDE

LONG_RUN = 500
_MENUS = {"first": FIRST, "whole": (*FIRST, *MORE), "wide": (*FIRST, *MORE, *WIDE), "full": (*FIRST, *MORE, *WIDE, *FULL, *LEAVING, *GREETING, *ANSWERS)}


def main() -> int:
    """Play; exit code 1 when a world failed, or when a long run lacked a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--menu", choices=tuple(_MENUS), default="full")
    parser.add_argument("--unannounced", action="store_true", help="hubs are put back together with their mark")
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(SAFEGUARDS))
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    counters: Counter[str] = Counter()
    failing = steps = 0
    begun = time.process_time()
    folder = tempfile.TemporaryDirectory(dir=memory_disk())
    with folder as name, without(*asked.without):
        templates = Templates(Path(name))
        for seed in range(asked.start, asked.start + asked.seeds):
            try:
                outcome = play(seed, templates, asked.menu, is_unannounced=asked.unannounced)
            except Exception as error:  # one world that ends by an error of its own is one failed world
                failing += 1
                _name(seed, asked, (f"{type(error).__name__}: {error}",))
                continue
            counters.update(outcome.counters)
            steps += outcome.steps
            if outcome.findings:
                failing += 1
                _name(seed, asked, outcome.findings)
    spent = time.process_time() - begun
    print(", ".join(f"{name} {count}" for name, count in sorted(counters.items())))
    absent = [fault for fault in _MENUS[asked.menu] if not counters[fault]]
    print(f"faults that never struck: {', '.join(absent) or 'none'}; power losses {counters['power_losses']}")
    print(
        f"{failing} of {asked.seeds} worlds failed; {asked.seeds / spent:.1f} worlds and {steps / spent:,.0f} steps per CPU second"
    )
    return 1 if failing or (absent and asked.seeds >= LONG_RUN) else 0


def _name(seed: int, asked: argparse.Namespace, findings: tuple[str, ...]) -> None:
    chosen = ("" if asked.menu == "full" else f" --menu {asked.menu}") + (" --unannounced" if asked.unannounced else "")
    print(f"python -m tests.simulation --start {seed} --seeds 1{chosen}  # {'; '.join(findings[:4])}", flush=True)


raise SystemExit(main())
