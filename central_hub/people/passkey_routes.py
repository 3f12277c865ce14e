"""Passkeys over HTTP: make one on the page of one's own account, come in with one at the door. JSON in and out; the script is `passkey.js`."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import apsw
import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.response import Redirect

from central_hub.app import Hub
from central_hub.lookup.audit import record_act
from central_hub.people import passkeys
from central_hub.people.errors import PasskeyRefused
from central_hub.people.passkeys import ALGORITHMS, Challenges, Made, Shown, Site
from central_hub.web.roles import ANYONE
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web import sessions
from sync_protocol.adapters.web.common_routes import local
from sync_protocol.adapters.web.errors import FormUnreadable, PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem

T = TypeVar("T")


def _site(state: State) -> Site:
    """Where passkeys are bound to. Raises PageUnknown: these pages have no name or no TLS, so there are none."""
    if state.site is None:
        raise PageUnknown()
    found: Site = state.site
    return found


def _client(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else "unknown"


@post("/passkeys/begin", opt=ANYONE, status_code=200)
async def begin(hub: Hub, state: State, visitor: Visitor) -> dict[str, Any]:
    """What the browser needs to make a key for the visitor's account."""
    site, asked = _site(state), state.challenges
    held = await hub.store.readers.run_async(lambda c: passkeys.passkeys_of(c, visitor.account))
    return {
        "challenge": asked.ask(visitor.account), "rp": {"id": site.name, "name": hub.settings.name}, "algorithms": ALGORITHMS,
        "user": {"id": passkeys.packed(hashlib.sha256(visitor.account.encode()).digest()), "name": visitor.account, "shown": visitor.name},
        "held": [passkeys.packed(one.credential) for one in held],
    }  # fmt: skip


@post("/passkeys", opt=ANYONE, status_code=200)
async def keep(hub: Hub, state: State, visitor: Visitor, request: Request[Any, Any, Any]) -> dict[str, str]:
    """Keep the key that was made. Raises PasskeyRefused, FormUnreadable."""
    site, challenges = _site(state), state.challenges
    data = await _json(request, Made)

    def work(connection: apsw.Connection) -> None:
        made = passkeys.register(connection, data, visitor.account, site, challenges, hub.now_ms())
        _note(connection, hub, visitor, "passkey.add", made.label)

    await hub.store.writer.run_async(work)
    return {"next": "/my-account"}


@post("/passkeys/remove", opt=ANYONE, status_code=303)
async def remove(hub: Hub, state: State, visitor: Visitor, request: Request[Any, Any, Any]) -> Redirect:
    """Take one of the visitor's own keys away. Idempotent."""
    _site(state)
    credential = passkeys.unpacked(str((await request.form()).get("credential", "")))

    def work(connection: apsw.Connection) -> None:
        if passkeys.forget(connection, visitor.account, credential):
            _note(connection, hub, visitor, "passkey.remove", "")

    await hub.store.writer.run_async(work)
    return Redirect("/my-account", status_code=303)


@post("/passkeys/enter/begin", opt={"public": True}, status_code=200)
async def begin_entering(state: State, request: Request[Any, Any, Any]) -> dict[str, Any]:
    """A challenge for whoever stands at the door. Raises TooManyTries."""
    site, door, asked = _site(state), state.door, state.challenges
    await _check(door, request)
    return {"challenge": asked.ask(), "rp": site.name}


@post("/passkeys/enter", opt={"public": True}, status_code=200)
async def enter(hub: Hub, state: State, request: Request[Any, Any, Any]) -> Response[Any]:
    """Let the key's account in under a fresh session. Raises PasskeyRefused (counted as a wrong try of this client), TooManyTries."""
    site, door, challenges = _site(state), state.door, state.challenges
    await _check(door, request)
    data = await _json(request, Shown)

    def work(connection: apsw.Connection) -> str:
        account = passkeys.prove(connection, data, site, challenges, hub.now_ms())
        if state.find_visitor(account) is None:
            raise PasskeyRefused(reason="account is blocked or gone")
        return account

    try:
        account = await hub.store.writer.run_async(work)
    except Problem:
        await door.note_client(_client(request))
        raise
    sessions.begin(request, account)
    return Response({"next": local(data.next)})


async def _json(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """The body as JSON of this kind. A form is refused unread: the check of its token has consumed it, and waiting for it would never end.

    Raises:
        FormUnreadable.
    """
    if request.content_type[0] != "application/json":
        raise FormUnreadable()
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FormUnreadable() from error


async def _check(door: Door, request: Request[Any, Any, Any]) -> None:
    await door.check_client(_client(request))


def _note(connection: apsw.Connection, hub: Hub, visitor: Visitor, what: str, outcome: str) -> None:
    record_act(
        connection,
        at_ms=hub.now_ms(),
        officer=visitor.account,
        roles=visitor.roles,
        what=what,
        subject=visitor.account,
        outcome=outcome,
    )


ROUTES = (begin, keep, remove, begin_entering, enter)

__all__ = ["ROUTES", "Challenges"]
