"""Token: a signing key that lives in a device (PKCS#11). One PIN opens it for any number of documents.

The certificate is public on a token, so it is read and checked before the PIN is used. A refused PIN is reported and
never tried again: tokens lock themselves after a few.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509

from edge_node.signing.certificates import issuers_of, require_usable
from edge_node.signing.device import (
    driver_alone,
    find_token,
    note_session,
    read_certificate,
    signing_faults,
    token_faults,
)
from edge_node.signing.errors import KeyNotFound
from edge_node.signing.keys import SigningKey, mechanism_of
from edge_node.signing.place import TokenPlace
from sync_protocol.errors import Problem

CLOSE_WAIT_S = 5.0  # a dead driver must not hold up the end of the program
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 §9.2, note 1


def open_pkcs11(
    place: TokenPlace,
    pin: str,
    *,
    now: dt.datetime,
    issuers: Sequence[x509.Certificate] = (),
    roots: Sequence[x509.Certificate] = (),
) -> SigningKey:
    """Log in to a token once and return its key.

    Args:
        place: driver, token and label.
        pin: the officer's PIN; used for exactly one log-in, after the certificate was found usable.
        now: aware; the certificate must be valid then.
        issuers: authorities that are not on the token; those that lead to this certificate go into its signatures.
        roots: what the office trusts.

    Raises:
        DriverNotTrusted, TokenAbsent, TokenBusy, KeyNotFound, PinRefused, PinLocked, TokenGone, and what `require_usable` raises.
    """
    with driver_alone():
        token = find_token(place)
        certificate, identifier = read_certificate(token, place.key_label)
        require_usable(certificate, issuers, at=now, roots=roots)
        mechanism = mechanism_of(certificate)
        with token_faults():
            session = token.open(user_pin=pin)
        note_session(place.driver, 1)
        close = _closer(session, place.driver)
        try:
            key = _find_key(session, place.key_label, identifier)
            sign = _rsa_signature(key, token) if mechanism == "sha256_rsa" else _ecdsa_signature(key)
        except BaseException:
            close()
            raise
    return SigningKey(certificate, issuers_of(certificate, issuers), mechanism, sign, close)


def _closer(session: Any, driver: str) -> Callable[[], None]:
    """Log out and close, once; a token that is gone has closed it already."""
    once = threading.Semaphore(1)

    def close() -> None:
        from pkcs11.exceptions import PKCS11Error

        if once.acquire(blocking=False):
            with contextlib.suppress(Problem, PKCS11Error), driver_alone(CLOSE_WAIT_S):
                note_session(driver, -1)
                session.close()

    return close


def _find_key(session: Any, label: str, identifier: bytes) -> Any:
    """The private key under the certificate's label, or under its id where the maker labels them differently."""
    from pkcs11 import Attribute, ObjectClass

    with token_faults():
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}))
        if len(found) != 1 and identifier:
            found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: identifier}))
    if len(found) != 1:
        raise KeyNotFound(found=f"{len(found)} private keys")
    if _asks_each_time(found[0]):
        raise KeyNotFound(found="a key that asks for its PIN at every signature")
    return found[0]


def _asks_each_time(key: Any) -> bool:
    """Whether the key wants its PIN at every signature: said when it is opened, because it would look like a token pulled out."""
    from pkcs11 import Attribute
    from pkcs11.exceptions import PKCS11Error

    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except PKCS11Error:
        return False


def _rsa_signature(key: Any, token: Any) -> Callable[[bytes], bytes]:
    """Let the token hash, or, where it only knows the bare operation, hand it the digest as PKCS#1 wraps it."""
    from pkcs11 import Mechanism

    hashes_itself = _hashes_itself(token)
    asked = Mechanism.SHA256_RSA_PKCS if hashes_itself else Mechanism.RSA_PKCS

    def sign(message: bytes) -> bytes:
        content = message if hashes_itself else _SHA256_DIGEST_INFO + hashlib.sha256(message).digest()
        with driver_alone(), signing_faults():
            return bytes(key.sign(content, mechanism=asked))

    return sign


def _hashes_itself(token: Any) -> bool:
    from pkcs11 import Mechanism

    with token_faults():
        return Mechanism.SHA256_RSA_PKCS in token.slot.get_mechanisms()


def _ecdsa_signature(key: Any) -> Callable[[bytes], bytes]:
    """Sign the digest, not the message: many tokens (and SoftHSM) lack the mechanism that hashes by itself."""
    from pkcs11 import Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    def sign(message: bytes) -> bytes:
        with driver_alone(), signing_faults():
            raw = key.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))

    return sign
