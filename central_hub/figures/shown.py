"""Which counts a report shows, in the order of its lines; their words stand under `figure` in words.toml."""

from __future__ import annotations

from typing import Final

COUNTS: Final = (
    "carried_over", "received", "received_online", "received_postal", "received_elsewhere", "finished_early", "finished_on_time",
    "finished_late", "finished_without_limit", "refused", "closed", "in_progress", "overdue", "waiting", "extended", "asked", "returned",
    "results", "results_digitized", "components_digitized", "components_reused",
)  # fmt: skip
RATES: Final = (
    "on_time_received",
    "on_time_resolved",
    "digitized",
    "reused",
    "results_digitized",
    "online",
    "elsewhere",
)


def percent(value: float | None) -> str:
    """A percentage for people, "" where there is none.

    >>> percent(87.5), percent(None)
    ('87,5 %', '')
    """
    return "" if value is None else f"{value:.1f} %".replace(".", ",")
