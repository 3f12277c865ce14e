"""The form that corrects the applicant's identity. HTTP in and out."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from edge_node.resolution.correcting import correct
from edge_node.web.address import document_id, record_id
from edge_node.web.form_reading import possible_day, tidy, within
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.dossier import show_dossier
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem


class CorrectionForm(msgspec.Struct):
    """Which field, what it ought to be, and by which proof."""

    field: str = ""
    value: str = ""
    paper: str = ""
    proof: str = ""


@post("/dossiers/{rid:str}/correct", opt=only("resolving"), status_code=303)
async def propose(
    office: Office, visitor: Visitor, rid: str, data: Annotated[CorrectionForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """*Đề nghị sửa*: an event that waits for a second person."""
    record = record_id(rid)
    try:
        value = within(data.value, label="Giá trị đúng", box="value")
        if data.field == "birth_date":
            value = possible_day(value, label="Giá trị đúng", box="value", last=vietnam_date(office.node.now()))
        proof = within(data.proof, label="Giấy tờ chứng minh khác", box="proof")
        paper = document_id(data.paper) if data.paper else None
        await office.do(partial(correct, office.node.desk, visitor.account, record, data.field, value, proof=proof, paper=paper))
    except Problem as problem:
        typed = {"field": data.field, "value": tidy(data.value), "paper": data.paper, "proof": tidy(data.proof), "step": "correct"}
        return await show_dossier(office, visitor, record, problem, typed)
    return Redirect(f"/dossiers/{rid}", status_code=303)


correcting_router = Router("/", route_handlers=[propose])
