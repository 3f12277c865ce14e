"""The texts of a question, before anything is asked of the database: those that no table keeps are refused, the same on both engines.

A question is somebody's at a screen now and can be asked again; what a log holds cannot, and is never refused for its letters (kept_text.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.limits import EVENT_NAME_CHARS_MAX
from sync_protocol.messages import Find, Hello, OpenRecord, Request, TakeCustody


def check_words(request: Request) -> None:
    """Let no question pass whose words a row could not hold.

    Raises:
        RemoteProtocolError: a NUL in a text, or an account or role longer than any.
    """
    if not isinstance(request, Hello | Find | OpenRecord | TakeCustody):
        return  # these carry ids, bytes and numbers, or events
    if any("\0" in text for text in _texts(request)):
        raise RemoteProtocolError(what="a NUL in a text")
    if not isinstance(request, Hello) and max(len(request.purpose.officer), len(request.purpose.role)) > EVENT_NAME_CHARS_MAX:
        raise RemoteProtocolError(what="account or role too long")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, msgspec.Struct):
        yield from _texts(msgspec.structs.astuple(value))
