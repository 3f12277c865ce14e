"""Campaigns: the real `open_database` and `Writer` save papers on a faulty disk until something breaks, then we count.

A paper is two rows in one transaction, the case and its outbox entry, as in the product. Counted are papers that were
acknowledged and are gone (`lost`), papers of which one row is there (`half`), and databases that do not read back (`corrupt`).
A commit whose answer was an error may be there or not; both are right.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import random
import sys
from collections.abc import Iterator
from typing import Any

import apsw

from sync_protocol.adapters.sqlite import Writer, close_quietly, full_read_check, open_database
from sync_protocol.adapters.storage_errors import StorageProblem
from tests.faults.disk import FaultyDisk
from tests.faults.vfs import FaultVfs

KEY = b"k" * 32
CHECKPOINT_PAGES = 20
"""Small, so that checkpoints are hit often; the product's 1,000 would need megabytes per run."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS paper(token TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS outbox(token TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;
"""


@dataclasses.dataclass
class Tally:
    """What a campaign did and found."""

    power_losses: int = 0
    failures: int = 0
    operations: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    corrupt: int = 0

    @property
    def is_clean(self) -> bool:
        """No damage at all."""
        return self.lost == self.half == self.corrupt == 0


@dataclasses.dataclass(frozen=True)
class Plan:
    """How the database is opened and how the disk misbehaves. The last two are canaries: they must lose papers."""

    key: bytes | None = KEY
    group_limit: int = 1
    synchronous: str = "full"
    lying_sync: float = 0.0


class Run:
    """One disk through several power losses or failures, from one seed."""

    def __init__(self, seed: int, plan: Plan, tally: Tally) -> None:
        self.chance = random.Random(seed * 7919 + 1)
        self.disk = FaultyDisk(seed, lying_sync=plan.lying_sync)
        self.vfs = FaultVfs(self.disk)
        self.plan, self.tally = plan, tally
        self.acknowledged: set[str] = set()

    def open(self) -> apsw.Connection:
        """The product's own opening, on this disk."""
        connection = open_database("/disk/node.db", self.plan.key, vfs=self.vfs.name, exclusive=True)
        connection.pragma("synchronous", self.plan.synchronous)
        connection.wal_autocheckpoint(CHECKPOINT_PAGES)
        return connection

    def save_papers(self, count: int) -> None:
        """Save until the disk refuses; remembers what was acknowledged."""
        with contextlib.suppress(StorageProblem), Writer(self.open, group_limit=self.plan.group_limit) as writer:
            writer.run(lambda connection: connection.execute(_SCHEMA))
            for _ in range(0, count, self.plan.group_limit):
                tokens = [f"{self.chance.getrandbits(64):016x}" for _ in range(self.plan.group_limit)]
                futures = [(token, writer.submit(self._save(token))) for token in tokens]
                for token, future in futures:
                    if future.exception() is None:
                        self.acknowledged.add(token)
                        self.tally.acknowledged += 1
                if self.disk.is_off:
                    return

    def _save(self, token: str) -> Any:
        body, packet = "x" * self.chance.randint(1, 6000), self.chance.randbytes(self.chance.randint(1, 3000))
        older = (
            self.chance.choice(sorted(self.acknowledged)) if self.acknowledged and self.chance.random() < 0.3 else ""
        )

        def save(connection: apsw.Connection) -> None:
            connection.execute("INSERT INTO paper VALUES(?, ?)", (token, body))
            connection.execute("INSERT INTO outbox VALUES(?, ?)", (token, packet))
            connection.execute("UPDATE paper SET body = ? WHERE token = ?", (body + body, older))

        return save

    def check(self) -> bool:
        """Open again and compare with what was acknowledged; False when the database is beyond reading."""
        try:
            connection = self.open()
            try:
                full_read_check(connection)
                connection.execute(_SCHEMA)
                papers = {token for (token,) in connection.execute("SELECT token FROM paper")}
                outbox = {token for (token,) in connection.execute("SELECT token FROM outbox")}
            finally:
                close_quietly(connection)
        except (StorageProblem, apsw.Error):
            self.tally.corrupt += 1
            return False
        self.tally.half += len(papers ^ outbox)
        self.tally.lost += len(self.acknowledged - papers)
        self.acknowledged &= papers
        return True


def power_losses(seeds: Iterator[int] | range, plan: Plan, *, losses_per_seed: int = 4) -> Tally:
    """Each seed: a disk that loses its power `losses_per_seed` times while papers are saved."""
    tally = Tally()
    with quiet():
        for seed in seeds:
            run = Run(seed, plan, tally)
            for _ in range(losses_per_seed):
                run.disk.power_off_at = run.disk.operations + run.chance.randint(2, 260)
                run.save_papers(25)
                run.disk.restart()
                tally.power_losses += 1
                if not run.check():
                    break
            _finish(run)
    return tally


def failures(points: range, plan: Plan) -> Tally:
    """The n-th changing operation fails, for every n of a few saves, as an input/output error and as a full disk, once and for good."""
    tally = Tally()
    seed = operation = kind = 0
    with quiet():
        for _ in points:
            run = Run(seed, plan, tally)
            run.save_papers(2)
            run.disk.fail_at = run.disk.operations + 1 + operation
            run.disk.failure = "full" if kind % 2 else "io"
            run.disk.keeps_failing = kind >= 2
            run.save_papers(3)
            was_hit = run.disk.failures > 0
            run.disk.fail_at = None
            run.check()
            _finish(run)
            # past the last operation: the next kind
            operation, kind = (operation + 1, kind) if was_hit else (0, kind + 1)
            seed, kind = (seed + 1, 0) if kind == 4 else (seed, kind)
    return tally


def _finish(run: Run) -> None:
    run.tally.operations += run.disk.operations
    run.tally.failures += run.disk.failures
    run.vfs.unregister()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """apsw tells errors of a handle that is being dropped as unraisable; here they are the experiment itself."""
    before = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    try:
        yield
        gc.collect()
    finally:
        sys.unraisablehook = before
