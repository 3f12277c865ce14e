"""A share of a core for one process, given by the kernel: what a benchmark compares is then the program, not the room that a machine of two cores has left.

The processes of a hub get as much each as they would have on a machine with more cores and as little; message server, database and offices get
what they want of the rest. Needs root and the control groups of Linux in their first form (`cpu.cfs_quota_us`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

CPU: Final = Path("/sys/fs/cgroup/cpu")
PERIOD_US: Final = 10_000
QUOTA_MIN_US: Final = 1_000  # the kernel takes no less


class NoShares(RuntimeError):
    """This machine gives no process a share."""


def quota_us(share: float) -> int:
    """Microseconds of processor in each period for a share of a core. Raises ValueError for a share that the kernel would not take."""
    quota = round(share * PERIOD_US)
    if quota < QUOTA_MIN_US:
        raise ValueError(f"a share of a core is at least {QUOTA_MIN_US / PERIOD_US}, not {share}")
    return quota


def own_group(told: str) -> Path:
    """The group of a process that is told of in `/proc/<pid>/cgroup`: what is made for others stands below it, and has of the machine what that has."""
    for line in told.splitlines():
        _, controllers, path = line.split(":", 2)
        if "cpu" in controllers.split(","):
            return CPU / path.lstrip("/")
    return CPU


@contextlib.contextmanager
def shares_of(pids: Iterable[int], share: float) -> Iterator[list[Path]]:
    """To the end of the block each of these processes, with all its threads, has this share of a core to itself. Gives their groups.

    What they start meanwhile is held down with them. A process that has ended by then is left out.

    Raises:
        NoShares: not root, or no control groups here.
    """
    groups: list[Path] = []
    root = own_group(Path("/proc/self/cgroup").read_text("ascii"))
    try:
        for pid in pids:
            group = root / f"lienthong-bench-{os.getpid()}-{pid}"
            try:
                group.mkdir()
                groups.append(group)
                (group / "cpu.cfs_period_us").write_text(str(PERIOD_US), "ascii")
                (group / "cpu.cfs_quota_us").write_text(str(quota_us(share)), "ascii")
                (group / "cgroup.procs").write_text(str(pid), "ascii")
            except OSError as error:
                raise NoShares(f"no shares of the processor here: {error.strerror}") from error
        yield groups
    finally:
        for group in groups:
            _take_away(group, root)


def held_back(groups: Iterable[Path]) -> float:
    """Of the periods in which these groups ran, the part in which they would have used more than their share."""
    ran = held = 0
    for group in groups:
        told = dict(line.split() for line in (group / "cpu.stat").read_text("ascii").splitlines())
        ran, held = ran + int(told["nr_periods"]), held + int(told["nr_throttled"])
    return held / ran if ran else 0.0


def _take_away(group: Path, root: Path) -> None:
    with contextlib.suppress(OSError):
        for pid in (group / "cgroup.procs").read_text("ascii").split():
            with contextlib.suppress(OSError):  # it has just ended
                (root / "cgroup.procs").write_text(pid, "ascii")
        group.rmdir()
