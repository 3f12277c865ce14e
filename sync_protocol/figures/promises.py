"""Promises: when the clock of a dossier ran, to which day, and when it stood still because the person had to bring something.

A promise runs from the day it was given until it was kept, replaced by an apology, or stopped by a request for more papers; completing the
dossier starts the next one (NĐ 61/2018/NĐ-CP Điều 19.4, 19.9). What ended and is taken up again ran until its end and runs anew from that day: for the
new day, or for the one that was promised where none is given. A dossier is overdue only while a promise runs past its day.

Invariant: spans never overlap, and a later act never changes a span that had ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from sync_protocol.bodies import DecisionMade, DecisionReopened, StatusMoved
from sync_protocol.calendar import VIETNAM

FIRST_DAY: Final = dt.date(1900, 1, 1)
LAST_DAY: Final = dt.date(2999, 12, 31)  # a day later is still a day
_LAST_S: Final = int(dt.datetime.combine(LAST_DAY, dt.time(), VIETNAM).timestamp())


Turn = StatusMoved | DecisionMade | DecisionReopened
_ENDS: Final = frozenset({"return_with_notice", "stop"})
"""Moves that end a dossier, of which it may be taken up again."""


class Promise(msgspec.Struct, frozen=True, array_like=True):
    """The dossier was promised for `due_on`, from `since` until `until` (None: still)."""

    since: dt.date
    due_on: dt.date
    until: dt.date | None = None


class Wait(msgspec.Struct, frozen=True, array_like=True):
    """The person was asked on `since` and had completed the dossier on `until` (None: still)."""

    since: dt.date
    until: dt.date | None = None


class Clock(msgspec.Struct, frozen=True):
    """All spans of one dossier in order."""

    promises: tuple[Promise, ...]
    waits: tuple[Wait, ...]


def vietnam_day(at_ms: int) -> dt.date:
    """The calendar day in Vietnam of milliseconds UTC; a clock beyond all sense stands at the first or last day that is counted.

    >>> vietnam_day(1_623_689_999_999), vietnam_day(1_623_690_000_000)
    (datetime.date(2021, 6, 14), datetime.date(2021, 6, 15))
    """
    return dt.datetime.fromtimestamp(min(max(at_ms // 1000, 0), _LAST_S), VIETNAM).date()


def read_day(text: str) -> dt.date | None:
    """An ISO day, or None for anything else, be it a day with which nobody can reckon."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def told_ms(one: Turn) -> int:
    """When it was, UTC ms by the acting device."""
    return one.decided_ms if isinstance(one, DecisionMade) else one.at_ms


def clock_of(received_on: dt.date, due: str, moves: Sequence[Turn], finished_on: dt.date | None) -> Clock:
    """The spans from the reception, the effective moves in order of their time, and the end. Pure."""
    promises: list[Promise] = []
    waits: list[Wait] = []
    since, due_on = received_on, read_day(due)
    asked_on: dt.date | None = None
    ended_on: dt.date | None = None

    def stop(day: dt.date | None) -> None:
        if due_on is not None and asked_on is None:
            promises.append(Promise(since, due_on, day))

    for one in moves:
        day = max(since, vietnam_day(told_ms(one)))
        if isinstance(one, DecisionReopened):
            stop(ended_on or day)
            if asked_on is not None:
                waits.append(Wait(asked_on, ended_on or day))
            since, asked_on, ended_on, due_on = day, None, None, read_day(one.new_due_date) or due_on
        elif isinstance(one, DecisionMade) or one.move in _ENDS:
            ended_on = day
        elif one.move == "ask_supplement" and asked_on is None:
            stop(day)
            since, asked_on = day, day
        elif one.move == "complete_supplement" and asked_on is not None:
            waits.append(Wait(asked_on, day))
            since, asked_on, due_on = day, None, read_day(one.new_due_date) or due_on
        elif one.move == "extend" and one.new_due_date and asked_on is None:
            stop(day)
            since, due_on = day, read_day(one.new_due_date) or due_on
    if asked_on is not None:
        waits.append(Wait(asked_on, None if finished_on is None else max(asked_on, finished_on)))
    else:
        stop(None if finished_on is None else max(since, finished_on))
    return Clock(tuple(promises), tuple(waits))
