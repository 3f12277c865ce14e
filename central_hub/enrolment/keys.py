"""NATS keys in pure Python: made from the caller's randomness, kept as seeds, never printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import nkeys

from central_hub.enrolment.errors import MaterialDamaged

Entropy = Callable[[int], bytes]  # n -> n unpredictable bytes (secrets.token_bytes in production)
Role = Literal["operator", "account", "user"]

_PREFIX: Final[dict[Role, int]] = {
    "operator": nkeys.PREFIX_BYTE_OPERATOR,
    "account": nkeys.PREFIX_BYTE_ACCOUNT,
    "user": nkeys.PREFIX_BYTE_USER,
}


class SigningKey:
    """An Ed25519 key with its role. `repr` shows the public half only."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._pair = _pair_of(seed)
        self.public = str(self._pair.public_key.decode())

    @classmethod
    def make(cls, role: Role, entropy: Entropy) -> SigningKey:
        """A new key for `role`."""
        return cls(nkeys.encode_seed(entropy(32), _PREFIX[role]).decode())

    def sign(self, message: bytes) -> bytes:
        """64 bytes over `message`."""
        return bytes(self._pair.sign(message))

    def __repr__(self) -> str:
        return f"SigningKey({self.public[:8]}…)"


def _pair_of(seed: str) -> nkeys.KeyPair:
    try:
        return nkeys.from_seed(bytearray(seed.encode()))
    except (nkeys.NkeysError, ValueError, IndexError) as error:
        raise MaterialDamaged(name="seed", reason=type(error).__name__) from None
