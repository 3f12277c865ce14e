"""Problem pages: any failure as a page with sentence, next step and small code; as JSON for a program; as a fragment for htmx.

Nothing of an unforeseen error is shown or logged but its type and a number that page and log share.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.routes import HTTPRoute

from sync_protocol.adapters.web.errors import (
    FormStale,
    FormUnreadable,
    PageUnknown,
    SignInFirst,
    TooBig,
    TooOften,
    Unexpected,
)
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
BODY_LIMIT_MB = 60
API = "/api/"
_LEFT = "client disconnected prematurely"  # Litestar's word for a browser that went to another page while it was still sending


def on_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    """Show a Problem; who is not signed in is sent to the door, and back afterwards."""
    if isinstance(problem, SignInFirst) and not wants_json(request):
        return _to_the_door(request)
    if problem.http_status >= 500:
        _log.error("web.problem", code=problem.code, path=_route(request))
    if wants_json(request):
        content = {"code": problem.code, "sentence": problem.clerk_sentence, "next_step": problem.clerk_next_step}
        return Response(content, status_code=problem.http_status, media_type="application/json")
    template = "kit/problem_fragment.html" if is_fragment(request) else "kit/problem.html"
    return Template(template, context={"problem": problem}, status_code=problem.http_status, media_type="text/html")


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words; what a client sent is not repeated."""
    found: Problem
    if error.status_code in (404, 405):
        found = PageUnknown()
    elif error.status_code == 403:
        found = FormStale()
    elif error.status_code == 401:
        found = SignInFirst()
    elif error.status_code == 413:
        found = TooBig(limit_mb=BODY_LIMIT_MB)
    elif error.status_code == 429:
        found = TooOften(wait_s=60)
    elif error.status_code < 500 or error.detail == _LEFT:
        found = FormUnreadable()
    else:
        return on_unexpected(request, error)
    return on_problem(request, found)


def on_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The last net. A JSON body nested too deeply, or a number no database holds, arrives here and is the client's fault."""
    if isinstance(error, RecursionError | OverflowError):
        return on_problem(request, FormUnreadable())
    number = secrets.token_hex(4)
    _log.error("web.unexpected", kind=type(error).__name__, request=number, path=_route(request), where=_where(error))
    return on_problem(request, Unexpected(kind=type(error).__name__, request=number))


def is_fragment(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("hx-request") == "true"


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks: by what it accepts, or by the address it asks."""
    if request.url.path.startswith(API) and not request.url.path.startswith(f"{API}v1/docs"):
        return True
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _to_the_door(request: Request[Any, Any, Any]) -> Response[Any]:
    if is_fragment(request):
        page = urlsplit(request.headers.get("hx-current-url", "")).path  # of the open page: a person comes back to what was being typed
        back = f"/login?next={quote(page)}" if page.startswith("/") and page[1:2] not in ("/", "\\") else "/login"
        return Response(b"", status_code=401, headers={"HX-Redirect": back})
    return Redirect(f"/login?next={quote(_page_of(request))}", status_code=303)


def _page_of(request: Request[Any, Any, Any]) -> str:
    """The page a request belongs to: itself, or the nearest page above the address that a form was sent to."""
    template, path = _route(request), request.url.path
    pages = {
        route.path_format for route in request.app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods
    }
    while template and template not in pages:
        template, path = template.rpartition("/")[0], path.rpartition("/")[0]
    return path or "/"


def _route(request: Request[Any, Any, Any]) -> str:
    """The route's pattern, never the path itself: a path may hold a dossier code."""
    return str(request.scope.get("path_template", ""))


def _where(error: Exception) -> str:
    """File and line of the fault, without any value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
