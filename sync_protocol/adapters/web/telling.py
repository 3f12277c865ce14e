"""What was done, said once on the page that a form leads to: kept in the session, since an address would say it again and to everybody.

Only a word's id and its facts are kept; the page says them in the language it is read in.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request

_KEY = "told"


class Told(msgspec.Struct, frozen=True):
    """One sentence: a word's id with its facts, what happens next, and the page to go on at."""

    done: str
    next: str = ""
    facts: dict[str, str] = {}
    href: str = ""


def tell_next(request: Request[Any, Any, Any], told: Told) -> None:
    """Let the next page that asks say it."""
    request.session[_KEY] = msgspec.to_builtins(told)


def told_before(request: Request[Any, Any, Any]) -> Told | None:
    """What the form before this page did; None when nothing is to be said, and from the second time on."""
    held = request.session.pop(_KEY, None)
    return msgspec.convert(held, Told) if held is not None else None
