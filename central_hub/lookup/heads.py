"""Countersigning: the hub's memory of how far each audit chain had come, its own included, and every doubt about one.

One row for a node and day is kept, the newest of the day; doubts are kept for ever.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec
import structlog

from central_hub.figures.snapshots import broken_at as broken_report
from central_hub.lookup import audit
from central_hub.lookup.rate import LookAlarm, alarms
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.audit_head import AuditHead, AuditMark, Doubt, doubt_of, is_proven, sign_mark
from sync_protocol.ids import HUB_NODE, Incarnation, NodeId
from sync_protocol.messages import Hello

_log = structlog.get_logger(__name__)
DAY_MS = 86_400_000
CHECKED_ROWS_MAX = 100_000  # about two seconds; a longer chain is walked by `central-hub verify`
OWN = Incarnation(b"")
Sign = Callable[[bytes], bytes]


class HeadLine(msgspec.Struct, frozen=True):
    """The newest mark of a node."""

    node: str
    rows: int
    head: bytes
    at_ms: int


class DoubtLine(msgspec.Struct, frozen=True):
    """Something that did not continue: when, which node, what, and the rows known and told."""

    at_ms: int
    node: str
    kind: str
    known_rows: int
    told_rows: int


class TamperReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub knows of all chains. `broken_row` and `broken_report` are None when whole; `is_checked` is False for a long chain."""

    own: AuditHead
    is_checked: bool
    broken_row: int | None
    broken_report: int | None
    heads: tuple[HeadLine, ...]
    doubts: tuple[DoubtLine, ...]
    alarms: tuple[LookAlarm, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing speaks of tampering; a restore is no tampering."""
        return (
            self.broken_row is None
            and self.broken_report is None
            and not any(one.kind != "restored" for one in self.doubts)
        )


def countersign(
    connection: apsw.Connection, hub: str, node: NodeId, hello: Hello, now_ms: int, sign: Sign
) -> AuditMark | None:
    """Compare what a node's hello tells of its audit with the last mark, note a doubt, sign the newest. Idempotent for the same head."""
    if hello.audit is None or not hello.audit.rows:
        return None
    return _mark(connection, hub, node, hello.inc, hello.audit, hello.audit_at_mark, now_ms, sign)


def mark_own(connection: apsw.Connection, hub: str, now_ms: int, sign: Sign) -> AuditMark | None:
    """As `countersign`, for the hub's own audit."""
    own = own_head(connection)
    last = _last(connection, HUB_NODE)
    at_mark = _own_at(connection, last.head.rows) if last else None
    return _mark(connection, hub, HUB_NODE, OWN, own, at_mark, now_ms, sign) if own.rows else None


def own_head(connection: apsw.Connection) -> AuditHead:
    """The newest row of the hub's audit."""
    row = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return AuditHead(as_int(row[0]), as_bytes(row[1])) if row else AuditHead(0, b"")


def tamper_report(connection: apsw.Connection) -> TamperReport:
    """What an auditor reads."""
    rows = one_int(connection.execute("SELECT count(*) FROM audit").fetchone())
    heads = connection.execute(
        "SELECT h.node, h.rows, h.head, h.at_ms FROM audit_head h WHERE h.id = (SELECT max(id) FROM audit_head WHERE node = h.node) ORDER BY h.node"
    )
    doubts = connection.execute(
        "SELECT at_ms, node, kind, known_rows, told_rows FROM audit_doubt ORDER BY id DESC LIMIT 200"
    )
    return TamperReport(
        own=own_head(connection), is_checked=rows <= CHECKED_ROWS_MAX,
        broken_row=audit.broken_at(connection) if rows <= CHECKED_ROWS_MAX else None, broken_report=broken_report(connection),
        heads=tuple(HeadLine(str(node), as_int(count), as_bytes(head), as_int(at)) for node, count, head, at in heads),
        doubts=tuple(DoubtLine(as_int(at), str(node), str(kind), as_int(known), as_int(told)) for at, node, kind, known, told in doubts),
        alarms=tuple(alarms(connection)),
    )  # fmt: skip


def _mark(
    connection: apsw.Connection,
    hub: str,
    node: NodeId,
    inc: Incarnation,
    told: AuditHead,
    at_mark: AuditHead | None,
    now_ms: int,
    sign: Sign,
) -> AuditMark:
    last = _last(connection, node)
    if last is not None:
        doubt = doubt_of(last.head, told, at_mark, same_incarnation=last.inc == inc)
        if doubt:
            _note(connection, node, doubt, last.head, told, now_ms)
        elif not is_proven(last.head, told, at_mark) or (last.head == told and last.inc == inc):
            return msgspec.structs.replace(last, hub=hub)
    mark = sign_mark(AuditMark(hub, node, inc, told, now_ms), sign)
    if last is not None and last.at_ms // DAY_MS == now_ms // DAY_MS and last.inc == inc:
        connection.execute("DELETE FROM audit_head WHERE node = ? AND at_ms = ?", (node, last.at_ms))
    connection.execute(
        "INSERT INTO audit_head(node, inc, rows, head, at_ms, signature) VALUES(?,?,?,?,?,?)",
        (node, inc, told.rows, told.head, now_ms, mark.signature),
    )
    return mark


def _last(connection: apsw.Connection, node: NodeId) -> AuditMark | None:
    row = connection.execute(
        "SELECT inc, rows, head, at_ms, signature FROM audit_head WHERE node = ? ORDER BY id DESC LIMIT 1", (node,)
    ).fetchone()
    if row is None:
        return None
    head = AuditHead(as_int(row[1]), as_bytes(row[2]))
    return AuditMark("", node, Incarnation(as_bytes(row[0])), head, as_int(row[3]), as_bytes(row[4]))


def _note(
    connection: apsw.Connection, node: NodeId, doubt: Doubt, known: AuditHead, told: AuditHead, now_ms: int
) -> None:
    _log.warning("hub.audit.doubt", node=node, kind=doubt, known=known.rows, told=told.rows)
    connection.execute(
        "INSERT INTO audit_doubt(node, at_ms, kind, known_rows, told_rows) VALUES(?,?,?,?,?)",
        (node, now_ms, doubt, known.rows, told.rows),
    )


def _own_at(connection: apsw.Connection, row_id: int) -> AuditHead:
    row = connection.execute("SELECT hash FROM audit WHERE id = ?", (row_id,)).fetchone()
    return AuditHead(row_id, as_bytes(row[0]) if row else b"")
