"""Long campaigns: `python -m tests.faults --power-losses 100000 --failures 20000 --mutations 100000 --seed 1`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from tests.faults.campaign import Plan, Tally, failures, power_losses
from tests.faults.desk import desk_losses
from tests.faults.parsers import as_text, run


def main() -> int:
    """Run and print one line per campaign; exit 1 on any damage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--power-losses", type=int, default=1_000)
    parser.add_argument("--failures", type=int, default=1_000)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="first seed; seed n replays exactly")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + -(-asked.power_losses // 12))
    campaigns: dict[str, Callable[[], Tally]] = {
        "power losses, one by one": lambda: power_losses(seeds, Plan()),
        "power losses, in groups": lambda: power_losses(seeds, Plan(group_limit=5)),
        "power losses, a desk's own ledger": lambda: desk_losses(seeds, Plan()),
        "n-th failure": lambda: failures(range(asked.failures), Plan()),
    }
    is_clean = True
    for name, campaign in campaigns.items():
        started = time.monotonic()
        tally = campaign()
        is_clean = is_clean and tally.is_clean
        print(f"{name}: {tally} in {time.monotonic() - started:.1f} s", flush=True)
    mutated = run(asked.mutations, asked.seed)
    print(f"mutated bytes: {as_text(mutated)}", flush=True)
    return 0 if is_clean and mutated.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
