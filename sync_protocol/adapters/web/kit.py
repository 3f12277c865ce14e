"""The kit: one way to make an application of routes, so that no shell can forget a guard, a header or an error page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.types import ControllerRouterHandler

from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.sqlite import Readers, Writer
from sync_protocol.adapters.web.common_routes import common_router
from sync_protocol.adapters.web.drawing import drawn_beside
from sync_protocol.adapters.web.guard import FindVisitor, default_deny
from sync_protocol.adapters.web.headers import headers_hook
from sync_protocol.adapters.web.pages import BODY_LIMIT_MB, on_http, on_problem, on_unexpected
from sync_protocol.adapters.web.sessions import STORE, SessionTable, session_config
from sync_protocol.adapters.web.templating import KIT, template_config
from sync_protocol.adapters.web.words import Words
from sync_protocol.errors import Problem

PACKED = ["/assets/", r"\.pdf$", r"\.xlsx$", "/pages/"]  # packed already, or pictures that do not shrink


def make_app(
    routes: Sequence[ControllerRouterHandler],
    *,
    door: Door,
    find_visitor: FindVisitor,
    writer: Writer,
    readers: Readers,
    now_ms: Callable[[], int],
    form_secret: str,
    folder: Path,
    constants: Mapping[str, object],
    state: Mapping[str, Any],
    dependencies: Mapping[str, Provide] | None = None,
    is_tls: bool = False,
    openapi: OpenAPIConfig | None = None,
) -> Litestar:
    """An application over a shell's routes.

    Args:
        find_visitor: the account's name and roles as of now, None when it no longer exists.
        form_secret: signs form tokens; the same after a restart, so that open forms stay good.
        folder: the shell's web folder, with `templates/` and `words.toml`.
        constants: names visible in every template.
        state: what handlers find in `app.state`.
        dependencies: what handlers may ask for by name.
        is_tls: pages are served over HTTPS: cookies get the `__Host-` prefix.
        openapi: of a shell's JSON interface; only routers that say so are in it.
    """
    words = Words([KIT / "words.toml", folder / "words.toml"])
    sessions = session_config(is_tls=is_tls, now_ms=now_ms)
    return Litestar(
        route_handlers=[common_router, *routes],
        middleware=[sessions.middleware],
        stores={STORE: SessionTable(writer, readers, now_ms)},
        csrf_config=CSRFConfig(
            secret=form_secret, cookie_name="__Host-form" if is_tls else "form", cookie_secure=is_tls, cookie_httponly=True,
            cookie_samesite="strict",
        ),
        guards=[default_deny],
        before_send=[headers_hook(is_tls=is_tls)],
        after_request=drawn_beside,
        exception_handlers={Problem: on_problem, HTTPException: on_http, Exception: on_unexpected},
        template_config=template_config([folder / "templates"], words, constants),
        state=State({**state, "door": door, "find_visitor": find_visitor, "is_tls": is_tls, "words": words}),
        request_max_body_size=BODY_LIMIT_MB * 1_000_000,
        dependencies=dict(dependencies or {}),
        openapi_config=openapi,
        compression_config=CompressionConfig("gzip", minimum_size=2_000, gzip_compress_level=4, exclude=PACKED),
        include_in_schema=False,
        debug=False,
        logging_config=None,
    )  # fmt: skip
