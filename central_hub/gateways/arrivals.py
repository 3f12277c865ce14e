"""The inbox of the gateways: what came from outside is kept as it came, in the transaction that moves the cursor, and then placed.

An application is placed under a record id made from the portal's number, so that reading it twice places it once. What cannot be read or has
no clear office waits for a person with its original; the queue goes on.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

import apsw
import msgspec

from central_hub.gateways.errors import LetterSettled
from central_hub.ingest.commit import place_hub_events
from central_hub.ingest.feed import enter_scope
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import ApplicationArrived
from sync_protocol.ids import HubEpoch, OfficeCode, RecordId

State = Literal["held", "placed", "dropped"]
SHOWN = 200
_COLUMNS = "id, number, rid, at_ms, state, office, unit, problem, original"


class Arrival(msgspec.Struct, frozen=True):
    """One thing that came in. `number` is the portal's; `unit` what the portal calls the office; `problem` a code."""

    id: int
    number: str
    rid: RecordId
    at_ms: int
    state: State
    office: str
    unit: str
    problem: str
    original: bytes


def record_of(number: str) -> RecordId:
    """The record id of the application with this number at the portal."""
    return RecordId(sha256(b"lienthong:application:" + number.encode()).digest()[:16])


def place(connection: apsw.Connection, body: ApplicationArrived, epoch: HubEpoch, now_ms: int) -> set[OfficeCode]:
    """Let the competent office see an application; returns the offices with news. A number placed before changes nothing."""
    rid = record_of(body.number)
    if _state(connection, body.number) in ("placed", "dropped"):
        return set()
    _keep(connection, body.number, now_ms, "placed", office=body.office)
    enter_scope(connection, rid, body.office, now_ms, "online")
    return place_hub_events(connection, epoch, [(rid, body)], now_ms, "portal")


def hold(connection: apsw.Connection, number: str, original: bytes, problem: str, now_ms: int, unit: str = "") -> None:
    """Keep what cannot be placed, with the code of the reason. One that is known already stays as it is."""
    if _state(connection, number) is None:
        _keep(connection, number, now_ms, "held", unit=unit, problem=problem, original=original)


def drop(connection: apsw.Connection, arrival_id: int, reason: str, now_ms: int) -> Arrival:
    """Give an arrival up; the portal keeps its own. Raises LetterSettled."""
    found = held_one(connection, arrival_id)
    connection.execute(
        "UPDATE gateway_arrival SET state = 'dropped', reason = ?, settled_ms = ?, original = ? WHERE id = ?",
        (reason, now_ms, b"", arrival_id),
    )
    return found


def held_one(connection: apsw.Connection, arrival_id: int) -> Arrival:
    """An arrival that waits for a person. Raises LetterSettled."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM gateway_arrival WHERE id = ? AND state = 'held'",
        (arrival_id,),  # names of columns
    ).fetchone()
    if row is None:
        raise LetterSettled()
    return _arrival(row)


def held(connection: apsw.Connection) -> list[Arrival]:
    """What waits for a person, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM gateway_arrival WHERE state = 'held' ORDER BY id LIMIT ?",
        (SHOWN,),  # names of columns
    )
    return [_arrival(row) for row in rows]


def placed_count(connection: apsw.Connection) -> int:
    """How many applications reached their office."""
    row = connection.execute("SELECT count(*) FROM gateway_arrival WHERE state = 'placed'").fetchone()
    return as_int(row[0]) if row else 0


def cursor_of(connection: apsw.Connection, name: str) -> str:
    """How far something was read; "" at the beginning."""
    row = connection.execute("SELECT value FROM gateway_cursor WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def move_cursor(connection: apsw.Connection, name: str, value: str) -> None:
    """Note how far something was read."""
    connection.execute("INSERT OR REPLACE INTO gateway_cursor(name, value) VALUES(?,?)", (name, value))


def _state(connection: apsw.Connection, number: str) -> str | None:
    row = connection.execute("SELECT state FROM gateway_arrival WHERE number = ?", (number,)).fetchone()
    return None if row is None else str(row[0])


def _keep(
    connection: apsw.Connection,
    number: str,
    now_ms: int,
    state: State,
    *,
    office: str = "",
    unit: str = "",
    problem: str = "",
    original: bytes = b"",
) -> None:
    connection.execute("DELETE FROM gateway_arrival WHERE number = ?", (number,))
    connection.execute(
        "INSERT INTO gateway_arrival(number, rid, at_ms, state, office, unit, problem, original) VALUES(?,?,?,?,?,?,?,?)",
        (number, record_of(number), now_ms, state, office, unit, problem, original),
    )


def _arrival(row: tuple[object, ...]) -> Arrival:
    identifier, number, rid, at_ms, state, office, unit, problem, original = row
    return Arrival(
        as_int(identifier), str(number), RecordId(as_bytes(rid)), as_int(at_ms), state, str(office), str(unit), str(problem),  # type: ignore[arg-type]
        as_bytes(original),
    )  # fmt: skip
