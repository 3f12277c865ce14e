"""Waiting time at the counter: average, maximum and shares over the two limits, as sums that can be added up across days and offices.

A person waits from the drawing of the ticket to its first call. Only people who were served count into average, maximum and shares: when
somebody who did not come to the desk had left, nobody knows. They stand beside in lines of their own, as do those nobody called that
day and those whose times run backwards because a clock was set (their waiting is unknown, not zero).

Source: 000 (KH 4269/KH-BHXH) I.1.2 (at most 15 minutes per transaction) and III.6.2 (on average at most 30 minutes in 2022, 15 in 2025): the
passages differ, so average, maximum and shares are all reported; domain.md A.9 [S], the definition of waiting is ours [D].
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from sync_protocol.bodies import VisitFinished
from sync_protocol.figures.period_figures import Rate

MINUTE_MS: Final = 60_000
LIMIT_15_MS: Final = 15 * MINUTE_MS
LIMIT_30_MS: Final = 30 * MINUTE_MS
LONGEST_VISIT_MS: Final = 366 * 24 * 60 * MINUTE_MS  # a few longer ones would add up to more than a column holds, and stop all counting
BIN_EDGES_MIN: Final = (5, 10, 15, 30, 60)
"""Upper edges of the distribution's steps, minutes, each included in its step; the last step is open."""


class WaitingFigures(msgspec.Struct, frozen=True):
    """Sums over visits, times in ms. `timed` are the served whose waiting is known: the whole of `over_15` and `over_30`, which begin
    where a limit is passed (exactly 15 minutes is within it). `steps` counts served visits per step of `BIN_EDGES_MIN`, one more than there are edges.
    """

    visits: int = 0
    served: int = 0
    no_shows: int = 0
    unserved: int = 0
    untimed: int = 0
    timed: int = 0
    total_ms: int = 0
    longest_ms: int = 0
    over_15: int = 0
    over_30: int = 0
    service_timed: int = 0
    service_total_ms: int = 0
    steps: tuple[int, ...] = (0,) * (len(BIN_EDGES_MIN) + 1)

    @property
    def average_ms(self) -> int | None:
        """Mean waiting, rounded to the nearest ms; None where nobody was served."""
        return _mean(self.total_ms, self.timed)

    @property
    def service_average_ms(self) -> int | None:
        """Mean time at the desk; None where none was timed."""
        return _mean(self.service_total_ms, self.service_timed)

    @property
    def share_over_15(self) -> Rate:
        """Of the served, those who waited longer than 15 minutes."""
        return Rate(self.over_15, self.timed)

    @property
    def share_over_30(self) -> Rate:
        """Of the served, those who waited longer than 30 minutes."""
        return Rate(self.over_30, self.timed)

    def plus(self, other: WaitingFigures) -> WaitingFigures:
        """The figures of both sets of visits together."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        sums["longest_ms"] = max(self.longest_ms, other.longest_ms)
        sums["steps"] = tuple(mine + theirs for mine, theirs in zip(self.steps, other.steps, strict=True))
        return WaitingFigures(**sums)


NOBODY: Final = WaitingFigures()


def waiting_ms(visit: VisitFinished) -> int | None:
    """How long a served person waited, ms; None for anybody else, and where the times run backwards or a clock had gone mad."""
    if visit.outcome != "served" or not 0 < visit.drawn_ms <= visit.called_ms <= visit.ended_ms <= visit.drawn_ms + LONGEST_VISIT_MS:
        return None
    return visit.called_ms - visit.drawn_ms


def service_ms(visit: VisitFinished) -> int | None:
    """How long a served person was at the desk, ms; None where start or end is not known."""
    if visit.outcome != "served" or not 0 < visit.started_ms <= visit.ended_ms <= visit.started_ms + LONGEST_VISIT_MS:
        return None
    return visit.ended_ms - visit.started_ms


def waiting_figures(visits: Iterable[VisitFinished]) -> WaitingFigures:
    """Sum visits in any order. Pure; `waiting_figures(a + b) == waiting_figures(a).plus(waiting_figures(b))`."""
    found = NOBODY
    for visit in visits:
        found = found.plus(_one(visit))
    return found


def _one(visit: VisitFinished) -> WaitingFigures:
    waited, service = waiting_ms(visit), service_ms(visit)
    is_served = visit.outcome == "served"
    return WaitingFigures(
        visits=1, served=int(is_served), no_shows=int(visit.outcome == "no_show"), unserved=int(visit.outcome == "unserved"),
        untimed=int(is_served and waited is None), timed=int(waited is not None), total_ms=waited or 0, longest_ms=waited or 0,
        over_15=int((waited or 0) > LIMIT_15_MS), over_30=int((waited or 0) > LIMIT_30_MS),
        service_timed=int(service is not None), service_total_ms=service or 0, steps=_step(waited),
    )  # fmt: skip


def _step(waited: int | None) -> tuple[int, ...]:
    if waited is None:
        return NOBODY.steps
    at = sum(waited > edge * MINUTE_MS for edge in BIN_EDGES_MIN)
    return tuple(int(step == at) for step in range(len(NOBODY.steps)))


def _mean(total: int, count: int) -> int | None:
    return None if count == 0 else (2 * total + count) // (2 * count)
