"""What can go wrong in one world, and how often: each seed draws its own subset (swarm testing); some worlds are calm."""

from __future__ import annotations

import random

import msgspec

LINE = ("drop", "duplicate", "delay", "cut", "busy")
CRASHES = ("node_crash", "hub_crash", "node_power", "hub_power")
RESTORES = ("node_restore", "node_clone", "hub_restore")
OTHER = ("wrong_clock", "revoke", "unknown_type")
ALL = (*LINE, *CRASHES, *RESTORES, *OTHER)


class Weather(msgspec.Struct, frozen=True):
    """The faults of one world."""

    faults: frozenset[str]
    nodes: int
    steps: int
    erases: bool = False  # lawful orders take bodies away; drawn apart, so that the other faults of a seed stay what they were

    def has(self, fault: str) -> bool:
        """Whether this fault happens here."""
        return fault in self.faults


def draw(seed: int, chance: random.Random) -> Weather:
    """Draw a world's weather from its seed."""
    share = chance.choice((0.0, 0.3, 0.6, 1.0, 1.0))
    faults = frozenset(fault for fault in ALL if chance.random() < share * (0.25 if fault.endswith("power") else 1.0))
    return Weather(faults, chance.randrange(2, 5), chance.randrange(30, 70), seed % 3 == 2)
