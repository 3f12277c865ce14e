"""`python -m tests.simulation --seeds N [--start S] [--without SAFEGUARD …]`: play worlds, count what happened, name what broke."""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from tests.simulation.run import play
from tests.simulation.safeguards import SAFEGUARDS, without
from tests.simulation.stores import MEMORY, Templates


def main() -> int:
    """Play; exit code 1 when a world failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(SAFEGUARDS))
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    counters: Counter[str] = Counter()
    failing = steps = 0
    begun = time.process_time()
    folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
    with folder as name, without(*asked.without):
        templates = Templates(Path(name))
        for seed in range(asked.start, asked.start + asked.seeds):
            outcome = play(seed, templates)
            counters.update(outcome.counters)
            steps += outcome.steps
            if outcome.findings:
                failing += 1
                print(
                    f"python -m tests.simulation --start {seed} --seeds 1  # {'; '.join(outcome.findings[:4])}",
                    flush=True,
                )
    spent = time.process_time() - begun
    print(", ".join(f"{name} {count}" for name, count in sorted(counters.items())))
    print(
        f"{failing} of {asked.seeds} worlds failed; {asked.seeds / spent:.1f} worlds and {steps / spent:,.0f} steps per CPU second"
    )
    return 1 if failing else 0


raise SystemExit(main())
