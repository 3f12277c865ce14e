"""The sealed form of a courier file: whoever finds the stick reads which desk and hub it is between, which way it goes, and how long it is.

    magic ‖ length of the head:2 ‖ head (MessagePack: way, hub, node, mark of the key, wrapped key) ‖ content

Invariant: a fresh content key for each file, wrapped to the receiver's X25519 key by HPKE (RFC 9180, base mode, HKDF-SHA-256, AES-256-GCM) with way, hub and
node as its info; the content is the plain courier file as a Cobblestone-256 stream (C2SP chunked-encryption), whose context is all that stands before it.
Nothing is given out of a file that does not open to its end. Who wrote it, the signatures inside say: a seal alone proves nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO, Final, Literal

import msgspec
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync_protocol.courier import COURIER_BYTES_MAX, CourierFile, CourierReply, courier_pieces
from sync_protocol.ids import NodeId
from sync_protocol.stick_key import KEY_BYTES, mark_of_key
from sync_protocol.stick_problems import StickDamaged, StickForOthers, StickOtherKey

Way = Literal["courier", "courier.reply"]
SEALED_MAGIC: Final = b"LIENTHONG-CHUYEN-TAY-2\n"
PIECE_BYTES: Final = 1_048_576
HEAD_BYTES_MAX: Final = 1_024
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_DOMAIN: Final = b"lienthong/sealed-stick/1\0"


class _Head(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    way: Way
    hub: str
    node: str
    mark: bytes
    wrapped: bytes


class StickReader:
    """Opens what is sealed to this place.

    Args:
        seed: the 32 private bytes, derived from the data key: whoever has the backup and its key opens the sticks of before.
    """

    def __init__(self, seed: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(seed)
        self.public_key: bytes = self._private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"StickReader({mark_of_key(self.public_key).hex()})"

    def content_key(self, head: _Head) -> bytes:
        """The key of a file. Raises StickOtherKey, StickDamaged."""
        own = mark_of_key(self.public_key)
        if head.mark != own:
            raise StickOtherKey(mark=head.mark.hex()[:16], own=own.hex())
        try:
            return _SUITE.decrypt(head.wrapped, self._private, _info(head.way, head.hub, head.node))
        except (InvalidTag, ValueError) as error:
            raise StickDamaged(what="key") from error


def seals(key: bytes) -> bool:
    """Whether something can be sealed to a key that a peer named."""
    try:
        return len(key) == KEY_BYTES and bool(_SUITE.encrypt(b"", X25519PublicKey.from_public_bytes(key)))
    except ValueError:  # a point of low order
        return False


def stick_pieces(content: CourierFile | CourierReply, to: bytes) -> Iterator[bytes]:
    """The file as it goes onto a stick, made as it is written: sealed to the key `to`, plain where that is empty."""
    way: Way = "courier" if isinstance(content, CourierFile) else "courier.reply"
    plain = courier_pieces(content)
    return seal_stick(plain, way, hub=content.hub, node=content.node, to=to) if to else plain


def seal_stick(plain: Iterable[bytes], way: Way, *, hub: str, node: NodeId, to: bytes) -> Iterator[bytes]:
    """The sealed file, piece by piece; only whoever holds the private half of `to` reads it."""
    key = Cobblestone256Encryptor.generate_key()
    wrapped = _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(to), _info(way, hub, node))
    head = msgspec.msgpack.encode(_Head(way, hub, node, mark_of_key(to), wrapped))
    begin = SEALED_MAGIC + len(head).to_bytes(2, "big") + head
    yield begin
    sealing = Cobblestone256Encryptor(key, _DOMAIN + begin)
    for piece in plain:
        if sealed := sealing.update(piece):
            yield sealed
    yield sealing.finalize()


def open_stick(
    source: IO[bytes], way: Way, *, hub: str, node: NodeId | None = None, reader: StickReader | None
) -> tuple[bytearray, bool]:
    """The plain courier file, and whether it was sealed. A plain one is given back as it is: what is signed inside proves itself.

    Raises:
        StickForOthers: its head names another hub, desk or direction. StickOtherKey, StickDamaged.
    """
    plain = bytearray(source.read(len(SEALED_MAGIC)))
    if plain != SEALED_MAGIC:
        _append(plain, _pieces(source))
        return plain, False
    head, begin = _head(source)
    if (head.way, head.hub, node or head.node) != (way, hub, head.node):
        raise StickForOthers(what=f"{head.way} between {_named(head.node)} and {_named(head.hub)}")
    if reader is None:
        raise StickOtherKey(mark=head.mark.hex()[:16], own="none")
    opening, opened = Cobblestone256Decryptor(reader.content_key(head), _DOMAIN + begin), bytearray()
    try:
        _append(opened, (opening.update(piece) for piece in _pieces(source)))
        opened += opening.finalize()
    except InvalidTag as error:
        raise StickDamaged(what="content") from error
    return opened, True


def _head(source: IO[bytes]) -> tuple[_Head, bytes]:
    length = source.read(2)
    raw = source.read(min(int.from_bytes(length, "big"), HEAD_BYTES_MAX))
    try:
        return msgspec.msgpack.decode(raw, type=_Head), SEALED_MAGIC + length + raw
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StickDamaged(what="head") from error


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(PIECE_BYTES):
        yield piece


def _append(whole: bytearray, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        whole += piece
        if len(whole) > COURIER_BYTES_MAX:
            raise StickDamaged(what=f"longer than {COURIER_BYTES_MAX} bytes")


def _named(name: str) -> str:
    """A name out of a head that nothing has proven yet, as it may stand in a log: a name, or nothing.

    >>> _named("n00101a"), _named("a\\nb"), _named("[red]")
    ('n00101a', '?', '?')
    """
    return name if re.fullmatch(r"[A-Za-z0-9._-]{1,40}", name) else "?"


def _info(way: str, hub: str, node: str) -> bytes:
    return _DOMAIN + msgspec.msgpack.encode((way, hub, node))
