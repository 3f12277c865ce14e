"""Sealed courier files that an older program left open today, to the very plain files that stand in `frozen/1-first`; and a stranger opens one by the text alone."""

from __future__ import annotations

import hashlib
import hmac
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sync_protocol.adapters.sealed_sticks import StickReader, Way, open_stick

PLACE = Path(__file__).parent
KEPT: list[Any] = [
    pytest.param("there", "courier", "courier.courier", b"h" * 32, "11ea34fcd6eb5a2cb01c665c39c1fb823c456c986c5efc856163da71b9239cb1", id="there"),
    pytest.param("back", "courier.reply", "courier_answer.courier", b"d" * 32, "69dd0cd991f0367024ef6bf0c2482f199eeb0d428a7e5a88c62ff3ddc7482667", id="back"),
]


@pytest.mark.parametrize(("name", "way", "plain", "seed", "digest"), KEPT)
def test_a_sealed_stick_of_before_opens_to_what_was_sealed(name: str, way: Way, plain: str, seed: bytes, digest: str) -> None:
    raw = (PLACE / "sealed" / f"{name}.courier").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == digest
    opened, was_sealed = open_stick(io.BytesIO(raw), way, hub="hub-test", reader=StickReader(seed))
    assert was_sealed and opened == (PLACE / "frozen" / "1-first" / plain).read_bytes()


@pytest.mark.parametrize(("name", "way", "plain", "seed", "digest"), KEPT)
def test_a_stranger_unwraps_the_key_by_the_text_of_the_rfc(name: str, way: str, plain: str, seed: bytes, digest: str) -> None:
    """RFC 9180, base mode, with nothing but X25519, HKDF and AES-GCM: the wrapped key is 32 bytes, bound to way, hub and node."""
    raw = (PLACE / "sealed" / f"{name}.courier").read_bytes()
    length = int.from_bytes(raw[23:25], "big")
    said, hub, node, _, wrapped = msgspec.msgpack.decode(raw[25 : 25 + length])
    assert (said, hub, node) == (way, "hub-test", "n00101a")
    info = b"lienthong/sealed-stick/1\0" + msgspec.msgpack.encode([way, "hub-test", "n00101a"])
    assert len(_unwrapped(wrapped, X25519PrivateKey.from_private_bytes(seed), info)) == 32


def _extract(salt: bytes, suite: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + material, hashlib.sha256).digest()


def _expand(key: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(algorithm=SHA256(), length=length, info=labelled).derive(key)


def _unwrapped(wrapped: bytes, private: X25519PrivateKey, info: bytes) -> bytes:
    enc, sealed = wrapped[:32], wrapped[32:]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    secret = _expand(_extract(b"", kem, b"eae_prk", shared), kem, b"shared_secret", enc + private.public_key().public_bytes_raw(), 32)
    context = b"\x00" + _extract(b"", suite, b"psk_id_hash", b"") + _extract(b"", suite, b"info_hash", info)
    secret = _extract(secret, suite, b"secret", b"")
    return AESGCM(_expand(secret, suite, b"key", context, 32)).decrypt(_expand(secret, suite, b"base_nonce", context, 12), sealed, b"")
