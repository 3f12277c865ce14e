"""Record: the metadata of one document as bytes that can be signed, and the officer's signature over them.

Canonical form: JSON, keys sorted, no spaces, UTF-8, every text NFC, whole numbers only. It can be checked in twenty years
with `jq` and `openssl`; transport may wrap it, but the bytes signed travel untouched.

Invariant: the record names the file by hash and length, so `file[:pdf_len]` of every later version must still hash to
`pdf_sha256`. `last_acknowledgement` (the hub's last signed answer this node had seen) gives the earliest possible time
of signing, the hub's time stamp the latest; `seq` and `prev` chain the records of a node.

Source: QĐ 1333/QĐ-BHXH Điều 9.2 (items a to l), 9.4 (metadata are signed, hence deterministic).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography import x509

from edge_node.signing.certificates import require_usable
from edge_node.signing.errors import FileNotSignable, RecordRefused
from edge_node.signing.keys import SigningKey
from sync_protocol.errors import Problem

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
_OWN_NAMES = frozenset({"pdf_sha256", "pdf_len", "office", "seq", "prev", "last_acknowledgement"})
_DEEPEST = 8


def canonical_record(
    metadata: Mapping[str, Json],
    *,
    pdf_sha256: str,
    pdf_len: int,
    office: str,
    seq: int,
    prev: str,
    last_acknowledgement: str,
) -> bytes:
    """Return the bytes to sign: the metadata fields beside the binding ones.

    Args:
        metadata: field names of Điều 9.2 with confirmed values; times as ISO 8601 text.
        pdf_sha256: of the officer-signed file, lower-case hexadecimal.
        pdf_len: its length in bytes.
        office: the node's office code.
        seq: number of this record in the node's own count, from 1.
        prev: SHA-256 of the record before, empty for the first.
        last_acknowledgement: id of the hub's last signed answer, empty before the first.

    Raises:
        RecordRefused: a value with no canonical form, two names that are one after NFC, or a reserved name.
    """
    taken = sorted(_OWN_NAMES.intersection(metadata))
    if taken:
        raise RecordRefused(field=taken[0], found="a reserved name")
    binding: dict[str, Json] = {
        "pdf_sha256": pdf_sha256,
        "pdf_len": pdf_len,
        "office": office,
        "seq": seq,
        "prev": prev,
        "last_acknowledgement": last_acknowledgement,
    }
    plain = _plain({**metadata, **binding}, "", 0)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def record_sha256(record: bytes) -> str:
    """Return what the next record's `prev` must be."""
    return hashlib.sha256(record).hexdigest()


def sign_record(record: bytes, key: SigningKey, *, at: dt.datetime, roots: Sequence[x509.Certificate] = ()) -> bytes:
    """Return a detached CAdES signature (DER) over exactly these bytes; `openssl cms -verify -cades` accepts it.

    Raises:
        Problem: the certificate may not sign at `at`, or the key's device failed.
    """
    require_usable(key.certificate, key.issuers, at=at, roots=roots)
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    from edge_node.signing.loaded_key import LoadedKeySigner

    signing = LoadedKeySigner(key).async_sign_general_data(
        record,
        "sha256",
        detached=True,
        use_cades=True,
        signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
    )
    try:
        return bytes(asyncio.run(signing).dump())
    except Problem:
        raise
    except Exception as error:  # pyHanko has no single base class
        raise FileNotSignable(found=type(error).__name__) from error


def _plain(value: Json, name: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise RecordRefused(field=name, found="too deep a nesting")
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            plain = {
                unicodedata.normalize("NFC", str(key)): _plain(one, str(key), depth + 1) for key, one in value.items()
            }
            if len(plain) != len(value):
                raise RecordRefused(field=name, found="two names that are one after NFC")
            return plain
        case list() | tuple():
            return [_plain(one, name, depth + 1) for one in value]
        case _:
            raise RecordRefused(field=name, found=f"a value of type {type(value).__name__}")
