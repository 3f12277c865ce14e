"""Waits after wrong tries: 1-2-4…900 s per account and per client, kept in the database.

Invariant: a restart forgets nothing, and a clock set back never shortens a wait; a wait that a wrong clock made absurdly long
is cut to its own length again. Nobody is ever locked out for good, and a right password or an administrator clears the count.
"""

from __future__ import annotations

from typing import Final

import apsw

LONGEST_MS: Final = 900_000
FREE_TRIES: Final = {"account": 3, "client": 10}  # typing errors cost nothing; one machine serves several officers
KEPT_SUBJECTS: Final = 10_000  # tries under invented names must not fill the disk


def wait_left_ms(connection: apsw.Connection, subject: str, now_ms: int) -> int:
    """How long this subject still has to wait; 0 when it may try."""
    row = connection.execute("SELECT wait_ms, until_ms FROM sign_in_wait WHERE subject = ?", (subject,)).fetchone()
    return 0 if row is None else max(0, min(int(row[1]) - now_ms, int(row[0])))


def note_failure(connection: apsw.Connection, kind: str, name: str, now_ms: int) -> None:
    """Count one wrong try of an account or a client and set its next wait."""
    subject = f"{kind}:{name}"
    row = connection.execute("SELECT failures FROM sign_in_wait WHERE subject = ?", (subject,)).fetchone()
    failures = min((int(row[0]) if row else 0) + 1, 1_000)
    beyond = failures - FREE_TRIES[kind]
    wait_ms = min(LONGEST_MS, 1_000 << min(beyond, 10)) if beyond >= 0 else 0
    connection.execute(
        "INSERT OR REPLACE INTO sign_in_wait(subject, failures, wait_ms, until_ms) VALUES(?,?,?,?)",
        (subject, failures, wait_ms, now_ms + wait_ms),
    )
    if row is None:
        _bound(connection)


def _bound(connection: apsw.Connection) -> None:
    """Forget the subjects whose waits ended first."""
    connection.execute(
        "DELETE FROM sign_in_wait WHERE subject NOT IN (SELECT subject FROM sign_in_wait ORDER BY until_ms DESC LIMIT ?)",
        (KEPT_SUBJECTS,),
    )


def forgive(connection: apsw.Connection, kind: str, name: str) -> None:
    """Start counting again from nothing: after a right password, or by an administrator."""
    connection.execute("DELETE FROM sign_in_wait WHERE subject = ?", (f"{kind}:{name}",))


def take_step(connection: apsw.Connection, account: str, step: int) -> bool:
    """Use up a one-time code's time step; False when it, or a later one, was used before."""
    row = connection.execute("SELECT last_step FROM second_factor WHERE account = ?", (account,)).fetchone()
    if row is not None and int(row[0]) >= step:
        return False
    connection.execute("INSERT OR REPLACE INTO second_factor(account, last_step) VALUES(?,?)", (account, step))
    return True
