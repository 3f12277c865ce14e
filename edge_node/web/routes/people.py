"""People of this office: who has which roles; a new password; letting an account try again. For administrators only."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.people.passwords import set_password
from edge_node.web.office import Office
from edge_node.web.roles import KEEPERS, only
from sync_protocol.adapters.people.door import Door
from sync_protocol.errors import Problem


class PasswordForm(msgspec.Struct):
    """A new password."""

    password: str = ""


Form = Annotated[PasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(office: Office, door: Door, problem: Problem | None = None) -> Template:
    with_password = await office.do(door.passwords.accounts)
    context = {
        "officers": office.node.settings.officers, "with_password": with_password, "problem": problem,
        "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("people.html", context=context, status_code=problem.http_status if problem else 200)


@get("/people", opt=only(*KEEPERS))
async def people(office: Office, state: State) -> Template:
    """Every account with its roles."""
    return await _show(office, state.door)


@post("/people/{account:str}/password", opt=only(*KEEPERS), status_code=303)
async def give_password(office: Office, state: State, account: str, data: Form) -> Response[Any]:
    """Set a password; the account may try at once."""
    door: Door = state.door
    try:
        await office.do(lambda: set_password(door.passwords, office.node.desk.officers, account, data.password))
    except Problem as problem:
        return await _show(office, door, problem)
    await door.unlock(account)
    return Redirect("/people", status_code=303)


@post("/people/{account:str}/unlock", opt=only(*KEEPERS), status_code=303)
async def unlock(state: State, account: str) -> Redirect:
    """End the wait after wrong tries."""
    await state.door.unlock(account)
    return Redirect("/people", status_code=303)


people_router = Router("/", route_handlers=[people, give_password, unlock])
