"""Answers to cases: taken, settled, proposed, approved, withdrawn; each is confirmed on the page it leads to. HTTP in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import apsw
from litestar import Request, Response, post
from litestar.response import Redirect

from central_hub.app import Hub
from central_hub.cases import decisions
from central_hub.cases.model import find_case
from central_hub.cases.web_routes import LIST, decider_of, ids_of, show_case
from central_hub.web.form_reading import text_of
from central_hub.web.roles import CASE_APPROVERS, CONFLICT_OFFICERS, only
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.telling import Told, tell_next
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode

Done = tuple[str, set[OfficeCode]]  # what was done, as a word of the section `told`, and the offices with news
NEXT = {"take": "held", "proposed": "second", "withdrawn": "open", "same_dossier": "close_one"}  # else it is sent


@post("/cases/{rid:str}/{case:str}/take", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def take(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], rid: str, case: str) -> Response[Any]:
    """Hold the case."""
    record, identifier = ids_of(rid, case)

    def work(c: apsw.Connection) -> Done:
        decisions.take(c, record, identifier, decider_of(hub, visitor))
        return "take", set()

    return await _act(hub, visitor, request, (rid, case), work, stay=True)


@post("/cases/{rid:str}/{case:str}/decide", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def decide(hub: Hub, visitor: Visitor, rid: str, case: str, request: Request[Any, Any, Any]) -> Response[Any]:
    """Settle it, or propose where two people are needed."""
    form = await request.form()
    choice, reason = text_of(form, "choice"), text_of(form, "reason")
    record, identifier = ids_of(rid, case)

    def work(c: apsw.Connection) -> Done:
        asked = find_case(c, record, identifier)
        state, news = decisions.decide(c, record, identifier, choice, reason, decider_of(hub, visitor))
        pair = f"{choice}_{asked.kind}" if asked and asked.pair else ""
        return "proposed" if state == "waiting" else pair or "value", news

    return await _act(hub, visitor, request, (rid, case), work, reason=reason)


@post("/cases/{rid:str}/{case:str}/approve", opt=only(*CASE_APPROVERS), status_code=303)
async def approve(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], rid: str, case: str) -> Response[Any]:
    """Approve what another proposed."""
    record, identifier = ids_of(rid, case)

    def work(c: apsw.Connection) -> Done:
        return "approved", decisions.approve(c, record, identifier, decider_of(hub, visitor))

    return await _act(hub, visitor, request, (rid, case), work)


@post("/cases/{rid:str}/{case:str}/withdraw", opt=only(*CASE_APPROVERS), status_code=303)
async def withdraw(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], rid: str, case: str) -> Response[Any]:
    """Take a proposal back."""
    record, identifier = ids_of(rid, case)

    def work(c: apsw.Connection) -> Done:
        decisions.withdraw(c, record, identifier, decider_of(hub, visitor))
        return "withdrawn", set()

    return await _act(hub, visitor, request, (rid, case), work, stay=True)


async def _act(
    hub: Hub,
    visitor: Visitor,
    request: Request[Any, Any, Any],
    address: tuple[str, str],
    work: Callable[[apsw.Connection], Done],
    *,
    reason: str = "",
    stay: bool = False,
) -> Response[Any]:
    """Do it and say so on the next page, or show the case again with what hinders it."""
    rid, case = address

    def named(c: apsw.Connection) -> tuple[Done, str]:
        done, view = work(c), projection.view_of(c, ids_of(rid, case)[0])
        return done, view.code if view else ""

    try:
        (word, news), code = await hub.store.writer.run_async(named)
    except Problem as problem:
        if problem.code == "CAS-001":
            raise
        return await show_case(hub, visitor, request, rid, case, problem, reason)
    await hub.service.spread(news, but=HUB_NODE)
    names = await asyncio.to_thread(hub.law.names, hub.now())
    offices = ", ".join(names.office(one) for one in sorted(news))
    tell_next(request, Told(f"told.{word}", f"told.{NEXT.get(word, 'sent')}", {"code": code, "offices": offices}))
    return Redirect(f"/cases/{rid}/{case}" if stay else request.session.get(LIST, "/cases"), status_code=303)


ROUTES = (take, decide, approve, withdraw)
