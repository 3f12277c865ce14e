"""Chance whose people live where communes really lie: the drawn sets put any commune into any province, which no list of units can bear witness for.

Half of the addresses are of today's two levels, half of before July 2025 with their district, written as forms write them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sync_protocol.areas import Area, Areas
from tests.benchmarks.pages.unseen_kinds import Chance


def true_places(areas: Areas) -> Callable[[np.random.Generator], Chance]:
    """What makes such a chance out of a generator."""
    above = {(area.code, area.parent == "" and areas.basis_of(area).valid_from is None): area for area in areas.areas if area.level == "province"}
    districts = {area.code: area for area in areas.areas if area.level == "district"}
    communes = [area for area in areas.areas if area.level == "commune"]
    halves = [[area for area in communes if (len(area.parent) == 2) is is_today] for is_today in (True, False)]

    def where(area: Area, short: bool) -> str:
        chain = [area]
        if len(area.parent) == 3:
            chain += [districts[area.parent], above[districts[area.parent].parent, True]]
        else:
            chain.append(above[area.parent, False])
        last = chain[-1].name if short else f"{chain[-1].kind} {chain[-1].name}"
        return ", ".join([*(f"{one.kind} {one.name}" for one in chain[:-1]), last])

    class TrueChance(Chance):
        """Facts of invented people in real communes."""

        def address(self) -> str:
            """Hamlet or street, commune, the district if there was one, province."""
            half = halves[int(self.rng.integers(2))]
            house = f"Tổ {self.rng.integers(1, 30)}, ấp" if self.rng.random() < 0.5 else f"{self.rng.integers(1, 900)} đường"
            said = where(half[int(self.rng.integers(len(half)))], short=self.rng.random() < 0.5)
            return f"{house} {self.one('given')} {self.one('given')}, {said}"

    return TrueChance
