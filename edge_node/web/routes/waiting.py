"""A dossier that waits for its supplement: accepted when everything is there, or refused with its reasons."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, post
from litestar.response import Redirect

from edge_node.intake.outcomes import Grounds, accept_supplemented, refuse_waiting
from edge_node.web.address import record_id
from edge_node.web.form_reading import tidy
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.dossier import show_dossier
from edge_node.web.routes.intake import print_if_open
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId


@post("/dossiers/{rid:str}/accept", opt=only("intake"), status_code=303)
async def accept(office: Office, visitor: Visitor, rid: str) -> Response[Any]:
    """The supplement is complete: the code, and the deadline from now."""
    record = record_id(rid)
    try:
        await office.do(lambda: _accept(office, visitor.account, record))
    except Problem as problem:
        return await show_dossier(office, visitor, record, problem)
    return Redirect(f"/dossiers/{rid}", status_code=303)


@post("/dossiers/{rid:str}/refuse", opt=only("intake"), status_code=303)
async def refuse(office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str) -> Response[Any]:
    """The supplement does not come: refused, with reasons of the catalogue."""
    record, form = record_id(rid), await request.form()
    explanation = tidy(str(form.get("explanation", "")))
    grounds = Grounds(reasons=tuple(str(one) for one in form.getall("reasons", [])), explanation=explanation)
    try:
        await office.do(lambda: _refuse(office, visitor.account, record, grounds))
    except Problem as problem:
        return await show_dossier(office, visitor, record, problem, {"outcome": "refused", "explanation": explanation})
    return Redirect(f"/dossiers/{rid}", status_code=303)


def _accept(office: Office, account: str, rid: RecordId) -> None:
    accept_supplemented(office.node.desk, account, rid)
    print_if_open(office, account, rid, "01")


def _refuse(office: Office, account: str, rid: RecordId, grounds: Grounds) -> None:
    refuse_waiting(office.node.desk, account, rid, grounds)
    print_if_open(office, account, rid, "03")


waiting_router = Router("/", route_handlers=[accept, refuse])
