"""The menu of troubles. Each takes the country while people work; what it breaks it mends itself or leaves to `at_peace`."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from deploy.demo.job.stage import free_port
from tests.faults.processes import disks
from tests.faults.processes.country import MACHINES, Country
from tests.faults.processes.desks import Desk

Trouble = Callable[[Country], None]
CLONE = "clone"


def kill_desk(country: Country) -> None:
    """SIGKILL the serving program of a desk; it is started again."""
    desk = some_desk(country)
    desk.stop(signal.SIGKILL)
    desk.start()


def kill_clerk(country: Country) -> None:
    """SIGKILL the program that saves, between any two of its instructions."""
    country.rise(some_desk(country), killed=True)


def kill_hub(country: Country) -> None:
    """SIGKILL the hub, its message server with it."""
    country.hub.kill()
    country.start_hub()


def kill_server(country: Country) -> None:
    """SIGKILL the message server alone."""
    country.kill_server()


def cut_line(country: Country) -> None:
    """An office is without a line for a while."""
    desk = some_desk(country)
    desk.line.cut()
    pause(country, 1, 4)
    desk.line.mend()


def full_desk(country: Country) -> None:
    """No room on a desk's disk."""
    with country.full_disk(some_desk(country).node):
        pause(country, 0.5, 2)


def full_hub(country: Country) -> None:
    """No room on the hub's disk."""
    with country.full_disk("hub"):
        pause(country, 0.5, 2)


def power_cut(country: Country) -> None:
    """Everything at once: hub, message server, desks and officers."""
    for desk in country.desks.values():
        country.rise(desk, killed=True)
        desk.stop(signal.SIGKILL)
    kill_hub(country)
    for desk in country.desks.values():
        desk.start()


def restored_hub(country: Country) -> None:
    """The hub is put back from yesterday's copy; its mark lies on another disk or was copied with it."""
    copy = country.folder / "yesterday-hub"
    if copy.exists():
        with_marks = country.chance.random() < 0.5
        country.ledger.counters["hub put back with its mark"] += with_marks
        country.hub.kill()
        _put_back(country, copy, country.hub.state, with_marks=with_marks)
        country.start_hub()


def restored_desk(country: Country) -> None:
    """A desk is put back from yesterday's copy, while nobody works there."""
    desk = some_desk(country)
    copy = country.folder / f"yesterday-{desk.node}"
    if copy.exists():
        with_marks = country.chance.random() < 0.5
        desk.is_copy = desk.is_copy or with_marks
        country.rise(desk)
        desk.stop(signal.SIGKILL)
        _put_back(country, copy, desk.state, with_marks=with_marks)
        desk.start()


def cloned_desk(country: Country) -> None:
    """A second living copy of a desk: both work and both send, until the clone has sent all and is taken away."""
    if CLONE in country.desks:
        return
    desk = some_desk(country)
    country.rise(desk)
    desk.stop(signal.SIGKILL)
    state = disks.copy_of(desk.state, country.folder / CLONE)
    clone = Desk(desk.node, desk.office, state, desk.line)
    settings = (state / "node.toml").read_text(encoding="utf-8")
    (state / "node.toml").write_text(re.sub(r"port = \d+", f"port = {free_port()}", settings), encoding="utf-8")
    desk.is_copy = clone.is_copy = True
    country.desks[CLONE] = clone
    desk.start()
    clone.start()


MENU: dict[str, Trouble] = {
    one.__name__: one
    for one in (
        kill_desk, kill_clerk, kill_hub, kill_server, cut_line, full_desk, full_hub, power_cut, restored_hub, restored_desk,
        cloned_desk,
    )
}  # fmt: skip
"""Every trouble by name."""


def some_desk(country: Country) -> Desk:
    """One of the machines."""
    return country.desks[country.chance.choice([node for node, _ in MACHINES if node in country.desks])]


def pause(country: Country, least_s: float, most_s: float) -> None:
    """Real programs need real time: so long a trouble lasts, and it decides nothing."""
    time.sleep(country.chance.uniform(least_s, most_s))


def take_copies(country: Country) -> None:
    """Tomorrow these are yesterday's copies: of a hub and desks that stand still for it."""
    country.hub.stop()
    disks.copy_of(country.hub.state, country.folder / "yesterday-hub")
    country.start_hub()
    for desk in country.desks.values():
        desk.stop()
        disks.copy_of(desk.state, country.folder / f"yesterday-{desk.node}")
        desk.start()


def _put_back(country: Country, copy: Path, folder: Path, *, with_marks: bool) -> None:
    country.listen()
    before = country.held()
    disks.put_back(copy, folder, with_marks=with_marks)
    country.ledger.destroy(before, country.held())
