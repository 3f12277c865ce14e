"""The fleet on screen: the grid of all offices, the table, alarms with their runbook pages. HTTP in and out."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.ingest.quarantine import settle
from central_hub.lookup.audit import record_act
from central_hub.operations import alarms
from central_hub.operations.fleet import COMPLAINTS, STATES, NodeLine, read_fleet
from central_hub.operations.long_work import long_work
from central_hub.operations.runbook import page_html
from central_hub.web.form_reading import text_of
from central_hub.web.roles import KEEPERS_OF_MACHINES, WATCHERS, live, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.folding import folded

WORST_SHOWN = 30
FILTER_MAX = 32


def _short(lines: list[NodeLine]) -> dict[str, str]:
    """What stands in a cell: the office's code, and the end of the node's name where an office has several."""
    count = Counter(line.office for line in lines)
    return {line.node: line.office if count[line.office] == 1 else line.office + line.node[-1] for line in lines}


async def _context(hub: Hub, q: str, show: str, view: str) -> dict[str, Any]:
    now_ms, asked = hub.now_ms(), " ".join(q.split())[:FILTER_MAX].lower()
    making = hub.service.snapshots.making
    lines, untaken, works = await hub.store.readers.run_async(
        lambda c: (
            read_fleet(c, now_ms), alarms.count_untaken(c),
            long_work(c, has_feed=hub.settings.feed.bytes > 0, snapshots=making),
        )
    )  # fmt: skip
    names = await asyncio.to_thread(hub.law.names, hub.now())
    counts = Counter(line.state for line in lines)
    chosen = [
        line
        for line in lines
        if (not show or line.state == show)
        and (not asked or asked in line.node.lower() or folded(asked) in folded(names.office(line.office)))
    ]
    worst = sorted(
        (line for line in chosen if line.state in ("look", "away", "slow")),
        key=lambda line: (STATES.index(line.state), -line.queue_age_ms),
    )
    return {
        "all": len(lines), "lines": chosen, "short": _short(lines), "counts": counts, "states": STATES, "complaints": COMPLAINTS, "untaken": untaken, "q": asked,
        "show": show if show in STATES else "", "is_table": view == "table", "rows": chosen if view == "table" else worst[:WORST_SHOWN],
        "is_watching": hub.is_watching, "now_ms": now_ms, "names": names, "works": works,
    }  # fmt: skip


@get("/fleet", opt=only(*WATCHERS))
async def fleet(hub: Hub, q: str = "", show: str = "", view: str = "") -> Template:
    """Every office at a glance."""
    return Template("fleet.html", context=await _context(hub, q, show, view))


@get("/fleet/list", opt=live(*WATCHERS))
async def fleet_list(hub: Hub, q: str = "", show: str = "", view: str = "") -> Template:
    """The part that changes."""
    return Template("fleet_list.html", context=await _context(hub, q, show, view))


@get("/alarms", opt=only(*WATCHERS))
async def alarm_page(hub: Hub) -> Template:
    """What is wrong now, and what was."""
    return await _alarms(hub)


@get("/alarms/list", opt=live(*WATCHERS))
async def alarm_list(hub: Hub) -> Template:
    """The part that changes."""
    return await _alarms(hub, "alarms_list.html")


async def _alarms(hub: Hub, name: str = "alarms.html", problem: Problem | None = None) -> Template:
    held, over = await hub.store.readers.run_async(lambda c: (alarms.open_alarms(c), alarms.over_alarms(c)))
    context = {"held": held, "over": over, "problem": problem, "now_ms": hub.now_ms()}
    return Template(name, context=context, status_code=problem.http_status if problem else 200)


@post("/alarms/{alarm:int}", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def take_alarm(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], alarm: int) -> Response[Any]:
    """The visitor looks after it. Raises PageUnknown."""
    form = await request.form()
    note = text_of(form, "note", most=alarms.NOTE_MAX)

    def work(connection: Any) -> alarms.Alarm | None:
        taken = alarms.acknowledge(connection, alarm, visitor.account, note, hub.now_ms())
        if taken is not None and taken.by_account == visitor.account:
            record_act(
                connection, at_ms=hub.now_ms(), officer=visitor.account, roles=visitor.roles, what="alarm.take", subject=taken.subject or "hub",
                reason=note, outcome=taken.kind,
            )  # fmt: skip
        return taken

    if await hub.store.writer.run_async(work) is None:
        raise PageUnknown()
    return Redirect("/alarms", status_code=303)


@post("/quarantine/{held_id:int}", opt=only("operator"), status_code=303)
async def settle_held(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], held_id: int) -> Response[Any]:
    """The visitor looked at a frame and nothing is left to do. Settling again changes nothing."""
    note = text_of(await request.form(), "note", most=alarms.NOTE_MAX)

    def work(connection: Any) -> None:
        node = settle(connection, held_id, visitor.account, note, hub.now_ms())
        if node is not None:
            record_act(
                connection, at_ms=hub.now_ms(), officer=visitor.account, roles=visitor.roles, what="quarantine.settle", subject=node, reason=note,
                outcome=str(held_id),
            )  # fmt: skip

    await hub.store.writer.run_async(work)
    return Redirect("/quarantine", status_code=303)


@get("/runbook/{code:str}", opt=only(*WATCHERS))
async def runbook(code: str) -> Template:
    """One page of the operator's runbook, as it is shipped. Raises PageUnknown."""
    found = page_html(code)
    if found is None:
        raise PageUnknown()
    return Template("runbook.html", context={"code": code, "page": found})


ROUTES = (fleet, fleet_list, alarm_page, alarm_list, take_alarm, settle_held, runbook)
