"""Frozen reports: what was sent, kept as it was, and the line that says what arrived late.

A report is frozen once its last day is over and every received event is counted. Freezing it again adds a second one; nothing replaces the
first. Each carries the hash of the one before, so that a changed or missing report shows.

Source: 002 (KH 4269/KH-BHXH) Phụ lục 2 (cut-off days); the frozen value with a correction line is ours (domain.md A.9.2 [D]).
"""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from central_hub.figures.errors import FiguresBehind, PeriodStillOpen, ReportUnknown
from central_hub.figures.report import Report, make_report
from central_hub.figures.sums import position_of
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.catalogue import Catalogue
from sync_protocol.figures.period_figures import PeriodFigures
from sync_protocol.figures.periods import Period
from sync_protocol.ids import OfficeCode

_FIRST = bytes(32)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Report).decode


class FrozenReport(msgspec.Struct, frozen=True):
    """A frozen report with its number, when (UTC ms) and by whom, and the hash that seals it."""

    number: int
    frozen_ms: int
    account: str
    hash: bytes
    report: Report


class LateLine(msgspec.Struct, frozen=True):
    """What changed in one office since the report was frozen; `office` is "" for the whole."""

    office: OfficeCode
    change: PeriodFigures


def freeze(
    connection: apsw.Connection, period: Period, catalogue: Catalogue | None, *, account: str, now_ms: int
) -> int:
    """Keep the report of a period as it stands; returns its number. Inside the caller's transaction.

    Raises:
        PeriodStillOpen: its last day is not over. FiguresBehind: received events wait to be counted.
    """
    if now_ms < period.end_ms:
        raise PeriodStillOpen(last=f"{period.last:%d/%m/%Y}")
    waiting = event_log.last_position(connection) - position_of(connection)
    if waiting > 0:
        raise FiguresBehind(waiting=waiting)
    content = _encode(make_report(connection, period, catalogue))
    last = connection.execute("SELECT hash FROM report ORDER BY id DESC LIMIT 1").fetchone()
    prev = as_bytes(last[0]) if last else _FIRST
    connection.execute(
        "INSERT INTO report(first, last, kind, frozen_ms, position, account, content, prev, hash) VALUES(?,?,?,?,?,?,?,?,?)",
        (
            period.first.isoformat(), period.last.isoformat(), period.kind.value, now_ms, position_of(connection), account, content,
            prev, _seal(prev, now_ms, account, content),
        ),
    )  # fmt: skip
    return connection.last_insert_rowid()


def frozen_reports(connection: apsw.Connection, period: Period | None = None) -> list[FrozenReport]:
    """Frozen reports, newest first, of one period or of all."""
    rows = connection.execute("SELECT id, frozen_ms, account, hash, content FROM report ORDER BY id DESC")
    found = [_read(row) for row in rows]
    return [
        one
        for one in found
        if period is None or (one.report.period.first, one.report.period.last) == (period.first, period.last)
    ]


def frozen_report(connection: apsw.Connection, number: int) -> FrozenReport:
    """One frozen report. Raises ReportUnknown (FIG-010)."""
    row = connection.execute(
        "SELECT id, frozen_ms, account, hash, content FROM report WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        raise ReportUnknown(number=number)
    return _read(row)


def late_lines(frozen: Report, now: Report) -> tuple[LateLine, ...]:
    """What arrived or was corrected since: the whole first, then each office with a change. Empty when nothing changed.

    Offices are compared under the codes the frozen report put them, so a later merger shows as no change.
    """
    nothing = PeriodFigures()
    whole = now.whole.minus(frozen.whole)
    if whole == nothing and [one.figures for one in frozen.offices] == [one.figures for one in now.offices]:
        return ()
    named = {code: line.office for line in (*now.offices, *frozen.offices) for code in line.codes}
    changes: dict[OfficeCode, PeriodFigures] = {}
    for line in now.offices:
        office = named[line.codes[0]]
        changes[office] = changes.get(office, nothing).plus(line.figures)
    for line in frozen.offices:
        changes[line.office] = changes.get(line.office, nothing).minus(line.figures)
    return (
        LateLine(OfficeCode(""), whole),
        *(LateLine(office, change) for office, change in sorted(changes.items()) if change != nothing),
    )


def broken_at(connection: apsw.Connection) -> int | None:
    """Number of the first report that does not follow from its predecessor, or None when all are whole."""
    prev = _FIRST
    rows = connection.execute("SELECT id, frozen_ms, account, content, prev, hash FROM report ORDER BY id")
    for number, frozen_ms, account, content, held_prev, held in rows:
        if held_prev != prev or held != _seal(prev, as_int(frozen_ms), str(account), as_bytes(content)):
            return as_int(number)
        prev = as_bytes(held)
    return None


def _seal(prev: bytes, frozen_ms: int, account: str, content: bytes) -> bytes:
    return hashlib.sha256(prev + _encode((frozen_ms, account)) + content).digest()


def _read(row: tuple[apsw.SQLiteValue, ...]) -> FrozenReport:
    number, frozen_ms, account, seal, content = row
    return FrozenReport(as_int(number), as_int(frozen_ms), str(account), as_bytes(seal), _decode(as_bytes(content)))
