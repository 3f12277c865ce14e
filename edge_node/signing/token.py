"""Token: a signing key that lives in a device (PKCS#11). One PIN opens it for any number of documents.

The certificate is public on a token, so it is read and checked before the PIN is used. A refused PIN is reported and
never tried again: tokens lock themselves after a few.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cryptography import x509

from edge_node.signing.certificates import require_usable
from edge_node.signing.errors import KeyNotFound, PinLocked, PinRefused, TokenAbsent, TokenGone
from edge_node.signing.keys import SigningKey, mechanism_of


def open_pkcs11(
    library: str,
    token_label: str,
    pin: str,
    *,
    key_label: str,
    now: dt.datetime,
    issuers: Sequence[x509.Certificate] = (),
    roots: Sequence[x509.Certificate] = (),
) -> SigningKey:
    """Log in to a token once and return its key.

    Args:
        library: path of the PKCS#11 driver.
        token_label: the token's own label.
        pin: the officer's PIN; used for exactly one log-in, after the certificate was found usable.
        key_label: label of the certificate and of its private key.
        now: aware; the certificate must be valid then.
        issuers: authorities that are not on the token.
        roots: what the office trusts.

    Raises:
        TokenAbsent, KeyNotFound, PinRefused, PinLocked, TokenGone, and what `require_usable` raises.
    """
    token = _find_token(library, token_label)
    with _token_faults():
        reading = token.open()
        try:
            certificate = _read_certificate(reading, key_label)
            require_usable(certificate, issuers, at=now, roots=roots)
        finally:
            reading.close()
        session = token.open(user_pin=pin)
    try:
        key = _find_key(session, key_label)
    except BaseException:
        session.close()
        raise
    mechanism = mechanism_of(certificate)
    sign = _rsa_signature(key) if mechanism == "sha256_rsa" else _ecdsa_signature(key)
    return SigningKey(certificate, tuple(issuers), mechanism, sign, session.close)


def _find_token(library: str, label: str) -> Any:
    import pkcs11
    from pkcs11.exceptions import PKCS11Error

    try:
        return pkcs11.lib(library).get_token(token_label=label)
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise TokenAbsent(found=type(error).__name__) from error


def _read_certificate(session: Any, label: str) -> x509.Certificate:
    from pkcs11 import Attribute, ObjectClass

    found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}))
    if len(found) != 1:
        raise KeyNotFound(found=f"{len(found)} certificates")
    try:
        return x509.load_der_x509_certificate(found[0][Attribute.VALUE])
    except ValueError as error:
        raise KeyNotFound(found="a certificate that does not parse") from error


def _find_key(session: Any, label: str) -> Any:
    from pkcs11 import Attribute, ObjectClass

    with _token_faults():
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}))
    if len(found) != 1:
        raise KeyNotFound(found=f"{len(found)} private keys")
    return found[0]


def _rsa_signature(key: Any) -> Callable[[bytes], bytes]:
    from pkcs11 import Mechanism

    def sign(message: bytes) -> bytes:
        with _token_faults():
            return bytes(key.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS))

    return sign


def _ecdsa_signature(key: Any) -> Callable[[bytes], bytes]:
    """Sign the digest, not the message: many tokens (and SoftHSM) lack the mechanism that hashes by itself."""
    from pkcs11 import Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    def sign(message: bytes) -> bytes:
        with _token_faults():
            raw = key.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))

    return sign


@contextmanager
def _token_faults() -> Iterator[None]:
    from pkcs11 import exceptions

    try:
        yield
    except (exceptions.PinLocked, exceptions.PinExpired) as error:
        raise PinLocked(found=type(error).__name__) from error
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        raise PinRefused(found=type(error).__name__) from error
    except (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.TokenNotRecognised) as error:
        raise TokenAbsent(found=type(error).__name__) from error
    except exceptions.PKCS11Error as error:
        raise TokenGone(found=type(error).__name__) from error
