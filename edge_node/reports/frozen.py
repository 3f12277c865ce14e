"""Frozen reports: what was sent stays as it was, and a line says what arrived late.

Freezing adds a row and replaces nothing; freezing again adds another one, which is what counts from then on.

Source: 002 (KH 4269/KH-BHXH) Phụ lục 2 (cut-off days); the frozen value with a correction line is ours (domain.md A.9.2 [D]).
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.reports.errors import PeriodOpen
from edge_node.reports.report import OfficeReport, make_report
from edge_node.store.ledger import Act
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.calendar import vietnam_date
from sync_protocol.figures.period_figures import PeriodFigures
from sync_protocol.figures.periods import Period

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(OfficeReport).decode


class FrozenReport(msgspec.Struct, frozen=True):
    """A report as it was frozen: its number, when (UTC ms) and by which account."""

    number: int
    frozen_ms: int
    account: str
    report: OfficeReport

    def change(self, now: OfficeReport) -> PeriodFigures:
        """What changed since: the line of late arrivals."""
        return now.figures.minus(self.report.figures)


def freeze(desk: Desk, account: str, period: Period) -> None:
    """Keep the report of a period that is over as it stands now, with an audit row. Everything must be counted before.

    Raises:
        PeriodOpen: the period has not ended.
    """
    today = vietnam_date(desk.now())
    if today <= period.last:
        raise PeriodOpen(last=f"{period.last:%d/%m/%Y}")

    def keep(connection: apsw.Connection) -> None:
        report = make_report(connection, desk.office, period, today)
        connection.execute(
            "INSERT INTO frozen_report(period, frozen_ms, account, content) VALUES(?,?,?,?)",
            (period.id, desk.now_ms(), account, _encode(report)),
        )

    desk.ledger.save(Act(account, "leader", "report.freeze", period.id), [], keep)


def newest_frozen(connection: apsw.Connection, period: Period) -> FrozenReport | None:
    """The report of a period frozen last, or None."""
    row = connection.execute(
        "SELECT id, frozen_ms, account, content FROM frozen_report WHERE period = ? ORDER BY id DESC LIMIT 1",
        (period.id,),
    ).fetchone()
    return None if row is None else FrozenReport(as_int(row[0]), as_int(row[1]), str(row[2]), _decode(as_bytes(row[3])))
