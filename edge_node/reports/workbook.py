"""A report as a workbook: the same value as on screen, numbers as numbers, no formula, so that what was sent stays what was sent."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

from edge_node.reports.report import COUNTS, RATES, OfficeReport
from edge_node.reports.waiting_rows import waiting_rows
from sync_protocol.figures.period_figures import PeriodFigures

Say = Callable[..., str]
_WIDE, _NARROW = 62, 16


def workbook(
    report: OfficeReport, say: Say, *, office_name: str, made_at: dt.datetime, change: PeriodFigures | None = None
) -> bytes:
    """The xlsx of a report, with the line of late arrivals where it was frozen before. The same arguments give the same cells."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": say("reports.title"), "created": made_at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "bg_color": "#EAF0F4", "text_wrap": True, "valign": "top", "border": 1})
    number = book.add_format({"num_format": "#,##0", "border": 1})
    decimal = book.add_format({"num_format": "0.0", "border": 1})
    text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})

    def sheet(name: str, titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        page = book.add_worksheet(name)
        page.set_column(0, 0, _WIDE)
        page.set_column(1, 4, _NARROW)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write(
            0, 0, f"{office_name}: {period_title(report, say)}", book.add_format({"bold": True, "font_size": 13})
        )
        page.write_row(2, 0, titles, bold)
        for at, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                page.write(
                    at,
                    column,
                    value,
                    text if isinstance(value, str) else decimal if isinstance(value, float) else number,
                )

    rates = report.figures.rates
    changed = [] if change is None else [say("reports.late")]
    counts = [
        [say(f"figure.{name}"), getattr(report.figures, name), *([] if change is None else [getattr(change, name)])]
        for name in COUNTS
    ]
    sheet(say("reports.sheet_counts"), [say("reports.item"), say("reports.count"), *changed], counts)
    sheet(
        say("reports.sheet_rates"), [say("reports.rate"), "%", say("reports.part"), say("reports.whole"), say("reports.how")],
        [[say(f"rate.{one}"), rates[one].percent, rates[one].part, rates[one].whole, say(f"rate_how.{one}")] for one in RATES],
    )  # fmt: skip
    sheet(say("reports.sheet_waiting"), [say("reports.item"), say("reports.value")], waiting_rows(report, say))
    sheet(
        say("reports.sheet_load"),
        [say("reports.since"), say("figure.received")],
        [[f"{one.since:%d/%m/%Y}", one.received] for one in report.load],
    )
    book.close()
    return made.getvalue()


def period_title(report: OfficeReport, say: Say) -> str:
    """Which period, as of which day."""
    period = report.period
    return say(
        "reports.period_line", kind=say(f"report_kind.{period.kind}"), first=f"{period.first:%d/%m/%Y}", last=f"{period.last:%d/%m/%Y}",
        as_of=f"{report.as_of:%d/%m/%Y}",
    )  # fmt: skip
