"""Alarms: what is wrong now, kept with the moment it began, who took it, and the moment it was over. Each kind has one page in the runbook.

An alarm is one kind about one subject (a node, or "" for the hub itself). It opens when its condition holds, closes when it no longer does, and is
never deleted; acknowledging says who looks after it and does not close it. Nothing here names a citizen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import apsw
import msgspec

from central_hub.operations.fleet import NodeLine
from sync_protocol.adapters.sqlite.rows import as_int, one_int
from sync_protocol.calendar import vietnam_time

RUNBOOK = {
    "silent": "ALM-001", "queue": "ALM-002", "clock": "ALM-003", "quarantine": "ALM-004", "disk": "ALM-005", "certificate": "ALM-006",
    "vouch": "ALM-007", "hub_disk": "ALM-010", "hub_backup": "ALM-011", "hub_bus": "ALM-012", "hub_certificate": "ALM-013",
    "audit": "ALM-014", "looks": "ALM-015", "figures": "ALM-016", "emergency": "ALM-017", "gateways": "ALM-018",
    "lists": "ALM-019",
}  # fmt: skip
OVER_SHOWN = 100
NOTE_MAX = 200
_OPENS, _CLOSES = dt.time(7, 30), dt.time(17, 0)  # desks; a silent office at night is no alarm


class Condition(msgspec.Struct, frozen=True):
    """Something that holds now. `amount` is in the unit of its kind: ms, events, bytes, days or a count."""

    kind: str
    subject: str
    amount: int


class Alarm(msgspec.Struct, frozen=True):
    """One alarm. `amount` is what was seen when it opened; `by_account` is who took it, "" while nobody did. Times in ms UTC."""

    id: int
    kind: str
    subject: str
    opened_ms: int
    ended_ms: int | None
    amount: int
    by_account: str
    by_ms: int | None
    note: str

    @property
    def page(self) -> str:
        """The code of its runbook page."""
        return RUNBOOK[self.kind]


def conditions_of(lines: Iterable[NodeLine], open_now: frozenset[tuple[str, str]], now: dt.datetime) -> list[Condition]:
    """What holds of nodes. Silence opens an alarm while desks are open only, and keeps it at any hour."""
    found = []
    for line in lines:
        amounts = {
            "silent": line.now_ms - (line.since_ms or 0), "queue": line.queue_age_ms, "clock": line.clock_offset_ms,
            "quarantine": line.quarantined, "disk": line.disk_free_bytes or 0, "certificate": line.certificate_days or 0,
        }  # fmt: skip
        for kind in line.complaints:
            if kind != "silent" or are_desks_open(now) or (kind, line.node) in open_now:
                found.append(Condition(kind, line.node, amounts[kind]))
        if line.is_revoked and line.quarantined:
            found.append(Condition("vouch", line.node, line.quarantined))
    return found


def are_desks_open(now: dt.datetime) -> bool:
    """Whether offices receive people at this moment, holidays not looked at.

    >>> are_desks_open(dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)), are_desks_open(dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC))
    (True, False)
    """
    here = vietnam_time(now)
    return here.weekday() < 5 and _OPENS <= here.time() < _CLOSES


def open_alarms(connection: apsw.Connection) -> list[Alarm]:
    """Alarms that hold now: those nobody took first, then the oldest."""
    return _read(connection, "ended_ms IS NULL ORDER BY by_ms IS NOT NULL, opened_ms, id")


def over_alarms(connection: apsw.Connection) -> list[Alarm]:
    """The alarms that ended last."""
    return _read(connection, f"ended_ms IS NOT NULL ORDER BY ended_ms DESC, id DESC LIMIT {OVER_SHOWN}")


def alarms_of(connection: apsw.Connection, subject: str) -> list[Alarm]:
    """What holds now of one node."""
    return [one for one in open_alarms(connection) if one.subject == subject]


def settle(connection: apsw.Connection, held: Iterable[Condition], now_ms: int) -> tuple[list[Condition], list[Alarm]]:
    """Open what is new, close what is over; returns both. Idempotent for the same conditions."""
    before = {(one.kind, one.subject): one for one in open_alarms(connection)}
    now = {(one.kind, one.subject): one for one in held}
    opened = [one for key, one in now.items() if key not in before]
    ended = [one for key, one in before.items() if key not in now]
    connection.executemany(
        "INSERT INTO alarm(kind, subject, opened_ms, amount) VALUES(?,?,?,?)",
        [(one.kind, one.subject, now_ms, one.amount) for one in opened],
    )
    connection.executemany("UPDATE alarm SET ended_ms = ? WHERE id = ?", [(now_ms, one.id) for one in ended])
    return opened, ended


def is_changed(connection: apsw.Connection, held: Iterable[Condition]) -> bool:
    """Whether `settle` would write anything."""
    return {(one.kind, one.subject) for one in open_alarms(connection)} != {(one.kind, one.subject) for one in held}


def acknowledge(connection: apsw.Connection, alarm: int, account: str, note: str, now_ms: int) -> Alarm | None:
    """Somebody looks after this alarm; the first who says so stays. Returns the alarm, None where there is none."""
    connection.execute(
        "UPDATE alarm SET by_account = ?, by_ms = ?, note = ? WHERE id = ? AND by_ms IS NULL",
        (account, now_ms, note[:NOTE_MAX], alarm),
    )
    found = _read(connection, "id = ?", alarm)
    return found[0] if found else None


def count_open(connection: apsw.Connection) -> dict[str, int]:
    """Alarms that hold now, by kind; every kind is named."""
    counted = dict.fromkeys(RUNBOOK, 0)
    for kind, count in connection.execute("SELECT kind, count(*) FROM alarm WHERE ended_ms IS NULL GROUP BY kind"):
        counted[str(kind)] = as_int(count)
    return counted


def count_untaken(connection: apsw.Connection) -> int:
    """Alarms that hold now and nobody took."""
    return one_int(connection.execute("SELECT count(*) FROM alarm WHERE ended_ms IS NULL AND by_ms IS NULL").fetchone())


def _read(connection: apsw.Connection, where: str, *values: int) -> list[Alarm]:
    columns = "id, kind, subject, opened_ms, ended_ms, amount, by_account, by_ms, note"
    rows = connection.execute(f"SELECT {columns} FROM alarm WHERE {where}", values)
    return [msgspec.convert(dict(zip(Alarm.__struct_fields__, row, strict=True)), Alarm) for row in rows]
