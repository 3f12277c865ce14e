"""A report as a workbook: the same value as on screen, one sheet per table, formulas nowhere, so that what was sent stays what was sent."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

from central_hub.figures.report import Report
from central_hub.figures.shown import COUNTS, RATES
from sync_protocol.adapters.web.templating import moment
from sync_protocol.figures.scoring import OF_OFFICERS, OF_UNITS

Say = Callable[..., str]
_WIDE, _NARROW = 60, 14


def workbook(report: Report, say: Say, *, frozen_ms: int = 0) -> bytes:
    """The xlsx of a report; `frozen_ms` names a frozen one. The same report gives the same cells."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_calc_mode("manual")
    head = book.add_format({"bold": True, "bg_color": "#EAF0F4", "text_wrap": True, "valign": "top"})

    def sheet(name: str, titles: Sequence[str], rows: Sequence[Sequence[Any]], first_width: int = _WIDE) -> None:
        page = book.add_worksheet(name)
        page.set_column(0, 0, first_width)
        page.set_column(1, max(1, len(titles) - 1), _NARROW)
        page.write_row(0, 0, titles, head)
        for at, row in enumerate(rows, start=1):
            page.write_row(at, 0, row)
        page.freeze_panes(1, 1)

    period, whole = report.period, report.whole
    about = [
        [say("reports.kind"), f"{say(f'report_kind.{period.kind}')} {period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"],
        [say("reports.frozen"), moment(frozen_ms)],
        [say("reports.counted", position=report.position), ""],
    ]
    counts = [[say(f"figure.{name}"), getattr(whole, name)] for name in COUNTS]
    rates = [
        [
            f"{say(f'rate.{one}')}: {say(f'rate_how.{one}')}",
            whole.rates[one].percent,
            whole.rates[one].part,
            whole.rates[one].whole,
        ]
        for one in RATES
    ]
    sheet("Tổng hợp", [say("reports.item"), say("reports.value"), "", ""], [*about, *counts, *rates])
    sheet(
        "Theo cơ quan", [say("reports.office"), *(say(f"figure.{name}") for name in COUNTS), *(say(f"rate.{one}") for one in RATES)],
        [
            [" ".join((one.office, one.name)).strip(), *(getattr(one.figures, name) for name in COUNTS), *(one.figures.rates[rate].percent for rate in RATES)]
            for one in report.offices
        ], 40,
    )  # fmt: skip
    sheet(
        "Phụ lục 3", [say("reports.item"), say("reports.number"), say("reports.unit"), say("reports.value"), say("reports.basis"), say("reports.origin")],
        [[one.row.label, one.row.number, one.row.unit, one.value, one.basis or one.row.formula, say(f"reports.{one.row.origin}")] for one in report.appendix],
    )  # fmt: skip
    sheet(
        "Chỉ số 766",
        [say("reports.group"), say("reports.ceiling"), say("reports.points"), say("reports.provisional")],
        [[say(f"quality_group.{one.group.id}"), one.group.ceiling, one.points, ""] for one in report.groups],
    )
    sheet(
        "Đơn vị", [say("reports.office"), *(str(one) for one in OF_UNITS), say("reports.total"), say("reports.grade")],
        [[one.office, *one.indicators, one.total, say(f"grade.{one.grade}")] for one in report.units], 20,
    )  # fmt: skip
    sheet(
        "Viên chức", [say("reports.officer"), say("reports.office"), say("reports.dossiers"), *(str(one) for one in OF_OFFICERS), say("reports.total"), say("reports.grade")],
        [[one.officer, one.office, one.dossiers, *one.indicators, one.total, say(f"grade.{one.grade}")] for one in report.officers], 20,
    )  # fmt: skip
    book.close()
    return made.getvalue()
