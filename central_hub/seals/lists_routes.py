"""Revocation lists on screen: how fresh each authority's is, and a newer one to put in. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.lookup.audit import record_act
from central_hub.seals.errors import NoTrustFolder
from central_hub.seals.opening import trust_folder_of
from central_hub.seals.published_lists import newest_offer
from central_hub.seals.revocation_lists import publish_now, renew_list, states_of
from central_hub.seals.trust_folder import read_trust
from central_hub.web.form_reading import upload_of
from central_hub.web.roles import KEEPERS_OF_MACHINES, WATCHERS, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem

LIST_KB = 8 * 1024


async def _show(hub: Hub, problem: Problem | None = None) -> Template:
    folder = trust_folder_of(hub)
    try:
        states = states_of(await asyncio.to_thread(read_trust, folder)) if folder is not None else []
    except NoTrustFolder as absent:
        states, problem = [], problem or absent
    offer = await hub.store.readers.run_async(newest_offer)
    context = {"rows": states, "now": hub.now(), "published_ms": offer.made_ms if offer else None, "problem": problem}
    return Template("revocation_lists.html", context=context, status_code=problem.http_status if problem else 200)


@get("/revocation-lists", opt=only(*WATCHERS))
async def lists(hub: Hub) -> Template:
    """Every authority and how its list stands, the most urgent first."""
    return await _show(hub)


@post("/revocation-lists", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def renew(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Take a newer list and publish it to every office at once."""
    form = await request.form()
    folder = trust_folder_of(hub)
    try:
        if folder is None:
            raise NoTrustFolder(found="no folder named")
        _, content = await upload_of(form, "list", label="Tệp danh sách thu hồi", limit_kb=LIST_KB)
        state = await asyncio.to_thread(renew_list, folder, content, hub.now())
        await asyncio.to_thread(publish_now, hub, folder)
    except Problem as problem:
        return await _show(hub, problem)
    await hub.store.writer.run_async(
        lambda c: record_act(
            c, at_ms=hub.now_ms(), officer=visitor.account, roles=visitor.roles, what="list.renew", subject=state.issuer[:80],
            outcome="done",
        )
    )  # fmt: skip
    return Redirect("/revocation-lists", status_code=303)


ROUTES = (lists, renew)
