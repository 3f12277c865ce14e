"""Who holds the global order of a PostgreSQL hub, and what for: its locks, looked at from beside, ten times a second (more would cost).

`held` is the share of the time in which somebody stood in the order alone (`alone`), or had the keys' lock at the end of a shared transaction: one over it
bounds what any number of workers wins over one. Of that, `client` is the share in which the holder's session stood still for its worker's next statement,
`commit` that of the log's way to the disk; the rest is the database at work. `shared` is how many sessions shared the order on average, `waited` how many
stood before either lock.
"""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType
from typing import Final

import psycopg

from central_hub.store.postgres.dialect import KEYS_LOCK, WRITER_LOCK

EVERY_S: Final = 0.1
_ASKED: Final = """
SELECT l.granted, CASE WHEN l.mode = 'ShareLock' THEN 'shared' WHEN l.objid = %s::bigint::oid THEN 'alone' ELSE 'keys' END, a.state, coalesce(a.wait_event_type || '/' || a.wait_event, '')
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND (l.classid::bigint << 32) + l.objid::bigint IN (%s, %s)
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
                for granted, lock, state, event in session.execute(_ASKED, (WRITER_LOCK & 0xFFFFFFFF, WRITER_LOCK, KEYS_LOCK)):
                    self._note(bool(granted), str(lock), str(state), str(event))

    def _note(self, is_held: bool, lock: str, state: str, event: str) -> None:
        self._seen[lock if is_held else "waited"] += 1
        if not is_held or lock == "shared":
            return
        self._seen["held"] += 1
        if state.startswith("idle"):
            self._seen["client"] += 1
        elif "WAL" in event or event.startswith("IO/"):
            self._seen["commit"] += 1

    def shares(self) -> dict[str, float]:
        """`client` and `commit` of the time it was held; the others of all looks."""
        held = max(self._seen["held"], 1)
        looks = max(self._looks, 1)
        return {
            "held": self._seen["held"] / looks, "client": self._seen["client"] / held, "commit": self._seen["commit"] / held,
            "alone": self._seen["alone"] / looks, "shared": self._seen["shared"] / looks, "waited": self._seen["waited"] / looks,
        }  # fmt: skip
