"""The CMS object put together from a key's encoded parts is the one pyHanko's own builder makes."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib

import pytest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer

from edge_node.signing.keys import SigningKey
from edge_node.signing.loaded_key import LoadedKeySigner
from tests.edge_node.signing.material import NOW, world

DIGEST = hashlib.sha256(b"content").digest()
KEYS = ("officer_rsa", "officer_p256", "agency")


def _steady(name: str, size: int) -> SigningKey:
    """The key's certificates with a signature that is the same each time, so that objects can be compared."""
    return dataclasses.replace(world().key(name), sign=lambda message: hashlib.shake_256(message).digest(size))


@pytest.mark.parametrize("is_pdf_sig", (True, False), ids=("in_a_file", "over_a_record"))
@pytest.mark.parametrize("size", (64, 71, 127, 128, 255, 256, 384))
@pytest.mark.parametrize("name", KEYS)
def test_the_object_is_the_one_pyhanko_would_have_built(name: str, size: int, is_pdf_sig: bool) -> None:
    signer, settings = LoadedKeySigner(_steady(name, size)), PdfCMSSignedAttributes(signing_time=NOW)
    ours = signer.async_sign(DIGEST, "sha256", use_pades=True, signed_attr_settings=settings, is_pdf_sig=is_pdf_sig)
    theirs = Signer.async_sign(
        signer, DIGEST, "sha256", use_pades=True, signed_attr_settings=settings, is_pdf_sig=is_pdf_sig
    )
    assert asyncio.run(ours).dump() == asyncio.run(theirs).dump()


def test_the_key_is_used_once_for_a_signature() -> None:
    used: list[bytes] = []

    def sign(message: bytes) -> bytes:
        used.append(message)
        return bytes(64)

    signer = LoadedKeySigner(dataclasses.replace(world().key("officer_p256"), sign=sign))
    settings = PdfCMSSignedAttributes(signing_time=NOW)
    asyncio.run(signer.async_sign(DIGEST, "sha256", use_pades=True, signed_attr_settings=settings))
    assert len(used) == 1
    assert DIGEST in used[0]


def test_what_the_office_never_asks_for_goes_pyhankos_own_way() -> None:
    signer = LoadedKeySigner(_steady("officer_p256", 64))
    tried = asyncio.run(signer.async_sign(DIGEST, "sha256", dry_run=True, use_pades=True))
    assert tried["content"]["signer_infos"][0]["signature"].native == bytes(144)
