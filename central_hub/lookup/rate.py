"""The rate of looking: more people in an hour than a case needs raises an alarm; twice as many are refused until the hour is over.

The count is read from the audit itself, over offices and the hub alike, so a look that left no row cannot be counted and a row cannot be
missed. Source: domain.md E.2 (free browsing is off, rate limits); reliability.md §6 (more than 50 persons an hour: alarm).
"""

from __future__ import annotations

import apsw
import msgspec
import structlog

from central_hub.lookup.errors import LooksTooMany
from sync_protocol.adapters import audit_chain
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.ids import NodeId

_log = structlog.get_logger(__name__)
HOUR_MS = 3_600_000
ALARM_LOOKS = 50
REFUSE_LOOKS = 100
LOOKED = """
SELECT count(DISTINCT CASE WHEN what LIKE 'find:%' THEN at_ms END), count(DISTINCT CASE WHEN what IN ('open', 'case.open') THEN rid END)
FROM audit WHERE node = ? AND officer = ? AND at_ms > ?
"""


class LookAlarm(msgspec.Struct, frozen=True):
    """An account at a node looked at this many people within an hour (hours since 1970, UTC)."""

    node: str
    officer: str
    hour: int
    looks: int
    at_ms: int


def require_pace(connection: apsw.Connection, node: NodeId, officer: str, now_ms: int) -> None:
    """Count one more look of an officer before it is answered. Inside the transaction of the answer.

    Raises:
        LooksTooMany: `REFUSE_LOOKS` within the last hour already.
    """
    audit_chain.hold(connection)  # so that nobody counts the same looks beside
    looks = looks_within_hour(connection, node, officer, now_ms) + 1
    if looks > REFUSE_LOOKS:
        raise LooksTooMany(node=node, minutes=60, most=REFUSE_LOOKS)
    if looks > ALARM_LOOKS:
        hour = now_ms // HOUR_MS
        connection.execute(
            "INSERT OR REPLACE INTO look_alarm(node, officer, hour, looks, at_ms) VALUES(?,?,?,?,?)",
            (node, officer, hour, looks, now_ms),
        )
        if looks == ALARM_LOOKS + 1:
            _log.warning("hub.lookup.alarm", node=node, officer=officer, looks=looks)


def looks_within_hour(connection: apsw.Connection, node: NodeId, officer: str, now_ms: int) -> int:
    """The greater of questions asked and dossiers opened by an officer of a node in the last hour."""
    row = connection.execute(LOOKED, (node, officer, now_ms - HOUR_MS)).fetchone()
    return max(as_int(row[0]), as_int(row[1])) if row else 0


def alarms(connection: apsw.Connection, limit: int = 100) -> list[LookAlarm]:
    """The newest alarms first."""
    rows = connection.execute(
        "SELECT node, officer, hour, looks, at_ms FROM look_alarm ORDER BY at_ms DESC LIMIT ?", (limit,)
    )
    return [
        LookAlarm(str(node), str(officer), as_int(hour), as_int(looks), as_int(at))
        for node, officer, hour, looks, at in rows
    ]
