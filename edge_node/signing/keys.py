"""Keys: one loaded signing key, whatever it lives in, and the software store (PKCS#12).

A key is parsed once. pyHanko's own software signer parses it twice per document, which is most of an RSA signature's
time: a loaded key is 6 to 18 times faster (signing.md §6, measured).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from edge_node.signing.certificates import certificate_sha256, holder_name, require_usable
from edge_node.signing.errors import KeyNotFound, PassphraseRefused

Mechanism = Literal["sha256_rsa", "sha256_ecdsa"]


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class SigningKey:
    """A key that is ready to sign: one PIN or passphrase was given, any number of documents may follow.

    `sign` takes the bytes to be signed and returns the raw signature: PKCS#1 v1.5 with SHA-256 for RSA, DER (r, s) with
    SHA-256 for ECDSA. `close` gives the session back; using the key as a context manager does it too.
    """

    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    mechanism: Mechanism
    sign: Callable[[bytes], bytes]
    close: Callable[[], None] = _nothing

    @property
    def signer_name(self) -> str:
        """The holder's name, from the certificate and from nowhere else."""
        return holder_name(self.certificate)

    @property
    def certificate_sha256(self) -> str:
        """SHA-256 of the certificate, lower-case hexadecimal."""
        return certificate_sha256(self.certificate)

    @property
    def signature_size(self) -> int:
        """The largest raw signature this key makes, in bytes."""
        public = self.certificate.public_key()
        return (public.key_size + 7) // 8 if isinstance(public, rsa.RSAPublicKey) else 144

    def __enter__(self) -> SigningKey:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def mechanism_of(certificate: x509.Certificate) -> Mechanism:
    """Return how this certificate's key signs.

    Raises:
        KeyNotFound: neither RSA nor elliptic curve.
    """
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return "sha256_rsa"
    if isinstance(public, ec.EllipticCurvePublicKey):
        return "sha256_ecdsa"
    raise KeyNotFound(found=f"a key of type {type(public).__name__}")


def open_pkcs12(
    source: Path | bytes,
    passphrase: bytes,
    *,
    now: dt.datetime | None = None,
    roots: Sequence[x509.Certificate] = (),
) -> SigningKey:
    """Open a software key.

    Args:
        source: the file or its bytes.
        passphrase: UTF-8; never kept.
        now: when given, the certificate is checked at once instead of at the first signature.
        roots: what the office trusts, used with `now`.

    Raises:
        PassphraseRefused: wrong passphrase or not a PKCS#12 file.
        KeyNotFound: no certificate with a usable key inside.
    """
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase)
    except (ValueError, TypeError, OSError) as error:
        raise PassphraseRefused(found=type(error).__name__) from error
    if certificate is None or not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise KeyNotFound(found="no certificate with an RSA or EC key")
    if now is not None:
        require_usable(certificate, others, at=now, roots=roots)
    return SigningKey(certificate, tuple(others), mechanism_of(certificate), software_signature(key))


def software_signature(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return lambda message: key.sign(message, ec.ECDSA(hashes.SHA256()))
