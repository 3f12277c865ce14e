"""Certificates: may this one sign, here and now? Asked before a PIN is used, because a PIN attempt is a scarce thing.

Revocation is not asked here: an office without a line cannot know it, and a scan is never blocked by a missing list. The
hub judges with a fresh list (`sync_protocol.adapters.verification.verify`).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from edge_node.signing.errors import (
    CertificateChain,
    CertificateNotEnrolled,
    CertificateOutOfDate,
    CertificateUsage,
    TimeWithoutZone,
)
from sync_protocol.adapters.signing_certificate import is_for_documents, weak_key

_LONGEST_CHAIN = 6


def certificate_sha256(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the DER certificate, lower-case hexadecimal: how registries name a certificate."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def holder_name(certificate: x509.Certificate) -> str:
    """Return the holder's common name as the certificate spells it, or an empty text."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[-1].value) if names else ""


def require_usable(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    *,
    at: dt.datetime,
    roots: Sequence[x509.Certificate] = (),
    registry: Collection[str] | None = None,
) -> None:
    """Let only a certificate pass that may sign at `at` (aware).

    Args:
        certificate: the holder's.
        issuers: authorities between the holder and a root.
        at: the instant of signing.
        roots: what this office trusts; empty means the chain is only checked as far as `issuers` go.
        registry: SHA-256 of the certificates registered for the person; `None` when there is no register to ask.

    Raises:
        TimeWithoutZone, CertificateOutOfDate, CertificateUsage, CertificateChain, CertificateNotEnrolled.
    """
    if at.tzinfo is None:
        raise TimeWithoutZone()
    fingerprint = certificate_sha256(certificate)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise CertificateOutOfDate(
            certificate=fingerprint[:16],
            valid_from=certificate.not_valid_before_utc.strftime("%d/%m/%Y"),
            valid_to=certificate.not_valid_after_utc.strftime("%d/%m/%Y"),
        )
    if not _binds_a_person(certificate) or not is_for_documents(certificate) or weak_key(certificate):
        raise CertificateUsage(certificate=fingerprint[:16])
    if not _leads_to_root(certificate, issuers, roots, at):
        raise CertificateChain(certificate=fingerprint[:16])
    if registry is not None and fingerprint not in registry:
        raise CertificateNotEnrolled(certificate=fingerprint[:16])


def issuers_of(
    certificate: x509.Certificate, candidates: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Those of the candidates that lead from a certificate towards its root, nearest first: what its signatures carry along."""
    chain: list[x509.Certificate] = []
    current = certificate
    while len(chain) < _LONGEST_CHAIN:
        parent = next((one for one in candidates if one.subject == current.issuer and _issued(one, current)), None)
        if parent is None or parent in chain or parent.subject == parent.issuer:
            break
        chain.append(parent)
        current = parent
    return tuple(chain)


def certificates_in(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """The certificates that parse; a broken file in the trust folder stops nobody's signature."""
    read = []
    for der in ders:
        with contextlib.suppress(ValueError):
            read.append(x509.load_der_x509_certificate(der))
    return tuple(read)


def _binds_a_person(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
    except x509.ExtensionNotFound:
        return False


def _leads_to_root(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: dt.datetime,
) -> bool:
    current = certificate
    for _ in range(_LONGEST_CHAIN):
        if current in roots or (current.subject == current.issuer and not roots):
            return True
        named = [one for one in (*roots, *issuers) if one.subject == current.issuer]
        parent = next((one for one in named if _issued(one, current)), None)
        if parent is None:
            return not roots and not named
        if not parent.not_valid_before_utc <= at <= parent.not_valid_after_utc:
            return False
        current = parent
    return False


def _issued(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    try:
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
