"""Flows: what a dossier adds to which count of which reporting month, so that figures are sums and nothing is ever counted anew.

Every count is a flow at a day: a dossier *comes*, *ends early*, *becomes overdue*. A stock at the end of a month (in progress, overdue,
waiting for the person) is the sum of all flows up to it. Each flow remembers the reporting month in which its dossier was received, which
answers "of those received in the period, how many …" as well. When an event arrives late, the dossier's old flows are taken away and its
new ones added, in whatever month they fall.

Invariant: `sum(flows_of(facts))` over all dossiers equals the figures; the order of arrival does not matter.
Source: QĐ 468 plan, 002 Phụ lục 2 (months from the 15th to the 14th); NĐ 61/2018/NĐ-CP Điều 30.2; domain.md A.9.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.periods import reporting_month
from sync_protocol.figures.promises import Promise
from sync_protocol.ids import OfficeCode

_ONE_DAY = dt.timedelta(days=1)


class Measure(StrEnum):
    """One thing that is counted."""

    RECEIVED = "received"
    RECEIVED_ONLINE = "received_online"
    RECEIVED_POSTAL = "received_postal"
    RECEIVED_ELSEWHERE = "received_elsewhere"
    IN_CHARGE = "in_charge"  # received, counted for the office that resolves
    EXTENDED = "extended"
    ASKED = "asked"
    FINISHED_EARLY = "finished_early"
    FINISHED_ON_TIME = "finished_on_time"
    FINISHED_LATE = "finished_late"
    FINISHED_WITHOUT_LIMIT = "finished_without_limit"
    REFUSED = "refused"
    CLOSED = "closed"
    BECAME_OVERDUE = "became_overdue"
    CEASED_OVERDUE = "ceased_overdue"
    WAITING = "waiting"
    WAITING_ENDED = "waiting_ended"
    RETURNED = "returned"
    COMPONENTS_DUE = "components_due"
    COMPONENTS_DIGITIZED = "components_digitized"
    COMPONENTS_REUSED = "components_reused"
    RESULTS = "results"
    RESULTS_DIGITIZED = "results_digitized"


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """Where a count stands. Months are named by their first day (a 15th)."""

    received_month: dt.date
    month: dt.date
    office: OfficeCode
    procedure: str
    measure: Measure


def flows_of(facts: DossierFacts) -> Counter[Cell]:
    """Everything one dossier adds. Pure; resolution counts for the office that resolves, reception for the one that received."""
    cells: Counter[Cell] = Counter()
    for cell, count in each_flow(facts):
        cells[cell] += count
    return cells


def each_flow(facts: DossierFacts) -> Iterator[tuple[Cell, int]]:
    """As `flows_of`, one by one; a cell may come twice."""
    came = reporting_month(facts.received_on)
    for measure, day in _reception(facts):
        yield Cell(came, reporting_month(day), facts.office, facts.procedure, measure), 1
    if facts.components_due:
        yield Cell(came, came, facts.office, facts.procedure, Measure.COMPONENTS_DUE), facts.components_due
    for measure, day in _resolution(facts):
        yield Cell(came, reporting_month(day), facts.custodian, facts.procedure, measure), 1


def overdue_from(promise: Promise) -> dt.date:
    """The first day on which a promise is overdue if it still runs: the day after the promised one."""
    return max(promise.since, promise.due_on + _ONE_DAY)


def _reception(facts: DossierFacts) -> Iterator[tuple[Measure, dt.date]]:
    yield Measure.RECEIVED, facts.received_on
    if facts.channel == "online":
        yield Measure.RECEIVED_ONLINE, facts.received_on
    if facts.channel == "postal":
        yield Measure.RECEIVED_POSTAL, facts.received_on
    if facts.is_elsewhere:
        yield Measure.RECEIVED_ELSEWHERE, facts.received_on
    for day in facts.digitized_on:
        yield Measure.COMPONENTS_DIGITIZED, day
    for day in facts.reused_on:
        yield Measure.COMPONENTS_REUSED, day


def _resolution(facts: DossierFacts) -> Iterator[tuple[Measure, dt.date]]:
    yield Measure.IN_CHARGE, facts.received_on
    for day in facts.asked_on:
        yield Measure.ASKED, day
    if facts.extended_on is not None:
        yield Measure.EXTENDED, facts.extended_on
    for wait in facts.waits:
        yield Measure.WAITING, wait.since
        if wait.until is not None:
            yield Measure.WAITING_ENDED, wait.until
    if facts.finished_on is not None:
        yield _ending(facts, facts.finished_on), facts.finished_on
        if facts.outcome == "refused":
            yield Measure.REFUSED, facts.finished_on
        if facts.outcome == "granted":
            yield Measure.RESULTS, facts.finished_on
    if facts.returned_on is not None:
        yield Measure.RETURNED, facts.returned_on
    if facts.result_digitized_on is not None:
        yield Measure.RESULTS_DIGITIZED, facts.result_digitized_on
    yield from _overdue(facts)


def _ending(facts: DossierFacts, finished_on: dt.date) -> Measure:
    if facts.outcome in ("stopped", "withdrawn"):
        return Measure.CLOSED
    if facts.due_on is None:
        return Measure.FINISHED_WITHOUT_LIMIT
    if finished_on == facts.due_on:
        return Measure.FINISHED_ON_TIME
    return Measure.FINISHED_EARLY if finished_on < facts.due_on else Measure.FINISHED_LATE


def _overdue(facts: DossierFacts) -> Iterator[tuple[Measure, dt.date]]:
    """Overdue from the day after a promised one, as long as that promise runs."""
    for promise in facts.promises:
        begin = overdue_from(promise)
        if promise.until is None or promise.until > begin:
            yield Measure.BECAME_OVERDUE, begin
            if promise.until is not None:
                yield Measure.CEASED_OVERDUE, promise.until
