"""Pages of the orders to erase: the list, one dossier's form, approval by another person. HTTP in and out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any

import apsw
import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.erasure import orders
from central_hub.erasure.carrying_out import carry_out
from central_hub.erasure.errors import NothingToErase
from central_hub.ingest.nodes import offices_of_nodes
from central_hub.web.form_reading import text_of
from central_hub.web.roles import SETTLERS, only
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, RecordId
from sync_protocol.view import DossierView

ASKERS = ("conflict_officer",)
APPROVERS = ("leader",)
_NOTHING_TYPED: dict[str, Any] = {"number": "", "reason": "", "events": frozenset()}


class OrderForm(msgspec.Struct):
    """Which order a button is about."""

    id: int = 0


Form = Annotated[OrderForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _list(hub: Hub, problem: Problem | None = None, before: int = 0) -> Template:
    found = await hub.store.readers.run_async(lambda c: orders.orders(c, orders.SHOWN + 1, before))
    found, further = found[: orders.SHOWN], found[orders.SHOWN :]
    codes = {one.rid: await hub.store.readers.run_async(partial(_code, rid=one.rid)) for one in found}
    waiting = [one for one in found if one.state == "waiting"]
    contents = {one.id: await hub.store.readers.run_async(partial(_contents, order=one)) for one in waiting}
    return Template(
        "erasures.html", context={"contents": contents, "rows": found, "codes": codes, "problem": problem, "is_first": not before, "next": found[-1].id if further else 0}, status_code=problem.http_status if problem else 200
    )  # fmt: skip


def _contents(connection: apsw.Connection, order: orders.Order) -> list[orders.Erasable]:
    """What an order would take: kind and time, never what it says."""
    return [one for one in orders.erasable(connection, order.rid) if one.event in order.event_ids]


async def _form(hub: Hub, rid: RecordId, typed: dict[str, Any], problem: Problem | None = None) -> Template:
    view: DossierView | None = await hub.store.readers.run_async(lambda c: projection.view_of(c, rid))
    if view is None:
        raise PageUnknown()
    rows = await hub.store.readers.run_async(lambda c: orders.erasable(c, rid))
    offices = dict(await hub.store.readers.run_async(offices_of_nodes))
    return Template(
        "erasure.html", context={"view": view, "rows": rows, "typed": typed, "problem": problem, "names": await asyncio.to_thread(hub.law.names, hub.now()), "offices": offices},
        status_code=problem.http_status if problem else 200,
    )  # fmt: skip


@get("/erasures", opt=only(*SETTLERS))
async def erasures(hub: Hub, before: int = 0) -> Template:
    """Every order, those that wait first; `before`: the settled ones older than that order."""
    return await _list(hub, before=max(0, min(before, 2**62)))


@get("/erasures/{rid:str}", opt=only(*ASKERS))
async def begin(hub: Hub, rid: str) -> Template:
    """What of a dossier could be erased."""
    return await _form(hub, _record(rid), _NOTHING_TYPED)


@post("/erasures/{rid:str}", opt=only(*ASKERS), status_code=303)
async def ask(hub: Hub, rid: str, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Write the order down; somebody else approves it."""
    wanted, form = _record(rid), await request.form()
    number, reason = text_of(form, "number", most=100), text_of(form, "reason", most=500)
    chosen = [str(one) for one in form.getall("event", [])]
    try:
        events = [_event(one) for one in chosen]
        await hub.store.writer.run_async(
            lambda c: orders.ask(
                c, wanted, events, number=number, reason=reason, officer=visitor.account, now_ms=hub.now_ms()
            )
        )
    except Problem as problem:
        return await _form(hub, wanted, {"number": number, "reason": reason, "events": frozenset(chosen)}, problem)
    return Redirect("/erasures", status_code=303)


@post("/erasures/approve", opt=only(*APPROVERS), status_code=303)
async def approve(hub: Hub, visitor: Visitor, data: Form) -> Response[Any]:
    """The second person: the order is carried out before the next page shows."""
    try:
        await carry_out(hub.store, hub.service, hub.files.files, data.id, visitor.account, hub.now_ms())
    except Problem as problem:
        return await _list(hub, problem)
    return Redirect("/erasures", status_code=303)


@post("/erasures/withdraw", opt=only(*ASKERS, *APPROVERS), status_code=303)
async def withdraw(hub: Hub, visitor: Visitor, data: Form) -> Response[Any]:
    """Take a waiting order back."""
    try:
        await hub.store.writer.run_async(lambda c: orders.withdraw(c, data.id, visitor.account, hub.now_ms()))
    except Problem as problem:
        return await _list(hub, problem)
    return Redirect("/erasures", status_code=303)


def _code(connection: Any, rid: RecordId) -> str:
    view = projection.view_of(connection, rid)
    return view.code if view is not None else ""


def _record(text: str) -> RecordId:
    try:
        return RecordId(bytes.fromhex(text))
    except ValueError as error:
        raise PageUnknown() from error


def _event(text: str) -> EventId:
    try:
        return EventId(bytes.fromhex(text))
    except ValueError as error:
        raise NothingToErase(event_id="unreadable") from error


ROUTES = (erasures, begin, ask, approve, withdraw)
