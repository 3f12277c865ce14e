"""Key files: one random data key per installation, opened by any of three slots, and what is derived from it.

Invariant: the disk never holds the data key or the signing key in clear. The key file is JSON, mode 0600, written
atomically and fsynced, never overwritten by `create_keys`. The signing seed is sealed under the data key and bound to its
public key, so a swapped public key does not open.

Derivation: HKDF-SHA-256, one label per purpose, one purpose per key.
"""

from __future__ import annotations

import dataclasses
import functools
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync_protocol.adapters import key_errors as problems
from sync_protocol.adapters.durable_file import create_durably, write_durably
from sync_protocol.adapters.key_slots import (
    KEY_SIZE_BYTES,
    NONCE_SIZE_BYTES,
    Argon2Cost,
    KeyFileOnDisk,
    Opening,
    Passphrase,
    RandomBytes,
    RecoveryPrivateKey,
    RecoveryPublicKey,
    Slot,
    Wrapping,
)
from sync_protocol.adapters.signatures import Signer, SoftwareSigner, verify

__all__ = [
    "Argon2Cost",
    "KeyFileOnDisk",
    "Keys",
    "Passphrase",
    "RecoveryPrivateKey",
    "RecoveryPublicKey",
    "Signer",
    "SoftwareSigner",
    "create_keys",
    "create_raw_key_file",
    "renew_signer",
    "replace_slot",
    "unlock_keys",
    "verify",
]

Purpose = Literal["database", "files", "names", "offline-index", "sessions", "logs", "sticks"]


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on the disk: nothing of it is secret without a slot's opening."""

    public_key: bytes
    sealed_seed: bytes
    slots: tuple[Slot, ...]
    version: Literal[1] = 1


@dataclasses.dataclass(frozen=True, repr=False)
class Keys:
    """The opened keys of this installation, in memory only. Its repr shows nothing secret."""

    data_key: bytes
    signer: Signer

    def __repr__(self) -> str:
        return f"Keys(public_key={self.signer.public_key.hex()})"

    def derived(self, purpose: Purpose) -> bytes:
        """32 bytes for one purpose; the same data key always gives the same bytes."""
        label = f"lienthong/1/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_SIZE_BYTES, salt=None, info=label).derive(self.data_key)

    @functools.cached_property
    def database_key(self) -> bytes:
        """For `open_database`."""
        return self.derived("database")

    @functools.cached_property
    def files_key(self) -> bytes:
        """For the content of the file store."""
        return self.derived("files")

    @functools.cached_property
    def names_key(self) -> bytes:
        """For the names in the file store, so that a name does not confirm a known document."""
        return self.derived("names")

    @functools.cached_property
    def sticks_key(self) -> bytes:
        """For what is sealed to this place by hand: the private half, so that a backup opens what was sealed before it."""
        return self.derived("sticks")


def create_raw_key_file(path: Path, *, random_bytes: RandomBytes = secrets.token_bytes) -> None:
    """32 random bytes with mode 0600 for unattended opening. Raises KeyFileExists."""
    try:
        create_durably(path, random_bytes(KEY_SIZE_BYTES))
    except FileExistsError as error:
        raise problems.KeyFileExists(what="raw key file") from error
    except OSError as error:
        raise problems.KeyFileMissing(what=f"raw key file cannot be written, errno {error.errno}") from error


def create_keys(path: Path, wrappings: Sequence[Wrapping], *, random_bytes: RandomBytes = secrets.token_bytes) -> Keys:
    """New keys, stored at `path` with one slot per wrapping (at least one), and opened.

    Raises:
        KeyFileExists: there is one already; keys are never overwritten.
        KeySlotMissing: no wrapping was given: nobody could ever open the file.
    """
    if not wrappings:
        raise problems.KeySlotMissing(slot="any", present="none")
    data_key, seed = random_bytes(KEY_SIZE_BYTES), random_bytes(KEY_SIZE_BYTES)
    signer = SoftwareSigner(seed)
    nonce = random_bytes(NONCE_SIZE_BYTES)
    sealed = nonce + AESGCM(data_key).encrypt(nonce, seed, _seed_bound(signer.public_key))
    slots = tuple(wrapping.wrap(data_key, random_bytes) for wrapping in wrappings)
    try:
        create_durably(path, msgspec.json.encode(KeyFile(signer.public_key, sealed, slots)))
    except FileExistsError as error:
        raise problems.KeyFileExists(what="key file") from error
    except OSError as error:
        raise problems.KeyFileMissing(what=f"key file cannot be written, errno {error.errno}") from error
    return Keys(data_key, signer)


