"""The CMS object of a signature: what pyHanko does not ask about it.

Seen with pyHanko 0.38: it accepts an object that does not bind its certificate, any curve, a certificate that was issued for a web server,
attributes that nobody signed, and words in the room behind the object, which no signature covers.

Source: ETSI EN 319 142-1 §6.3 (signing-certificate attribute is required); RFC 5652 §11 (attributes).
"""

from __future__ import annotations

from typing import Any

from asn1crypto import cms
from cryptography import x509

from sync_protocol.adapters.signing_certificate import is_for_documents, weak_key
from sync_protocol.adapters.verification.errors import (
    BrokenStructure,
    CertificateMisused,
    SignatureRefused,
    VerificationProblem,
    WeakAlgorithm,
)

_BINDING = frozenset({"signing_certificate", "signing_certificate_v2"})
_UNSIGNED_KNOWN = frozenset({"signature_time_stamp_token"})


def object_problems(field: str, signed: Any, certificate: Any) -> list[VerificationProblem]:
    """Return the reasons against a `SignedData` and its signer's certificate (both asn1crypto).

    Raises:
        Exception: whatever an object raises that cannot be followed; the caller makes it a reason.
    """
    (info,) = signed["signer_infos"]
    problems: list[VerificationProblem] = []
    if _BINDING.isdisjoint(_kinds(info["signed_attrs"])):
        problems.append(SignatureRefused(field=field, found="nothing in the signature binds its certificate"))
    if not _UNSIGNED_KNOWN.issuperset(_kinds(info["unsigned_attrs"])):
        problems.append(SignatureRefused(field=field, found="attributes that nobody signed"))
    opened = x509.load_der_x509_certificate(certificate.dump())
    if not is_for_documents(opened):
        problems.append(CertificateMisused(field=field, found="issued for another purpose"))
    weakness = weak_key(opened)
    if weakness:
        problems.append(WeakAlgorithm(field=field, found=weakness))
    return problems


def padding_problems(contents: bytes) -> list[VerificationProblem]:
    """Only zeros may stand behind the object in its room, `contents`: the room is outside of what is signed."""
    signed = cms.ContentInfo.load(contents).dump()
    if contents.startswith(signed) and not contents[len(signed) :].strip(b"\0"):
        return []
    return [BrokenStructure(found="more than the signature in its room")]


def _kinds(attributes: Any) -> set[str]:
    return {str(one["type"].native) for one in attributes or ()}
