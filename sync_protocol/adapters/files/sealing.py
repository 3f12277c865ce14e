"""The sealed form of one file: what stands on a disk or in an object store.

    header   "LTF" version:1 size:8 nonce:12 sealed(digest):48          (72 bytes, size big-endian)
    segment  nonce:12 ciphertext tag:16                                 (one per 256 KiB of plaintext)

Invariant: AES-256-GCM with a random nonce per segment under a key derived for this one content; the associated data binds
digest, size, segment number, purpose and format version, so a segment moved, cut off or taken from another file does not
open. The name is HMAC-SHA-256 of the digest: it does not tell a finder which known document it is.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.store import FILE_SIZE_LIMIT_BYTES, SEGMENT_BYTES

FORMAT_VERSION = 1
NONCE_BYTES = 12
OVERHEAD_BYTES = NONCE_BYTES + 16
HEADER_BYTES = 4 + 8 + OVERHEAD_BYTES + 32
_MAGIC = b"LTF" + bytes([FORMAT_VERSION])


class Sealing:
    """Seals and opens the parts of files with the two derived keys of this installation.

    Args:
        files_key: 32 bytes, for content.
        names_key: 32 bytes, for names.
        random_bytes: source of nonces.
    """

    def __init__(
        self, files_key: bytes, names_key: bytes, *, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._files_key = files_key
        self._names_key = names_key
        self._random_bytes = random_bytes

    def name(self, digest: str) -> str:
        """The name content is kept under: 64 hexadecimal digits."""
        return hmac.new(self._names_key, bytes.fromhex(digest), hashlib.sha256).hexdigest()

    def header(self, digest: str, size: int) -> bytes:
        """HEADER_BYTES that begin a sealed file."""
        nonce = self._random_bytes(NONCE_BYTES)
        bound = b"header" + self.name(digest).encode() + size.to_bytes(8, "big")
        sealed = AESGCM(self._files_key).encrypt(nonce, bytes.fromhex(digest), bound)
        return _MAGIC + size.to_bytes(8, "big") + nonce + sealed

    def opened_header(self, name: str, header: bytes) -> tuple[str, int]:
        """(digest, size) of the file kept under `name`. Raises FileDamaged."""
        size = int.from_bytes(header[4:12], "big")
        try:
            if header[:4] != _MAGIC or size > FILE_SIZE_LIMIT_BYTES:
                raise problems.FileDamaged(digest=f"(name {name[:12]})", what="header")
            bound = b"header" + name.encode() + header[4:12]
            digest = AESGCM(self._files_key).decrypt(header[12 : 12 + NONCE_BYTES], header[24:HEADER_BYTES], bound)
        except (InvalidTag, ValueError) as error:
            raise problems.FileDamaged(digest=f"(name {name[:12]})", what="header") from error
        return digest.hex(), size

    def seal(self, purpose: str, digest: str, size: int, index: int, plain: bytes) -> bytes:
        """One sealed part; `purpose` keeps finished segments and waiting grains apart."""
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._cipher(digest).encrypt(nonce, plain, _bound(purpose, digest, size, index))

    def opened(self, purpose: str, digest: str, size: int, index: int, sealed: bytes) -> bytes:
        """The plaintext of one part. Raises FileDamaged."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher(digest).decrypt(nonce, rest, _bound(purpose, digest, size, index))
        except (InvalidTag, ValueError) as error:
            raise problems.FileDamaged(digest=digest, what=f"{purpose} {index}") from error

    def sealed_file(self, digest: str, size: int, segments: Iterable[bytes]) -> Iterator[bytes]:
        """Header and sealed segments, in the order they are written.

        Raises DigestMismatch at the end when the plaintext is not what `digest` and `size` say; write to a temporary place.
        """
        yield self.header(digest, size)
        seen, found = hashlib.sha256(), 0
        for index, segment in enumerate(segments):
            seen.update(segment)
            found += len(segment)
            yield self.seal("segment", digest, size, index, segment)
        if seen.hexdigest() != digest or found != size:
            raise problems.DigestMismatch(digest=digest)

    def _cipher(self, digest: str) -> AESGCM:
        label = b"lienthong/file/1|" + bytes.fromhex(digest)
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(self._files_key))


def segment_place(index: int) -> int:
    """Offset of a sealed segment in the sealed file, in bytes."""
    return HEADER_BYTES + index * (SEGMENT_BYTES + OVERHEAD_BYTES)


def segment_range(digest: str, size: int, offset: int, length: int) -> tuple[int, int]:
    """First and one-past-last segment that hold `length` bytes from `offset` of a file of `size` bytes. Raises ChunkMisplaced."""
    if offset < 0 or length < 0 or offset > size:
        raise problems.ChunkMisplaced(digest=digest, offset=offset, length=length, size=size, segment=SEGMENT_BYTES)
    end = min(offset + length, size)
    return offset // SEGMENT_BYTES, -(-end // SEGMENT_BYTES) if end > offset else offset // SEGMENT_BYTES


def _bound(purpose: str, digest: str, size: int, index: int) -> bytes:
    return f"lienthong/file/{FORMAT_VERSION}|{purpose}|{digest}|{size}|{index}".encode()
