"""Reports: one value with everything that a report of a period says, as of a place in the log.

The same value is shown on screen, frozen, and written to xlsx and PDF, so they cannot differ. It holds no citizen and no dossier.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import reduce

import apsw
import msgspec

from central_hub.figures.offices import continued_by, office_name
from central_hub.figures.scores import OfficerLine, UnitLine, officer_lines, unit_lines
from central_hub.figures.sums import cells_until, due_between, office_cells, position_of
from central_hub.figures.typed import APPENDIX, QUALITY, typed_numbers, typed_values
from central_hub.figures.waiting_days import waiting_between
from central_hub.surveys.answers import SurveyFigures, answers_between
from sync_protocol.catalogue import Catalogue, in_force
from sync_protocol.figures.appendix3 import FilledRow, fill
from sync_protocol.figures.flows import Cell, Measure
from sync_protocol.figures.period_figures import PeriodFigures, period_figures
from sync_protocol.figures.periods import Period, month_period
from sync_protocol.figures.quality_index import GroupLine, group_lines
from sync_protocol.figures.waiting import WaitingFigures
from sync_protocol.ids import OfficeCode


class OfficeLine(msgspec.Struct, frozen=True):
    """One office of the report, or several that became one: `codes` are those that acted."""

    office: OfficeCode
    name: str
    codes: tuple[OfficeCode, ...]
    figures: PeriodFigures


class MonthLine(msgspec.Struct, frozen=True):
    """One reporting month of the period, named by its first day."""

    month: dt.date
    figures: PeriodFigures


class SurveyLine(msgspec.Struct, frozen=True):
    """What people said of one office, or of several that became one."""

    office: OfficeCode
    name: str
    figures: SurveyFigures


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A period's report. `position` is the last event counted in it, `as_of` the last day it speaks of (a period may still run)."""

    period: Period
    position: int
    whole: PeriodFigures
    offices: tuple[OfficeLine, ...]
    months: tuple[MonthLine, ...]
    groups: tuple[GroupLine, ...]
    appendix: tuple[FilledRow, ...]
    units: tuple[UnitLine, ...]
    officers: tuple[OfficerLine, ...]
    waiting: WaitingFigures
    as_of: dt.date | None = None
    survey: SurveyFigures = SurveyFigures()
    surveys: tuple[SurveyLine, ...] = ()


def make_report(
    connection: apsw.Connection, period: Period, catalogue: Catalogue | None, today: dt.date | None = None
) -> Report:
    """Everything about a period of whole reporting months, from the sums; reading twice gives the same.

    While the period runs, `today` (Vietnam) says how far: what falls due later in it is not overdue yet.
    """
    as_of = min(today or period.last, period.last)
    later = due_between(connection, as_of, period.last)
    cells = [*cells_until(connection, period.last_month), *_not_yet(later, period)]
    whole = period_figures(cells, period.first_month, period.last_month)
    held = [*office_cells(connection, period.first_month, period.last_month), *_not_yet(later, period)]
    offices = _offices(held, period, catalogue)
    surveys = _surveys(connection, period, catalogue)
    survey = reduce(SurveyFigures.plus, (one.figures for one in surveys), SurveyFigures())
    return Report(
        as_of=as_of, period=period, position=position_of(connection), whole=whole, offices=offices, months=_months(cells, period),
        groups=group_lines(whole, typed_numbers(connection, period, QUALITY)),
        appendix=fill(whole, catalogue_counts(catalogue, period) | {"1.4.1": survey.answers}, typed_values(connection, period, APPENDIX)),
        units=unit_lines(connection, period, {one.office: one.figures for one in offices}, catalogue, as_of),
        officers=officer_lines(connection, period),
        waiting=waiting_between(connection, period.first, period.last), survey=survey, surveys=surveys,
    )  # fmt: skip


def _not_yet(later: dict[OfficeCode, int], period: Period) -> list[tuple[Cell, int]]:
    """Cells that take away what the sums count as overdue by the end of the month and is not overdue today."""
    month = period.last_month
    return [(Cell(month, month, office, "", Measure.BECAME_OVERDUE), -count) for office, count in later.items()]


def catalogue_counts(catalogue: Catalogue | None, period: Period) -> dict[str, int]:
    """The rows of Phụ lục 3 that the versioned catalogue answers: new, abolished, in force (2.1.1–2.1.3)."""
    if catalogue is None:
        return {}
    began = {one.code for one in catalogue.procedures if period.first <= one.valid_from <= period.last}
    before = {one.code for one in in_force(catalogue.procedures, period.first - dt.timedelta(days=1))}
    at_end = {one.code for one in in_force(catalogue.procedures, period.last)}
    return {"2.1.1": len(began - before), "2.1.2": len(before - at_end), "2.1.3": len(at_end)}


def _offices(cells: list[tuple[Cell, int]], period: Period, catalogue: Catalogue | None) -> tuple[OfficeLine, ...]:
    by_office: defaultdict[OfficeCode, list[tuple[Cell, int]]] = defaultdict(list)
    codes: defaultdict[OfficeCode, set[OfficeCode]] = defaultdict(set)
    follower = {office: continued_by(catalogue, office, period.last) for office in {cell.office for cell, _ in cells}}
    for cell, count in cells:
        now = follower[cell.office]
        by_office[now].append((cell, count))
        codes[now].add(cell.office)
    return tuple(
        OfficeLine(
            office, office_name(catalogue, office, period.last), tuple(sorted(codes[office])),
            period_figures(by_office[office], period.first_month, period.last_month),
        )
        for office in sorted(by_office)
    )  # fmt: skip


def _surveys(connection: apsw.Connection, period: Period, catalogue: Catalogue | None) -> tuple[SurveyLine, ...]:
    told: defaultdict[OfficeCode, SurveyFigures] = defaultdict(SurveyFigures)
    for office, figures in answers_between(connection, period.first, period.last).items():
        now = continued_by(catalogue, office, period.last)
        told[now] = told[now].plus(figures)
    return tuple(
        SurveyLine(office, office_name(catalogue, office, period.last), told[office]) for office in sorted(told)
    )


def _months(cells: list[tuple[Cell, int]], period: Period) -> tuple[MonthLine, ...]:
    months = []
    first = period.first_month
    while first <= period.last_month:
        months.append(MonthLine(first, period_figures(cells, first, first)))
        first = month_period(first + dt.timedelta(days=31)).first
    return tuple(months)
