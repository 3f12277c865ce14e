"""Routes that both shells have: the door, the way out, the language, the assets, whether the process lives."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie, State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.web import sessions
from sync_protocol.adapters.web.assets import asset
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import ANYONE_SIGNED_IN, visitor_of
from sync_protocol.adapters.web.words import LANGUAGE_COOKIE
from sync_protocol.errors import Problem


class SignInForm(msgspec.Struct):
    """What the door asks."""

    account: str = ""
    password: str = ""
    code: str = ""
    next: str = "/"


Form = Annotated[SignInForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/login", opt={"public": True})
async def show_door(request: Request[Any, Any, Any], next: str = "/") -> Response[Any]:
    """The sign-in page; whoever is in already goes on."""
    if visitor_of(request) is not None:
        return Redirect(local(next), status_code=303)
    return Template("kit/login.html", context={"problem": None, "account": "", "next": local(next)})


@post("/login", opt={"public": True}, status_code=200)
async def enter(request: Request[Any, Any, Any], state: State, data: Form) -> Response[Any]:
    """Let an account in under a fresh session, or say what is wrong and keep what was typed."""
    door: Door = state.door
    account = data.account.strip()
    client = request.client.host if request.client else "unknown"
    try:
        await door.enter(account, data.password, data.code, client)
    except Problem as problem:
        context = {"problem": problem, "account": account, "next": local(data.next)}
        return Template("kit/login.html", context=context, status_code=problem.http_status)
    sessions.begin(request, account)
    return Redirect(local(data.next), status_code=303)


@post("/logout", opt={"roles": ANYONE_SIGNED_IN}, status_code=303)
async def leave(request: Request[Any, Any, Any]) -> Redirect:
    """End the session."""
    request.clear_session()
    return Redirect("/login", status_code=303)


@post("/language/{language:str}", opt={"public": True}, status_code=303)
async def choose_language(request: Request[Any, Any, Any], state: State, language: str) -> Redirect:
    """Remember the language in this browser."""
    chosen = "en" if language == "en" else "vi"
    cookie = Cookie(
        key=LANGUAGE_COOKIE, value=chosen, path="/", samesite="strict", secure=state.is_tls, max_age=31_536_000
    )
    form = await request.form()
    return Redirect(local(str(form.get("next", "/"))), status_code=303, cookies=[cookie])


@get("/assets/{name:str}", opt={"public": True}, sync_to_thread=True)
def give_asset(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """A style, script or font, kept by the browser."""
    try:
        found = asset(name)
    except Problem as problem:
        raise PageUnknown() from problem
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.content, media_type=found.media_type, headers=headers)


@get("/health/live", opt={"public": True}, media_type="text/plain")
async def is_alive() -> str:
    """The process answers."""
    return "ok"


def local(address: str) -> str:
    r"""An address of this very site, whatever was asked for.

    >>> local("/dossiers/1"), local("//evil.example/x"), local("/\\evil.example"), local("https://evil.example")
    ('/dossiers/1', '/', '/', '/')
    """
    is_ours = address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable()
    return address if is_ours else "/"


common_router = Router("/", route_handlers=[show_door, enter, leave, choose_language, give_asset, is_alive])
