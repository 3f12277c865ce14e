"""A ticket and its life: waiting → called → serving → over. Pure: every step returns a new ticket or the visit it became.

    waiting ──call──▶ called ──start──▶ serving ──end──▶ served
                       │  ▲
                       │  └─call again
                       └──no_show──▶ called in vain

Invariant: the first call is kept, for waiting ends there; a call again changes only what the board shows. What a former day left open is
closed without an invented time: nobody knows when it ended, so it has no time at the desk.

Source: domain.md A.9: waiting time needs a ticket time, a call time and an end time per visit.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal

import msgspec

from edge_node.counter.errors import OutOfTurn
from sync_protocol.bodies import VisitFinished
from sync_protocol.figures.periods import day_period
from sync_protocol.ids import OfficeCode, RecordId

Kind = Literal["submit", "supplement", "collect", "advice"]
State = Literal["waiting", "called", "serving", "over"]
SERIES_PATTERN: Final = "^[A-Z]{0,3}$"
_LETTERS = re.compile("[A-Za-z]{1,3}$")
KINDS: Final[tuple[Kind, ...]] = ("submit", "supplement", "collect", "advice")


class Ticket(msgspec.Struct, frozen=True):
    """One number of one day and series: two nodes of one office call different names. Times are UTC ms, 0 for not yet; `desk` is 0 until somebody calls."""

    id: RecordId
    day: str
    number: int
    kind: Kind
    state: State
    desk: int
    drawn_ms: int
    called_ms: int = 0
    last_called_ms: int = 0
    started_ms: int = 0
    series: str = ""

    @property
    def label(self) -> str:
        """What is printed, called and shown: `A-012`, or the bare number where the office has one series."""
        return f"{self.series}-{self.number:03d}" if self.series else str(self.number)


def series_of(chosen: str, node: str) -> str:
    """The series of a node's tickets: the chosen one, else the letters that end the node's id, which no other node of the office has.

    >>> series_of("", "n00101a"), series_of("", "n00101b"), series_of("K", "n00101a"), series_of("", "7")
    ('A', 'B', 'K', '')
    """
    ending = _LETTERS.search(node)
    return chosen or (ending[0].upper() if ending else "")


def call(ticket: Ticket, desk: int, now_ms: int) -> Ticket:
    """Call a waiting ticket to a desk, or a called one again to the same. Raises OutOfTurn (CTR-002)."""
    if ticket.state == "waiting":
        return msgspec.structs.replace(ticket, state="called", desk=desk, called_ms=now_ms, last_called_ms=now_ms)
    _require(ticket, "called", desk, "call")
    return msgspec.structs.replace(ticket, last_called_ms=now_ms)


def start(ticket: Ticket, desk: int, now_ms: int) -> Ticket:
    """The person is at the desk. Raises OutOfTurn (CTR-002)."""
    _require(ticket, "called", desk, "start")
    return msgspec.structs.replace(ticket, state="serving", started_ms=now_ms)


def end(ticket: Ticket, office: OfficeCode, desk: int, now_ms: int) -> VisitFinished:
    """The person was served. Raises OutOfTurn (CTR-002)."""
    _require(ticket, "serving", desk, "end")
    return _visit(ticket, office, "served", now_ms)


def no_show(ticket: Ticket, office: OfficeCode, desk: int, now_ms: int) -> VisitFinished:
    """Nobody came when called. Raises OutOfTurn (CTR-002)."""
    _require(ticket, "called", desk, "no_show")
    return _visit(ticket, office, "no_show", now_ms)


def leave_behind(ticket: Ticket, office: OfficeCode) -> VisitFinished:
    """What a ticket became when its day is over: served, called in vain or never called, ended with the day."""
    midnight = day_period(dt.date.fromisoformat(ticket.day)).end_ms - 1
    last = max(midnight, ticket.drawn_ms, ticket.called_ms)
    outcome: Literal["served", "no_show", "unserved"] = (
        "served" if ticket.state == "serving" else "no_show" if ticket.state == "called" else "unserved"
    )
    return _visit(msgspec.structs.replace(ticket, started_ms=0), office, outcome, last)


def _visit(
    ticket: Ticket, office: OfficeCode, outcome: Literal["served", "no_show", "unserved"], ended_ms: int
) -> VisitFinished:
    return VisitFinished(
        office=office, number=ticket.number, kind=ticket.kind, outcome=outcome, drawn_ms=ticket.drawn_ms,
        called_ms=ticket.called_ms, started_ms=ticket.started_ms, ended_ms=ended_ms, desk=ticket.desk,
    )  # fmt: skip


def _require(ticket: Ticket, state: State, desk: int, step: str) -> None:
    if ticket.state != state or ticket.desk != desk:
        raise OutOfTurn(number=ticket.label, state=ticket.state, step=step)
