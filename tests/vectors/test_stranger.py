"""A stranger proves the evidence by the protocol's text alone (sync_protocol/README.md): nothing of the product is imported here but the stored bytes.

Standing: SHA-256, a MessagePack reader and writer, Ed25519. Whoever has to show in ten years what an office sent and what the hub promised needs no more.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import msgpack

GOLDEN: dict[str, str] = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))


def stored(name: str) -> bytes:
    return bytes.fromhex(GOLDEN[name])


def holds(message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(stored("public_key")).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def ids_of(batch: list[Any]) -> list[bytes]:
    """The ids of a batch's events, each from its header and the id before it."""
    _, _, node, inc, seq, prev, events, _, _ = batch
    found: list[bytes] = []
    for type_, tv, rid, hlc, actor, base, fence, body, body_hash in events:
        hashed = hashlib.sha256(body).digest() if body is not None else body_hash
        header = [1, node, inc, seq, prev, type_, tv, rid, hlc, actor, base, fence, hashed]
        prev, seq = hashlib.sha256(msgpack.encode(header)).digest(), seq + 1
        found.append(prev)
    return found


def is_proven(batch: list[Any]) -> bool:
    """Whether the chain ends at the head that the node signed for this hub."""
    hub, head, signature = batch[1], batch[7], batch[8]
    return ids_of(batch)[-1] == head and holds(b"lienthong/batch/1\0" + hub.encode() + b"\0" + head, signature)


def test_a_batch_proves_every_event_in_it() -> None:
    batch = msgpack.decode(stored("batch.bytes"))
    assert is_proven(batch)
    assert ids_of(batch) == [stored(f"event.{seq}.id") for seq in (1, 2, 3)]


@pytest.mark.parametrize(
    ("at", "value"), [(0, "note.addes"), (2, b"S" * 16), (3, 1), (4, "cb02"), (5, [b"C" * 32]), (6, 9), (7, b"other")]
)
def test_a_batch_in_which_one_word_was_changed_proves_nothing(at: int, value: object) -> None:
    batch = msgpack.decode(stored("batch.bytes"))
    batch[6][0][at] = value
    assert not is_proven(batch)


def test_an_act_is_the_event_without_its_place() -> None:
    _, node, _, _, _, type_, tv, rid, hlc, actor, base, fence, hashed = msgpack.decode(stored("event.2.header"))
    kept = msgpack.encode([node, type_, tv, rid, hlc, actor, base, fence, hashed])
    assert hashlib.sha256(b"lienthong/act/1\0" + kept).digest() == stored("event.2.act")


def test_an_acknowledgement_is_the_hubs_word_for_these_numbers_and_no_others() -> None:
    promise = msgpack.decode(stored("acknowledgement.bytes"))
    signature, promise[-1] = promise[-1], b""
    assert holds(b"lienthong/acknowledgement/1\0" + msgpack.encode(promise), signature)
    promise[5] += 1
    assert not holds(b"lienthong/acknowledgement/1\0" + msgpack.encode(promise), signature)


def test_a_page_is_the_hubs_word_that_it_told_an_office_of_these_events() -> None:
    epoch, office, ids, signature = msgpack.decode(stored("page.bytes"))
    message = b"lienthong/page/1\0hub-vn\0" + epoch + office.encode() + b"\0" + hashlib.sha256(ids).digest()
    assert holds(message, signature)
    assert ids == b"".join(stored(f"event.{seq}.id") for seq in (1, 2, 3))
    assert not holds(message.replace(office.encode(), b"07901"), signature)
