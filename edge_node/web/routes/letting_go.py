"""Letting a dossier go, and the list of those that were let go."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.letting_go.service import let_go
from edge_node.letting_go.tombstones import SHOWN, tombstones
from edge_node.web.address import record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.office import Office
from edge_node.web.roles import LOOKERS, STAFF_PAGE, only
from edge_node.web.routes.dossier import show_dossier
from edge_node.web.tombstone_page import name_of
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.bodies.following import ExitReason
from sync_protocol.errors import Problem


class WishForm(msgspec.Struct):
    """Why, and that it is meant."""

    why: str = ""
    note: str = ""
    sure: str = ""


REASONS: dict[str, ExitReason] = {"handed_on": "handed_on", "settled": "settled", "looked_up": "looked_up", "other": "other"}


@post("/dossiers/{rid:str}/let-go", opt=only(*LOOKERS), status_code=303)
async def ask(
    office: Office, visitor: Visitor, rid: str, data: Annotated[WishForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """*Thôi theo dõi hồ sơ này*: saved here at once, decided by the hub."""
    record, note = record_id(rid), " ".join(data.note.split())
    try:
        reason = REASONS.get(data.why)
        if reason is None or (reason == "other" and not note):
            raise NothingChosen(what="lý do thôi theo dõi", what_code="why")
        if not data.sure:
            raise NothingChosen(what="ô xác nhận", what_code="sure")
        role = visitor.roles[0] if visitor.roles else ""
        await office.do(partial(let_go, office.node.desk, visitor.account, role, record, reason, note))
    except Problem as problem:
        return await show_dossier(office, visitor, record, problem, {"why": data.why, "note": data.note, "step": "let_go"})
    return Redirect(f"/dossiers/{rid}", status_code=303)


@get("/let-go", opt=STAFF_PAGE)
async def gone(office: Office) -> Template:
    """The dossiers that this office let go, the newest first."""
    rows = await office.read(lambda c: tombstones(c, SHOWN))
    context = {"rows": rows, "names": {one.rid: name_of(office, one) for one in rows}, "bar": await office.read(office.bar())}
    return Template("let_go_list.html", context=context)


letting_go_router = Router("/", route_handlers=[ask, gone])
