"""Pages are drawn beside the event loop: a list of seven hundred offices takes 45 ms, in which nobody else would be answered."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from litestar import Response
from litestar.response import Template
from litestar.types import ASGIApp, Receive, Scope, Send


class Drawn(Response[bytes]):
    """A page that a thread draws when it is sent. What goes wrong there is answered like any other failure of the request."""

    def __init__(self, page: Template) -> None:
        super().__init__(content=b"")
        self._page = page

    def to_asgi_response(self, app: Any, request: Any, **how: Any) -> ASGIApp:  # type: ignore[override]  # the router asks for no more
        """See `Template`."""

        async def send_drawn(scope: Scope, receive: Receive, send: Send) -> None:
            response = await asyncio.to_thread(partial(self._page.to_asgi_response, app, request, **how))
            await response(scope, receive, send)

        return send_drawn


async def drawn_beside(response: Response[Any]) -> Response[Any]:
    """What a handler answered, with a page left to be drawn. For Litestar's `after_request`."""
    return Drawn(response) if isinstance(response, Template) else response
