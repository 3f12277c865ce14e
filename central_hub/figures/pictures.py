"""The pictures of a report: charts of what its tables say, in the words of the page that shows them."""

from __future__ import annotations

from collections.abc import Callable

from central_hub.figures.report import Report
from sync_protocol.adapters.web.charts import Chart, Mark, bars, columns, share

Say = Callable[..., str]


def pictures(report: Report, say: Say) -> tuple[Chart, ...]:
    """Received by month (where there are several), how the resolved ended, how far digitization is."""
    whole = report.whole
    drawn = [
        share(
            say("reports.by_end"),
            [
                Mark(say("figure.finished_early"), whole.finished_early, tone="good"),
                Mark(say("figure.finished_on_time"), whole.finished_on_time),
                Mark(say("figure.finished_late"), whole.finished_late, tone="bad"),
            ],
        )
        if whole.finished
        else bars(say("reports.by_end"), ()),
        share(say("reports.by_step"), _steps(report, say))
        if whole.cohort_components_due
        else bars(say("reports.by_step"), ()),
    ]
    if len(report.months) > 1:
        by_month = [Mark(f"{one.month:%m/%y}", one.figures.received) for one in report.months]
        drawn.insert(0, columns(say("reports.by_month"), by_month))
    return tuple(drawn)


def _steps(report: Report, say: Say) -> list[Mark]:
    whole = report.whole
    missing = whole.cohort_components_due - whole.cohort_components_reused - whole.cohort_components_digitized
    return [
        Mark(say("reports.digitized_part"), whole.cohort_components_digitized, tone="good"),
        Mark(say("reports.reused_part"), whole.cohort_components_reused),
        Mark(say("reports.missing_part"), max(0, missing), tone="calm"),
    ]
