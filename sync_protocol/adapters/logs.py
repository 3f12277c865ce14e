"""Logs: dotted events with ids, and a redaction that personal data does not pass.

Invariant: a log line holds what happened and to which id. Fields named like personal data are dropped, runs of digits that
could be a personal, insurance or phone number are masked wherever they stand, tracebacks carry no local variables and no
exception text that is not a Problem's own operator line.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from sync_protocol.adapters.log_stream import EnduringStream
from sync_protocol.errors import Problem

VALUE_LENGTH_MAX = 500
PERSONAL_WORDS = frozenset(
    (
        "name",
        "names",
        "fullname",
        "surname",
        "holder",
        "applicant",
        "person",
        "birth",
        "birthday",
        "dob",
        "address",
        "phone",
        "email",
        "cccd",
        "cmnd",
        "bhxh",
        "ocr",
        "text",
        "reading",
        "readings",
        "value",
        "values",
        "body",
        "payload",
        "content",
        "passphrase",
        "password",
        "secret",
        "token",
        "pin",
        "key",
        "seed",
        "cookie",
        "authorization",
        "note",
        "query",
    )
)
PLAIN_FIELDS = frozenset({"event", "level", "timestamp", "logger", "code", "node", "exception", "traceback"})
MEASURED_WORDS = frozenset(("bytes", "ms", "us", "ns", "seq", "count", "rows", "hlc", "upto", "offset", "pid"))
_IDS_AND_NUMBERS = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{24,}\b|\d(?:[ .\-]?\d){8,}")


def configure_logs(
    stream: TextIO, now: Callable[[], str], *, pretty: bool = False, level: int = 20, cache: bool = True
) -> None:
    """Send every log of this process to `stream`, one JSON object per line, or coloured for a person's terminal.

    Args:
        stream: where lines go; one that takes none (a full disk) costs the lines, which the next one counts in `missed_lines`.
        now: RFC 3339 text of the present moment, injected.
        pretty: for a person at a terminal.
        level: smallest level that is written (20 = info).
        cache: freeze the first configuration per logger; off in tests.
    """

    enduring = EnduringStream(stream)

    def stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["timestamp"] = now()
        if enduring.missed:
            event["missed_lines"] = enduring.missed
        return event

    render: Processor = (
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            stamp,
            told_exception,
            redacted,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(enduring.as_text()),
        cache_logger_on_first_use=cache,
    )


def logger(**ids: str | int) -> FilteringBoundLogger:
    """A logger with these ids on every line."""
    bound: FilteringBoundLogger = structlog.get_logger().bind(**ids)
    return bound


def told_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the kind, the operator line of a Problem, and the places in our code; no other text."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["exception"] = error.operator_line if isinstance(error, Problem) else type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        event["traceback"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop personal fields, mask long numbers everywhere, cut long values."""
    return dict(_without_personal(event))


def _without_personal(fields: MutableMapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for field, value in fields.items():
        words = str(field).lower().split("_")
        if field == "timestamp":
            kept[field] = value
        elif field in PLAIN_FIELDS or not PERSONAL_WORDS.intersection(words):
            kept[field] = value if words[-1] in MEASURED_WORDS and isinstance(value, int) else _plain(value)
        else:
            kept[field] = "[dropped]"
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return "[number]" if len(str(abs(value))) in (9, 10, 12) else value
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, dict):
        return _without_personal(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    if isinstance(value, BaseException):
        return value.operator_line if isinstance(value, Problem) else type(value).__name__
    return _IDS_AND_NUMBERS.sub(_id_or_mask, str(value))[:VALUE_LENGTH_MAX]


def _id_or_mask(found: re.Match[str]) -> str:
    """An id in hexadecimal stays; a run of digits does not."""
    return found[0] if re.search("[a-f]", found[0]) else "[number]"
