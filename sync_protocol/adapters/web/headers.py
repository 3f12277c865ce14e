"""Security headers on every answer, errors and files included (Litestar sets none)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()"),
)
_STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")


def headers_hook(*, is_tls: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """A `before_send` hook. Answers are never stored by a browser unless they say so themselves (assets do)."""

    async def set_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in (*_ALWAYS, *((_STRICT_TRANSPORT,) if is_tls else ())):
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")

    return set_headers
