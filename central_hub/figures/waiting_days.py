"""Waiting at the counters by office and day, moved forward from the log like the other sums, so that a report adds days and not visits.

A country's year has some fifteen million visits. Each visit that arrives has its office's day counted anew from the visits kept (`adapters.visits`), in one
transaction with the place in the log: so a repetition, a crash or a visit issued again leaves what a full count would give.
A day is a Vietnam date. Source: 000 (KH 4269/KH-BHXH) I.1.2, III.6.2, as in `sync_protocol/figures/waiting.py`.
"""

from __future__ import annotations

import datetime as dt

import apsw

from central_hub.store.hub_store import read_state, write_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import VisitFinished, decode_body
from sync_protocol.calendar import VIETNAM
from sync_protocol.figures.periods import YEAR_MAX, YEAR_MIN, day_period, midnight_ms
from sync_protocol.figures.waiting import WaitingFigures, waiting_figures
from sync_protocol.ids import OfficeCode, RecordId

POSITION = "waiting_position"
_SUMMED = (
    "visits", "served", "no_shows", "unserved", "untimed", "timed", "total_ms", "over_15", "over_30", "service_timed", "service_total_ms",
)  # fmt: skip
_FIRST_MS, _END_MS = midnight_ms(dt.date(YEAR_MIN - 1, 1, 1)), midnight_ms(dt.date(YEAR_MAX + 1, 1, 1))
_STEPS = tuple(f"step_{number}" for number in range(len(WaitingFigures().steps)))
_COLUMNS = (*_SUMMED, "longest_ms", *_STEPS)


def waiting_position(connection: apsw.Connection) -> int:
    """The last event up to which visits are counted."""
    return int.from_bytes(read_state(connection, POSITION) or b"\0", "big")


def catch_up_waiting(connection: apsw.Connection, limit: int, settled: int) -> int:
    """Go on by at most `limit` positions of the log, few of which are visits, as far as it is `settled`; returns how many. Inside the caller's transaction."""
    after = waiting_position(connection)
    upto = min(settled, after + limit)
    if upto <= after:
        return 0
    rows = connection.execute(
        "SELECT DISTINCT rid FROM event WHERE position > ? AND position <= ? AND type = 'visit.finished'", (after, upto)
    ).fetchall()
    days = {
        (body.office, day)
        for (rid,) in rows
        for event in event_log.events_of(connection, RecordId(as_bytes(rid)))
        if isinstance(body := decode_body(event), VisitFinished) and (day := _day_of(body.drawn_ms)) is not None
    }
    for office, day in sorted(days):
        _count_day(connection, office, day)
    write_state(connection, POSITION, upto.to_bytes(8, "big"))
    return upto - after


def waiting_between(connection: apsw.Connection, first: dt.date, last: dt.date) -> WaitingFigures:
    """The figures of the whole country over the days `first` … `last`, both included."""
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in (*_SUMMED, *_STEPS))
    row = connection.execute(
        f"SELECT {sums}, coalesce(max(longest_ms), 0) FROM figure_waiting WHERE day >= ? AND day <= ?",
        (first.isoformat(), last.isoformat()),
    ).fetchone()
    if row is None:
        return WaitingFigures()
    *counts, longest_ms = (int(str(one)) for one in row)  # PostgreSQL's sums are decimals
    told = dict(zip(_SUMMED, counts, strict=False))
    return WaitingFigures(**told, longest_ms=longest_ms, steps=tuple(counts[len(_SUMMED) :]))


def _count_day(connection: apsw.Connection, office: OfficeCode, day: dt.date) -> None:
    window = day_period(day)
    found = waiting_figures(visits_between(connection, window.start_ms, window.end_ms, office))
    values = [getattr(found, name) for name in (*_SUMMED, "longest_ms")]
    connection.execute(
        f"INSERT OR REPLACE INTO figure_waiting(day, office, {', '.join(_COLUMNS)}) VALUES(?,?{',?' * len(_COLUMNS)})",
        (day.isoformat(), office, *values, *found.steps),
    )


def _day_of(at_ms: int) -> dt.date | None:
    """The Vietnam date, None where a clock had gone mad and no report can have it."""
    if not _FIRST_MS <= at_ms < _END_MS:
        return None
    return dt.datetime.fromtimestamp(at_ms / 1000, VIETNAM).date()
