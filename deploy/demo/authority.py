"""Authority: a tiny certificate authority for the demonstration and for tests.

Root → issuing authority → officers, agency, time stamping. Beside the good certificates there is one of every kind that
must be refused: expired, revoked, without the non-repudiation usage, and a false issuer that bears the true one's name.
The keys lie on disk with a known passphrase: never trust this root outside a demonstration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "mật-khẩu thử 1".encode()
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_DAY = dt.timedelta(days=1)
_OFFICER = "Nguyễn Thị Ẵm"


@dataclass(frozen=True)
class Identity:
    """A certificate with its key; `p12` is where both lie under `PASSPHRASE`."""

    certificate: x509.Certificate
    key: PrivateKey
    p12: Path | None = None

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def common_name(self) -> str:
        """The name the certificate was issued to."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@dataclass(frozen=True)
class Authority:
    """Everything the demonstration trusts, and what it must not trust. `crls` are DER, root's first."""

    directory: Path
    root: Identity
    issuing: Identity
    tsa: Identity
    people: dict[str, Identity]
    crls: tuple[bytes, ...]

    @property
    def roots(self) -> tuple[bytes, ...]:
        """Trusted roots, DER."""
        return (self.root.der,)

    @property
    def intermediates(self) -> tuple[bytes, ...]:
        """Issuing authorities, DER."""
        return (self.issuing.der,)


def make_authority(
    directory: Path, now: dt.datetime, *, agency: str = "Bảo hiểm xã hội thành phố Hồ Chí Minh"
) -> Authority:
    """Write a new authority into `directory` and return it; validity periods are counted from `now` (aware)."""
    directory.mkdir(parents=True, exist_ok=True)
    root = certify("Liên Thông Demo Root", None, now, authority=True, years=(1, 10))
    issuing = certify("Liên Thông Demo Issuing CA", root, now, authority=True, years=(1, 5))
    false_root = certify("Liên Thông Demo Root", None, now, authority=True, years=(1, 10))
    false_issuing = certify("Liên Thông Demo Issuing CA", false_root, now, authority=True, years=(1, 5))
    made = {
        "officer_rsa": certify(_OFFICER, issuing, now, rsa_bits=2048),
        "officer_p256": certify("Trần Văn Ộp Ữ", issuing, now),
        "agency": certify(agency, issuing, now, rsa_bits=2048),
        "expired": certify(_OFFICER, issuing, now, years=(3, -1)),
        "revoked": certify(_OFFICER, issuing, now),
        "no_nonrepudiation": certify(_OFFICER, issuing, now, non_repudiation=False),
        "false_issuer": certify(_OFFICER, false_issuing, now),
    }
    tsa = certify("Liên Thông Demo TSA", issuing, now, rsa_bits=2048, time_stamping=True)
    crls = (_revocations(root, (), now), _revocations(issuing, (made["revoked"],), now))
    people = {name: _stored(directory, name, identity, (issuing,)) for name, identity in made.items()}
    for name, identity in (("root", root), ("issuing", issuing), ("tsa", tsa)):
        (directory / f"{name}.pem").write_bytes(identity.certificate.public_bytes(Encoding.PEM))
    (directory / "tsa.key.pem").write_bytes(tsa.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for number, crl in enumerate(crls):
        (directory / f"crl-{number}.der").write_bytes(crl)
    return Authority(directory, root, issuing, tsa, people, crls)


def revocation_list(
    authority: Authority, now: dt.datetime, *, serial_of: Sequence[str] = ("revoked",), since: dt.datetime | None = None
) -> bytes:
    """Return a new list of the issuing authority (DER), dated `now`, that revokes the named people since an instant."""
    return _revocations(authority.issuing, [authority.people[name] for name in serial_of], now, since)


def root_revocation_list(authority: Authority, now: dt.datetime) -> bytes:
    """Return a new list of the root (DER), dated `now`, that revokes nobody."""
    return _revocations(authority.root, (), now)


def certify(
    name: str,
    issuer: Identity | None,
    now: dt.datetime,
    *,
    years: tuple[int, int] = (1, 2),
    rsa_bits: int = 0,
    authority: bool = False,
    non_repudiation: bool = True,
    time_stamping: bool = False,
) -> Identity:
    """Issue a certificate valid from `years[0]` years before `now` to `years[1]` years after it."""
    key: PrivateKey = rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Liên Thông Demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    issuer_name = issuer.certificate.subject if issuer else subject
    signing_key = issuer.key if issuer else key
    usage = _usage(authority=authority, non_repudiation=non_repudiation)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - years[0] * 365 * _DAY)
        .not_valid_after(now + years[1] * 365 * _DAY)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    if time_stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Identity(builder.sign(signing_key, hashes.SHA256()), key)


def _usage(*, authority: bool, non_repudiation: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=non_repudiation and not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _revocations(
    issuer: Identity, revoked: Sequence[Identity], now: dt.datetime, since: dt.datetime | None = None
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - dt.timedelta(hours=1))
        .next_update(now + 7 * _DAY)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for identity in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(identity.certificate.serial_number)
            .revocation_date(since or now - 30 * _DAY)
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _stored(directory: Path, name: str, identity: Identity, issuers: Sequence[Identity]) -> Identity:
    p12 = directory / f"{name}.p12"
    p12.write_bytes(
        serialize_key_and_certificates(
            name.encode(),
            identity.key,
            identity.certificate,
            [issuer.certificate for issuer in issuers],
            BestAvailableEncryption(PASSPHRASE),
        )
    )
    return Identity(identity.certificate, identity.key, p12)
