"""Waiting times as the lines that screen and workbook share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edge_node.reports.report import OfficeReport

Say = Callable[..., str]
_MINUTE_MS = 60_000


def waiting_rows(report: OfficeReport, say: Say) -> list[list[Any]]:
    """Waiting times as lines: whole numbers are people, broken ones minutes or per cent; None where nobody was served."""
    held = report.waiting
    return [
        [say("reports.visits"), held.visits],
        [say("reports.served"), held.served],
        [say("reports.average_min"), None if held.average_ms is None else round(held.average_ms / _MINUTE_MS, 1)],
        [say("reports.longest_min"), round(held.longest_ms / _MINUTE_MS, 1) if held.timed else None],
        [say("reports.over_15"), held.over_15],
        [say("reports.share_15"), held.share_over_15.percent],
        [say("reports.over_30"), held.over_30],
        [say("reports.share_30"), held.share_over_30.percent],
        [say("reports.no_shows"), held.no_shows],
        [say("reports.unserved"), held.unserved],
        [say("reports.untimed"), held.untimed],
    ]
