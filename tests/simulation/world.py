"""One world: a heap of things to come, a virtual clock, a line that loses, repeats, delays and cuts, and one source of chance."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable

from tests.simulation.weather import Weather, draw

START_MS = 1_795_000_000_000
TIMEOUT_MS = 60_000


class World:
    """Everything follows from `seed`; nothing here knows real time."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.orders = random.Random(f"orders {seed}")
        self.weather: Weather = draw(seed, self.chance)
        self.now = START_MS
        self.is_calm = False
        self.cut: set[str] = set()
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
            self.now, _, what = heapq.heappop(self._queue)
            self.steps += 1
            what()
        self.now = end

    def happens(self, fault: str, share: float) -> bool:
        """Whether a fault strikes now; counted when it does."""
        if self.is_calm or not self.weather.has(fault) or self.chance.random() >= share:
            return False
        self.counters[fault] += 1
        return True

    def delay(self) -> int:
        """How long one way takes: mostly short, sometimes long enough to overtake others."""
        return 20_000 if self.happens("delay", 0.05) else 5 + int(self.chance.expovariate(1 / 60))

    def send(
        self, node: str, frame: bytes, answer: Callable[[bytes], bytes | None], told: Callable[[bytes | None], None]
    ) -> None:
        """Carry a request to the hub and its reply back; `told` hears once: the reply, or None after the timeout."""
        is_open = [True]

        def tell(reply: bytes | None) -> None:
            if is_open[0]:
                is_open[0] = False
                told(reply)

        self.later(TIMEOUT_MS, lambda: tell(None))
        if node in self.cut or self.happens("drop", 0.06):
            return
        for _ in range(2 if self.happens("duplicate", 0.06) else 1):
            self.later(self.delay(), lambda: self._arrive(node, frame, answer, tell))

    def _arrive(
        self, node: str, frame: bytes, answer: Callable[[bytes], bytes | None], tell: Callable[[bytes | None], None]
    ) -> None:
        reply = answer(frame)
        if reply is not None and node not in self.cut and not self.happens("drop", 0.06):
            self.later(self.delay(), lambda: tell(reply))
