"""The driver: rounds of work and trouble, then peace, then the verdict. One seed decides what happens; when exactly is for the machine to say."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.processes.country import Country
from tests.faults.processes.troubles import CLONE, MENU, pause, take_copies
from tests.faults.processes.verdict import findings, unsettled

PEACE_S = 360.0  # longer than the longest pause of a queue: what waits then, waits for ever
ACTS = 60
Say = Callable[[str], None]


def play(country: Country, rounds: int, say: Say, menu: tuple[str, ...] = tuple(MENU)) -> list[str]:
    """Play; returns what was wrong at the end of the first round that ended badly, [] when all ended well."""
    found = at_peace(country)
    for number in range(rounds):
        if found:
            break
        if number % 4 == 1:
            take_copies(country)
        began = time.monotonic()
        struck = one_round(country, menu)
        found = at_peace(country)
        say(f"round {number}: {', '.join(struck)}; {time.monotonic() - began:.0f} s; {len(country.ledger.acts)} acts acknowledged")
    return found


def one_round(country: Country, menu: tuple[str, ...], *, at_once: int = 0) -> list[str]:
    """Everybody works, and one to three things (or `at_once`) go wrong."""
    struck = country.chance.choices(menu, k=at_once or country.chance.randint(1, 3))
    for name in struck:
        for desk in country.desks.values():
            country.seat(desk)
            if desk.clerk is not None:
                desk.clerk.ask(country.chance.randint(1, ACTS))
        pause(country, 0.2, 3)
        MENU[name](country)
        country.ledger.counters[name] += 1
        country.listen()
    for desk in country.desks.values():
        country.rise(desk)
    return struck


def at_peace(country: Country) -> list[str]:
    """Everything stands and nobody works: wait until all is level, take a clone away, and judge."""
    found = _settled(country)
    if CLONE in country.desks and not found:
        clone = country.desks.pop(CLONE)
        before = {*country.held()}
        clone.stop()
        country.ledger.destroy(before, before)  # nothing: it had sent all
        found = _settled(country)
    for desk in country.desks.values():
        desk.is_copy = False
    return found or findings(country)


def _settled(country: Country) -> list[str]:
    deadline = time.monotonic() + PEACE_S
    waiting = unsettled(country)
    while waiting and time.monotonic() < deadline:
        for desk in country.desks.values():
            if not desk.process.is_running():
                return [f"{desk.node} ended by itself: {desk.process.said()}"]
        if not country.hub.is_running():
            return [f"the hub ended by itself: {country.hub.said()}"]
        time.sleep(0.3)
        waiting = unsettled(country)
    return [f"stuck: {one}" for one in waiting] + (_stacks(country) if waiting else [])


def _stacks(country: Country) -> list[str]:
    """Where every program hangs, as Python's fault handler tells at its abortion."""
    told = []
    for actor in (country.hub, *(desk.process for desk in country.desks.values())):
        if actor.pid is not None:
            os.kill(actor.pid, signal.SIGABRT)
            time.sleep(1)
            told.append(actor.said())
    return told


def run(folder: Path, rounds: int, seed: int, say: Say, menu: tuple[str, ...] = tuple(MENU), *, is_root: bool) -> list[str]:
    """One country from its beginning to its end; returns what was wrong."""
    os.environ["PYTHONFAULTHANDLER"] = "1"
    country = Country(folder, seed, is_root=is_root)
    try:
        found = play(country, rounds, say, menu)
        for one in found:
            say(f"  {one}")
        say(f"seed {seed}: " + ", ".join(f"{name} {count}" for name, count in sorted(country.ledger.counters.items())))
        return found
    finally:
        country.close()
