"""Long campaigns: `python -m tests.faults --power-losses 100000 --failures 20000 --mutations 100000 --seed 1`.

With `--rounds N` instead real programs in real trouble (processes/drive.py): N rounds from one seed; with root in namespaces and on small disks,
with `--relay` as where this is not root: a relay and a limit on file sizes. `--only full_desk full_hub` plays a part of the menu.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.campaign import Plan, Tally, failures, power_losses
from tests.faults.desk import desk_losses
from tests.faults.parsers import as_text, run
from tests.faults.processes.disks import can_mount
from tests.faults.processes.troubles import MENU


def main() -> int:
    """Run and print one line per campaign; exit 1 on any damage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--power-losses", type=int, default=1_000)
    parser.add_argument("--failures", type=int, default=1_000)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="first seed; seed n replays exactly")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of real programs, and nothing else")
    parser.add_argument("--relay", action="store_true", help="real programs as without root")
    parser.add_argument("--only", nargs="+", choices=tuple(MENU), default=tuple(MENU), metavar="TROUBLE", help=", ".join(MENU))
    parser.add_argument("--folder", type=Path, default=None, help="where they live and stay after a failure")
    asked = parser.parse_args()
    if asked.rounds:
        return real_programs(asked.rounds, asked.seed, asked.folder, tuple(asked.only), is_relay=asked.relay)
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


def real_programs(rounds: int, seed: int, folder: Path | None, menu: tuple[str, ...] = tuple(MENU), *, is_relay: bool = False) -> int:
    """Hub, message server, desks and officers as programs; 1 when anything acknowledged is missing, doubled, unequal or stuck."""
    from tests.faults.processes.drive import run as drive
    from tests.faults.processes.lines import can_make_namespaces

    place = folder or Path(tempfile.mkdtemp(prefix="lienthong-"))
    is_root = not is_relay and can_make_namespaces() and can_mount()
    found = drive(place, rounds, seed, lambda line: print(line, flush=True), menu, is_root=is_root)
    if not found and folder is None:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
