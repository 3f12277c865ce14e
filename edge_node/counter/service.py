"""The counter's use cases: draw, call, start, end, no-show. Each is durable when it returns, and works without a line.

A finished visit is one event of the own lane, in the transaction that ends its ticket; it goes to the hub with everything else. A repeated
step (a double click, a page reloaded) changes nothing and answers with the ticket as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import apsw
import msgspec

from edge_node.counter import line, ticket
from edge_node.counter.errors import NumbersExhausted
from edge_node.counter.ticket import Kind, Ticket
from edge_node.desk import Desk
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import TICKET_NUMBER_MAX, VisitFinished
from sync_protocol.calendar import vietnam_date
from sync_protocol.figures.periods import day_period
from sync_protocol.figures.waiting import WaitingFigures, waiting_figures
from sync_protocol.ids import RecordId

ROLE = "intake"


class CounterView(msgspec.Struct, frozen=True):
    """The counter now: the line of people and today's waiting times."""

    line: line.Line
    today: WaitingFigures


def draw(desk: Desk, account: str, kind: Kind) -> Ticket:
    """Give the next number of the day.

    Raises:
        NumbersExhausted: every number of the day is drawn.
    """
    day, now_ms = _day(desk), desk.now_ms()
    _close_former_days(desk, account, day)

    def work(connection: apsw.Connection) -> Ticket:
        number = line.last_number(connection, day) + 1
        if number > TICKET_NUMBER_MAX:
            raise NumbersExhausted(most=TICKET_NUMBER_MAX, day=day)
        drawn = Ticket(RecordId(desk.new_id()), day, number, kind, "waiting", 0, now_ms, series=desk.ticket_series)
        line.keep(connection, drawn)
        return drawn

    return desk.store.writer.run(work)


def call_next(desk: Desk, account: str, at: int) -> Ticket | None:
    """Call whoever waits longest to desk `at`; the ticket that stands there already is called again. None when nobody waits.

    Raises:
        OutOfTurn: the desk is serving somebody.
    """
    day, now_ms = _day(desk), desk.now_ms()
    _close_former_days(desk, account, day)

    def work(connection: apsw.Connection) -> Ticket | None:
        held = line.read_line(connection, day)
        chosen = held.at_desk(at) or next(iter(held.waiting), None)
        if chosen is None:
            return None
        called = ticket.call(chosen, at, now_ms)
        line.keep(connection, called)
        return called

    return desk.store.writer.run(work)


def start(desk: Desk, id: RecordId, at: int) -> Ticket:
    """The called person is at desk `at`. Repeating it changes nothing. Raises OutOfTurn (CTR-002), TicketUnknown (CTR-003)."""
    now_ms = desk.now_ms()

    def work(connection: apsw.Connection) -> Ticket:
        held = line.ticket_of(connection, id)
        if held.state == "serving" and held.desk == at:
            return held
        begun = ticket.start(held, at, now_ms)
        line.keep(connection, begun)
        return begun

    return desk.store.writer.run(work)


def end(desk: Desk, account: str, id: RecordId, at: int) -> VisitFinished | None:
    """The person was served. None when the ticket was over already. Raises OutOfTurn (CTR-002), TicketUnknown (CTR-003)."""
    now_ms = desk.now_ms()
    return _finish(desk, account, "counter.end", id, lambda held: ticket.end(held, desk.office, at, now_ms))


def no_show(desk: Desk, account: str, id: RecordId, at: int) -> VisitFinished | None:
    """Nobody came when called. None when the ticket was over already. Raises OutOfTurn (CTR-002), TicketUnknown (CTR-003)."""
    now_ms = desk.now_ms()
    return _finish(desk, account, "counter.no_show", id, lambda held: ticket.no_show(held, desk.office, at, now_ms))


def read_counter(desk: Desk) -> Callable[[apsw.Connection], CounterView]:
    """Reads the line of people and today's waiting times of this office."""
    today = vietnam_date(desk.now())
    window = day_period(today)

    def read(connection: apsw.Connection) -> CounterView:
        visits = visits_between(connection, window.start_ms, window.end_ms, desk.office)
        return CounterView(line.read_line(connection, today.isoformat()), waiting_figures(visits))

    return read


def _finish(
    desk: Desk, account: str, what: str, id: RecordId, over: Callable[[Ticket], VisitFinished]
) -> VisitFinished | None:
    def decide(connection: apsw.Connection) -> tuple[Sequence[Draft], VisitFinished | None]:
        held = line.ticket_of(connection, id)
        if held.state == "over":
            return (), None
        visit = over(held)
        line.keep(connection, msgspec.structs.replace(held, state="over"))
        return (Draft(held.id, visit),), visit

    return desk.ledger.act(Act(account, ROLE, what), decide)[1]


def _close_former_days(desk: Desk, account: str, day: str) -> None:
    """End what another day left open, once, by the first who works on a new day."""
    if not desk.store.readers.run(lambda c: line.left_open(c, day)):
        return

    def decide(connection: apsw.Connection) -> tuple[Sequence[Draft], None]:
        drafts = []
        for held in line.left_open(connection, day):
            drafts.append(Draft(held.id, ticket.leave_behind(held, desk.office)))
            line.keep(connection, msgspec.structs.replace(held, state="over"))
        line.forget_former_days(connection, day)
        return drafts, None

    desk.ledger.act(Act(account, ROLE, "counter.close_day"), decide)


def _day(desk: Desk) -> str:
    return vietnam_date(desk.now()).isoformat()
