"""Cases on screen: the worklist with age and holder, the evidence side by side, the decision. HTTP in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import apsw
from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.evidence import open_evidence, require_file
from central_hub.cases.model import DOSSIERS_MAX, read_cases
from central_hub.web.form_reading import text_of
from central_hub.web.roles import CASE_APPROVERS, CONFLICT_OFFICERS, SETTLERS, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.worklist import count_open_cases
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, BlobDigest, OfficeCode, RecordId

T = TypeVar("T")
FILE_BYTES_MAX = 64 * 1024 * 1024


def decider_of(hub: Hub, visitor: Visitor) -> Decider:
    """Who acts, for the rooms."""
    return Decider(visitor.account, visitor.roles, hub.identity.epoch, hub.now_ms())


@get("/cases", opt=only(*SETTLERS))
async def cases(hub: Hub, visitor: Visitor) -> Template:
    """Everything offices disagree on, oldest first; what is too old stands first."""
    after = hub.settings.cases.escalate_after_days
    now_ms = hub.now_ms()
    rows, dossiers = await hub.store.readers.run_async(lambda c: (read_cases(c, DOSSIERS_MAX), count_open_cases(c)))
    rows.sort(key=lambda one: not one.is_escalated(now_ms, after))
    context = {
        "rows": rows, "now_ms": now_ms, "after": after, "me": visitor.account, "dossiers": dossiers, "most": DOSSIERS_MAX,
        "names": await asyncio.to_thread(hub.law.names, hub.now()),
    }  # fmt: skip
    return Template("cases.html", context=context)


async def _show(
    hub: Hub, visitor: Visitor, rid: str, case: str, problem: Problem | None = None, reason: str = ""
) -> Template:
    record, identifier = _ids(rid, case)
    found = await hub.store.writer.run_async(lambda c: open_evidence(c, record, identifier, decider_of(hub, visitor)))
    context = {
        "found": found,
        "names": await asyncio.to_thread(hub.law.names, hub.now()),
        "problem": problem,
        "reason": reason,
        "now_ms": hub.now_ms(),
        "after": hub.settings.cases.escalate_after_days,
    }
    return Template("case.html", context=context, status_code=problem.http_status if problem else 200)


@get("/cases/{rid:str}/{case:str}", opt=only(*SETTLERS))
async def one_case(hub: Hub, visitor: Visitor, rid: str, case: str) -> Template:
    """The evidence; a logged look."""
    return await _show(hub, visitor, rid, case)


@get("/cases/{rid:str}/{case:str}/files/{digest:str}", opt=only(*SETTLERS))
async def case_file(hub: Hub, visitor: Visitor, rid: str, case: str, digest: str) -> Response[bytes]:
    """One file of the case; a second logged look."""
    record, identifier = _ids(rid, case)
    try:
        wanted = BlobDigest(bytes.fromhex(digest))
    except ValueError as error:
        raise PageUnknown() from error
    await hub.store.writer.run_async(lambda c: require_file(c, record, identifier, wanted, decider_of(hub, visitor)))
    if not await asyncio.to_thread(hub.files.files.has, wanted.hex()):
        raise PageUnknown()
    content = await asyncio.to_thread(hub.files.files.read_chunk, wanted.hex(), 0, FILE_BYTES_MAX)
    return Response(
        content, media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{wanted.hex()[:8]}.pdf"'},
    )  # fmt: skip


@post("/cases/{rid:str}/{case:str}/take", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def take(hub: Hub, visitor: Visitor, rid: str, case: str) -> Response[Any]:
    """Hold the case."""
    record, identifier = _ids(rid, case)

    def work(c: apsw.Connection) -> set[OfficeCode]:
        decisions.take(c, record, identifier, decider_of(hub, visitor))
        return set()

    return await _act(hub, visitor, rid, case, work, stay=True)


@post("/cases/{rid:str}/{case:str}/decide", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def decide(hub: Hub, visitor: Visitor, rid: str, case: str, request: Request[Any, Any, Any]) -> Response[Any]:
    """Settle it, or propose where two people are needed."""
    form = await request.form()
    choice, reason = text_of(form, "choice"), text_of(form, "reason")
    record, identifier = _ids(rid, case)

    def work(c: apsw.Connection) -> set[OfficeCode]:
        return decisions.decide(c, record, identifier, choice, reason, decider_of(hub, visitor))[1]

    return await _act(hub, visitor, rid, case, work, reason=reason)


@post("/cases/{rid:str}/{case:str}/approve", opt=only(*CASE_APPROVERS), status_code=303)
async def approve(hub: Hub, visitor: Visitor, rid: str, case: str) -> Response[Any]:
    """Approve what another proposed."""
    record, identifier = _ids(rid, case)
    return await _act(
        hub, visitor, rid, case, lambda c: decisions.approve(c, record, identifier, decider_of(hub, visitor))
    )


@post("/cases/{rid:str}/{case:str}/withdraw", opt=only(*CASE_APPROVERS), status_code=303)
async def withdraw(hub: Hub, visitor: Visitor, rid: str, case: str) -> Response[Any]:
    """Take a proposal back."""
    record, identifier = _ids(rid, case)

    def work(c: apsw.Connection) -> set[OfficeCode]:
        decisions.withdraw(c, record, identifier, decider_of(hub, visitor))
        return set()

    return await _act(hub, visitor, rid, case, work, stay=True)


async def _act(
    hub: Hub,
    visitor: Visitor,
    rid: str,
    case: str,
    work: Callable[[apsw.Connection], set[OfficeCode]],
    *,
    reason: str = "",
    stay: bool = False,
) -> Response[Any]:
    try:
        news = await hub.store.writer.run_async(work)
    except Problem as problem:
        if problem.code == "CAS-001":
            raise
        return await _show(hub, visitor, rid, case, problem, reason)
    await hub.service.spread(news, but=HUB_NODE)
    return Redirect(f"/cases/{rid}/{case}" if stay else "/cases", status_code=303)


def _ids(rid: str, case: str) -> tuple[RecordId, bytes]:
    try:
        return RecordId(bytes.fromhex(rid)), bytes.fromhex(case)
    except ValueError as error:
        raise PageUnknown() from error


ROUTES = (cases, one_case, case_file, take, decide, approve, withdraw)
