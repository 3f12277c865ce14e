"""Pages of the hub's accounts: the list, one account, what is shown once, and one's own password. HTTP in and out."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Any

import msgspec
import pyotp
import segno
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.people.accounts import ROLES
from central_hub.people.keeping import AccountKeeping, Given
from central_hub.people.passkeys import packed, passkeys_of
from central_hub.web.roles import ANYONE, KEEPERS_OF_MACHINES, WATCHERS, only
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem

_NOTHING_TYPED: dict[str, Any] = {"account": "", "name": "", "roles": ()}


class OwnPasswordForm(msgspec.Struct):
    """The former password proves who is asking."""

    former: str = ""
    code: str = ""
    password: str = ""


def keeping_of(hub: Hub, state: State) -> AccountKeeping:
    """The accounts of this hub."""
    return AccountKeeping(state.accounts, hub.store.writer, hub.now_ms, secrets.token_bytes)


async def _list(state: State, problem: Problem | None = None, typed: dict[str, Any] | None = None) -> Template:
    accounts = await asyncio.to_thread(state.accounts.all)
    factors = {one.account for one in accounts if state.accounts.passwords.has_second_factor(one.account)}
    context = {
        "accounts": accounts,
        "factors": factors,
        "roles": ROLES,
        "problem": problem,
        "typed": typed or _NOTHING_TYPED,
    }
    return Template("accounts.html", context=context, status_code=problem.http_status if problem else 200)


def _once(hub: Hub, given: Given) -> Template:
    """The page that is never shown again: browsers do not store it."""
    address = pyotp.TOTP(given.totp).provisioning_uri(
        name=given.account.account, issuer_name=f"Liên Thông {hub.settings.name}"
    )
    picture = segno.make(address, error="m").svg_data_uri(scale=4, dark="#14212b")
    return Template("account_given.html", context={"given": given, "picture": picture})


@get("/accounts", opt=only(*WATCHERS))
async def accounts(state: State) -> Template:
    """Every account with its roles."""
    return await _list(state)


@post("/accounts", opt=only(*KEEPERS_OF_MACHINES), status_code=200)
async def add(hub: Hub, state: State, request: Request[Any, Any, Any], visitor: Visitor) -> Template:
    """Add one; what was typed stays when it is refused."""
    form = await request.form()
    typed = {
        "account": str(form.get("account", "")),
        "name": str(form.get("name", "")),
        "roles": [str(one) for one in form.getall("roles", [])],
    }
    try:
        given = await asyncio.to_thread(
            keeping_of(hub, state).add, visitor, str(typed["account"]), str(typed["name"]), list(typed["roles"])
        )
    except Problem as problem:
        return await _list(state, problem, typed)
    return _once(hub, given)


@get("/accounts/{account:str}", opt=only(*KEEPERS_OF_MACHINES))
async def one(hub: Hub, state: State, account: str) -> Template:
    """One account and what can be done with it."""
    return await _one(hub, state, account)


async def _one(hub: Hub, state: State, account: str, problem: Problem | None = None) -> Template:
    found = await asyncio.to_thread(keeping_of(hub, state).get, account)
    context = {"one": found, "roles": ROLES, "problem": problem}
    return Template("account.html", context=context, status_code=problem.http_status if problem else 200)


@post("/accounts/{account:str}/roles", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def give_roles(
    hub: Hub, state: State, request: Request[Any, Any, Any], visitor: Visitor, account: str
) -> Response[Any]:
    """Replace the roles."""
    form = await request.form()
    wanted = [str(role) for role in form.getall("roles", [])]
    try:
        await asyncio.to_thread(keeping_of(hub, state).give_roles, visitor, account, wanted)
    except Problem as problem:
        return await _one(hub, state, account, problem)
    return Redirect("/accounts", status_code=303)


@post("/accounts/{account:str}/block", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def block(hub: Hub, state: State, visitor: Visitor, account: str) -> Response[Any]:
    """Shut an account out at once."""
    try:
        await asyncio.to_thread(keeping_of(hub, state).block, visitor, account)
    except Problem as problem:
        return await _one(hub, state, account, problem)
    return Redirect("/accounts", status_code=303)


@post("/accounts/{account:str}/reset", opt=only(*KEEPERS_OF_MACHINES), status_code=200)
async def reset(hub: Hub, state: State, visitor: Visitor, account: str) -> Template:
    """A fresh password and second factor, shown once."""
    try:
        given = await asyncio.to_thread(keeping_of(hub, state).reset, visitor, account)
    except Problem as problem:
        return await _one(hub, state, account, problem)
    return _once(hub, given)


@get("/my-account", opt=ANYONE)
async def my_account(hub: Hub, visitor: Visitor) -> Template:
    """One's own password, and passkeys where the pages have a name."""
    return await _mine(hub, visitor)


async def _mine(hub: Hub, visitor: Visitor, problem: Problem | None = None) -> Template:
    held = await hub.store.readers.run_async(lambda c: passkeys_of(c, visitor.account))
    context = {"problem": problem, "held": [(packed(one.credential), one) for one in held]}
    return Template("my_account.html", context=context, status_code=problem.http_status if problem else 200)


@post("/my-account", opt=ANYONE, status_code=303)
async def change_password(
    hub: Hub, state: State, request: Request[Any, Any, Any], visitor: Visitor,
    data: Annotated[OwnPasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:  # fmt: skip
    """Change it, then sign in again with it; wrong tries count as they do at the door."""
    door: Door = state.door
    client = request.client.host if request.client else "unknown"
    try:
        await door.enter(visitor.account, data.former, data.code, client)
        await asyncio.to_thread(keeping_of(hub, state).change_own_password, visitor, data.password)
    except Problem as problem:
        return await _mine(hub, visitor, problem)
    request.clear_session()
    return Redirect("/login", status_code=303)


ROUTES = (accounts, add, one, give_roles, block, reset, my_account, change_password)
