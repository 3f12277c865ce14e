"""Ed25519 signatures of a node or hub over bytes: who signed a batch or a receipt.

Invariant: `verify` either returns or raises; there is no boolean to forget.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync_protocol.adapters import key_errors as problems


class Signer(Protocol):
    """Whatever can sign for a node: software key, or a token behind the same two names."""

    @property
    def public_key(self) -> bytes:
        """32 bytes, Ed25519."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message`; the same message gives the same signature."""


class SoftwareSigner:
    """An Ed25519 key held in memory for as long as the process is unlocked.

    Args:
        seed: the 32 private bytes.
    """

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> bytes:
        """32 bytes, Ed25519."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message`; the same message gives the same signature."""
        return self._key.sign(message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Return when `signature` over `message` was made with the private half of `public_key`.

    Raises:
        SignatureRejected: in every other case, malformed keys and signatures included.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise problems.SignatureRejected() from error
