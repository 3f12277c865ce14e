"""Opening in an emergency: what a purpose does not cover is opened once, for a quarter of an hour, with a reason, an alarm, and a second person's judgement.

It opens at the hub only: an office that received a dossier would keep it. The leader who judges is never the one who opened; an opening nobody
has judged within a day stays an alarm. Every step is in the audit under the dossier, so the person hears of it who asks.
Source: domain.md E.2 rule 9; reliability.md §6 (reason, second officer within 24 h, alarm at the hub, 15 min).
"""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec
import structlog

from central_hub.cases.errors import OtherPersonNeeded
from central_hub.ingest.errors import UnknownRecord
from central_hub.ingest.nodes import NodeRow
from central_hub.lookup.audit import record, record_act
from central_hub.lookup.errors import EmergencyReason, EmergencySettled
from central_hub.lookup.rate import require_pace
from central_hub.lookup.service import check_purpose
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes, one_int
from sync_protocol.ids import HUB_NODE, OfficeCode, RecordId
from sync_protocol.messages import Purpose

_log = structlog.get_logger(__name__)
LASTS_MS = 15 * 60_000
JUDGED_WITHIN_MS = 24 * 3_600_000
REASON_WORDS = 6
SHOWN = 100
Verdict = Literal["justified", "unjustified"]
_COLUMNS = "id, officer, rid, dossier, reason, opened_ms, state, judged_by, judged_ms"


class Emergency(msgspec.Struct, frozen=True):
    """One opening: who, which dossier, for what, when (ms UTC), and what the second person said ("" while nobody has)."""

    id: int
    officer: str
    rid: RecordId
    dossier: str
    reason: str
    opened_ms: int
    state: Literal["waiting", "justified", "unjustified"]
    judged_by: str
    judged_ms: int

    def is_late(self, now_ms: int) -> bool:
        """Whether a day went by before anybody judged it."""
        return (self.judged_ms or now_ms) - self.opened_ms > JUDGED_WITHIN_MS


def break_glass(connection: apsw.Connection, here: NodeRow, rid: RecordId, purpose: Purpose, now_ms: int) -> None:
    """Open a dossier to one officer of the hub for a quarter of an hour. Raises UnknownRecord, EmergencyReason, PurposeMissing, LooksTooMany."""
    check_purpose(here, purpose)
    require_pace(connection, HUB_NODE, purpose.officer, now_ms)
    if len(purpose.reason.split()) < REASON_WORDS:
        raise EmergencyReason(least=REASON_WORDS)
    if projection.view_of(connection, rid) is None:
        raise UnknownRecord()
    connection.execute(
        "INSERT INTO emergency(officer, rid, dossier, reason, opened_ms, state) VALUES(?,?,?,?,?,'waiting')",
        (purpose.officer, rid, purpose.dossier, purpose.reason, now_ms),
    )
    record(
        connection,
        at_ms=now_ms,
        node=HUB_NODE,
        office=OfficeCode("hub"),
        purpose=purpose,
        what="emergency",
        rid=rid,
        outcome="opened",
    )
    _log.warning("hub.lookup.emergency", officer=purpose.officer, record=rid.hex()[:16])


def is_broken(connection: apsw.Connection, rid: RecordId, officer: str, now_ms: int) -> bool:
    """Whether this officer opened this dossier in an emergency within the last quarter of an hour."""
    row = connection.execute(
        "SELECT 1 FROM emergency WHERE rid = ? AND officer = ? AND opened_ms > ? LIMIT 1",
        (rid, officer, now_ms - LASTS_MS),
    ).fetchone()
    return row is not None


def judge(
    connection: apsw.Connection, number: int, verdict: Verdict, account: str, roles: tuple[str, ...], now_ms: int
) -> None:
    """A leader says whether an opening was justified. Raises EmergencySettled, OtherPersonNeeded."""
    row = connection.execute(
        "SELECT officer, rid, dossier FROM emergency WHERE id = ? AND state = 'waiting'", (number,)
    ).fetchone()
    if row is None:
        raise EmergencySettled()
    if str(row[0]) == account:
        raise OtherPersonNeeded(decision=number)
    connection.execute(
        "UPDATE emergency SET state = ?, judged_by = ?, judged_ms = ? WHERE id = ?", (verdict, account, now_ms, number)
    )
    record_act(
        connection, at_ms=now_ms, officer=account, roles=roles, what=f"emergency.{verdict}", subject=str(row[2]), rid=RecordId(as_bytes(row[1])),
        outcome=verdict,
    )  # fmt: skip


def emergencies(connection: apsw.Connection) -> list[Emergency]:
    """Openings, those that wait first, then the newest."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM emergency ORDER BY state = 'waiting' DESC, id DESC LIMIT ?", (SHOWN,)
    )  # names of columns
    return [msgspec.convert(dict(zip(Emergency.__struct_fields__, row, strict=True)), Emergency) for row in rows]


def waiting_count(connection: apsw.Connection) -> int:
    """Openings that nobody has judged: each is an alarm."""
    return one_int(connection.execute("SELECT count(*) FROM emergency WHERE state = 'waiting'").fetchone())
