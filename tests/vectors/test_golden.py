"""The bytes of version 1 do not change, and what was written in version 1 still reads."""

from __future__ import annotations

import json

import msgspec
import pytest

from sync_protocol.adapters import signatures
from sync_protocol.batch import Acknowledgement, Batch, check_acknowledgement, open_batch
from sync_protocol.bodies import BODY_TYPES, encode_body
from sync_protocol.envelope import read_event
from sync_protocol.ids import NodeId
from sync_protocol.page_proof import PageProof, check_page
from tests.vectors.golden import FILE, HUB, filled, vectors

GOLDEN: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))


def golden(name: str) -> bytes:
    return bytes.fromhex(GOLDEN[name])


def verify(message: bytes, mark: bytes) -> None:
    signatures.verify(golden("public_key"), message, mark)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_golden_value_is_still_written_the_same(name: str) -> None:
    assert vectors()[name] == GOLDEN[name]


def test_every_body_type_has_its_vector() -> None:
    assert set(vectors()) == set(GOLDEN)


@pytest.mark.parametrize(("name", "version"), sorted(BODY_TYPES))
def test_a_body_of_version_one_reads_into_what_was_written(name: str, version: int) -> None:
    kind = BODY_TYPES[name, version]
    body = msgspec.msgpack.decode(golden(f"body.{name}.{version}"), type=kind)
    assert body == filled(kind) and encode_body(body).hex() == GOLDEN[f"body.{name}.{version}"]


@pytest.mark.parametrize("name", sorted(name for name in GOLDEN if name.endswith(".later")))
def test_a_body_that_grew_reads_with_what_was_added(name: str) -> None:
    kind = BODY_TYPES[name.removeprefix("body.").rsplit(".", 2)[0], int(name.rsplit(".", 2)[1])]
    body = msgspec.msgpack.decode(golden(name), type=kind)
    assert body == filled(kind, later=True) and encode_body(body).hex() == GOLDEN[name]


def test_a_stored_batch_acknowledgement_and_page_still_prove_themselves() -> None:
    batch = msgspec.msgpack.decode(golden("batch.bytes"), type=Batch)
    for event in open_batch(batch, hub=HUB, verify=verify):
        assert event.raw_header.hex() == GOLDEN[f"event.{event.header.seq}.header"]
        assert read_event(event.raw_header, event.body).id.hex() == GOLDEN[f"event.{event.header.seq}.id"]
    promise = msgspec.msgpack.decode(golden("acknowledgement.bytes"), type=Acknowledgement)
    check_acknowledgement(promise, hub=HUB, node=NodeId("n00101a"), verify=verify)
    check_page(msgspec.msgpack.decode(golden("page.bytes"), type=PageProof), hub=HUB, verify=verify)
