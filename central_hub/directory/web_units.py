"""Units on screen: reorganise them in a draft, read who continues whom, and route on what a ceased office still holds. HTTP in and out."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Any, get_args

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict, State
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.directory import drafts
from central_hub.directory.errors import NothingPublished, ReorganisationRefused
from central_hub.directory.law_desk import LawDesk
from central_hub.directory.reorganising import Reorganisation, changes_of_reorganisation
from central_hub.directory.rerouting import reroute, stranded_offices, waiting_dossiers
from central_hub.web.form_reading import day_of, text_of, tidy
from central_hub.web.roles import ALL_ROLES, CONFLICT_OFFICERS, WORKLISTS, WRITERS_OF_LAW, only
from sync_protocol.adapters.web.errors import FormUnreadable, PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.catalogue import Catalogue, SuccessionKind, Unit
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode, RecordId

KINDS: tuple[SuccessionKind, ...] = get_args(SuccessionKind)
_TYPED = ("kind", "date", "from", "to", "scope", "source")
_UNIT_CODE = re.compile(r"[0-9A-Z]{2,8}")


@get("/drafts/{draft:int}/reorganise", opt=only(*WRITERS_OF_LAW))
async def reorganise_page(state: State, draft: int) -> Template:
    """The form of a merge, split, rename or transfer."""
    return await _reorganise(state, draft)


async def _reorganise(
    state: State, draft: int, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> Template:
    desk: LawDesk = state.law_desk
    found = await desk.store.readers.run_async(lambda c: drafts.draft_of(c, draft))
    shown = typed or {**dict.fromkeys(_TYPED, ""), "kind": "merge"}
    context = {"draft": found, "kinds": KINDS, "problem": problem, "typed": shown}
    return Template("reorganise.html", context=context, status_code=problem.http_status if problem else 200)


@post("/drafts/{draft:int}/reorganise", opt=only(*WRITERS_OF_LAW), status_code=303)
async def reorganise(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Response[Any]:
    """Put the step into the draft; what was typed stays when it is refused."""
    form = await request.form()
    typed = {name: str(form.get(name, "")).strip()[:2_000] for name in _TYPED}
    try:
        plan = plan_of(form)
        await asyncio.to_thread(_keep, state.law_desk, visitor, draft, plan)
    except Problem as problem:
        return await _reorganise(state, draft, problem, typed)
    return Redirect(f"/drafts/{draft}", status_code=303)


def plan_of(form: FormMultiDict) -> Reorganisation:
    """The plan in a form: offices before as codes, offices after one a line, `code name`. Raises a Problem that names the box."""
    kind = next((kind for kind in KINDS if kind == form.get("kind")), None)
    if kind is None:
        raise FormUnreadable()
    date = day_of(text_of(form, "date", label="Ngày có hiệu lực"), label="Ngày có hiệu lực")
    source = text_of(form, "source", label="Căn cứ")
    before = tuple(re.split(r"[\s,;]+", text_of(form, "from", label="Đơn vị trước")))
    text_of(form, "to", label="Đơn vị sau")
    after = tuple(tidy(line).partition(" ")[::2] for line in str(form.get("to", "")).splitlines() if line.strip())
    for code in (*before, *(code for code, _ in after)):
        if not _UNIT_CODE.fullmatch(code):
            raise ReorganisationRefused(reason=f"“{code[:20]}” không phải mã đơn vị", rule="no unit code")
    return Reorganisation(kind, date, before, after, source, text_of(form, "scope", most=200))


def _keep(desk: LawDesk, visitor: Visitor, draft: int, plan: Reorganisation) -> None:
    view = desk.view(draft)
    drafts.require(view.draft, "open")
    desk.keep(visitor, draft, changes_of_reorganisation(plan, view.base, view.after), f"law.{plan.kind}")


@get("/units", opt=only(*ALL_ROLES))
async def units(state: State, code: str = "") -> Template:
    """Who continues the work of a code today: offices by their number, provinces by the three digits of the old table."""
    desk: LawDesk = state.law_desk
    wanted = tidy(code)[:8]
    try:
        _, held = await asyncio.to_thread(desk.held.newest)
    except NothingPublished:
        held = None
    found = _found(held, wanted, desk.today()) if held is not None and wanted else None
    return Template("units.html", context={"code": wanted, "found": found})


def _found(held: Catalogue, code: str, today: dt.date) -> dict[str, Any]:
    names: list[Unit] = sorted((unit for unit in held.units if unit.code == code), key=lambda unit: unit.valid_from)
    steps = [step for step in held.successions if code in (step.from_code, step.to_code)]
    return {
        "names": names, "steps": steps, "successors": held.successors(code, today) if names else (),
        "province": held.province_of_old_code(code),
    }  # fmt: skip


@get("/offices", opt=only(*WORKLISTS))
async def offices(hub: Hub, state: State) -> Template:
    """Ceased offices that still hold open dossiers."""
    desk: LawDesk = state.law_desk
    try:
        _, held = await asyncio.to_thread(desk.held.newest)
        rows = await hub.store.readers.run_async(lambda c: stranded_offices(c, held, desk.today()))
    except NothingPublished:
        rows = []
    return Template("offices.html", context={"rows": rows})


@get("/offices/{office:str}", opt=only(*WORKLISTS))
async def one_office(hub: Hub, state: State, office: str) -> Template:
    """What one of them holds, and who continues it."""
    return await _office(hub, state, OfficeCode(office))


async def _office(
    hub: Hub, state: State, office: OfficeCode, problem: Problem | None = None, reason: str = ""
) -> Template:
    desk: LawDesk = state.law_desk
    _, held = await asyncio.to_thread(desk.held.newest)
    rows = await hub.store.readers.run_async(lambda c: stranded_offices(c, held, desk.today()))
    one = next((row for row in rows if row.office == office), None)
    if one is None and problem is None:
        raise PageUnknown()
    waiting = await hub.store.readers.run_async(lambda c: waiting_dossiers(c, office)) if one else []
    context = {"one": one, "office": office, "waiting": waiting, "problem": problem, "reason": reason}
    return Template("office.html", context=context, status_code=problem.http_status if problem else 200)


@post("/offices/{office:str}/reroute", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def hand_on(
    hub: Hub, state: State, visitor: Visitor, request: Request[Any, Any, Any], office: str
) -> Response[Any]:
    """Route chosen dossiers on; printed codes stay."""
    desk: LawDesk = state.law_desk
    form = await request.form()
    ceased, successor = OfficeCode(office), OfficeCode(text_of(form, "successor", most=16))
    try:
        reason = text_of(form, "reason", label="Căn cứ chuyển", most=200)
        rids = [RecordId(bytes.fromhex(str(one)[:64])) for one in form.getall("rid", [])]
        _, held = await asyncio.to_thread(desk.held.newest)
        _, news = await hub.store.writer.run_async(
            lambda c: reroute(
                c,
                held,
                desk.today(),
                ceased,
                successor,
                rids,
                by=visitor,
                reason=reason,
                epoch=hub.identity.epoch,
                now_ms=hub.now_ms(),
            )
        )
    except ValueError as error:
        raise FormUnreadable() from error
    except Problem as problem:
        return await _office(hub, state, ceased, problem, text_of(form, "reason", most=200))
    await hub.service.spread(news, but=HUB_NODE)
    return Redirect("/offices", status_code=303)


ROUTES = (reorganise_page, reorganise, units, offices, one_office, hand_on)
