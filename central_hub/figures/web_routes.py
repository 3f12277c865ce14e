"""Reports on screen: a period as it stands, its annex, its scores, and the frozen ones. HTTP in and out."""

from __future__ import annotations

from typing import Any

import apsw
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.figures.analysts import analyst_file
from central_hub.figures.asked import KINDS, address_of, asked_period
from central_hub.figures.pictures import pictures
from central_hub.figures.printed import printed
from central_hub.figures.report import Report, make_report
from central_hub.figures.shown import COUNTS
from central_hub.figures.snapshots import freeze, frozen_report, frozen_reports, late_lines
from central_hub.figures.typed import APPENDIX, QUALITY, UNIT, keep_value, typed_at_offices, typed_values
from central_hub.figures.workbook import workbook
from central_hub.lookup.audit import record_act
from central_hub.web.form_reading import text_of
from central_hub.web.roles import REPORT_KEEPERS, WATCHERS, only
from sync_protocol.adapters import event_log
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.words import Words, language_of
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.figures.periods import Period
from sync_protocol.figures.scoring import OF_OFFICERS, OF_UNITS, TYPED
from sync_protocol.survey import QUESTIONS

_SECTIONS = {"overview": "reports.html", "appendix": "reports_appendix.html", "quality": "reports_quality.html"}
_FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "sqlite": "application/vnd.sqlite3",
}


def _period(hub: Hub, kind: str, year: str, month: str) -> Period:
    return asked_period(kind, year, month, vietnam_date(hub.now()))


def _read(hub: Hub, period: Period) -> dict[str, Any]:
    """What every section shows of a period."""
    catalogue = hub.law.current()

    def read(c: apsw.Connection) -> dict[str, Any]:
        report = make_report(c, period, catalogue, vietnam_date(hub.now()))
        return {
            "report": report, "waiting": event_log.last_position(c) - report.position, "frozen": frozen_reports(c, period),
            "units_typed": typed_at_offices(c, period, UNIT), "quality_typed": typed_values(c, period, QUALITY),
        }  # fmt: skip

    return hub.store.readers.run(read)


