"""Figures of the gateways for Prometheus. Counts and an age; no personal data."""

from __future__ import annotations

import apsw

from central_hub.gateways.mailbox import counts, oldest_waiting_ms
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.adapters.web.figures import Gauge


def gateway_gauges(connection: apsw.Connection, now_ms: int) -> list[Gauge]:
    """What waits, what is dead, and since when."""
    held = one_int(connection.execute("SELECT count(*) FROM gateway_arrival WHERE state = 'held'").fetchone())
    oldest = oldest_waiting_ms(connection)
    letters = {f"{gateway}_{state}": float(count) for (gateway, state), count in counts(connection).items()}
    return [
        Gauge("gateway_letters", "Letters to outside systems, by gateway and state.", letters, "state"),
        Gauge(
            "gateway_oldest_seconds",
            "Age of the oldest letter that waits.",
            {"": (now_ms - oldest) / 1000 if oldest else 0.0},
        ),
        Gauge("gateway_arrivals_held", "Online applications that wait for a person.", {"": float(held)}),
    ]
