"""Opened: the keys that somebody opened in this process. One passphrase or PIN, any number of papers.

Invariant: a key whose device stopped answering is not kept: whoever signs next is asked for the PIN again, and nothing else is tried.
A token knows one log-in at a time, so whoever types its PIN takes it from whoever had it open.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

from edge_node.signing.errors import TokenGone
from edge_node.signing.keys import SigningKey
from edge_node.signing.place import TokenPlace

Place = Path | TokenPlace


class OpenedKeys:
    """By account. Safe for threads; opening waits only for others that open the same account's key."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Place, SigningKey]] = {}
        self._changing = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    def get(self, account: str) -> SigningKey | None:
        """The account's key, if it is open."""
        held = self._held.get(account)
        return held[1] if held else None

    def open(self, account: str, place: Place, make: Callable[[], SigningKey]) -> SigningKey:
        """The account's key, made now unless it is open: a form sent twice uses one PIN. Raises what `make` raises."""
        with self._changing:
            turn = self._turns.setdefault(account, threading.Lock())
        with turn:
            if (held := self.get(account)) is not None:
                return held
            self.release(place)
            key = self._watched(account, make())
            with self._changing:
                self._held[account] = (place, key)
            return key

    def release(self, place: Place) -> None:
        """Close whoever's key lies in this token."""
        for account, (other, _) in list(self._held.items()):
            if isinstance(other, TokenPlace) and other.is_same_device(place):
                self.forget(account)

    def forget(self, account: str, only: SigningKey | None = None) -> None:
        """Close an account's key. Idempotent. `only`: not one that was opened since."""
        with self._changing:
            held = self._held.get(account)
            if held is None or (only is not None and held[1] is not only):
                return
            del self._held[account]
        held[1].close()

    def close(self) -> None:
        """Close them all: log-outs at the end of the process."""
        for account in list(self._held):
            self.forget(account)

    def _watched(self, account: str, key: SigningKey) -> SigningKey:
        def sign(message: bytes) -> bytes:
            try:
                return key.sign(message)
            except TokenGone:
                self.forget(account, watched)
                raise

        watched = dataclasses.replace(key, sign=sign)
        return watched
