"""Bytes ↔ messages: one frame format for NATS, and for courier files.

A frame is `LT`, a version byte, a flags byte, then MessagePack, compressed with zstd when that is shorter. A short one may be compressed with a dictionary
where the peer has said that it reads it (dictionary.py), and who asks may say that the answer can be: then the dictionary's version stands behind the flags. Everything
read from a peer is bounded before it is decoded: the frame's size, the declared plain size, the message's shape.
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from backports import zstd

from sync_protocol.dictionary import dictionary as known_words
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.limits import BATCH_BYTES_MAX, CHUNK_BYTES, FRAME_PLAIN_BYTES_MAX
from sync_protocol.messages import Reply, Request

MAGIC: Final = b"LT"
FRAME_VERSION: Final = 1
_COMPRESSED, _WITH_DICTIONARY, _READS_DICTIONARY = 1, 2, 4
_ALONE_BELOW_BYTES: Final = 8_192  # plain; a longer message repeats itself enough
_LEVEL: Final = 3
_TRY_COMPRESSION_FROM_BYTES: Final = 200
FRAME_BYTES_MAX: Final = BATCH_BYTES_MAX + CHUNK_BYTES  # a full batch, or a chunk with its envelope

T = TypeVar("T")

_encode = msgspec.msgpack.Encoder().encode
_read_request: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_read_reply: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


class FutureVersion(RemoteProtocolError):
    """A peer speaks a newer frame than we do."""

    code = "SYN-010"
    sentence = "Trung tâm hoặc điểm gửi đang dùng phiên bản mới hơn máy này ({found}, máy này hiểu đến {known})."
    next_step = "Tiếp tục làm việc bình thường; dữ liệu chờ trong hàng. Cập nhật phần mềm của máy này."
    operator = "frame version {found}, this side knows {known}"
    event = "protocol.version"


def pack(message: Request | Reply, *, compress: bool = True, dictionary: int = 0) -> bytes:
    """One message as one frame. Files that are already compressed travel with `compress=False`.

    `dictionary` is the version that the peer reads, 0 for none: nothing that lies around for somebody unknown is written with one.
    """
    plain = _encode(message)
    if compress and dictionary and (words := known_words(dictionary)) is not None:
        if len(plain) < _ALONE_BELOW_BYTES and len(squeezed := zstd.compress(plain, _LEVEL, zstd_dict=words)) + 1 < len(plain):
            flags = _COMPRESSED | _WITH_DICTIONARY | _READS_DICTIONARY
            return MAGIC + bytes((FRAME_VERSION, flags, dictionary)) + squeezed
        squeezed = zstd.compress(plain, _LEVEL)
        is_shorter = len(squeezed) < len(plain)
        flags = _READS_DICTIONARY | is_shorter * _COMPRESSED
        return MAGIC + bytes((FRAME_VERSION, flags, dictionary)) + (squeezed if is_shorter else plain)
    if compress and len(plain) >= _TRY_COMPRESSION_FROM_BYTES:
        squeezed = zstd.compress(plain, _LEVEL)
        if len(squeezed) < len(plain):
            return MAGIC + bytes((FRAME_VERSION, _COMPRESSED)) + squeezed
    return MAGIC + bytes((FRAME_VERSION, 0)) + plain


def unpack_request(frame: bytes) -> Request:
    """Read what a node asks.

    Raises:
        RemoteProtocolError: not a frame, over a bound, unreadable, or of an unknown kind.
        FutureVersion: a newer frame version.
    """
    return _unpack(frame, _read_request)


def unpack_reply(frame: bytes) -> Reply:
    """Read what the hub answers. Raises as `unpack_request`."""
    return _unpack(frame, _read_reply)


def read_by(frame: bytes) -> int:
    """The dictionary in which whoever sent this frame reads an answer, 0 for none. A newer one than this program knows is answered without."""
    return frame[4] if len(frame) > 4 and frame[:3] == MAGIC + bytes((FRAME_VERSION,)) and frame[3] & _READS_DICTIONARY else 0


def _unpack(frame: bytes, decoder: msgspec.msgpack.Decoder[T]) -> T:
    if len(frame) < 4 or frame[:2] != MAGIC:
        raise RemoteProtocolError(what="not a frame of this protocol")
    if len(frame) > FRAME_BYTES_MAX:
        raise RemoteProtocolError(what=f"frame of {len(frame)} bytes")
    if frame[2] != FRAME_VERSION:
        raise FutureVersion(found=frame[2], known=FRAME_VERSION)
    flags = frame[3] & ~_READS_DICTIONARY
    if flags not in (0, _COMPRESSED, _COMPRESSED | _WITH_DICTIONARY):
        raise RemoteProtocolError(what=f"unknown frame flags {frame[3]}")
    named = frame[3] & (_READS_DICTIONARY | _WITH_DICTIONARY)
    content, dictionary = (frame[5:], frame[4] if flags & _WITH_DICTIONARY else 0) if named and len(frame) > 4 else (frame[4:], 0)
    plain = _expand(content, dictionary) if flags & _COMPRESSED else content
    try:
        return decoder.decode(plain)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RemoteProtocolError(what=f"unreadable message ({type(error).__name__})") from error


def _expand(squeezed: bytes, dictionary: int) -> bytes:
    """Decompress within the bound: the declared size is believed only as a reason to refuse."""
    words = known_words(dictionary) if dictionary else None
    if dictionary and words is None:
        raise RemoteProtocolError(what=f"unknown dictionary {dictionary}")
    try:
        declared = zstd.get_frame_info(squeezed).decompressed_size
        if declared is None or declared > FRAME_PLAIN_BYTES_MAX:
            raise RemoteProtocolError(what="compressed frame without a bounded size")
        expander = zstd.ZstdDecompressor(words)
        plain = expander.decompress(squeezed, max_length=FRAME_PLAIN_BYTES_MAX + 1)
    except (zstd.ZstdError, MemoryError) as error:
        raise RemoteProtocolError(what="compressed frame unreadable") from error
    if len(plain) > FRAME_PLAIN_BYTES_MAX or not expander.eof or expander.unused_data:
        raise RemoteProtocolError(what="compressed frame longer than declared")
    return plain
