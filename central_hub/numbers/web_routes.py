"""Numbers of people on screen: who carries one, a change proposed, approved or withdrawn, and papers without an owner. HTTP in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.cases.decisions import Decider
from central_hub.cases.web_routes import decider_of
from central_hub.lookup.audit import record_act
from central_hub.lookup.masking import masked
from central_hub.numbers import changes
from central_hub.web.errors import BoxEmpty
from central_hub.web.form_reading import text_of
from central_hub.web.roles import CASE_APPROVERS, CONFLICT_OFFICERS, SETTLERS, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode, RecordId
from sync_protocol.view import DossierView

_BOXES = ("kind", "old", "new", "proof", "reason")


async def _show(
    hub: Hub,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
    carriers: list[DossierView] | None = None,
    chosen: tuple[str, ...] = (),
    after: bytes = b"",
) -> Template:
    def read(c: apsw.Connection) -> tuple[list[changes.Change], list[DossierView]]:
        return changes.changes(c), changes.unassigned(c, changes.UNASSIGNED_SHOWN + 1, after)

    held, unassigned = await hub.store.readers.run_async(read)
    unassigned, further = unassigned[: changes.UNASSIGNED_SHOWN], unassigned[changes.UNASSIGNED_SHOWN :]
    context = {
        "changes": held, "unassigned": unassigned, "problem": problem, "typed": typed or dict.fromkeys(_BOXES, ""), "carriers": carriers,
        "chosen": chosen, "kinds": changes.KINDS, "masked": masked, "is_first": not after, "next": unassigned[-1].rid.hex() if further else "",
    }  # fmt: skip
    return Template("numbers.html", context=context, status_code=problem.http_status if problem else 200)


@get("/numbers", opt=only(*SETTLERS))
async def numbers(hub: Hub, after: str = "") -> Template:
    """Changes that wait, and papers without an owner, page by page: `after` is the last record id of the page before. Raises PageUnknown."""
    return await _show(hub, after=_rid(after) if after else b"")


@post("/numbers/carriers", opt=only(*CONFLICT_OFFICERS), status_code=200)
async def carriers(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Which dossiers carry a number: a logged look, before a change is proposed."""
    typed = _typed(await request.form())
    if not typed["old"]:
        return await _show(hub, BoxEmpty(label="Số hiện đang ghi"), typed)
    return await _show(hub, None, typed, await _carriers(hub, visitor, typed))


@post("/numbers", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def propose(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Propose a change of the chosen dossiers."""
    form = await request.form()
    typed, decider = _typed(form), decider_of(hub, visitor)
    chosen = tuple(str(one) for one in form.getall("rid", []))
    rids = [_rid(one) for one in chosen]
    try:
        await hub.store.writer.run_async(
            lambda c: changes.propose(
                c,
                typed["kind"],
                typed["old"],
                typed["new"],
                rids,
                proof=typed["proof"],
                reason=typed["reason"],
                decider=decider,
            )
        )
    except Problem as problem:
        return await _show(hub, problem, typed, await _carriers(hub, visitor, typed) if typed["old"] else None, chosen)
    return Redirect("/numbers", status_code=303)


@post("/numbers/{change:int}/approve", opt=only(*CASE_APPROVERS), status_code=303)
async def approve(hub: Hub, visitor: Visitor, change: int) -> Response[Any]:
    """Approve what another proposed."""
    return await _act(hub, lambda c: changes.approve(c, change, decider_of(hub, visitor)))


@post("/numbers/{change:int}/withdraw", opt=only(*CASE_APPROVERS), status_code=303)
async def withdraw(hub: Hub, visitor: Visitor, change: int) -> Response[Any]:
    """Take a proposal back."""

    def work(c: apsw.Connection) -> set[OfficeCode]:
        changes.withdraw(c, change, decider_of(hub, visitor))
        return set()

    return await _act(hub, work)


async def _act(hub: Hub, work: Callable[[apsw.Connection], set[OfficeCode]]) -> Response[Any]:
    try:
        news = await hub.store.writer.run_async(work)
    except Problem as problem:
        return await _show(hub, problem)
    await hub.service.spread(news, but=HUB_NODE)
    return Redirect("/numbers", status_code=303)


async def _carriers(hub: Hub, visitor: Visitor, typed: dict[str, str]) -> list[DossierView]:
    decider = decider_of(hub, visitor)
    return await hub.store.writer.run_async(lambda c: _look(c, typed["old"], decider))


def _look(connection: apsw.Connection, number: str, decider: Decider) -> list[DossierView]:
    found = changes.carriers(connection, number)
    for view in found:
        record_act(
            connection, at_ms=decider.now_ms, officer=decider.account, roles=decider.roles, what="number.carriers", subject=masked(number), rid=view.rid,
            reason="number change", outcome=f"{len(found)} found",
        )  # fmt: skip
    return found


def _typed(form: FormMultiDict) -> dict[str, str]:
    return {name: text_of(form, name, most=500) for name in _BOXES}


def _rid(text: str) -> RecordId:
    try:
        return RecordId(bytes.fromhex(text))
    except ValueError as error:
        raise PageUnknown() from error


ROUTES = (numbers, carriers, propose, approve, withdraw)
