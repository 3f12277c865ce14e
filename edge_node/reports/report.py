"""The report of one office: one value with everything that is shown, frozen and written to a workbook, so that they cannot differ.

A dossier counts where it was received for reception, and where it is resolved for resolution. An open period is told as of the day of
asking: what falls due later is not overdue yet. No person and no dossier is in it.

Source: 002 (KH 4269/KH-BHXH) Phụ lục 2; NĐ 61/2018/NĐ-CP Điều 30.2c; domain.md A.9, A.9.2.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Final

import apsw
import msgspec

from edge_node.reports.counting import counted_position, facts_since
from sync_protocol.adapters import event_log
from sync_protocol.adapters.visits import visits_between
from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.flows import Cell, each_flow
from sync_protocol.figures.period_figures import PeriodFigures, period_figures
from sync_protocol.figures.periods import Period, month_period, reporting_month
from sync_protocol.figures.waiting import WaitingFigures, waiting_figures
from sync_protocol.ids import OfficeCode

COUNTS: Final = (
    "carried_over", "received", "received_online", "received_postal", "finished_early", "finished_on_time", "finished_late",
    "finished_without_limit", "refused", "closed", "in_progress", "overdue", "waiting", "extended", "asked", "returned",
    "components_digitized", "components_reused", "results", "results_digitized",
)  # fmt: skip
"""The lines of the table in their order; their words stand under `figure`."""
RATES: Final = ("on_time_received", "on_time_resolved", "digitized", "reused", "results_digitized")
DAYS_DRAWN = 31
_ONE_DAY = dt.timedelta(days=1)


class Load(msgspec.Struct, frozen=True):
    """How many dossiers were received from a day on: on that day, or in the reporting month that it begins."""

    since: dt.date
    received: int


class OfficeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A period of one office, as of a day."""

    period: Period
    as_of: dt.date
    figures: PeriodFigures
    waiting: WaitingFigures
    load: tuple[Load, ...]

    @property
    def is_open(self) -> bool:
        """The period has not ended yet."""
        return self.as_of < self.period.last


def make_report(connection: apsw.Connection, office: OfficeCode, period: Period, today: dt.date) -> OfficeReport:
    """The report from the facts counted so far; reading twice gives the same."""
    facts = [one for one in facts_since(connection, period.first) if office in (one.office, one.custodian)]
    visits = visits_between(connection, period.start_ms, period.end_ms, office)
    return compose(facts, office, period, today, waiting_figures(visits))


class KeptReport:
    """The newest report that was made, given again while the log and the counting stand where they stood.

    Today's page of every officer asks for the same one each minute; it is a function of the events counted, so it cannot be out of date.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], OfficeReport] | None = None

    def read(self, connection: apsw.Connection, office: OfficeCode, period: Period, today: dt.date) -> OfficeReport:
        """As `make_report`; several threads may ask at once."""
        log, counted, kept = event_log.last_position(connection), counted_position(connection), self._kept
        asked = (log, counted, office, period, today)
        if kept is None or kept[0] != asked:
            kept = self._kept = asked, make_report(connection, office, period, today)
        return kept[1]


def compose(
    facts: Iterable[DossierFacts], office: OfficeCode, period: Period, today: dt.date, waiting: WaitingFigures
) -> OfficeReport:
    """As `make_report`, from facts. Pure."""
    as_of, cells, received, overdue = min(today, period.last), Counter[Cell](), Counter[dt.date](), 0
    for one in facts:
        for cell, count in each_flow(one):
            if cell.office == office:
                cells[cell] += count
        if one.office == office and period.first <= one.received_on <= as_of:
            received[one.received_on] += 1
        overdue += one.custodian == office and is_overdue(one, as_of)
    figures = period_figures(cells, period.first_month, period.last_month)
    return OfficeReport(
        period=period, as_of=as_of, figures=msgspec.structs.replace(figures, overdue=overdue), waiting=waiting,
        load=_load(period, as_of, received),
    )  # fmt: skip


def is_overdue(facts: DossierFacts, on: dt.date) -> bool:
    """Whether a promise had been broken at the end of a day: it ran past its day and was neither kept nor replaced by then."""
    return any(
        max(one.since, one.due_on + _ONE_DAY) <= on and (one.until is None or one.until > on) for one in facts.promises
    )


def _load(period: Period, as_of: dt.date, received: Counter[dt.date]) -> tuple[Load, ...]:
    if (period.last - period.first).days < DAYS_DRAWN:
        days = (period.first + dt.timedelta(days=at) for at in range((as_of - period.first).days + 1))
        return tuple(Load(day, received[day]) for day in days)
    found, first = [], period.first_month
    while first <= as_of:
        found.append(Load(first, sum(count for day, count in received.items() if reporting_month(day) == first)))
        first = month_period(first).last + _ONE_DAY
    return tuple(found)
