"""A NATS credentials text (user JWT + seed), read before the client sees it.

The client library searches for its markers in an endless loop, so a damaged text would freeze the event loop: it is
therefore taken apart here first. The expiry is read for display only: a desk's clock may be a year wrong, and whether a
credential still counts is the server's decision alone.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

import msgspec

from sync_protocol.adapters.bus.errors import CredentialsUnreadable
from sync_protocol.adapters.signatures import SoftwareSigner

_JWT: Final = re.compile(r"-+BEGIN NATS USER JWT-+\s+([\w.-]+)\s+-+END NATS USER JWT-+")
_SEED: Final = re.compile(r"-+BEGIN USER NKEY SEED-+\s+(SU[A-Z2-7]{56})\s+-+END USER NKEY SEED-+")


class _Claims(msgspec.Struct):
    sub: str
    name: str = ""
    exp: int | None = None


class Credentials(msgspec.Struct, frozen=True):
    """One user's way in. `text` is secret and never printed; `public_key` names it in logs."""

    text: str
    public_key: str
    name: str
    expires_at_s: int | None

    def __repr__(self) -> str:
        return f"Credentials({self.name!r}, {self.public_key[:8]!r}…)"

    __str__ = __repr__


def read_credentials(text: str) -> Credentials:
    """Check and name a credentials text.

    Raises:
        CredentialsUnreadable: a marker, the JWT or the seed is missing or damaged.
    """
    jwt, seed = _JWT.search(text), _SEED.search(text)
    if jwt is None:
        raise CredentialsUnreadable(missing="user JWT")
    if seed is None:
        raise CredentialsUnreadable(missing="seed")
    parts = jwt.group(1).split(".")
    if len(parts) != 3:
        raise CredentialsUnreadable(missing="three JWT parts")
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), type=_Claims)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
        raise CredentialsUnreadable(missing="readable JWT claims") from None
    return Credentials(_canonical(jwt.group(1), seed.group(1)), claims.sub, claims.name, claims.exp)


def line_signer(text: str) -> SoftwareSigner:
    """The key that opens the line, to prove by hand what a line proves by itself. Raises CredentialsUnreadable."""
    seed = _SEED.search(text)
    if seed is None:
        raise CredentialsUnreadable(missing="seed")
    return SoftwareSigner(_decoded(seed.group(1))[2:34])


def line_key(public: str) -> bytes:
    """The 32 bytes of a user's public key as the message server writes it (`U…`). Raises CredentialsUnreadable."""
    return _decoded(public)[1:33]


def _decoded(text: str) -> bytes:
    """The bytes of a key or seed: its role in one or two, then 32, then a checksum of two."""
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise CredentialsUnreadable(missing="readable key") from None


def _canonical(jwt: str, seed: str) -> str:
    """The text as the client library expects it: one line per value, no stray carriage returns."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
