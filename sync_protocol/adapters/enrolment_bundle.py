"""The one file that makes a computer a node: encrypted with a code that travels on another way (phone, paper).

    magic ‖ msgpack(sealed) ‖ SHA-256 of both

The code has 60 bits and is stretched with Argon2id (64 MiB), so that a lost USB stick is not a lost office. The expiry and
the identity of the file are authenticated with the content. The checksum only tells a file damaged in copying from a code
typed wrongly; it protects nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from typing import Final

import argon2.low_level
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync_protocol.adapters.enrolment_errors import BundleDamaged, BundleExpired, BundleReused, WrongCode
from sync_protocol.subjects import check_node_name

Entropy = Callable[[int], bytes]

STICK_KEY: Final = "stick_key"  # in `extra`: to which whatever the node carries to the hub is sealed
BUNDLE_BYTES_MAX: Final = 4 * 1_048_576
CODE_LETTERS: Final = 12
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread on paper
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_MAGIC: Final = b"LIENTHONG-KET-NOI-1\n"
_MEMORY_KIB_MAX: Final = 262_144
_ROUNDS_MAX: Final = 10


class EnrolmentBundle(msgspec.Struct, frozen=True, kw_only=True):
    """All that a node must know of the hub. `extra` carries what the caller adds (code blocks, first catalogue, …)."""

    bundle_id: bytes
    hub_id: str
    hub_public_key: bytes
    node: str
    office_code: str
    servers: tuple[str, ...]
    credentials: str
    authority_pem: bytes
    server_name: str | None
    issued_at_ms: int
    expires_at_ms: int
    extra: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"EnrolmentBundle(node={self.node!r}, bundle={self.bundle_id.hex()[:8]})"


class SealCost(msgspec.Struct, frozen=True):
    """Argon2id's work for one opening (about 0.1 s on a desk computer with the defaults)."""

    rounds: int = 3
    memory_kib: int = 65_536


SEAL_COST: Final = SealCost()


class _Sealed(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    bundle_id: bytes
    expires_at_ms: int
    rounds: int
    memory_kib: int
    salt: bytes
    nonce: bytes
    content: bytes

    def authenticated(self) -> bytes:
        """Everything but the content, as one byte string."""
        return _MAGIC + msgspec.msgpack.encode(
            [self.bundle_id, self.expires_at_ms, self.rounds, self.memory_kib, self.salt, self.nonce]
        )


def make_code(entropy: Entropy) -> str:
    """A new one-time code, as printed: three groups of four. 60 bits.

    >>> make_code(lambda count: bytes(range(count)))
    '0123-4567-89AB'
    """
    letters = "".join(_ALPHABET[byte & 31] for byte in entropy(CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def seal(bundle: EnrolmentBundle, code: str, entropy: Entropy, cost: SealCost = SEAL_COST) -> bytes:
    """The file's bytes; only `code` opens them."""
    head = _Sealed(
        bundle.bundle_id, bundle.expires_at_ms, cost.rounds, cost.memory_kib, entropy(16), entropy(12), b""
    )  # fmt: skip
    content = AESGCM(_key(code, head)).encrypt(head.nonce, msgspec.msgpack.encode(bundle), head.authenticated())
    body = _MAGIC + msgspec.msgpack.encode(msgspec.structs.replace(head, content=content))
    return body + hashlib.sha256(body).digest()


def open_bundle(sealed: bytes, code: str, now: dt.datetime, used: Collection[bytes] = ()) -> EnrolmentBundle:
    """The content of an enrolment file.

    Args:
        sealed: the file's bytes.
        code: as printed or typed; case, dashes, spaces and O/0, I/L/1 do not matter.
        now: aware time, for the expiry.
        used: `bundle_id`s already taken; the caller stores the new one together with what it takes over.

    Raises:
        BundleDamaged: not a whole enrolment file.
        BundleExpired: too late.
        BundleReused: taken before.
        WrongCode: the code does not fit.
    """
    head = _read(sealed)
    if head.bundle_id in used:
        raise BundleReused(bundle=head.bundle_id.hex()[:8])
    expired_at = dt.datetime.fromtimestamp(head.expires_at_ms / 1000, dt.UTC)
    if now > expired_at:
        raise BundleExpired(expired_at=expired_at.strftime("%H:%M %d/%m/%Y UTC"))
    try:
        plain = AESGCM(_key(code, head)).decrypt(head.nonce, head.content, head.authenticated())
    except InvalidTag:
        raise WrongCode() from None
    try:
        bundle = msgspec.msgpack.decode(plain, type=EnrolmentBundle)
    except msgspec.MsgspecError:
        raise BundleDamaged(reason="content of another version") from None
    check_node_name(bundle.node)
    return bundle


def _read(sealed: bytes) -> _Sealed:
    if len(sealed) > BUNDLE_BYTES_MAX or not sealed.startswith(_MAGIC):
        raise BundleDamaged(reason="no enrolment file")
    body, checksum = sealed[:-32], sealed[-32:]
    if hashlib.sha256(body).digest() != checksum:
        raise BundleDamaged(reason="checksum differs")
    try:
        head = msgspec.msgpack.decode(body[len(_MAGIC) :], type=_Sealed)
    except msgspec.MsgspecError:
        raise BundleDamaged(reason="unreadable head") from None
    # Bounds before work: a made-up file must not be able to ask for gigabytes of memory.
    affordable = 1 <= head.rounds <= _ROUNDS_MAX and 8 <= head.memory_kib <= _MEMORY_KIB_MAX
    if not affordable or len(head.salt) != 16 or len(head.nonce) != 12 or not 0 < head.expires_at_ms < 2**43:
        raise BundleDamaged(reason="head out of bounds")
    return head


def _key(code: str, head: _Sealed) -> bytes:
    return argon2.low_level.hash_secret_raw(
        code.upper().translate(_MISREAD).encode(),
        head.salt,
        time_cost=head.rounds,
        memory_cost=head.memory_kib,
        parallelism=1,
        hash_len=32,
        type=argon2.low_level.Type.ID,
    )
