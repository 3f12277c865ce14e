"""Period figures: what a report says about a span of reporting months, and the rates with their parts.

A rate always carries its part and its whole, so that a reader can check it, and it has no value where the whole is empty: nothing
received is not 0 % on time. Dossiers that wait for the person, were stopped or withdrawn stand in lines of their own.

Source: NĐ 61/2018/NĐ-CP Điều 30.2c (on time over all received); QĐ 1333/QĐ-BHXH Điều 4–5 (what has to be digitized); TT 01/2018/TT-VPCP;
domain.md A.9.2–A.9.3. The formula of indicator 2.4 is our reading [D] and is printed with the figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from sync_protocol.figures.flows import Cell, Measure

_ENDED: Final = frozenset(
    {Measure.FINISHED_EARLY, Measure.FINISHED_ON_TIME, Measure.FINISHED_LATE, Measure.FINISHED_WITHOUT_LIMIT}
)
_TIMELY: Final = frozenset({Measure.FINISHED_EARLY, Measure.FINISHED_ON_TIME})


class Rate(msgspec.Struct, frozen=True):
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """With one decimal, or None where there is nothing to divide by.

        >>> Rate(2, 3).percent, Rate(0, 0).percent
        (66.7, None)
        """
        return None if self.whole == 0 else round(100 * self.part / self.whole, 1)


class PeriodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of one span. Flows are of the span; `carried_over`, `in_progress`, `overdue`, `waiting` are stocks at its bounds.

    The `cohort_…` fields speak of dossiers received in the span only, with everything that happened to them up to its last day.
    """

    received: int = 0
    received_online: int = 0
    received_postal: int = 0
    received_elsewhere: int = 0
    carried_over: int = 0
    finished_early: int = 0
    finished_on_time: int = 0
    finished_late: int = 0
    finished_without_limit: int = 0
    refused: int = 0
    closed: int = 0
    extended: int = 0
    asked: int = 0
    returned: int = 0
    in_progress: int = 0
    overdue: int = 0
    waiting: int = 0
    results: int = 0
    results_digitized: int = 0
    components_digitized: int = 0
    components_reused: int = 0
    cohort: int = 0
    cohort_timely: int = 0
    cohort_components_due: int = 0
    cohort_components_digitized: int = 0
    cohort_components_reused: int = 0

    @property
    def finished(self) -> int:
        """Resolved in the span."""
        return self.finished_early + self.finished_on_time + self.finished_late + self.finished_without_limit

    @property
    def rates(self) -> dict[str, Rate]:
        """The rates by their id; each id has its definition in words beside the screens."""
        return {
            "on_time_received": Rate(self.cohort_timely, self.cohort),
            "on_time_resolved": Rate(self.finished_early + self.finished_on_time, self.finished),
            "digitized": Rate(
                self.cohort_components_digitized, self.cohort_components_due - self.cohort_components_reused
            ),
            "reused": Rate(self.cohort_components_reused, self.cohort_components_due),
            "results_digitized": Rate(self.results_digitized, self.results),
            "online": Rate(self.received_online, self.received),
            "elsewhere": Rate(self.received_elsewhere, self.received),
        }

    def plus(self, other: PeriodFigures) -> PeriodFigures:
        """The counts of both together."""
        return _combined(self, other, 1)

    def minus(self, other: PeriodFigures) -> PeriodFigures:
        """What changed since `other`: the late-arrivals line."""
        return _combined(self, other, -1)


def period_figures(
    cells: Mapping[Cell, int] | Iterable[tuple[Cell, int]], first_month: dt.date, last_month: dt.date
) -> PeriodFigures:
    """Sum cells into the figures of the reporting months `first_month` … `last_month`, both included. Pure.

    Cells of later months are left out, so the same call gives a past period as it stood on its last day.
    """
    sums: dict[str, int] = dict.fromkeys(PeriodFigures.__struct_fields__, 0)
    for cell, count in cells.items() if isinstance(cells, Mapping) else cells:
        if cell.month <= last_month:
            for name, sign in _lines(cell.measure, cell.month >= first_month, cell.received_month >= first_month):
                sums[name] += sign * count
    return PeriodFigures(**sums)


@lru_cache(maxsize=4 * len(Measure))
def _lines(measure: Measure, is_in: bool, is_cohort: bool) -> tuple[tuple[str, int], ...]:
    """The lines of the report that a cell counts in, with its sign: of a month in the span, of a dossier received in it."""
    found = _stock_lines(measure, is_in)
    if is_in and measure.value in _FLOWS:
        found.append((measure.value, 1))
    if is_cohort:
        if measure is Measure.IN_CHARGE:
            found.append(("cohort", 1))
        elif measure in _TIMELY:
            found.append(("cohort_timely", 1))
        elif f"cohort_{measure.value}" in PeriodFigures.__struct_fields__:
            found.append((f"cohort_{measure.value}", 1))
    return tuple(found)


def _stock_lines(measure: Measure, is_in: bool) -> list[tuple[str, int]]:
    if measure in (Measure.WAITING, Measure.WAITING_ENDED):
        return [("waiting", 1 if measure is Measure.WAITING else -1)]
    if measure in (Measure.BECAME_OVERDUE, Measure.CEASED_OVERDUE):
        return [("overdue", 1 if measure is Measure.BECAME_OVERDUE else -1)]
    sign = 1 if measure is Measure.IN_CHARGE else -1 if measure in _ENDED or measure is Measure.CLOSED else 0
    if not sign:
        return []
    return [("in_progress", sign)] if is_in else [("in_progress", sign), ("carried_over", sign)]


def _combined(one: PeriodFigures, other: PeriodFigures, sign: int) -> PeriodFigures:
    return PeriodFigures(
        **{name: getattr(one, name) + sign * getattr(other, name) for name in PeriodFigures.__struct_fields__}
    )


_FLOWS: Final = (frozenset(one.value for one in Measure) & frozenset(PeriodFigures.__struct_fields__)) - {"waiting"}
