"""The register of certificates: who may sign copies, slips and records for an office, and which agency key is an office's own.

A certificate is named by the SHA-256 of its DER form. A registration counts from `from_ms` to `until_ms`; it is never deleted,
because papers signed under it stay to be judged.

Source: QĐ 1333/QĐ-BHXH Điều 8.1 (the officer's own signature), 9.4 (the agency's, by the records clerk).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Literal, get_args

import apsw
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from central_hub.seals.errors import CertificateUnreadable, ValidityReversed
from sync_protocol.ids import OfficeCode

SignerRole = Literal["officer", "agency"]
SIGNER_ROLES: tuple[str, ...] = get_args(SignerRole)


class Registration(msgspec.Struct, frozen=True):
    """One certificate that may sign for one office. Times in ms UTC; `account` is the officer's account there, or ""."""

    certificate: bytes
    office: OfficeCode
    role: SignerRole
    account: str
    from_ms: int
    until_ms: int


def registration_of(
    content: bytes, office: OfficeCode, role: SignerRole, *, account: str = "", until_ms: int | None = None
) -> Registration:
    """Read a certificate (DER or PEM) into a registration that ends with the certificate, or earlier at `until_ms`.

    Raises:
        CertificateUnreadable: these bytes are no certificate.
        ValidityReversed: the registration would end before it begins.
    """
    try:
        is_pem = content.lstrip().startswith(b"-----BEGIN")
        read = x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
    except ValueError as error:
        raise CertificateUnreadable(found=type(error).__name__) from error
    begins = int(read.not_valid_before_utc.timestamp() * 1000)
    ends = int(read.not_valid_after_utc.timestamp() * 1000)
    until = ends if until_ms is None else min(ends, until_ms)
    if until <= begins:
        raise ValidityReversed(office=office)
    return Registration(read.fingerprint(hashes.SHA256()), office, role, account, begins, until)


def brought_along(
    officers: Iterable[tuple[str, bytes]], agency: Iterable[tuple[str, bytes]], office: OfficeCode
) -> list[Registration]:
    """Certificates that come with an office's enrolment: file names and contents; an officer's file is named after the account ("cb02.cer").

    Raises:
        CertificateUnreadable, ValidityReversed.
    """
    return [
        *(registration_of(content, office, "officer", account=PurePath(name).stem) for name, content in officers),
        *(registration_of(content, office, "agency") for _, content in agency),
    ]


def register(connection: apsw.Connection, entry: Registration, now_ms: int) -> int:
    """Keep a registration; registering again changes its end and its account. Returns how many files are judged again.

    Files in quarantine only because their signer was not registered go back to be judged.
    """
    connection.execute(
        "INSERT INTO officer_certificate(certificate, office, role, account, from_ms, until_ms, added_ms)"
        " VALUES(?,?,?,?,?,?,?) ON CONFLICT(certificate, office, role) DO UPDATE SET account = excluded.account,"
        " until_ms = excluded.until_ms, added_ms = excluded.added_ms",
        (entry.certificate, entry.office, entry.role, entry.account, entry.from_ms, entry.until_ms, now_ms),
    )
    connection.execute("UPDATE blob SET state = 'held', reason = '' WHERE state = 'quarantined' AND reason = 'VER-024'")
    return connection.changes()


def end_registration(
    connection: apsw.Connection, certificate: bytes, office: OfficeCode, role: str, at_ms: int
) -> bool:
    """End a registration that still counts; False where there is none. What was signed before stays to be judged by it."""
    connection.execute(
        "UPDATE officer_certificate SET until_ms = ? WHERE certificate = ? AND office = ? AND role = ? AND until_ms > ?",
        (at_ms, certificate, office, role, at_ms),
    )
    return connection.changes() > 0


def registrations(connection: apsw.Connection, office: OfficeCode | None = None) -> list[Registration]:
    """All registrations, or one office's."""
    rows = connection.execute(
        "SELECT certificate, office, role, account, from_ms, until_ms FROM officer_certificate"
        f"{'' if office is None else ' WHERE office = ?'} ORDER BY office, role, account, certificate",
        () if office is None else (office,),
    )
    return [Registration(*row) for row in rows]


def signers_of(
    connection: apsw.Connection, office: OfficeCode, role: SignerRole, at_ms: int, account: str = ""
) -> frozenset[str]:
    """Certificates (SHA-256, lower-case hexadecimal) that may sign for an office in a role at an instant.

    A registration that names an account counts for this account only.
    """
    rows = connection.execute(
        "SELECT certificate FROM officer_certificate WHERE office = ? AND role = ? AND ? BETWEEN from_ms AND until_ms"
        " AND account IN ('', ?)",
        (office, role, at_ms, account),
    )
    return frozenset(bytes(certificate).hex() for (certificate,) in rows)
