"""Courier files: the same frames on a USB stick, with a checksum, for one hub and one node.

A courier file proves nothing by itself: every batch in it is signed by the node, every acknowledgement by the hub, every file checked by its
hash. So a stick may be copied, lost, or applied twice or late, and nothing is lost, doubled or forged by it.
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeVar

import msgspec

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import NodeId

MAGIC: Final = b"LIENTHONG-CHUYEN-TAY-1\n"
COURIER_BYTES_MAX: Final = 4 * 1_073_741_824
FRAMES_MAX: Final = 1_000_000


class CourierFile(msgspec.Struct, frozen=True, array_like=True, tag="courier"):
    """Requests of one node, in the order to be answered."""

    hub: str
    node: NodeId
    frames: tuple[bytes, ...]


class CourierReply(msgspec.Struct, frozen=True, array_like=True, tag="courier.reply"):
    """The hub's answers, one per request."""

    hub: str
    node: NodeId
    frames: tuple[bytes, ...]


C = TypeVar("C", CourierFile, CourierReply)


def write_courier(content: CourierFile | CourierReply) -> bytes:
    """The file's bytes."""
    body = MAGIC + msgspec.msgpack.encode(content)
    return body + hashlib.sha256(body).digest()


def read_courier(raw: bytes, *, hub: str) -> CourierFile:
    """What a node sent. Raises RemoteProtocolError: damaged, not a courier file, or for another hub."""
    found = _read(raw, CourierFile)
    if found.hub != hub:
        raise RemoteProtocolError(what="courier file for another hub")
    return found


def read_courier_reply(raw: bytes, *, hub: str, node: NodeId) -> CourierReply:
    """What the hub answered. Raises RemoteProtocolError: damaged, or for somebody else."""
    found = _read(raw, CourierReply)
    if found.hub != hub or found.node != node:
        raise RemoteProtocolError(what="courier reply for somebody else")
    return found


def _read(raw: bytes, kind: type[C]) -> C:
    if not raw.startswith(MAGIC) or len(raw) < len(MAGIC) + 32 or len(raw) > COURIER_BYTES_MAX:
        raise RemoteProtocolError(what="not a courier file")
    body, checksum = raw[:-32], raw[-32:]
    if hashlib.sha256(body).digest() != checksum:
        raise RemoteProtocolError(what="courier file damaged in copying")
    try:
        found = msgspec.msgpack.decode(body[len(MAGIC) :], type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RemoteProtocolError(what="courier file unreadable") from error
    if len(found.frames) > FRAMES_MAX:
        raise RemoteProtocolError(what="courier file with too many frames")
    return found
