"""Reports of this office: a period on screen and on paper, as a workbook, frozen."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.reports import pictures
from edge_node.reports.counting import count_up
from edge_node.reports.frozen import FrozenReport, freeze, newest_frozen
from edge_node.reports.report import COUNTS, RATES, OfficeReport
from edge_node.reports.waiting_rows import waiting_rows
from edge_node.web.office import Office
from edge_node.web.pictures import outbox_picture, sayer
from edge_node.web.roles import STAFF_PAGE, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.figures.periods import Period, begun_periods, month_period, read_period_id

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PeriodForm(msgspec.Struct):
    """Which period."""

    period: str = ""


Chosen = Annotated[PeriodForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


def _asked(office: Office, text: str) -> Period:
    return read_period_id(text) if text else month_period(vietnam_date(office.node.now()))


async def _read(office: Office, period: Period) -> tuple[OfficeReport, FrozenReport | None]:
    await count_up(office.node.store)
    today, own = vietnam_date(office.node.now()), office.node.desk.office
    return await office.read(lambda c: (office.asked_report.read(c, own, period, today), newest_frozen(c, period)))


async def _show(
    request: Request[Any, Any, Any], office: Office, state: State, text: str, problem: Problem | None = None
) -> Template:
    period, say = _asked(office, text), sayer(request, state)
    report, frozen = await _read(office, period)
    charts = pictures.report_pictures(report, say)
    if report.is_open:
        now_ms = office.node.desk.now_ms()
        charts = (*charts, await office.read(lambda c: outbox_picture(c, now_ms, say)))
    context = {
        "report": report, "frozen": frozen, "change": frozen.change(report) if frozen else None,
        "periods": begun_periods(vietnam_date(office.node.now())), "counts": COUNTS, "rates": RATES, "charts": charts,
        "waiting": waiting_rows(report, say), "waiting_frozen": waiting_rows(frozen.report, say) if frozen else [],
        "problem": problem, "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("reports.html", context=context, status_code=problem.http_status if problem else 200)


@get("/bao-cao", opt=STAFF_PAGE)
async def reports(request: Request[Any, Any, Any], office: Office, state: State, period: str = "") -> Template:
    """The figures of a period; this reporting month when none is named."""
    return await _show(request, office, state, period)


@get("/bao-cao/workbook.xlsx", opt=STAFF_PAGE)
async def as_workbook(
    request: Request[Any, Any, Any], office: Office, state: State, period: str = ""
) -> Response[bytes]:
    """The same figures as a workbook."""
    from edge_node.reports.workbook import workbook  # only who downloads one waits for its library

    asked, say, node = _asked(office, period), sayer(request, state), office.node
    report, frozen = await _read(office, asked)
    change = frozen.change(report) if frozen else None
    made = await office.do(
        lambda: workbook(report, say, office_name=node.settings.office_name, made_at=node.now(), change=change)
    )
    headers = {"Content-Disposition": f'attachment; filename="bao-cao-{asked.id}.xlsx"'}
    return Response(made, media_type=WORKBOOK, headers=headers)


@post("/bao-cao/frozen", opt=only("leader"), status_code=303)
async def freeze_report(
    request: Request[Any, Any, Any], office: Office, state: State, visitor: Visitor, data: Chosen
) -> Response[Any]:
    """Keep a period's report as it stands."""
    period = read_period_id(data.period)
    await count_up(office.node.store)
    try:
        await office.do(lambda: freeze(office.node.desk, visitor.account, period))
    except Problem as problem:
        return await _show(request, office, state, data.period, problem)
    return Redirect(f"/bao-cao?period={period.id}", status_code=303)


reports_router = Router("/", route_handlers=[reports, as_workbook, freeze_report])
