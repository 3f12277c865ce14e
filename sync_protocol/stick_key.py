"""The key to which what is carried to the hub by hand is sealed, under the hub's signature: whoever told it, it is the hub's.

A desk knows it from its enrolment file, or from the answer to a greeting (on the line or on a stick). A hub that names none is of the version before.
"""

from __future__ import annotations

import hashlib

import msgspec

from sync_protocol.batch import Sign, Verify
from sync_protocol.stick_problems import StickKeyMalformed

KEY_BYTES = 32
MARK_BYTES = 8
_DOMAIN = b"lienthong/stick-key/1\0"


class StickKey(msgspec.Struct, frozen=True, array_like=True):
    """An X25519 public key of the hub, and the hub's signature."""

    key: bytes
    signature: bytes


class StickHello(msgspec.Struct, frozen=True, array_like=True):
    """In a greeting: the key to which answers on a stick are sealed, and which key of the hub this node knows (`mark_of_key`), empty: none."""

    key: bytes
    hub_mark: bytes = b""


def sign_stick_key(hub: str, key: bytes, sign: Sign) -> StickKey:
    """The key in the hub's words."""
    return StickKey(key, sign(_message(hub, key)))


def check_stick_key(told: StickKey, *, hub: str, verify: Verify) -> None:
    """Raises a Problem where it is not our hub's."""
    if len(told.key) != KEY_BYTES:
        raise StickKeyMalformed()
    verify(_message(hub, told.key), told.signature)


def mark_of_key(key: bytes) -> bytes:
    """By which a key is named in clear: it tells one key from another, and nothing else.

    >>> mark_of_key(bytes(32)).hex()
    '66687aadf862bd77'
    """
    return hashlib.sha256(key).digest()[:MARK_BYTES]


def _message(hub: str, key: bytes) -> bytes:
    return _DOMAIN + hub.encode() + b"\0" + key
