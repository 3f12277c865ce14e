"""The wizard of a fresh office. Open while nobody can sign in; afterwards its first page does not exist, its second is the administrator's."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.first_run import OfficeForm, findings, is_fresh, printer_page, set_up
from edge_node.web.office import Office
from edge_node.web.roles import KEEPERS, only
from sync_protocol.adapters.web import sessions
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.errors import Problem

Form = Annotated[OfficeForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(office: Office, typed: OfficeForm, problem: Problem | None = None) -> Template:
    context = {"typed": typed, "problem": problem, "settings": office.node.settings}
    return Template("first_run.html", context=context, status_code=problem.http_status if problem else 200)


@get("/first-run", opt={"public": True})
async def begin(office: Office, state: State) -> Template:
    """Office and administrator. Raises PageUnknown once somebody can sign in."""
    if not await office.do(lambda: is_fresh(office.node, state.door.passwords)):
        raise PageUnknown()
    return await _show(office, OfficeForm())


@post("/first-run", opt={"public": True}, status_code=303)
async def finish(office: Office, state: State, request: Request[Any, Any, Any], data: Form) -> Response[Any]:
    """Write both and come in as the administrator; the code of the console is the key, and wrong ones count as at the door."""
    client = request.client.host if request.client else "unknown"
    try:
        await state.door.check_client(client)
        account = await office.do(
            lambda: set_up(office.node, state.keeping, state.door.passwords, data, state.first_run_code)
        )
    except Problem as problem:
        await state.door.note_client(client)
        return await _show(office, msgspec.structs.replace(data, password="", code=""), problem)
    sessions.begin(request, account)
    return Redirect("/first-run/check", status_code=303)


@get("/first-run/check", opt=only(*KEEPERS))
async def check(office: Office) -> Template:
    """Catalogue, connection, certificate, clock, letters, disk, backup: what was found and what to do next."""
    lines = await office.read(lambda c: findings(office.node, c))
    return Template("first_run_check.html", context={"lines": lines, "bar": await office.read(office.bar())})


@get("/first-run/test-page.pdf", opt=only(*KEEPERS))
async def print_test(office: Office) -> Response[bytes]:
    """A page for the printer."""
    content = await office.do(lambda: printer_page(office.node))
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": "inline"})


first_run_router = Router("/", route_handlers=[begin, finish, check, print_test])
