"""The hub's pages: HTTP in and out; reading is done by the rooms of operations."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import apsw
import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import Body
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.ingest.quarantine import held
from central_hub.lookup.audit import record_act
from central_hub.lookup.masking import masked
from central_hub.operations.worklist import (
    DossierLine,
    FileLine,
    read_dossier,
    read_dossiers,
    stage_of,
)
from central_hub.web.roles import WORKLISTS, live, only
from central_hub.web.stages import STEPS, stage
from sync_protocol.adapters.arrivals import raw_acts, wrong_clocks
from sync_protocol.adapters.moves import states_aimed_at
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor, visitor_of
from sync_protocol.ids import RecordId

CODE_MAX = 64
DOSSIERS_SHOWN, FRAMES_SHOWN = 100, 200
ASKS_PER_MINUTE = 10
_asks = RateLimitConfig(rate_limit=("minute", ASKS_PER_MINUTE), store="rate_limit")


class CodeForm(msgspec.Struct):
    """What a citizen types."""

    code: str = ""


@get("/", opt={"public": True})
async def first(request: Request[Any, Any, Any], state: State) -> Redirect:
    """Whoever is in sees the first page of the menu that is theirs; anybody else is asked to sign in."""
    visitor = visitor_of(request)
    if visitor is None:
        return Redirect("/login", status_code=303)
    mine = (page.href for page in state.pages if visitor.may(*page.roles))
    return Redirect(next(mine, "/my-account"), status_code=303)


@get("/dossiers", opt=only(*WORKLISTS))
async def dossiers(hub: Hub) -> Template:
    """What is where, dossier by dossier."""
    return Template("dossiers.html", context=await _worklist(hub))


@get("/dossiers/list", opt=live(*WORKLISTS))
async def dossiers_list(hub: Hub) -> Template:
    """The part that changes."""
    return Template("dossiers_list.html", context=await _worklist(hub))


async def _worklist(hub: Hub) -> dict[str, Any]:
    names = await asyncio.to_thread(hub.law.names, hub.now())
    rows = await hub.store.readers.run_async(lambda c: read_dossiers(c, DOSSIERS_SHOWN))
    return {"rows": rows, "names": names, "is_cut": len(rows) >= DOSSIERS_SHOWN}


@get("/dossiers/{rid:str}", opt=only(*WORKLISTS))
async def one_dossier(hub: Hub, visitor: Visitor, rid: str) -> Template:
    """One dossier: papers, files and who may see it; numbers of people masked, and the look is a row of the audit in the same transaction."""
    try:
        wanted = RecordId(bytes.fromhex(rid))
    except ValueError as error:
        raise PageUnknown() from error
    found = await hub.store.writer.run_async(lambda c: _look_at(c, hub, visitor, wanted))
    if found is None:
        raise PageUnknown()
    names = await asyncio.to_thread(hub.law.names, hub.now())
    files = {one.digest: one for one in found[1]}
    states = await hub.store.readers.run_async(lambda c: states_aimed_at(c, wanted))
    wrong, raw = await hub.store.readers.run_async(lambda c: (wrong_clocks(c, wanted), raw_acts(c, wanted)))
    context = {"row": found[0], "files": files, "masked": masked, "names": names, "states": states, "wrong_clocks": wrong, "raw": raw}
    return Template("dossier.html", context=context)


def _look_at(
    connection: apsw.Connection, hub: Hub, visitor: Visitor, rid: RecordId
) -> tuple[DossierLine, list[FileLine]] | None:
    found = read_dossier(connection, rid)
    if found is not None:
        record_act(
            connection, at_ms=hub.now_ms(), officer=visitor.account, roles=visitor.roles, what="dossier.view", subject=found[0].view.reference,
            rid=rid, outcome="shown",
        )  # fmt: skip
    return found


@get("/quarantine", opt=only("operator", "auditor"))
async def quarantine(hub: Hub) -> Template:
    """Frames the hub could not take, with their reasons."""
    rows = await hub.store.readers.run_async(lambda c: held(c, FRAMES_SHOWN))
    return Template("quarantine.html", context={"rows": rows, "is_cut": len(rows) >= FRAMES_SHOWN})


@get("/tra-cuu", opt={"public": True})
async def ask() -> Template:
    """The citizen's question."""
    return Template("citizen.html", context={"code": "", "asked": False, "stage": None, "steps": STEPS})


@post("/tra-cuu", opt={"public": True}, status_code=200, middleware=[_asks.middleware])
async def answer(
    hub: Hub,
    data: Annotated[CodeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    request: Request[Any, Any, Any],
) -> Template:
    """The degree of completion only; the code travels in the form, never in an address."""
    code = " ".join(data.code.split())[:CODE_MAX]
    state = await hub.store.readers.run_async(lambda c: stage_of(c, code)) if code else None
    context = {"code": code, "asked": True, "stage": stage(state) if state else None, "steps": STEPS}
    return Template("citizen.html", context=context)


hub_router = Router(
    "/", route_handlers=[
        first, dossiers, dossiers_list, one_dossier, quarantine, ask, answer,
    ],
)  # fmt: skip
