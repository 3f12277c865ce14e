"""Who holds the global order of a PostgreSQL hub, and what for: the writer's lock, looked at ten times a second from beside: more would be seen in what it costs.

`held` is the share of the time in which somebody had the lock: one over it bounds what any number of workers wins over one. Of that, `client` is the share in
which the holder's session stood still for its worker's next statement, `commit` that of the log's way to the disk; the rest is the database at work.
`waited` is how many sessions stood before the lock on average.
"""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType
from typing import Final

import psycopg

from central_hub.store.postgres.dialect import WRITER_LOCK

EVERY_S: Final = 0.1
_ASKED: Final = """
SELECT l.granted, a.state, coalesce(a.wait_event_type || '/' || a.wait_event, '')
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.classid = %s::bigint::oid AND l.objid = %s::bigint::oid
"""


class LockWatch:
    """Samples the lock to the end of the block."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ended = threading.Event()
        self._seen: Counter[str] = Counter()
        self._looks = 0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> LockWatch:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as session:
            while not self._ended.wait(EVERY_S):
                self._looks += 1
                for granted, state, event in session.execute(_ASKED, (WRITER_LOCK >> 32, WRITER_LOCK & 0xFFFFFFFF)):
                    self._note(bool(granted), str(state), str(event))

    def _note(self, is_held: bool, state: str, event: str) -> None:
        if not is_held:
            self._seen["waited"] += 1
            return
        self._seen["held"] += 1
        if state.startswith("idle"):
            self._seen["client"] += 1
        elif "WAL" in event or event.startswith("IO/"):
            self._seen["commit"] += 1

    def shares(self) -> dict[str, float]:
        """`held` and `waited` of all looks; `client` and `commit` of the time it was held."""
        held = max(self._seen["held"], 1)
        looks = max(self._looks, 1)
        return {
            "held": self._seen["held"] / looks, "client": self._seen["client"] / held, "commit": self._seen["commit"] / held,
            "waited": self._seen["waited"] / looks,
        }  # fmt: skip
