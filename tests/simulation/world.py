"""One world: a heap of things to come, a virtual clock, a line that loses, repeats, delays and cuts, and one source of chance."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable

from tests.simulation.weather import Menu, Weather, draw

START_MS = 1_795_000_000_000
TIMEOUT_MS = 60_000
SLOW_BYTES_PER_MS = 4  # 32 kbit/s
FRAME_BYTES_MAX = 1_100_000  # what the message server takes


class World:
    """Everything follows from `seed`; nothing here knows real time."""

    def __init__(self, seed: int, menu: Menu = "whole", *, is_unannounced: bool = False) -> None:
        self.seed = seed
        self.is_unannounced = is_unannounced  # hubs are put back together with their mark: only a node can notice
        self.chance = random.Random(seed)
        self.orders = random.Random(f"orders {seed}")
        self.paper = random.Random(f"paper {seed}")
        self.leaving = random.Random(f"leaving {seed}")
        self.answers = random.Random(f"answers {seed}")
        self.weather: Weather = draw(seed, self.chance, menu)
        self.now = START_MS
        self.is_calm = False
        self.cut: set[str] = set()
        self.one_way: dict[str, str] = {}  # node → "up" or "down", the direction in which nothing arrives
        self.slow: set[str] = set()
        self.connections = 0  # grows when the message server restarts: what was under way is gone
        self.broken: list[str] = []
        self.counters: Counter[str] = Counter()
        self.steps = 0
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0

    def clock(self) -> int:
        """Milliseconds UTC."""
        return self.now

    def later(self, delay_ms: int, what: Callable[[], None]) -> None:
        """Do something after a delay."""
        self._number += 1
        heapq.heappush(self._queue, (self.now + max(0, delay_ms), self._number, what))

    def run(self, for_ms: int) -> None:
        """Let time pass."""
        end = self.now + for_ms
        while self._queue and self._queue[0][0] <= end:
            at, _, what = heapq.heappop(self._queue)
            self.now = max(self.now, at)
            self.steps += 1
            what()
        self.now = end

    def happens(self, fault: str, share: float) -> bool:
        """Whether a fault strikes now; counted when it does."""
        if self.is_calm or not self.weather.has(fault) or self.chance.random() >= share:
            return False
        self.counters[fault] += 1
        return True

    def leap(self, for_ms: int) -> None:
        """Let time pass while nothing moves: whatever is under way comes so much later."""
        self.now += for_ms

    def delay(self, node: str = "", size: int = 0) -> int:
        """How long one way takes: mostly short, sometimes long enough to overtake others; on a slow line by its size."""
        if self.happens("delay", 0.05):
            return 20_000
        slow = size // SLOW_BYTES_PER_MS if node in self.slow and not self.is_calm else 0
        return 5 + slow + int(self.chance.expovariate(1 / 60))

    def send(
        self,
        node: str,
        frame: bytes,
        answer: Callable[[bytes], bytes | None],
        told: Callable[[bytes | None], None],
        kind: str = "",
    ) -> None:
        """Carry a request to the hub and its reply back; `told` hears once: the reply, or None after the timeout. `kind` names the request."""
        is_open = [True]
        if len(frame) > FRAME_BYTES_MAX:
            self.broken.append(f"I22 {node}: a message of {len(frame)} bytes")

        def tell(reply: bytes | None) -> None:
            if is_open[0]:
                is_open[0] = False
                told(reply)

        self.later(TIMEOUT_MS, lambda: tell(None))
        if node in self.cut or self.one_way.get(node) == "up" or self.happens("drop", 0.06):
            return
        under, sent = self.connections, self._cut_short(frame)
        for _ in range(2 if self.happens("duplicate", 0.06) else 1):
            self.later(self.delay(node, len(frame)), lambda: self._arrive(node, sent, answer, tell, kind, under))

    def _arrive(
        self,
        node: str,
        frame: bytes,
        answer: Callable[[bytes], bytes | None],
        tell: Callable[[bytes | None], None],
        kind: str,
        under: int,
    ) -> None:
        if under != self.connections:
            return
        reply = answer(frame)
        if reply is None or node in self.cut or self.one_way.get(node) == "down" or self.happens("drop", 0.06):
            return
        if len(reply) > FRAME_BYTES_MAX:
            self.broken.append(f"I22 hub: an answer of {len(reply)} bytes")
        if kind == "Push" and self.happens("reply_lost", 0.1):
            return
        back = self._cut_short(reply)
        self.later(self.delay(node, len(reply)), lambda: tell(back) if under == self.connections else None)

    def _cut_short(self, frame: bytes) -> bytes:
        return frame[: self.chance.randrange(len(frame))] if self.happens("truncated", 0.02) else frame
