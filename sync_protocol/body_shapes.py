"""Which fields each body has: an older program passes over a newer field, so its views are not those of a program that reads it (sync.md 2.11)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from sync_protocol.bodies import BODY_TYPES

_BYTES = 8
_encode = msgspec.msgpack.Encoder().encode


@cache
def body_shapes() -> tuple[bytes, ...]:
    """A digest of the fields of each event type, nested ones too, in the order of `sorted(BODY_TYPES)`. Words about them do not count."""
    return tuple(hashlib.sha256(_encode(sorted(set(_fields(msgspec.inspect.type_info(BODY_TYPES[one])))))).digest()[:_BYTES] for one in sorted(BODY_TYPES))


def _fields(kind: Any) -> Iterator[tuple[str, str]]:
    """Every (struct, field) below a described type."""
    match kind:
        case msgspec.inspect.StructType(cls=cls, fields=fields):
            for field in fields:
                yield cls.__name__, field.encode_name
                yield from _fields(field.type)
        case msgspec.inspect.VarTupleType(item_type=item):
            yield from _fields(item)
        case msgspec.inspect.TupleType(item_types=items) | msgspec.inspect.UnionType(types=items):
            for item in items:
                yield from _fields(item)
        case msgspec.inspect.Metadata(type=inner):
            yield from _fields(inner)
