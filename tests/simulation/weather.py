"""What can go wrong in one world, and how often: each seed draws its own subset (swarm testing); some worlds are calm.

There are four menus. The first is what the simulation began with; the whole menu adds faults drawn from a chance of their own, and the wide and the full menu again: a
seed that once failed still plays the world in which it did. What each fault does is told where it strikes: `world.py` (the line), `stores.py`
(disks), `troubles.py` (everything that happens to machines and people).
"""

from __future__ import annotations

import random
from typing import Literal

import msgspec

LINE = ("drop", "duplicate", "delay", "cut", "busy")
CRASHES = ("node_crash", "hub_crash", "node_power", "hub_power")
RESTORES = ("node_restore", "node_clone", "hub_restore")
OTHER = ("wrong_clock", "revoke", "unknown_type")
FIRST = (*LINE, *CRASHES, *RESTORES, *OTHER)

MORE_LINE = ("one_way", "slow_line", "truncated", "reply_lost", "broker_restart", "late")
DISKS = ("node_full", "hub_full", "node_read_only", "hub_read_only", "file_damage")
MACHINES = ("failover", "clock_jump", "clock_frozen", "clock_drift", "old_software", "upgrade", "new_machine")
WORK = (
    "numbers_short",
    "poison",
    "burst",
    "double_click",
    "papers",
    "judged",
    "courier",
    "courier_twice",
    "courier_late",
)
MORE = (*MORE_LINE, *DISKS, *MACHINES, *WORK)
WIDE = ("files_apart", "whole_disk", "other_copy", "old_sticks", "fetched", "compared")
"""The hub's files put back without its tables, or its tables without its files; a desk's folder put back with its tables; a stick's answer read at a copy of the
machine; a stick of any earlier time brought once more; files of other offices opened at a desk; desk and hub compared."""

FULL = ("forgotten_revocation", "issued_again", "fewer_fields")
"""A hub put back to before a revocation, and nobody revokes again; a revoked name given to a new machine with a new key; an older program that passes over newer fields of events."""

STICKS = ("whole_sticks",)
"""Sticks that greet and ask for news as a line does; without it they bring, and are acknowledged. Drawn apart, as the erasures are."""

LEAVING = ("leaving",)
"""Officers let go what their office only follows, backups cover the feeds, and older programs know nothing of it. Drawn apart in the full menu, by a word
under which no seed that was kept before this has it."""

GREETING = ("greeting_for_a_page",)
"""Desks that ask for no news where the hub's greeting says that there are none, as the product does. Drawn apart, as the leaving is."""

ANSWERS = ("answers",)
"""Officers answer moves without effect, end dossiers and reopen them, bring supplements late and take components back. Drawn apart likewise."""

Menu = Literal["first", "whole", "wide", "full"]


class Weather(msgspec.Struct, frozen=True):
    """The faults of one world."""

    faults: frozenset[str]
    nodes: int
    steps: int
    erases: bool = False  # lawful orders take bodies away; drawn apart, so that the other faults of a seed stay what they were
    menu: Menu = "first"

    def has(self, fault: str) -> bool:
        """Whether this fault happens here."""
        return fault in self.faults


def draw(seed: int, chance: random.Random, menu: Menu = "whole") -> Weather:
    """Draw a world's weather from its seed."""
    share = chance.choice((0.0, 0.3, 0.6, 1.0, 1.0))
    faults = frozenset(fault for fault in FIRST if chance.random() < share * (0.25 if fault.endswith("power") else 1.0))
    first = Weather(faults, chance.randrange(2, 5), chance.randrange(30, 70), seed % 3 == 2)
    if menu == "first":
        return first
    more = random.Random(f"the whole menu {seed}")
    share = more.choice((0.0, 0.15, 0.3, 0.6))
    added = frozenset(fault for fault in MORE if more.random() < share)
    whole = Weather(faults | added, first.nodes, more.randrange(8, 44), first.erases, menu)
    if menu == "whole":
        return whole
    wide = random.Random(f"the wide menu {seed}")
    share = wide.choice((0.2, 0.5, 1.0))
    faults = whole.faults | {"papers", "courier"} | {fault for fault in WIDE if wide.random() < share}
    greets = random.Random(f"whole sticks {seed}").random() < 0.6
    wide_one = msgspec.structs.replace(whole, faults=faults | (set(STICKS) if greets else set()))
    if menu == "wide":
        return wide_one
    full = random.Random(f"the full menu {seed}")
    names = {"forgotten_revocation", "issued_again", "revoke", "hub_restore"} if full.random() < 0.7 else set[str]()
    fields = {"fewer_fields", "old_software", "upgrade"} if full.random() < 0.4 else set[str]()
    leaving = set(LEAVING) if random.Random(f"leaving a scope, 501 {seed}").random() < 0.5 else set[str]()
    greeting = set(GREETING) if random.Random(f"a greeting for a page, 16165 {seed}").random() < 0.5 else set[str]()
    answers = set(ANSWERS) if random.Random(f"answers to moves, 164525 {seed}").random() < 0.5 else set[str]()
    return msgspec.structs.replace(wide_one, faults=wide_one.faults | names | fields | leaving | greeting | answers)
