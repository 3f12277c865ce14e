"""The guard: every route says who may use it, or nobody may.

A handler carries `opt={"roles": (...)}`, `opt={"roles": ANYONE_SIGNED_IN}` or `opt={"public": True}`. Invariant: a handler that says nothing is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from sync_protocol.adapters.web.errors import FormStale, NotYours, PageUnknown, SignInFirst

ANYONE_SIGNED_IN: tuple[str, ...] = ("*",)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WHOLE = 2**63  # what both engines keep as a whole number
_OWN_SITE = frozenset({"same-origin", "none"})


class Visitor(msgspec.Struct, frozen=True):
    """The account behind a request, looked up anew each time: a role taken away works at once."""

    account: str
    name: str
    roles: tuple[str, ...]

    def may(self, *roles: str) -> bool:
        """Whether the visitor holds one of the roles, or is only asked to be signed in."""
        return roles == ANYONE_SIGNED_IN or any(role in self.roles for role in roles)


FindVisitor = Callable[[str], Visitor | None]


def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor | None:
    """Who is signed in on this connection, or None."""
    session = connection.scope.get("session")
    account = session.get("account") if isinstance(session, dict) else None
    find: FindVisitor = connection.app.state.find_visitor
    return find(account) if isinstance(account, str) else None


def signed_in(request: Request[Any, Any, Any]) -> Visitor:
    """Who is signed in, as handlers that are not public ask for it. Raises SignInFirst."""
    visitor = visitor_of(request)
    if visitor is None:
        raise SignInFirst()
    return visitor


def default_deny(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request through only when its route allows its visitor.

    Raises:
        FormStale: a changing request that another site made the browser send.
        PageUnknown: the address names a number that no database could hold.
        SignInFirst: nobody is signed in. NotYours: the account lacks the role, or the route names none.
    """
    if any(isinstance(value, int) and not -_WHOLE <= value < _WHOLE for value in connection.path_params.values()):
        raise PageUnknown()
    method = str(connection.scope.get("method", "GET"))
    if method not in SAFE_METHODS and not _is_own_site(connection):
        raise FormStale()
    if handler.opt.get("public"):
        return
    visitor = visitor_of(connection)
    if visitor is None:
        raise SignInFirst()
    if not visitor.may(*handler.opt.get("roles", ())):
        raise NotYours()


def _is_own_site(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """What the browser itself says about the sender; the form's token is checked besides."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITE
    origin = connection.headers.get("origin")
    return origin is None or origin.split("://")[-1] == connection.headers.get("host")
