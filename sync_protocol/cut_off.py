"""Names cut off: which nodes the hub turned away or gave another key, under the hub's signature, so that a hub that was put back hears it again.

A revocation is a row of the hub's database and nothing else: put back to before it, the hub would serve a stolen machine again. So every desk keeps the hub's
newest list and shows it to a hub that no longer has it; only the hub's own signature counts, so nobody can have a name cut off. Source: sync.md 2.12, 2.13.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.limits import CUT_OFF_MAX, Natural

_DOMAIN = b"lienthong/cut-off/1\0"
_encode = msgspec.msgpack.Encoder().encode


class CutOff(msgspec.Struct, frozen=True, array_like=True):
    """No key that `node` was given before `at_ms` (hub time) counts any more; `key` is the one it was given then, empty while it has none."""

    node: NodeId
    office: OfficeCode
    at_ms: Natural
    key: bytes = b""


class CutOffList(msgspec.Struct, frozen=True, array_like=True):
    """All names that the hub ever cut off, in their order."""

    names: tuple[CutOff, ...]
    signature: bytes


def digest_of(names: Sequence[CutOff]) -> bytes:
    """What stands for a list in a greeting; empty for none."""
    return hashlib.sha256(_encode(tuple(names))).digest() if names else b""


def list_message(hub: str, names: Sequence[CutOff]) -> bytes:
    """What the hub signs."""
    return _DOMAIN + hub.encode() + b"\0" + hashlib.sha256(_encode(tuple(names))).digest()


def sign_list(hub: str, names: Sequence[CutOff], sign: Callable[[bytes], bytes]) -> CutOffList:
    """The list with the hub's signature."""
    return CutOffList(tuple(names), sign(list_message(hub, names)))


def check_list(one: CutOffList, *, hub: str, verify: Callable[[bytes, bytes], None]) -> None:
    """Prove that a list is our hub's.

    Raises:
        RemoteProtocolError: longer than any. Problem: whatever `verify` raises for a wrong signature.
    """
    if len(one.names) > CUT_OFF_MAX:
        raise RemoteProtocolError(what=f"{len(one.names)} names cut off")
    verify(list_message(hub, one.names), one.signature)


def says_more(held: Sequence[CutOff], told: Sequence[CutOff]) -> bool:
    """Whether `held` names something that `told` does not know, or knows an older word of.

    >>> one = CutOff(NodeId("n00101a"), OfficeCode("00101"), 5)
    >>> says_more([one], []), says_more([one], [msgspec.structs.replace(one, at_ms=6)])
    (True, False)
    """
    known = {one.node: one.at_ms for one in told}
    return any(known.get(one.node, -1) < one.at_ms for one in held)
