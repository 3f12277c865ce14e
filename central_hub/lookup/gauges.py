"""Figures of oversight for Prometheus: doubts about audit chains, alarms of looking, events that figures lag behind. No personal data."""

from __future__ import annotations

import apsw

from central_hub.figures.sums import position_of
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.adapters.web.figures import Gauge

DAY_MS = 86_400_000


def oversight_gauges(connection: apsw.Connection, now_ms: int) -> list[Gauge]:
    """Counts that should be zero, or nearly."""
    doubts = connection.execute("SELECT count(*) FROM audit_doubt WHERE kind <> 'restored'").fetchone()
    alarms = connection.execute("SELECT count(*) FROM look_alarm WHERE at_ms > ?", (now_ms - DAY_MS,)).fetchone()
    lag = event_log.last_position(connection) - position_of(connection)
    return [
        Gauge(
            "audit_doubts", "Audit chains that did not continue their countersigned head.", {"": float(one_int(doubts))}
        ),
        Gauge(
            "look_alarms_day",
            "Accounts that looked at too many people within the last day.",
            {"": float(one_int(alarms))},
        ),
        Gauge("figures_behind_events", "Events received and not yet counted in figures.", {"": float(lag)}),
    ]
