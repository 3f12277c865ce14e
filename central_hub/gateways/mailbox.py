"""The outbox of the gateways: a letter is written once, in the order of its dossier, and stays until it went or a person dropped it.

Invariant: letters of one dossier leave in the order they were written, so the other side never ends with an older state than ours; a letter
that was refused for good stops none behind it. Sending twice is possible (a crash between answer and note) and harmless: each letter carries
its own number. Every function works inside the caller's transaction.
"""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from central_hub.gateways.backoff import wait_ms
from central_hub.gateways.errors import LetterSettled
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.ids import RecordId

Gateway = Literal["portal", "identity"]
State = Literal["waiting", "dead", "sent", "dropped"]
_COLUMNS = "id, gateway, rid, subject, content, made_ms, state, tries, next_ms, problem"
SHOWN = 200
OLD_MS = 6 * 3_600_000


class Letter(msgspec.Struct, frozen=True):
    """One letter. `content` is ours to map when it is sent; `subject` the dossier's code; times are ms UTC."""

    id: int
    gateway: Gateway
    rid: RecordId
    subject: str
    content: str
    made_ms: int
    state: State
    tries: int
    next_ms: int
    problem: str


def write(
    connection: apsw.Connection, gateway: Gateway, rid: RecordId, subject: str, content: str, now_ms: int
) -> None:
    """Put a letter into the outbox, due at once."""
    connection.execute(
        "INSERT INTO gateway_letter(gateway, rid, subject, content, made_ms, state, next_ms) VALUES(?,?,?,?,?,'waiting',?)",
        (gateway, rid, subject, content, now_ms, now_ms),
    )


def last_content(connection: apsw.Connection, gateway: Gateway, rid: RecordId) -> str | None:
    """What the newest letter about a dossier says, whatever became of it; None when there is none."""
    row = connection.execute(
        "SELECT content FROM gateway_letter WHERE rid = ? AND gateway = ? ORDER BY id DESC LIMIT 1", (rid, gateway)
    ).fetchone()
    return None if row is None else str(row[0])


def due(connection: apsw.Connection, gateway: Gateway, now_ms: int) -> Letter | None:
    """The letter that may go now and has waited longest, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM gateway_letter l WHERE gateway = ? AND state = 'waiting' AND next_ms <= ? AND NOT EXISTS ("  # names of columns
        "SELECT 1 FROM gateway_letter e WHERE e.rid = l.rid AND e.gateway = l.gateway AND e.state = 'waiting' AND e.id < l.id)"
        " ORDER BY next_ms, id LIMIT 1",
        (gateway, now_ms),
    ).fetchone()
    return None if row is None else _letter(row)


def sent(connection: apsw.Connection, letter: Letter, now_ms: int) -> None:
    """The other side has it. Idempotent."""
    _settle(connection, letter.id, "sent", "", "", now_ms)


def put_off(connection: apsw.Connection, letter: Letter, problem: str, now_ms: int, chance: float) -> None:
    """Try again later, for the reason with this code."""
    tries = letter.tries + 1
    connection.execute(
        "UPDATE gateway_letter SET tries = ?, next_ms = ?, problem = ? WHERE id = ? AND state = 'waiting'",
        (tries, now_ms + wait_ms(tries, chance), problem, letter.id),
    )


def kill(connection: apsw.Connection, letter: Letter, problem: str, now_ms: int) -> None:
    """Take a letter out of the way: only a person can bring it back."""
    connection.execute("UPDATE gateway_letter SET tries = tries + 1 WHERE id = ?", (letter.id,))
    _settle(connection, letter.id, "dead", problem, "", now_ms)


def try_now(connection: apsw.Connection, letter_id: int, now_ms: int) -> Letter:
    """Let a waiting or dead letter go at the next look. Raises LetterSettled."""
    found = _open(connection, letter_id)
    connection.execute(
        "UPDATE gateway_letter SET state = 'waiting', next_ms = ?, settled_ms = 0 WHERE id = ?", (now_ms, letter_id)
    )
    return found


def try_all_now(connection: apsw.Connection, gateway: Gateway, now_ms: int) -> int:
    """Let every waiting letter of a gateway go at the next look; returns how many."""
    waiting = one_int(
        connection.execute(
            "SELECT count(*) FROM gateway_letter WHERE gateway = ? AND state = 'waiting'", (gateway,)
        ).fetchone()
    )
    connection.execute(
        "UPDATE gateway_letter SET next_ms = ? WHERE gateway = ? AND state = 'waiting'", (now_ms, gateway)
    )
    return waiting


def drop(connection: apsw.Connection, letter_id: int, reason: str, now_ms: int) -> Letter:
    """Give a letter up, with the reason. Raises LetterSettled."""
    found = _open(connection, letter_id)
    _settle(connection, letter_id, "dropped", found.problem, reason, now_ms)
    return found


def open_letters(connection: apsw.Connection) -> list[Letter]:
    """What waits or is dead, dead first, then by next attempt."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM gateway_letter WHERE state IN ('waiting', 'dead') ORDER BY state, next_ms, id LIMIT ?",
        (SHOWN,),  # names of columns
    )
    return [_letter(row) for row in rows]


def counts(connection: apsw.Connection) -> dict[tuple[str, str], int]:
    """Letters by (gateway, state)."""
    rows = connection.execute("SELECT gateway, state, count(*) FROM gateway_letter GROUP BY gateway, state")
    return {(str(gateway), str(state)): as_int(count) for gateway, state, count in rows}


def oldest_waiting_ms(connection: apsw.Connection) -> int | None:
    """When the oldest waiting letter was written, or None."""
    row = connection.execute("SELECT min(made_ms) FROM gateway_letter WHERE state = 'waiting'").fetchone()
    return None if row is None or row[0] is None else as_int(row[0])


def stuck_count(connection: apsw.Connection, now_ms: int) -> int:
    """What needs a person: refused letters, letters that wait for long, and arrivals nobody could place."""
    letters = connection.execute(
        "SELECT count(*) FROM gateway_letter WHERE state = 'dead' OR (state = 'waiting' AND made_ms < ?)",
        (now_ms - OLD_MS,),
    ).fetchone()
    held = connection.execute("SELECT count(*) FROM gateway_arrival WHERE state = 'held'").fetchone()
    return one_int(letters) + one_int(held)


def _open(connection: apsw.Connection, letter_id: int) -> Letter:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM gateway_letter WHERE id = ? AND state IN ('waiting', 'dead')",
        (letter_id,),  # names of columns
    ).fetchone()
    if row is None:
        raise LetterSettled()
    return _letter(row)


def _settle(connection: apsw.Connection, letter_id: int, state: State, problem: str, reason: str, now_ms: int) -> None:
    connection.execute(
        "UPDATE gateway_letter SET state = ?, problem = ?, reason = ?, settled_ms = ? WHERE id = ?",
        (state, problem, reason, now_ms, letter_id),
    )


def _letter(row: tuple[object, ...]) -> Letter:
    identifier, gateway, rid, *rest = row
    return Letter(as_int(identifier), gateway, RecordId(as_bytes(rid)), *rest)  # type: ignore[arg-type]  # the table's own columns
