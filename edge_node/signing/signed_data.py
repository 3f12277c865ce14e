"""Signed data: the CMS object of one signature, put together from parts that were encoded once for the key.

pyHanko builds the same object anew each time and encodes the certificates inside it several times over, which was more than half of a
signature. Everything but the digest, the time and the signature itself is the same in all documents of a key.

Invariant: byte for byte what pyHanko's own builder gives for the same key, digest and time (tested), so DER with sorted sets.

Source: RFC 5652 §5 (SignedData), §11 (attributes); RFC 5035 (signing-certificate-v2); ETSI EN 319 142-1 (no signing-time in PAdES).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

_SEQUENCE, _SET, _INTEGER, _OCTETS = b"\x30", b"\x31", b"\x02", b"\x04"
_SIGNED_ATTRIBUTES, _CERTIFICATES, _CONTENT = b"\xa0", b"\xa0", b"\xa0"  # [0], each in its own place


@dataclass(frozen=True)
class KeyParts:
    """What all signatures of one key share, encoded: its certificates, its name, its algorithms, the attribute that binds the certificate."""

    certificates: bytes
    signer: bytes
    digest_algorithm: bytes
    signature_algorithm: bytes
    constant_attributes: tuple[bytes, ...]


@functools.lru_cache(maxsize=32)
def key_parts(certificate: bytes, issuers: tuple[bytes, ...], mechanism: str) -> KeyParts:
    """Encode the lasting parts. Arguments are DER certificates, the signer's first, and the name of the signature algorithm."""
    own = asn1_x509.Certificate.load(certificate)
    name = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    return KeyParts(
        certificates=_tlv(_CERTIFICATES, *sorted({certificate, *issuers})),
        signer=name.dump(),
        digest_algorithm=algos.DigestAlgorithm({"algorithm": "sha256"}).dump(),
        signature_algorithm=algos.SignedDigestAlgorithm({"algorithm": mechanism}).dump(),
        constant_attributes=(
            _attribute("content_type", "data"),
            _attribute("signing_certificate_v2", as_signing_certificate_v2(own)),
        ),
    )


def signed_data(
    parts: KeyParts, digest: bytes, sign: Callable[[bytes], bytes], *, signing_time: dt.datetime | None = None
) -> bytes:
    """Return the detached CMS object (DER) over content with this SHA-256 digest. `sign` is called once, with the attributes."""
    attributes = [*parts.constant_attributes, _attribute("message_digest", digest)]
    if signing_time is not None:
        attributes.append(_attribute("signing_time", cms.Time({"utc_time": signing_time})))
    signed_attributes = b"".join(sorted(attributes))
    signature = sign(_tlv(_SET, signed_attributes))
    signer_info = _tlv(
        _SEQUENCE,
        _tlv(_INTEGER, b"\x01"),
        parts.signer,
        parts.digest_algorithm,
        _tlv(_SIGNED_ATTRIBUTES, signed_attributes),
        parts.signature_algorithm,
        _tlv(_OCTETS, signature),
    )
    body = _tlv(
        _SEQUENCE,
        _tlv(_INTEGER, b"\x01"),
        _tlv(_SET, parts.digest_algorithm),
        _tlv(_SEQUENCE, cms.ContentType("data").dump()),
        parts.certificates,
        _tlv(_SET, signer_info),
    )
    return _tlv(_SEQUENCE, cms.ContentType("signed_data").dump(), _tlv(_CONTENT, body))


def _attribute(kind: str, value: Any) -> bytes:
    make: Any = simple_cms_attribute  # pyHanko leaves it untyped
    return bytes(make(kind, value).dump())


def _tlv(tag: bytes, *contents: bytes) -> bytes:
    """One DER value."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return tag + bytes((size,)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes((0x80 | len(length),)) + length + content
