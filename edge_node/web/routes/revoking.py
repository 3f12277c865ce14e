"""Revoking a paper: what it is, who reuses it here, why, and that it is meant."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.intake.service import dossier
from edge_node.review.service import document_of
from edge_node.revoking.errors import RevokedAlready
from edge_node.revoking.service import REVOKERS, reusing, revokable, revoke
from edge_node.web.address import document_id, record_id
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import DocumentId, RecordId


class RevokeForm(msgspec.Struct):
    """Why, and that it is meant."""

    reason: str = ""
    sure: str = ""


async def _show(
    office: Office, visitor: Visitor, rid: RecordId, paper: DocumentId, problem: Problem | None = None, typed: str = ""
) -> Template:
    view = await office.do(lambda: dossier(office.node.desk, rid))
    document = document_of(view, paper)
    component = view.component(document.component_id)
    using = await office.read(lambda c: [one.reference for one in reusing(c, rid, paper)])
    if problem is None and document.revoked is not None:
        problem = RevokedAlready(office=document.revoked.office)
    context = {
        "view": view, "document": document, "name": component.name if component else document.document_type, "using": using, "typed": typed,
        "may": paper in revokable(office.node.desk, view), "problem": problem, "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("revoke.html", context=context, status_code=problem.http_status if problem else 200)


@get("/dossiers/{rid:str}/papers/{paper:str}/revoke", opt=only(*REVOKERS))
async def asked(office: Office, visitor: Visitor, rid: str, paper: str) -> Template:
    """What is about to be revoked."""
    return await _show(office, visitor, record_id(rid), document_id(paper))


@post("/dossiers/{rid:str}/papers/{paper:str}/revoke", opt=only(*REVOKERS), status_code=303)
async def revoked(
    office: Office, visitor: Visitor, rid: str, paper: str, data: Annotated[RevokeForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """*Thu hồi giấy*: saved here at once, also without a line."""
    record, wanted = record_id(rid), document_id(paper)
    try:
        await office.do(
            lambda: revoke(office.node.desk, visitor.account, record, wanted, reason=data.reason, sure=bool(data.sure))
        )
    except Problem as problem:
        return await _show(office, visitor, record, wanted, problem, data.reason)
    return Redirect(f"/dossiers/{rid}", status_code=303)


revoking_router = Router("/", route_handlers=[asked, revoked])
