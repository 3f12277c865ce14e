"""Nodes on screen: enrol one, look at one, issue it again, revoke it; always with what it had not delivered. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.enrolment.errors import HandoutGone
from central_hub.enrolment.handout import Handout
from central_hub.enrolment.issuing import cut_off, issue
from central_hub.enrolment.undelivered import undelivered
from central_hub.ingest.errors import UnknownNode
from central_hub.ingest.nodes import NodeRow, find_node
from central_hub.lookup.audit import record_act
from central_hub.operations.alarms import alarms_of
from central_hub.operations.fleet import read_node
from central_hub.seals.registry import brought_along
from central_hub.seals.web_routes import CERTIFICATE_KB
from central_hub.web.form_reading import text_of, uploads_of
from central_hub.web.roles import KEEPERS_OF_MACHINES, WATCHERS, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import NodeId, OfficeCode

_log = structlog.get_logger(__name__)
_NOTHING_TYPED = {"node": "", "office": ""}


def _note(hub: Hub, visitor: Visitor, what: str, node: str, reason: str, outcome: str) -> Any:
    return hub.store.writer.run_async(
        lambda c: record_act(
            c,
            at_ms=hub.now_ms(),
            officer=visitor.account,
            roles=visitor.roles,
            what=what,
            subject=node,
            reason=reason,
            outcome=outcome,
        )
    )


def _enrol_page(problem: Problem | None = None, typed: dict[str, str] | None = None) -> Template:
    context = {"problem": problem, "typed": typed or _NOTHING_TYPED}
    return Template("enrol.html", context=context, status_code=problem.http_status if problem else 200)


async def _row(hub: Hub, node: str) -> NodeRow:
    try:
        return await hub.store.readers.run_async(lambda c: find_node(c, NodeId(node)))
    except UnknownNode as problem:
        raise PageUnknown() from problem


async def _node_page(hub: Hub, node: str, problem: Problem | None = None, tried: str = "") -> Template:
    """A node's page; `tried` is the form that the problem is about (rekey, again, revoke): only that one stands open."""
    row = await _row(hub, node)
    missing, line, held = await hub.store.readers.run_async(
        lambda c: (undelivered(c, row), read_node(c, row, hub.now_ms()), alarms_of(c, node))
    )
    names = await asyncio.to_thread(hub.law.names, hub.now())
    context = {"row": row, "missing": missing, "line": line, "held": held, "names": names, "problem": problem, "tried": tried}
    return Template("node.html", context=context, status_code=problem.http_status if problem else 200)


def _given(state: State, visitor: Visitor, office: str, handed: Handout, has_numbers: bool) -> Template:
    """The page with the code, shown once; the sealed file waits in memory for one download by the same person."""
    state.handouts[handed.node] = (visitor.account, handed.sealed)
    context = {"handed": handed, "office": office, "has_numbers": has_numbers}
    return Template("node_given.html", context=context)


@get("/nodes", opt=only(*KEEPERS_OF_MACHINES))
async def enrol_page() -> Template:
    """The form of a new node."""
    return _enrol_page()


@post("/nodes", opt=only(*KEEPERS_OF_MACHINES), status_code=200)
async def enrol(hub: Hub, state: State, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Admit a node for an office that stands today."""
    form = await request.form()
    typed = {name: text_of(form, name, most=32) for name in _NOTHING_TYPED}
    try:
        node = text_of(form, "node", label="Tên điểm", most=32)
        office = text_of(form, "office", label="Mã cơ quan", most=16)
        signers = brought_along(
            await uploads_of(form, "officers", limit_kb=CERTIFICATE_KB),
            await uploads_of(form, "agency", limit_kb=CERTIFICATE_KB),
            OfficeCode(office),
        )
        handed, has_numbers = await issue(hub, node, office, signers=signers)
    except Problem as problem:
        return _enrol_page(problem, typed)
    await _note(hub, visitor, "node.enrol", node, "", office)
    for one in signers:
        await _note(hub, visitor, "officer.register", f"{one.office} {one.role} {one.certificate.hex()[:16]}", "", "done")
    return _given(state, visitor, office, handed, has_numbers)


@get("/nodes/{node:str}", opt=only(*WATCHERS))
async def one_node(hub: Hub, node: str) -> Template:
    """One node and what it had not delivered. Raises PageUnknown."""
    return await _node_page(hub, node)


@post("/nodes/{node:str}/again", opt=only(*KEEPERS_OF_MACHINES), status_code=200)
async def issue_again(hub: Hub, state: State, visitor: Visitor, request: Request[Any, Any, Any], node: str) -> Template:
    """A new key for a known node: its machine is replaced, or (with `keeps_log`) only its keys change."""
    form = await request.form()
    keeps_log = bool(form.get("keeps_log"))
    try:
        reason = text_of(form, "reason", label="Lý do", most=200)
        row = await _row(hub, node)
        handed, has_numbers = await issue(hub, node, row.office, again=True, keeps_log=keeps_log)
    except Problem as problem:
        return await _node_page(hub, node, problem, "rekey" if keeps_log else "again")
    await _note(hub, visitor, "node.rekey" if keeps_log else "node.again", node, reason, "issued")
    return _given(state, visitor, row.office, handed, has_numbers)


@post("/nodes/{node:str}/revoke", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def revoke(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], node: str) -> Response[Any]:
    """Cut a node off at once."""
    form = await request.form()
    try:
        reason = text_of(form, "reason", label="Lý do", most=200)
        await _row(hub, node)
        await cut_off(hub, node)
    except Problem as problem:
        return await _node_page(hub, node, problem, "revoke")
    await _note(hub, visitor, "node.revoke", node, reason, "revoked")
    _log.warning("node.revoked", node=node)
    return Redirect(f"/nodes/{node}", status_code=303)


@get("/nodes/{node:str}/file", opt=only(*KEEPERS_OF_MACHINES))
async def sealed_file(state: State, visitor: Visitor, node: str) -> Response[bytes]:
    """The sealed file, once, for whoever issued it. Raises HandoutGone."""
    account, sealed = state.handouts.get(node, ("", b""))
    if account != visitor.account:
        raise HandoutGone(node=node)
    del state.handouts[node]
    headers = {"Content-Disposition": f'attachment; filename="{node}.lienthong"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)


ROUTES = (enrol_page, enrol, one_node, issue_again, revoke, sealed_file)
