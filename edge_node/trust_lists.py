"""The hub's trust lists at the node: taken over sync, verified every time they are read, used for warnings and never as a bar.

Invariant: what is here only adds issuing certificates and revocation lists to what the office was told to trust; never a root.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.trust_lists import MAX_BYTES, TrustLists, TrustListsRefused, unpack
from sync_protocol.errors import Problem
from sync_protocol.messages import TrustOffer

_log = structlog.get_logger(__name__)
NAME = "trust-lists.bin"


class _Kept(msgspec.Struct, frozen=True):
    content: bytes
    signature: bytes


class HeldLists:
    """The newest lists this node took from its hub."""

    def __init__(self, root: Path, verify: Callable[[bytes, bytes], None]) -> None:
        self._path, self._verify = root / NAME, verify
        self._current: TrustLists | None = None

    def current(self) -> TrustLists | None:
        """What is held, or None. A damaged file counts as none and is taken anew at the next greeting."""
        if self._current is None and self._path.exists():
            try:
                kept = msgspec.msgpack.decode(self._path.read_bytes(), type=_Kept)
                self._current = unpack(kept.content, kept.signature, self._verify)
            except (OSError, msgspec.MsgspecError, Problem) as problem:
                _log.error("trust.refused", kind=type(problem).__name__)
        return self._current

    def content(self) -> bytes | None:
        """The file that `current` answers from, as it came."""
        return msgspec.msgpack.decode(self._path.read_bytes(), type=_Kept).content if self.current() is not None else None

    def lacks(self, offer: TrustOffer | None) -> bool:
        """Whether this offer is newer than what is held."""
        held = self.current()
        return offer is not None and (held is None or offer.made_ms > held.made_ms) and offer.size <= MAX_BYTES

    def take(self, offer: TrustOffer, content: bytes) -> TrustLists:
        """Verify and keep the lists; durable when this returns. Idempotent.

        Raises:
            TrustListsRefused: the former lists stay.
        """
        found = unpack(content, offer.signature, self._verify)
        if found.made_ms != offer.made_ms:
            raise TrustListsRefused(found="another age than offered")
        write_durably(self._path, msgspec.msgpack.encode(_Kept(content, offer.signature)))
        self._current = found
        return found
