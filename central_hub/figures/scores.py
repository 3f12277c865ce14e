"""Scores of a period: units by all nine indicators, officers by five, from the sums and what people typed.

Source: TT 01/2018/TT-VPCP Điều 14–15, provisional as said in `sync_protocol/figures/scoring.py`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import apsw
import msgspec

from central_hub.complaints.scores import attitude, counted_complaints, handling
from central_hub.figures.offices import continued_by
from central_hub.figures.typed import UNIT, as_number, typed_at_offices
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.catalogue import Catalogue
from sync_protocol.figures.period_figures import PeriodFigures
from sync_protocol.figures.periods import Period
from sync_protocol.figures.scoring import (
    OF_OFFICERS,
    OF_UNITS,
    TYPED,
    Grade,
    Score,
    officer_grade,
    online_score,
    total,
    unit_grade,
)
from sync_protocol.ids import OfficeCode


class UnitLine(msgspec.Struct, frozen=True):
    """A unit's indicators (None: not enough data), their sum and the class of that sum."""

    office: OfficeCode
    indicators: tuple[float | None, ...]
    total: float
    grade: Grade


class OfficerLine(msgspec.Struct, frozen=True):
    """An officer's indicators 1, 2, 3, 4, 7 by account, with the dossiers behind them."""

    office: OfficeCode
    officer: str
    dossiers: int
    indicators: tuple[float | None, ...]
    total: float
    grade: Grade


def unit_lines(
    connection: apsw.Connection,
    period: Period,
    figures: Mapping[OfficeCode, PeriodFigures],
    catalogue: Catalogue | None,
    today: dt.date,
) -> tuple[UnitLine, ...]:
    """Every office of the report, its predecessors' points included."""
    sums: defaultdict[OfficeCode, defaultdict[int, Score]] = defaultdict(lambda: defaultdict(lambda: Score(0, 0)))
    held_by, told = _held(connection, period, of_units=True), counted_complaints(connection, period)
    for (office, officer), score in attitude(held_by, told).items():
        if not officer:
            held_by.setdefault((office, ""), {})[7] = score
    handled: dict[OfficeCode, int] = {}
    for office, given in handling(told, today).items():
        now = continued_by(catalogue, office, period.last)
        handled[now] = min(given, handled.get(now, given))
    for (office, _), scores in held_by.items():
        now = continued_by(catalogue, office, period.last)
        for indicator, score in scores.items():
            held = sums[now][indicator]
            sums[now][indicator] = Score(held.points + score.points, held.dossiers + score.dossiers)
    lines, typed = [], typed_at_offices(connection, period, UNIT)
    for office in sorted(figures):
        found: dict[int, float | None] = {one: score.value for one, score in sums[office].items()}
        found |= {int(item): as_number(value) for item, value in typed.get(office, {}).items() if int(item) in TYPED}
        one = figures[office]
        found[8] = float(handled.get(office, 2))
        found[9] = online_score(one.received_online, one.received, one.overdue)
        points = total(found, OF_UNITS)
        lines.append(UnitLine(office, tuple(found.get(one) for one in OF_UNITS), points, unit_grade(points, found)))
    return tuple(lines)


def officer_lines(connection: apsw.Connection, period: Period) -> tuple[OfficerLine, ...]:
    """Every officer who had a finished dossier in hand, by office and account."""
    lines = []
    held_by = _held(connection, period, of_units=False)
    for holder, score in attitude(held_by, counted_complaints(connection, period)).items():
        if holder in held_by:
            held_by[holder][7] = score
    for (office, officer), scores in sorted(held_by.items()):
        found: dict[int, float | None] = {indicator: score.value for indicator, score in scores.items()}
        points = total(found, OF_OFFICERS)
        dossiers = max(score.dossiers for score in scores.values())
        lines.append(
            OfficerLine(
                office, officer, dossiers, tuple(found.get(one) for one in OF_OFFICERS), points, officer_grade(points)
            )
        )
    return tuple(lines)


def _held(
    connection: apsw.Connection, period: Period, *, of_units: bool
) -> dict[tuple[OfficeCode, str], dict[int, Score]]:
    rows = connection.execute(
        "SELECT office, officer, indicator, sum(points), sum(dossiers) FROM figure_score WHERE month >= ? AND month <= ?"
        f" AND officer {'=' if of_units else '<>'} '' GROUP BY office, officer, indicator",
        (period.first_month.isoformat(), period.last_month.isoformat()),
    )
    found: defaultdict[tuple[OfficeCode, str], dict[int, Score]] = defaultdict(dict)
    for office, officer, indicator, points, dossiers in rows:
        found[(OfficeCode(str(office)), str(officer))][as_int(indicator)] = Score(int(str(points)), int(str(dossiers)))
    return found
