"""What the writer returned is committed, and what failed left no trace."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import (
    Writer,
)
from tests.sync_protocol.adapters.sqlite.paper import Opener, count, insert


def test_the_writer_serves_threads_and_asyncio(opener: Opener) -> None:
    with Writer(opener) as writer:
        threads = [threading.Thread(target=writer.run, args=(insert(number),)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        async def ask() -> list[int]:
            return await asyncio.gather(*(writer.run_async(insert(number)) for number in range(8, 16)))

        assert asyncio.run(ask()) == list(range(8, 16))
        assert writer.run(count) == 16
    writer.close()


def test_a_failed_function_leaves_no_trace(opener: Opener) -> None:
    def half(connection: apsw.Connection) -> None:
        insert(1)(connection)
        raise LookupError("own bug")

    with Writer(opener) as writer:
        with pytest.raises(LookupError):
            writer.run(half)
        with pytest.raises(problems.StatementRejected):
            writer.run(lambda connection: insert(1)(connection) + insert(1)(connection))
        assert writer.run(count) == 0


def test_a_function_that_ends_the_transaction_fails_its_group(opener: Opener) -> None:
    with Writer(opener) as writer:
        with pytest.raises(problems.StorageUnavailable):
            writer.run(lambda connection: connection.execute("COMMIT"))
        assert writer.run(insert(2)) == 2


def test_corruption_stops_the_writer(opener: Opener) -> None:
    def damaged(_: apsw.Connection) -> None:
        b"\xff".decode()

    writer = Writer(opener)
    with pytest.raises(problems.StorageCorrupt):
        writer.run(damaged)
    with pytest.raises(problems.WriterStopped):
        writer.run(insert(1))
    writer.close()


def test_a_closed_writer_says_so_and_a_failing_opener_is_heard(opener: Opener) -> None:
    writer = Writer(opener)
    writer.close()
    with pytest.raises(problems.WriterStopped):
        writer.run(insert(1))

    def refuse() -> apsw.Connection:
        raise problems.WrongDatabaseKey()

    with pytest.raises(problems.WrongDatabaseKey):
        Writer(refuse)


def test_a_second_process_that_holds_the_lock_is_told_as_busy(tmp_path: Path, opener: Opener) -> None:
    holder, other = opener(), opener()
    other.set_busy_timeout(1)
    holder.execute("BEGIN IMMEDIATE")
    with Writer(lambda: other) as writer, pytest.raises(problems.StorageBusy):
        writer.run(insert(1))
    holder.close(True)


_LIMITED = """
import resource, signal, sys
from pathlib import Path
from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import Writer, open_database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
kept = 0
with Writer(lambda: open_database(Path(sys.argv[1]), b"k" * 32)) as writer:
    try:
        while True:
            writer.run(lambda c: c.execute("INSERT INTO paper(body) VALUES(?)", ("x" * 20_000,)))
            kept += 1
    except problems.StorageFull:
        found = writer.run(lambda c: c.execute("SELECT count(*) FROM paper").get)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        writer.run(lambda c: c.execute("INSERT INTO paper(body) VALUES('after')"))
        print(kept, found)
"""


def test_a_full_disk_loses_nothing_and_writing_goes_on_after_it(tmp_path: Path, opener: Opener) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path / "node.db")], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path.cwd())}, timeout=60,
    )  # fmt: skip
    kept, found = map(int, done.stdout.split())
    assert kept == found > 3
