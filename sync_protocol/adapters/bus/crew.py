"""Which of the living workers an office's queue belongs to: each works it out for itself, and all who see the same crew and the same queues name the same one.

Rendezvous hashing with a bound: every worker has a number for every node, and the highest takes its queue, unless it has its share of the queues that are being
drained already; then the next. Without the bound all of four offices fell to one of two workers by their names. A node whose queue is news, or over, moves few others.
Nothing correct depends on this view. Two who differ about it do what any two workers did before there was a crew: the database judges.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

BEAT_S: Final = 1.0
BEATS_MISSED: Final = 3  # a worker that was not heard for so many beats is gone; a queue of which no piece was seen for as long is over
MANY_QUEUES: Final = 8  # a worker's share may be exceeded by one for so many: where there are many, none need be even for the sake of the last


class Crew:
    """The workers that live and the queues that they drain, as one of them sees it.

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
        self._own: dict[str, float] = {}  # nodes of whose queue a piece was received here, and when
        self._queues: dict[str, float] = {}  # the same, here or by another
        self._cleared_s = ticks()
        self._likings: dict[str, list[str]] = {}
        self._owners: dict[str, str] | None = None  # None: to be worked out

    def heard(self, worker: str) -> bool:
        """Note that another one lives; says whether that is news."""
        if worker == self.name:
            return False
        is_news = not self.lives(worker)
        self._heard[worker] = self._ticks()
        if is_news:
            self._begin_anew()
        return is_news

    def forget(self, worker: str) -> None:
        """Take another one for gone until it is heard again."""
        if self._heard.pop(worker, None) is not None:
            self._begin_anew()

    def lives(self, worker: str) -> bool:
        """Whether a worker was heard of late; one always hears oneself."""
        heard = self._heard.get(worker)
        return worker == self.name or (heard is not None and self._ticks() - heard <= BEATS_MISSED * self.beat_s)

    def sees_queue(self, node: str) -> bool:
        """Note that a piece of a node's queue was received here; says whether the others should be told now."""
        is_news = node not in self._queues
        self._own[node] = self._ticks()
        self.told_of((node,))
        return is_news and bool(self._heard)

    def told_of(self, nodes: Iterable[str]) -> None:
        """Another worker received pieces of these nodes' queues of late."""
        now = self._ticks()
        for node in nodes:
            if node not in self._queues:
                self._owners = None
            self._queues[node] = now

    def own_queues(self) -> list[str]:
        """The nodes of whose queues pieces were received here since about the last beat."""
        since = self._ticks() - 2 * self.beat_s
        self._own = {node: seen for node, seen in self._own.items() if seen >= since}
        return list(self._own)

    def owner_of(self, node: str) -> str:
        """The worker to whom this node's queue belongs."""
        self._clear()
        if not self._heard:
            return self.name
        if self._owners is None:
            self._owners = self._shared_out()
        return self._owners.get(node) or self._liking(node)[0]

    def _clear(self) -> None:
        """Forget who was silent for too long, and once a beat the queues that are over."""
        for worker in [worker for worker in self._heard if not self.lives(worker)]:
            self.forget(worker)
        now = self._ticks()
        if now - self._cleared_s < self.beat_s:
            return
        self._cleared_s = now
        over = [node for node, seen in self._queues.items() if now - seen > BEATS_MISSED * self.beat_s]
        for node in over:
            del self._queues[node]
            self._likings.pop(node, None)
            self._owners = None

    def _begin_anew(self) -> None:
        self._likings.clear()
        self._owners = None

    def _liking(self, node: str) -> list[str]:
        """The workers in the order in which they would take this node's queue."""
        return sorted((self.name, *self._heard), key=lambda worker: _number(f"{worker}.{node}"), reverse=True)

    def _shared_out(self) -> dict[str, str]:
        workers = 1 + len(self._heard)
        room = dict.fromkeys((self.name, *self._heard), -(-len(self._queues) // workers) + len(self._queues) // (workers * MANY_QUEUES))
        owners: dict[str, str] = {}
        for node in sorted(self._queues, key=_number):
            liking = self._likings.get(node) or self._likings.setdefault(node, self._liking(node))
            owner = owners[node] = next(worker for worker in liking if room[worker])
            room[owner] -= 1
        return owners


def _number(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=8).digest()
