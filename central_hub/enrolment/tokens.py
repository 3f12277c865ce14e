"""NATS tokens (JWT with the `ed25519-nkey` algorithm): the few lines that make one.

The server checks signatures, limits and expiry; this module only writes. Times are whole Unix seconds.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from central_hub.enrolment.keys import SigningKey

_HEADER: Final = msgspec.json.encode({"typ": "JWT", "alg": "ed25519-nkey"})


def mint(
    issuer: SigningKey, subject: str, name: str, claims: Mapping[str, Any], issued_at_s: int, expires_at_s: int | None
) -> str:
    """A token in which `issuer` states `claims` about the key `subject`. The same arguments give the same token."""
    body: dict[str, Any] = {
        "iat": issued_at_s,
        "iss": issuer.public,
        "jti": "",
        "name": name,
        "nats": dict(claims),
        "sub": subject,
    }
    if expires_at_s is not None:
        body["exp"] = expires_at_s
    body["jti"] = base64.b32encode(hashlib.sha256(msgspec.json.encode(body)).digest()).decode().rstrip("=")
    signed = f"{_base64url(_HEADER)}.{_base64url(msgspec.json.encode(body))}"
    return f"{signed}.{_base64url(issuer.sign(signed.encode()))}"


def claims_of(token: str) -> dict[str, Any]:
    """The whole body of a token of ours, unverified: for display and tests."""
    part = token.split(".")[1]
    body: dict[str, Any] = msgspec.json.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return body


def credentials_text(user_token: str, user: SigningKey) -> str:
    """The text that a client needs to connect as `user`. Secret."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{user_token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
    )


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
