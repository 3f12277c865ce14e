"""The three ways to open a key file: each slot wraps the same random data key, any one opens it.

`passphrase`  Argon2id of two officers' passphrase (Unicode NFC), then AES-256-GCM.
`recovery`    HPKE (RFC 9180, X25519, HKDF-SHA-256, AES-256-GCM) to the recovery public key whose private half is kept offline.
`file`        a raw 32-byte key in a file of mode 0600, for a machine that must start unattended (demo, test).

Invariant: a slot names its kind, its cost and its salt in clear, and authenticates all three together with the wrapped key.
Measured 2026-11-22: Argon2id with 64 MiB and 3 passes takes 0.6-0.7 s on the loaded 2-core machine.
"""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync_protocol.adapters import key_errors as problems

KEY_SIZE_BYTES = 32
NONCE_SIZE_BYTES = 12
SALT_SIZE_BYTES = 16
MEMORY_KIB_MAX = 1024 * 1024
ITERATIONS_MAX = 64

RandomBytes = Callable[[int], bytes]
SlotKind = Literal["passphrase", "recovery", "file"]


class Argon2Cost(msgspec.Struct, frozen=True):
    """Cost of one passphrase guess; stored in the slot so that it can be raised later."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 1


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wrapper of the data key as it stands in the key file."""

    kind: SlotKind
    wrapped: bytes
    salt: bytes = b""
    cost: Argon2Cost | None = None


class Passphrase(msgspec.Struct, frozen=True):
    """Opens the `passphrase` slot; `cost` is used when a slot is made."""

    text: str
    cost: Argon2Cost = Argon2Cost()

    kind: SlotKind = "passphrase"

    def __repr__(self) -> str:
        return "Passphrase(***)"

    def wrap(self, data_key: bytes, random_bytes: RandomBytes) -> Slot:
        """A new slot around `data_key`."""
        salt = random_bytes(SALT_SIZE_BYTES)
        wrapped = _seal(self._kek(salt, self.cost), data_key, _bound("passphrase", salt, self.cost), random_bytes)
        return Slot("passphrase", wrapped, salt, self.cost)

    def unwrap(self, slot: Slot) -> bytes:
        """The data key. Raises WrongPassphrase; KeyFileDamaged when the stored cost is beyond the limits."""
        cost = slot.cost
        if cost is None or not (8 <= cost.memory_kib <= MEMORY_KIB_MAX and 1 <= cost.iterations <= ITERATIONS_MAX):
            raise problems.KeyFileDamaged(what="cost of the passphrase slot out of bounds")
        return _open(self._kek(slot.salt, cost), slot, _bound("passphrase", slot.salt, cost))

    def _kek(self, salt: bytes, cost: Argon2Cost) -> bytes:
        try:
            derivation = Argon2id(
                salt=salt,
                length=KEY_SIZE_BYTES,
                iterations=cost.iterations,
                lanes=cost.lanes,
                memory_cost=cost.memory_kib,
            )
        except ValueError as error:
            raise problems.KeyFileDamaged(what="parameters of the passphrase slot") from error
        return derivation.derive(unicodedata.normalize("NFC", self.text).encode())


class RecoveryPublicKey(msgspec.Struct, frozen=True):
    """Makes a `recovery` slot: 32 bytes, X25519."""

    public_key: bytes

    kind: SlotKind = "recovery"

    def wrap(self, data_key: bytes, random_bytes: RandomBytes) -> Slot:
        """A new slot around `data_key`; HPKE draws its own ephemeral key."""
        public_key = X25519PublicKey.from_public_bytes(self.public_key)
        return Slot("recovery", _SUITE.encrypt(data_key, public_key, _bound("recovery", b"", None)))


class RecoveryPrivateKey(msgspec.Struct, frozen=True):
    """Opens the `recovery` slot: 32 bytes, X25519, brought from offline custody."""

    private_key: bytes

    kind: SlotKind = "recovery"

    def __repr__(self) -> str:
        return "RecoveryPrivateKey(***)"

    def unwrap(self, slot: Slot) -> bytes:
        """The data key. Raises WrongPassphrase."""
        private_key = X25519PrivateKey.from_private_bytes(self.private_key)
        try:
            return _SUITE.decrypt(slot.wrapped, private_key, _bound("recovery", b"", None))
        except (InvalidTag, ValueError) as error:
            raise problems.WrongPassphrase(slot="recovery") from error


class KeyFileOnDisk(msgspec.Struct, frozen=True):
    """Makes and opens the `file` slot with the 32 raw bytes in `path`, which only its owner may read."""

    path: Path

    kind: SlotKind = "file"

    def wrap(self, data_key: bytes, random_bytes: RandomBytes) -> Slot:
        """A new slot around `data_key`; the raw key file must exist."""
        return Slot("file", _seal(self._kek(), data_key, _bound("file", b"", None), random_bytes))

    def unwrap(self, slot: Slot) -> bytes:
        """The data key. Raises WrongPassphrase, KeyFileMissing, KeyFileExposed, KeyFileDamaged."""
        return _open(self._kek(), slot, _bound("file", b"", None))

    def _kek(self) -> bytes:
        try:
            mode = stat.S_IMODE(self.path.stat().st_mode)
            kek = self.path.read_bytes()
        except OSError as error:
            raise problems.KeyFileMissing(what="raw key file") from error
        if mode & 0o077:
            raise problems.KeyFileExposed(what="raw key file", mode=f"{mode:04o}")
        if len(kek) != KEY_SIZE_BYTES:
            raise problems.KeyFileDamaged(what=f"raw key file has {len(kek)} bytes, expected {KEY_SIZE_BYTES}")
        return kek


Opening = Passphrase | RecoveryPrivateKey | KeyFileOnDisk
Wrapping = Passphrase | RecoveryPublicKey | KeyFileOnDisk

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _bound(kind: SlotKind, salt: bytes, cost: Argon2Cost | None) -> bytes:
    return b"lienthong/key-slot/1|" + msgspec.json.encode((kind, salt, cost))


def _seal(kek: bytes, data_key: bytes, bound: bytes, random_bytes: RandomBytes) -> bytes:
    nonce = random_bytes(NONCE_SIZE_BYTES)
    return nonce + AESGCM(kek).encrypt(nonce, data_key, bound)


def _open(kek: bytes, slot: Slot, bound: bytes) -> bytes:
    nonce, sealed = slot.wrapped[:NONCE_SIZE_BYTES], slot.wrapped[NONCE_SIZE_BYTES:]
    try:
        return AESGCM(kek).decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError) as error:
        raise problems.WrongPassphrase(slot=slot.kind) from error