def unlock_keys(path: Path, opening: Opening) -> Keys:
    """The keys, opened by passphrase, recovery key or raw key file.

    Raises:
        WrongPassphrase, KeySlotMissing, KeyFileMissing, KeyFileDamaged, KeyFileExposed.
    """
    stored = _read(path)
    slot = next((slot for slot in stored.slots if slot.kind == opening.kind), None)
    if slot is None:
        raise problems.KeySlotMissing(slot=opening.kind, present=", ".join(slot.kind for slot in stored.slots))
    data_key = opening.unwrap(slot)
    nonce, sealed = stored.sealed_seed[:NONCE_SIZE_BYTES], stored.sealed_seed[NONCE_SIZE_BYTES:]
    try:
        seed = AESGCM(data_key).decrypt(nonce, sealed, _seed_bound(stored.public_key))
    except (InvalidTag, ValueError) as error:
        raise problems.KeyFileDamaged(what="signing key does not authenticate") from error
    return Keys(data_key, SoftwareSigner(seed))


def renew_signer(path: Path, keys: Keys, *, random_bytes: RandomBytes = secrets.token_bytes) -> Keys:
    """A new signing key in the same key file; the data key and every slot stay, so what is stored still opens.

    Raises:
        KeyFileDamaged: `keys` are not the keys of this file. KeyFileMissing: it cannot be written; the former key still stands.
    """
    stored = _read(path)
    if stored.public_key != keys.signer.public_key:
        raise problems.KeyFileDamaged(what="key file belongs to other keys")
    seed, nonce = random_bytes(KEY_SIZE_BYTES), random_bytes(NONCE_SIZE_BYTES)
    signer = SoftwareSigner(seed)
    sealed = nonce + AESGCM(keys.data_key).encrypt(nonce, seed, _seed_bound(signer.public_key))
    renewed = msgspec.structs.replace(stored, public_key=signer.public_key, sealed_seed=sealed)
    try:
        write_durably(path, msgspec.json.encode(renewed))
    except OSError as error:
        raise problems.KeyFileMissing(what=f"key file cannot be written, errno {error.errno}") from error
    return Keys(keys.data_key, signer)


def replace_slot(
    path: Path, keys: Keys, wrapping: Wrapping, *, random_bytes: RandomBytes = secrets.token_bytes
) -> None:
    """Put a new slot of this kind in place of the old one (a new passphrase, a new recovery key); the others stay.

    Raises:
        KeyFileDamaged: `keys` are not the keys of this file.
    """
    stored = _read(path)
    if stored.public_key != keys.signer.public_key:
        raise problems.KeyFileDamaged(what="key file belongs to other keys")
    kept = tuple(slot for slot in stored.slots if slot.kind != wrapping.kind)
    renewed = msgspec.structs.replace(stored, slots=(*kept, wrapping.wrap(keys.data_key, random_bytes)))
    try:
        write_durably(path, msgspec.json.encode(renewed))
    except OSError as error:
        raise problems.KeyFileMissing(what=f"key file cannot be written, errno {error.errno}") from error


def _read(path: Path) -> KeyFile:
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except OSError as error:
        raise problems.KeyFileMissing(what=f"key file, errno {error.errno}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise problems.KeyFileDamaged(what="not a key file of version 1") from error


def _seed_bound(public_key: bytes) -> bytes:
    return b"lienthong/signing-seed/1|" + public_key
