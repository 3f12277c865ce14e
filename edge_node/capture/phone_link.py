"""One-time links that let a phone put photos into exactly one tray.

Pure: the caller brings the random bytes and the clock and stores the `PhoneLink` (which holds only a hash). Whoever reads
the node's database cannot open a tray with it.

Invariant: a link opens one tray, until it expires, and for at most `uploads_left` pictures.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

import msgspec

from edge_node.capture.source_errors import PhoneLinkClosed

TOKEN_BYTES = 32
LIFETIME = dt.timedelta(minutes=10)
UPLOADS_MAX = 60


class PhoneLink(msgspec.Struct, frozen=True):
    """A stored link: SHA-256 of the token, the tray it opens, the officer who asked for it, and its end (UTC)."""

    token_hash: bytes
    tray_id: str
    officer_id: str
    expires_at: dt.datetime
    uploads_left: int = UPLOADS_MAX
    is_closed: bool = False


def mint(tray_id: str, officer_id: str, *, random_bytes: bytes, now: dt.datetime) -> tuple[str, PhoneLink]:
    """Make a link: (token for the QR picture, value to store). The token is shown once and kept nowhere.

    Args:
        random_bytes: exactly `TOKEN_BYTES` from the operating system's generator.
        now: aware time.
    """
    if len(random_bytes) != TOKEN_BYTES:
        raise PhoneLinkClosed(why="token bytes")
    token = base64.urlsafe_b64encode(random_bytes).rstrip(b"=").decode("ascii")
    return token, PhoneLink(token_hash(token), tray_id, officer_id, now + LIFETIME)


def redeem(link: PhoneLink, token: str, *, tray_id: str, now: dt.datetime) -> PhoneLink:
    """Use the link for one picture and return the value to store instead.

    Raises:
        PhoneLinkClosed: CAP-025 when the token, the tray, the time or the count does not fit; which one is told to the
            operator only.
    """
    if not hmac.compare_digest(link.token_hash, token_hash(token)):
        raise PhoneLinkClosed(why="token")
    if link.tray_id != tray_id:
        raise PhoneLinkClosed(why="tray")
    if link.is_closed or link.uploads_left < 1:
        raise PhoneLinkClosed(why="used up")
    if now >= link.expires_at:
        raise PhoneLinkClosed(why="expired")
    return msgspec.structs.replace(link, uploads_left=link.uploads_left - 1)


def close(link: PhoneLink) -> PhoneLink:
    """End a link early: the clerk is done, or the tray was signed."""
    return msgspec.structs.replace(link, is_closed=True)


def token_hash(token: str) -> bytes:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
