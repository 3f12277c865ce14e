"""One's own account: another password, the one-time code on a phone with its recovery codes. The password proves who is asking."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import segno
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.people.keeping import Factor, Keeping
from edge_node.web.office import Office
from edge_node.web.roles import ANYONE
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem


class OwnForm(msgspec.Struct):
    """The boxes of all forms on the page; `former` and `code` prove who is asking."""

    former: str = ""
    code: str = ""
    password: str = ""


Form = Annotated[OwnForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(
    office: Office, state: State, visitor: Visitor, problem: Problem | None = None, *, at: str = "", factor: Factor | None = None,
    codes: tuple[str, ...] = (), status: int = 200,
) -> Template:  # fmt: skip
    passwords = state.door.passwords
    has_factor = await office.do(lambda: passwords.has_second_factor(visitor.account))
    context = {
        "problem": problem, "at": at, "has_factor": has_factor, "factor": factor, "codes": codes,
        "left": await office.do(lambda: passwords.recovery_left(visitor.account)),
        "picture": segno.make(factor.address, error="m").svg_data_uri(scale=5, dark="#14212b") if factor else "",
        "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("my_account.html", context=context, status_code=problem.http_status if problem else status)


async def _prove(request: Request[Any, Any, Any], state: State, visitor: Visitor, data: OwnForm) -> None:
    """The former password (and code) as at the door; wrong tries count as they do there."""
    door: Door = state.door
    await door.enter(visitor.account, data.former, data.code, request.client.host if request.client else "unknown")


@get("/my-account", opt=ANYONE)
async def mine(office: Office, state: State, visitor: Visitor) -> Template:
    """Password and second factor."""
    return await _show(office, state, visitor)


@post("/my-account/password", opt=ANYONE, status_code=303)
async def change(
    office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any], data: Form
) -> Response[Any]:
    """Change the password, then sign in again with it."""
    keeping: Keeping = state.keeping
    try:
        await _prove(request, state, visitor, data)
        await office.do(lambda: keeping.change_password(visitor.account, data.password))
    except Problem as problem:
        at = "password" if problem.code == "PEO-012" else "former"  # the box that has to be typed again
        return await _show(office, state, visitor, problem, at=at)
    request.clear_session()
    return Redirect("/login", status_code=303)


@post("/my-account/factor", opt=ANYONE, status_code=200)
async def begin(
    office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any], data: Form
) -> Template:
    """Show a fresh secret as QR; it holds only after the phone's code came back."""
    keeping: Keeping = state.keeping
    try:
        await _prove(request, state, visitor, data)
    except Problem as problem:
        return await _show(office, state, visitor, problem, at="factor")
    return await _show(office, state, visitor, factor=keeping.begin_factor(visitor.account))


@post("/my-account/factor/code", opt=ANYONE, status_code=200)
async def confirm(office: Office, state: State, visitor: Visitor, data: Form) -> Template:
    """The phone's code: from now on it is asked at the door; the recovery codes are shown this once."""
    keeping: Keeping = state.keeping
    try:
        codes = await office.do(lambda: keeping.confirm_factor(visitor.account, data.code))
    except Problem as problem:
        factor = keeping.begun(visitor.account) if problem.code == "PEO-042" else None
        return await _show(office, state, visitor, problem, at="phone", factor=factor)
    return await _show(office, state, visitor, codes=codes)


@post("/my-account/factor/off", opt=ANYONE, status_code=303)
async def drop(
    office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any], data: Form
) -> Response[Any]:
    """Take the second factor away, proved with it."""
    keeping: Keeping = state.keeping
    try:
        await _prove(request, state, visitor, data)
        await office.do(lambda: keeping.drop_factor(visitor.account))
    except Problem as problem:
        return await _show(office, state, visitor, problem, at="off")
    return Redirect("/my-account", status_code=303)


my_account_router = Router("/", route_handlers=[mine, change, begin, confirm, drop])
