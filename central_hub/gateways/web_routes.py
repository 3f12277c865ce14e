"""The gateways on screen: what waits, why, and when it goes; applications that nobody could place. HTTP in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw
import msgspec
from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.gateways import arrivals, mailbox, portal, stamps
from central_hub.gateways.errors import OfficeUnclear
from central_hub.gateways.gathering import StateTold
from central_hub.ingest.nodes import all_nodes
from central_hub.lookup.audit import record_act
from central_hub.web.form_reading import text_of
from central_hub.web.roles import KEEPERS_OF_MACHINES, WATCHERS, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode

_OPERATORS = only(*KEEPERS_OF_MACHINES)


def _say(letter: mailbox.Letter) -> str:
    """What a letter to the portal tells."""
    if letter.gateway != "portal":
        return ""
    state = msgspec.json.decode(letter.content, type=StateTold).state
    return f"{state} · {portal.LABELS[state]}"


async def _show(hub: Hub, problem: Problem | None = None) -> Template:
    def read(c: apsw.Connection) -> dict[str, Any]:
        return {
            "letters": [(one, _say(one)) for one in mailbox.open_letters(c)], "counts": mailbox.counts(c), "held": arrivals.held(c),
            "placed": arrivals.placed_count(c), "stamps": stamps.read_stamps(c), "offices": sorted({one.office for one in all_nodes(c) if not one.is_revoked}),
        }  # fmt: skip

    chosen = hub.settings.gateways
    switched = {
        "portal": bool(chosen.portal.address),
        "identity": bool(chosen.identity.address),
        "stamps": bool(hub.settings.seals.tsa_url),
    }
    context = {**await hub.store.readers.run_async(read), "is_on": switched, "shown": mailbox.SHOWN, "problem": problem}
    return Template("gateways.html", context=context, status_code=problem.http_status if problem else 200)


@get("/gateways", opt=only(*WATCHERS))
async def gateways(hub: Hub) -> Template:
    """The mailbox."""
    return await _show(hub)


@post("/gateways/{gateway:str}/again", opt=_OPERATORS, status_code=303)
async def all_again(hub: Hub, visitor: Visitor, gateway: str) -> Response[Any]:
    """Try everything of one gateway now."""

    def act(c: apsw.Connection) -> str:
        if gateway == "stamps":
            stamps.stamp_now(c, hub.now_ms())
        elif gateway in ("portal", "identity"):
            mailbox.try_all_now(c, gateway, hub.now_ms())  # type: ignore[arg-type]  # checked
        return gateway[:16]

    return await _do(hub, visitor, "gateway.again", act)


@post("/gateways/letters/{letter:int}/again", opt=_OPERATORS, status_code=303)
async def letter_again(hub: Hub, visitor: Visitor, letter: int) -> Response[Any]:
    """Try one letter now, also one that was refused."""
    return await _do(hub, visitor, "gateway.letter.again", lambda c: mailbox.try_now(c, letter, hub.now_ms()).subject)


@post("/gateways/letters/{letter:int}/drop", opt=_OPERATORS, status_code=303)
async def letter_drop(hub: Hub, visitor: Visitor, letter: int, request: Request[Any, Any, Any]) -> Response[Any]:
    """Give a letter up, with a reason."""
    form = await request.form()
    return await _do(
        hub, visitor, "gateway.letter.drop",
        lambda c: mailbox.drop(c, letter, text_of(form, "reason", label="Lý do bỏ", most=300), hub.now_ms()).subject,
    )  # fmt: skip


@post("/gateways/arrivals/{arrival:int}/place", opt=_OPERATORS, status_code=303)
async def arrival_place(hub: Hub, visitor: Visitor, arrival: int, request: Request[Any, Any, Any]) -> Response[Any]:
    """Say which office is competent for an application that names none clearly."""
    office = text_of(await request.form(), "office", most=32)
    news: set[OfficeCode] = set()

    def act(c: apsw.Connection) -> str:
        found = arrivals.held_one(c, arrival)
        if office not in {one.office for one in all_nodes(c) if not one.is_revoked}:
            raise OfficeUnclear(unit=found.unit[:32])
        told = portal.application_of(msgspec.json.decode(found.original)).arrived_at(OfficeCode(office))
        news.update(arrivals.place(c, told, hub.identity.epoch, hub.now_ms()))
        return found.number

    answer = await _do(hub, visitor, "gateway.arrival.place", act)
    await hub.service.spread(news, but=HUB_NODE)
    return answer


@post("/gateways/arrivals/{arrival:int}/drop", opt=_OPERATORS, status_code=303)
async def arrival_drop(hub: Hub, visitor: Visitor, arrival: int, request: Request[Any, Any, Any]) -> Response[Any]:
    """Give an application up that cannot be read, with a reason."""
    form = await request.form()
    return await _do(
        hub, visitor, "gateway.arrival.drop",
        lambda c: arrivals.drop(c, arrival, text_of(form, "reason", label="Lý do bỏ", most=300), hub.now_ms()).number,
    )  # fmt: skip


async def _do(hub: Hub, visitor: Visitor, what: str, act: Callable[[apsw.Connection], str]) -> Response[Any]:
    """One act with its audit row in one transaction."""

    def work(c: apsw.Connection) -> None:
        subject = act(c)
        record_act(
            c,
            at_ms=hub.now_ms(),
            officer=visitor.account,
            roles=visitor.roles,
            what=what,
            subject=subject,
            outcome="done",
        )

    try:
        await hub.store.writer.run_async(work)
    except Problem as problem:
        return await _show(hub, problem)
    return Redirect("/gateways", status_code=303)


ROUTES = (gateways, all_again, letter_again, letter_drop, arrival_place, arrival_drop)
