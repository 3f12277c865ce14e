"""Reuse before ask, for a dossier that was received already: papers on file here and, with a line, at every other office."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.response import Redirect, Template

from edge_node.intake.elsewhere import Answered
from edge_node.intake.reuse import ReuseCheck
from edge_node.intake.service import take_papers
from edge_node.web.address import record_id
from edge_node.web.checklist import asked_elsewhere, open_parts
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView


async def _show(office: Office, visitor: Visitor, rid: RecordId, problem: Problem | None = None) -> Template:
    view, answer = await _asked(office, visitor, rid)
    context = {
        "view": view, "parts": await open_parts(office, view, answer), "as_of_ms": answer.as_of_ms if answer else 0, "problem": problem,
        "to_check": sum(1 for one in view.components if one.reuse_check == "local_only" and one.source is not None),
        "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("reuse.html", context=context, status_code=problem.http_status if problem else 200)


@get("/dossiers/{rid:str}/reuse", opt=only("intake"))
async def reusable(office: Office, visitor: Visitor, rid: str) -> Template:
    """What need not be asked for, component by component; the look-up at the other offices is logged there with its purpose."""
    return await _show(office, visitor, record_id(rid))


@post("/dossiers/{rid:str}/reuse", opt=only("intake"), status_code=303)
async def take(office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str) -> Response[Any]:
    """Take the chosen papers, and mark earlier reuse as checked where every office's answer names it."""
    record, form = record_id(rid), await request.form()
    chosen = {str(one) for one in form.getall("take", [])}
    try:
        view, answer = await _asked(office, visitor, record)
        parts = await open_parts(office, view, answer)
        papers = {
            one.component.component_id: one.paper
            for one in parts
            if one.paper and one.component.component_id.hex() in chosen
        }
        known = answer.known if answer else frozenset()
        checked: ReuseCheck = "full" if answer else "local_only"
        await office.do(
            lambda: take_papers(office.node.desk, visitor.account, record, papers, checked=checked, known=known)
        )
    except Problem as problem:
        return await _show(office, visitor, record, problem)
    return Redirect(f"/dossiers/{rid}", status_code=303)


async def _asked(office: Office, visitor: Visitor, rid: RecordId) -> tuple[DossierView, Answered | None]:
    view = await office.do(lambda: office.view(rid))
    if view.applicant is None:
        return view, None
    return view, await asked_elsewhere(
        office, view.applicant, rid.hex(), view.reference, visitor.account, view.procedure
    )


reuse_router = Router("/", route_handlers=[reusable, take])
