"""The line of people: who waits, who is called where, and which number comes next. Reads and writes inside the caller's transaction."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.counter.errors import TicketUnknown
from edge_node.counter.ticket import Ticket
from sync_protocol.ids import RecordId

_COLUMNS = "id, day, number, kind, state, desk, drawn_ms, called_ms, last_called_ms, started_ms, series"


class Line(msgspec.Struct, frozen=True):
    """The open tickets of one day: those who wait in their order, and those at the desks, the last called first."""

    waiting: tuple[Ticket, ...]
    at_desks: tuple[Ticket, ...]

    def at_desk(self, desk: int) -> Ticket | None:
        """The ticket that stands at a desk."""
        return next((one for one in self.at_desks if one.desk == desk), None)


def read_line(connection: apsw.Connection, day: str) -> Line:
    """The line of a day (ISO, Vietnam)."""
    tickets = _tickets(connection, "day = ? AND state <> 'over' ORDER BY drawn_ms, number", day)
    called = sorted(
        (one for one in tickets if one.state != "waiting"), key=lambda one: (-one.last_called_ms, -one.number)
    )
    return Line(tuple(one for one in tickets if one.state == "waiting"), tuple(called))


def ticket_of(connection: apsw.Connection, id: RecordId) -> Ticket:
    """A ticket that is still held, whatever its state. Raises TicketUnknown (CTR-003)."""
    found = _tickets(connection, "id = ?", id)
    if not found:
        raise TicketUnknown()
    return found[0]


def left_open(connection: apsw.Connection, day: str) -> list[Ticket]:
    """Tickets of former days that nobody ended."""
    return _tickets(connection, "day < ? AND state <> 'over' ORDER BY drawn_ms, number", day)


def last_number(connection: apsw.Connection, day: str) -> int:
    """The highest number drawn on a day, 0 for none."""
    row = connection.execute("SELECT coalesce(max(number), 0) FROM ticket WHERE day = ?", (day,)).fetchone()
    return int(row[0]) if row else 0


def keep(connection: apsw.Connection, ticket: Ticket) -> None:
    """Store a ticket as it is now."""
    connection.execute(
        f"INSERT INTO ticket({_COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET state = excluded.state,"
        " desk = excluded.desk, called_ms = excluded.called_ms, last_called_ms = excluded.last_called_ms, started_ms = excluded.started_ms",
        msgspec.structs.astuple(ticket),
    )


def forget_former_days(connection: apsw.Connection, day: str) -> None:
    """Drop the rows of days that are over; their visits are in the log."""
    connection.execute("DELETE FROM ticket WHERE day < ? AND state = 'over'", (day,))


def desk_of(connection: apsw.Connection, account: str) -> int:
    """The desk at which an account sits, 0 when it never said."""
    row = connection.execute("SELECT desk FROM counter_desk WHERE account = ?", (account,)).fetchone()
    return int(row[0]) if row else 0


def sit_down(connection: apsw.Connection, account: str, desk: int) -> None:
    """Remember the desk of an account."""
    connection.execute("INSERT OR REPLACE INTO counter_desk(account, desk) VALUES(?, ?)", (account, desk))


def _tickets(connection: apsw.Connection, where: str, *values: object) -> list[Ticket]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM ticket WHERE {where}", values)
    return [Ticket(RecordId(bytes(row[0])), *row[1:]) for row in rows]
