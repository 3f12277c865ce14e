"""Turns what the client library and TLS say into one of our problems.

The server's refusals reach the client as text only, sometimes lower-cased, so the words are matched here and nowhere else.
"""

from __future__ import annotations

import re
import ssl
from typing import Final

from sync_protocol.adapters.bus.errors import (
    BusProblem,
    CredentialsRefused,
    ServerNotTrusted,
    TooManyConnections,
    Unreachable,
)

_DENIED: Final = re.compile(r"permissions violation for (publish|subscription) to \"([^\"]+)\"", re.IGNORECASE)
_REFUSAL_WORDS: Final = ("authorization violation", "authentication", "revoked", "expired")
_UNTRUSTED_REASONS: Final = (
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "TLSV1_ALERT_UNKNOWN_CA",
)


def connection_problem(error: BaseException | None, server: str) -> BusProblem:
    """Why there is no connection to `server`.

    A certificate that does not convince is told apart from a line that broke during the handshake: the first must
    never be retried into success by a clerk, the second simply is.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerNotTrusted(server=server, reason=getattr(error, "verify_message", "certificate refused"))
    if isinstance(error, ssl.SSLError) and getattr(error, "reason", None) in _UNTRUSTED_REASONS:
        return ServerNotTrusted(server=server, reason=error.reason)
    text = str(error).lower()
    if "maximum" in text and "connections" in text:
        return TooManyConnections(server=server, reason=_plain(text))
    if any(word in text for word in _REFUSAL_WORDS) and "timeout" not in text and not isinstance(error, OSError):
        return CredentialsRefused(server=server, reason=_plain(text))
    return Unreachable(server=server, reason=type(error).__name__ if error is not None else "closed by the server")


def denied_subject(error: BaseException) -> tuple[str, str] | None:
    """`(publish | subscription, subject)` when the server refused a subject, else None."""
    match = _DENIED.search(str(error))
    return None if match is None else (match.group(1).lower(), match.group(2))


def _plain(text: str) -> str:
    return text.removeprefix("nats: ").strip("' ")[:80]
