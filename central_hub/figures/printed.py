"""A report on paper: the same value as on screen, typeset as PDF/A, facts as data and never as markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec
import typst

from central_hub.figures.errors import ReportNotDrawn
from central_hub.figures.report import Report
from central_hub.figures.shown import COUNTS, RATES, percent
from sync_protocol.adapters.web.templating import moment, number
from sync_protocol.calendar import vietnam_time

Say = Callable[..., str]


def printed(report: Report, say: Say, *, place: str, at: dt.datetime, frozen_ms: int = 0) -> bytes:
    """The PDF of a report. The same report, words and time give the same bytes. Raises ReportNotDrawn (FIG-015)."""
    told = msgspec.json.encode(_told(report, say, place, at, frozen_ms)).decode()
    try:
        import fontpkg  # type: ignore[import-untyped]

        with as_file(files("central_hub.figures") / "templates") as templates:
            made: bytes = typst.compile(
                templates / "report.typ", root=templates, font_paths=[Path(fontpkg.path("be-vietnam-pro")).parent],
                ignore_system_fonts=True, format="pdf", pdf_standards=["a-2b"], sys_inputs={"facts": told},
                timestamp=int(at.timestamp()),
            )  # fmt: skip
    except (RuntimeError, OSError, ValueError, LookupError) as error:
        raise ReportNotDrawn(found=type(error).__name__) from error
    return made


def _told(report: Report, say: Say, place: str, at: dt.datetime, frozen_ms: int) -> dict[str, Any]:
    period, whole = report.period, report.whole
    rates = whole.rates
    local = vietnam_time(at)
    return {
        "place": place,
        "made": f"ngày {local:%d} tháng {local:%m} năm {local:%Y}",
        "title": f"{say('reports.title')} {say(f'report_kind.{period.kind}').lower()}".upper(),
        "span": f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}",
        "state": f"{say('reports.frozen')}: {moment(frozen_ms)}" if frozen_ms else say("reports.unfrozen"),
        "counted": say("reports.counted", position=report.position),
        "heads": {one: say(f"reports.{one}") for one in ("counts", "how", "by_office", "appendix", "groups", "provisional", "office", "value", "item")},
        "rates": [
            {"label": say(f"rate.{one}"), "how": say(f"rate_how.{one}"), "value": percent(rates[one].percent), "parts": f"{number(rates[one].part)}/{number(rates[one].whole)}"}
            for one in RATES
        ],
        "counts": [[say(f"figure.{name}"), number(getattr(whole, name))] for name in COUNTS],
        "offices": [
            [
                " ".join((one.office, one.name)).strip(), number(one.figures.received), number(one.figures.finished),
                number(one.figures.finished_late), number(one.figures.in_progress), number(one.figures.overdue),
                percent(one.figures.rates["on_time_resolved"].percent),
            ]
            for one in report.offices
        ],
        "office_heads": [say("reports.office"), say("figure.received"), "Giải quyết", say("figure.finished_late"), say("figure.in_progress"), say("figure.overdue"), "Đúng hạn"],
        "appendix": [[one.row.number, one.row.label, one.row.unit, one.value, one.basis] for one in report.appendix],
        "groups": [
            [say(f"quality_group.{one.group.id}"), str(one.group.ceiling), say("reports.unknown") if one.points is None else f"{one.points:g}".replace(".", ",")]
            for one in report.groups
        ],
    }  # fmt: skip
