"""Which of the living workers an office's batches belong to: each works it out for itself, and all who see the same crew name the same one.

Rendezvous hashing: every worker has a number for every node, and the highest takes it. Who comes or goes moves only the nodes that it gains or had.
Nothing correct depends on this view. Two who differ about it do what any two workers did before there was a crew: the database judges.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

BEAT_S: Final = 1.0
BEATS_MISSED: Final = 3  # a worker that was not heard for so many beats is gone


class Crew:
    """The workers that live, as one of them sees it.

    Args:
        name: its own, sixteen hexadecimal digits.
        ticks: seconds of a clock that never goes back.
        beat_s: how often each says that it is there.
    """

    def __init__(self, name: str, ticks: Callable[[], float], beat_s: float = BEAT_S) -> None:
        self.name = name
        self.beat_s = beat_s
        self._ticks = ticks
        self._heard: dict[str, float] = {}

    def heard(self, worker: str) -> bool:
        """Note that another one lives; says whether that is news."""
        if worker == self.name:
            return False
        is_news = not self.lives(worker)
        self._heard[worker] = self._ticks()
        return is_news

    def forget(self, worker: str) -> None:
        """Take another one for gone until it is heard again."""
        self._heard.pop(worker, None)

    def lives(self, worker: str) -> bool:
        """Whether a worker was heard of late; one always hears oneself."""
        heard = self._heard.get(worker)
        return worker == self.name or (heard is not None and self._ticks() - heard <= BEATS_MISSED * self.beat_s)

    def owner_of(self, node: str) -> str:
        """The worker to whom this node's batches belong."""
        for worker in [worker for worker in self._heard if not self.lives(worker)]:
            self.forget(worker)
        return max((self.name, *self._heard), key=lambda worker: hashlib.blake2b(f"{worker}.{node}".encode(), digest_size=8).digest())
