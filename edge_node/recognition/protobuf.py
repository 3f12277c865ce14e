"""Protobuf's wire format, as far as model files use it: fields of whole numbers, of four or eight bytes, and of bytes with their length.

Pure, and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
"""How a field is written, the lowest three bits of its key."""


def messages(message: memoryview, wanted: int) -> Iterator[memoryview]:
    """The fields of one number that hold bytes: texts, tensors, messages."""
    for field, value in fields(message):
        if field == wanted and isinstance(value, memoryview):
            yield value


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field in the order in which they are written."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        wire = key & 7
        if wire == VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        size, at = _varint(message, at) if wire == BYTES else ({EIGHT_BYTES: 8, FOUR_BYTES: 4}[wire], at)
        yield key >> 3, message[at : at + size]
        at += size


def varints(packed: memoryview) -> Iterator[int]:
    """Whole numbers that are written one behind the other."""
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _plain(value: int) -> bytes:
    value &= (1 << 64) - 1
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def key(field: int, wire: int) -> bytes:
    """What stands before a field's value."""
    return _plain(field << 3 | wire)


def number(field: int, value: int) -> bytes:
    """A field with a whole number; negative ones are written as their complement in 64 bits."""
    return key(field, VARINT) + _plain(value)


def message(field: int, body: bytes) -> bytes:
    """A field with bytes."""
    return key(field, BYTES) + _plain(len(body)) + body


def text(field: int, words: str) -> bytes:
    """A field with text."""
    return message(field, words.encode())
