"""Courier files: the same frames on a USB stick, with a checksum, for one hub and one node. On the stick they are sealed (adapters/sealed_sticks.py).

What travels proves itself: every batch is signed by the node, every acknowledgement by the hub, every file checked by its hash. What on a line only the line
proves, a stick proves by two signatures over all of it. A desk's is made with the key that opens the line (its account at the message server, which
only the holder of the enrolment file has): without it a greeting or a question for news is refused. The hub's is made with the hub's key: without it a
greeting's answer and pages of news are not believed. So a stick may be copied, lost, or applied twice or late, and nothing is lost, doubled or forged by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from sync_protocol.batch import Sign, Verify
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import BlobDigest, NodeId
from sync_protocol.messages import Behind, Busy, Fork, Refusal, Reply
from sync_protocol.stick_problems import StickDamaged, StickForOthers

MAGIC: Final = b"LIENTHONG-CHUYEN-TAY-1\n"
COURIER_BYTES_MAX: Final = 4 * 1_073_741_824
FRAMES_MAX: Final = 1_000_000
BUSY, FORKED, BEHIND = "SYN-033", "SYN-034", "SYN-035"  # codes of answers that carry none
TAKES_OFFERS: Final = "stick.offers"
"""The capability of a hub that answers offers on a stick, and names them in its answer."""
_PIECE_BYTES: Final = 65_536
_SENT: Final = b"lienthong/courier/1\0"
_ANSWERED: Final = b"lienthong/courier-reply/1\0"


class CourierFile(msgspec.Struct, frozen=True, array_like=True, tag="courier"):
    """Requests of one node, in the order to be answered. `holds` are files of the hub that need not come again."""

    hub: str
    node: NodeId
    frames: tuple[bytes, ...]
    holds: tuple[BlobDigest, ...] = ()
    proof: bytes = b""  # of the key that opens the line; none: a node of the version before, or a forger


class CourierReply(msgspec.Struct, frozen=True, array_like=True, tag="courier.reply"):
    """The hub's answers, one per request; to the question for news, where it was the last, all pages and the files that the hub publishes."""

    hub: str
    node: NodeId
    frames: tuple[bytes, ...]
    asked: bytes = b""  # the question (a frame) that the first page of news answers
    seal: bytes = b""  # of the hub; none: a hub of the version before, or a forger
    offered: tuple[bytes, ...] = ()  # the offers of the stick (frames), in the order of their answers


C = TypeVar("C", CourierFile, CourierReply)


def sign_file(content: CourierFile, sign: Sign) -> CourierFile:
    """With the proof that whoever may open the node's line wrote it."""
    return msgspec.structs.replace(content, proof=sign(_sent(content)))


def check_file(content: CourierFile, verify: Verify) -> None:
    """Raises a Problem where the file was not written by whoever may open the node's line."""
    verify(_sent(content), content.proof)


def seal_reply(content: CourierReply, sign: Sign) -> CourierReply:
    """With the hub's signature over all answers."""
    return msgspec.structs.replace(content, seal=sign(_answered(content)))


def check_reply(content: CourierReply, verify: Verify) -> None:
    """Raises a Problem where the answers are not all our hub's."""
    verify(_answered(content), content.seal)


def refused_with(reply: Reply) -> str:
    """The code under which an answer is counted as not taken; "" where it is none."""
    match reply:
        case Refusal(code=code):
            return code
        case Busy():
            return BUSY
        case Fork():
            return FORKED
        case Behind():
            return BEHIND
        case _:
            return ""


def courier_pieces(content: CourierFile | CourierReply) -> Iterator[bytes]:
    """The plain file's bytes, some frames at a time: the whole is never in memory a second time."""
    whole, waiting = hashlib.sha256(), bytearray()
    for piece in _encoded(content):
        waiting += piece
        if len(waiting) >= _PIECE_BYTES:
            whole.update(waiting)
            yield bytes(waiting)
            waiting.clear()
    whole.update(waiting)
    yield bytes(waiting) + whole.digest()


def write_courier(content: CourierFile | CourierReply) -> bytes:
    """The plain file's bytes."""
    return b"".join(courier_pieces(content))


def read_courier(raw: bytes | bytearray, *, hub: str) -> CourierFile:
    """What a node sent. Raises RemoteProtocolError: not a courier file; StickDamaged; StickForOthers: for another hub."""
    found = _read(raw, CourierFile)
    if found.hub != hub:
        raise StickForOthers(what="another hub")
    return found


def read_courier_reply(raw: bytes | bytearray, *, hub: str, node: NodeId) -> CourierReply:
    """What the hub answered. Raises RemoteProtocolError: not a courier file; StickDamaged; StickForOthers."""
    found = _read(raw, CourierReply)
    if found.hub != hub or found.node != node:
        raise StickForOthers(what="another hub or desk")
    return found


def _encoded(content: CourierFile | CourierReply) -> Iterator[bytes]:
    """Magic and MessagePack of the content, as `msgspec.msgpack.encode` writes it."""
    encode = msgspec.msgpack.encode
    values = [getattr(content, name) for name in content.__struct_fields__]
    yield MAGIC + _array_of(len(values) + 1) + encode(content.__struct_config__.tag)
    for value in values:
        if isinstance(value, tuple):
            yield _array_of(len(value))
            yield from map(encode, value)
        else:
            yield encode(value)


def _array_of(count: int) -> bytes:
    """The MessagePack head of an array.

    >>> [_array_of(count).hex() for count in (2, 16, 65536)]
    ['92', 'dc0010', 'dd00010000']
    """
    if count < 16:
        return bytes([0x90 | count])
    return b"\xdc" + count.to_bytes(2, "big") if count < 65_536 else b"\xdd" + count.to_bytes(4, "big")


def _read(raw: bytes | bytearray, kind: type[C]) -> C:
    if not raw.startswith(MAGIC) or len(raw) < len(MAGIC) + 32 or len(raw) > COURIER_BYTES_MAX:
        raise RemoteProtocolError(what="not a courier file")
    whole = memoryview(raw)
    if hashlib.sha256(whole[:-32]).digest() != whole[-32:]:
        raise StickDamaged(what="checksum")
    try:
        found = msgspec.msgpack.decode(whole[len(MAGIC) : -32], type=kind)
    except msgspec.ValidationError as error:
        raise StickForOthers(what="other direction, or another version") from error
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RemoteProtocolError(what="courier file unreadable") from error
    if len(found.frames) > FRAMES_MAX:
        raise RemoteProtocolError(what="courier file with too many frames")
    return found


def _sent(content: CourierFile) -> bytes:
    return _SENT + _names(content) + _digest(content.frames) + _digest(content.holds)


def _answered(content: CourierReply) -> bytes:
    said = _ANSWERED + _names(content) + _digest(content.frames) + _digest((content.asked,))
    return said + _digest(content.offered) if content.offered else said


def _names(content: CourierFile | CourierReply) -> bytes:
    return content.hub.encode() + b"\0" + content.node.encode() + b"\0"


def _digest(parts: Iterable[bytes]) -> bytes:
    """Of the parts and where each of them ends."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()