def _shown(
    hub: Hub,
    request: Request[Any, Any, Any],
    section: str,
    period: Period,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    words: Words = request.app.state.words
    language = language_of(request)
    found = _read(hub, period)
    context = found | {
        "period": period, "section": section, "survey_questions": QUESTIONS, "sections": tuple(_SECTIONS), "query": address_of(period), "kinds": KINDS,
        "is_over": hub.now_ms() >= period.end_ms, "counts": COUNTS, "problem": problem, "typed": typed or {},
        "charts": pictures(found["report"], lambda one: words.say(language, one)), "of_units": OF_UNITS, "of_officers": OF_OFFICERS,
        "typed_indicators": TYPED,
    }  # fmt: skip
    return Template(_SECTIONS[section], context=context, status_code=problem.http_status if problem else 200)


@get("/reports", opt=only(*WATCHERS), sync_to_thread=True)
def reports(hub: Hub, request: Request[Any, Any, Any], kind: str = "", year: str = "", month: str = "") -> Template:
    """A period at a glance."""
    return _shown(hub, request, "overview", _period(hub, kind, year, month))


@get("/reports/appendix", opt=only(*WATCHERS), sync_to_thread=True)
def appendix(hub: Hub, request: Request[Any, Any, Any], kind: str = "", year: str = "", month: str = "") -> Template:
    """Phụ lục 3, computed cells filled."""
    return _shown(hub, request, "appendix", _period(hub, kind, year, month))


@get("/reports/quality", opt=only(*WATCHERS), sync_to_thread=True)
def quality(hub: Hub, request: Request[Any, Any, Any], kind: str = "", year: str = "", month: str = "") -> Template:
    """Groups, units, officers, waiting."""
    return _shown(hub, request, "quality", _period(hub, kind, year, month))


@post("/reports/values", opt=only(*REPORT_KEEPERS), status_code=303)
async def type_values(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep the typed cells that changed, all or none."""
    form = await request.form()
    period = _period(hub, text_of(form, "kind"), text_of(form, "year"), text_of(form, "month"))
    section = "appendix" if text_of(form, "form") == APPENDIX else "quality"
    typed = {name: text_of(form, name, most=40) for name in form if ":" in name}

    def work(c: apsw.Connection) -> None:
        changed = [name for name, value in typed.items() if value != _held(c, period, name)]
        for name in changed:
            which, office, item = name.split(":", 2)
            keep_value(c, period, which, item, typed[name], account=visitor.account, now_ms=hub.now_ms(), office=office)
        if changed:
            _note(c, hub, visitor, "report.values", f"{period.first}/{period.last}", f"{len(changed)} cells")

    try:
        await hub.store.writer.run_async(work)
    except Problem as problem:
        return _shown(hub, request, section, period, problem, typed)
    return Redirect(f"/reports/{section}?{address_of(period)}", status_code=303)


@post("/reports/freeze", opt=only(*REPORT_KEEPERS), status_code=303)
async def freeze_report(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Freeze a period's report."""
    form = await request.form()
    period = _period(hub, text_of(form, "kind"), text_of(form, "year"), text_of(form, "month"))
    catalogue = hub.law.current()

    def work(c: apsw.Connection) -> int:
        number = freeze(c, period, catalogue, account=visitor.account, now_ms=hub.now_ms())
        _note(c, hub, visitor, "report.freeze", f"{period.first}/{period.last}", f"report {number}")
        return number

    try:
        number = await hub.store.writer.run_async(work)
    except Problem as problem:
        return _shown(hub, request, "overview", period, problem)
    return Redirect(f"/reports/frozen/{number}", status_code=303)


@get("/reports/frozen/{number:int}", opt=only(*WATCHERS), sync_to_thread=True)
def frozen(hub: Hub, number: int) -> Template:
    """A frozen report with the line of what arrived since. Raises ReportUnknown."""
    catalogue = hub.law.current()

    def read(c: apsw.Connection) -> dict[str, Any]:
        found = frozen_report(c, number)
        now = make_report(c, found.report.period, catalogue, vietnam_date(hub.now()))
        return {"frozen": found, "report": found.report, "now": now, "late": late_lines(found.report, now)}

    context = hub.store.readers.run(read)
    return Template("report_frozen.html", context=context | {"counts": COUNTS, "query": f"number={number}"})


@get("/reports/file/{shape:str}", opt=only(*WATCHERS), sync_to_thread=True)
def file(
    hub: Hub,
    request: Request[Any, Any, Any],
    state: State,
    shape: str,
    kind: str = "",
    year: str = "",
    month: str = "",
    number: int = 0,
) -> Response[bytes]:
    """A report as a file: of a period as it stands, or a frozen one. Raises PageUnknown, ReportUnknown, ReportNotDrawn."""
    if shape not in _FILES:
        raise PageUnknown()
    report, frozen_ms = _wanted(hub, number, _period(hub, kind, year, month))
    words: Words = state.words

    def say(identifier: str, **facts: object) -> str:
        return words.say("vi", identifier, facts)

    if shape == "sqlite":
        content = analyst_file(hub.store, report.period.last_month, hub.law.current())
    elif shape == "xlsx":
        content = workbook(report, say, frozen_ms=frozen_ms)
    else:
        content = printed(report, say, place=hub.settings.name, at=hub.now(), frozen_ms=frozen_ms)
    name = f"bao-cao-{report.period.first}-{report.period.last}{f'-chot-{number}' if number else ''}.{shape}"
    return Response(
        content, media_type=_FILES[shape], headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _wanted(hub: Hub, number: int, period: Period) -> tuple[Report, int]:
    if number:
        found = hub.store.readers.run(lambda c: frozen_report(c, number))
        return found.report, found.frozen_ms
    catalogue = hub.law.current()
    return hub.store.readers.run(lambda c: make_report(c, period, catalogue, vietnam_date(hub.now()))), 0


def _held(connection: apsw.Connection, period: Period, name: str) -> str:
    which, office, item = name.split(":", 2)
    return typed_values(connection, period, which, office).get(item, "")


def _note(connection: apsw.Connection, hub: Hub, visitor: Visitor, what: str, subject: str, outcome: str) -> None:
    record_act(
        connection,
        at_ms=hub.now_ms(),
        officer=visitor.account,
        roles=visitor.roles,
        what=what,
        subject=subject,
        outcome=outcome,
    )


ROUTES = (reports, appendix, quality, type_values, freeze_report, frozen, file)
