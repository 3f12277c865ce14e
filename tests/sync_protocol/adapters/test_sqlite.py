"""The database opens only under the policy, and what the writer returned is committed."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import (
    Cipher,
    Migration,
    Readers,
    Turn,
    Writer,
    backup,
    full_read_check,
    manifest,
    migrate,
    open_database,
    preferred_cipher,
    problem_for,
    quick_check,
)
from sync_protocol.adapters.sqlite.many import insert_many

KEY = b"k" * 32
TABLE = "CREATE TABLE paper(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT"
Opener = Callable[[], apsw.Connection]


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    connection = open_database(tmp_path / "node.db", KEY)
    connection.execute(TABLE)
    connection.close()
    return lambda: open_database(tmp_path / "node.db", KEY)


@pytest.fixture
def connection(opener: Opener) -> Iterator[apsw.Connection]:
    opened = opener()
    yield opened
    opened.close(True)


def insert(number: int, body: str = "x") -> Callable[[apsw.Connection], int]:
    def write(connection: apsw.Connection) -> int:
        connection.execute("INSERT INTO paper VALUES(?, ?)", (number, body))
        return number

    return write


def count(connection: apsw.Connection) -> int:
    found = connection.execute("SELECT count(*) FROM paper").get
    assert isinstance(found, int)
    return found


def test_the_policy_is_in_force(connection: apsw.Connection) -> None:
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "cell_size_check": 1,
        "trusted_schema": 0, "secure_delete": 1, "temp_store": 2, "wal_autocheckpoint": 1000,
        "journal_size_limit": 67108864,
    }  # fmt: skip
    assert {pragma: connection.pragma(pragma) for pragma in wanted} == wanted
    assert connection.pragma("mmap_size") in (0, None)


def test_nothing_readable_reaches_the_disk(tmp_path: Path, opener: Opener) -> None:
    connection = opener()
    connection.execute("INSERT INTO paper VALUES(1, ?)", ("MARKER 079185001234",))
    for path in tmp_path.iterdir():
        assert b"MARKER" not in path.read_bytes() and b"SQLite format 3" not in path.read_bytes()
    connection.close()


@pytest.mark.parametrize("cipher", list(Cipher))
def test_the_cipher_of_the_first_day_stays(tmp_path: Path, cipher: Cipher) -> None:
    open_database(tmp_path / "node.db", KEY, cipher=cipher).close()
    again = open_database(tmp_path / "node.db", KEY)
    assert manifest(again)["cipher"] == cipher.value
    again.close()


def test_the_cipher_follows_the_processor(tmp_path: Path) -> None:
    (tmp_path / "with").write_text("flags : fpu aes sse\n")
    (tmp_path / "without").write_text("flags : fpu sse\n")
    assert preferred_cipher(tmp_path / "with") is Cipher.AEGIS_256
    assert preferred_cipher(tmp_path / "without") is preferred_cipher(tmp_path / "absent") is Cipher.CHACHA20_POLY1305


@pytest.mark.parametrize("key", [b"w" * 32, None, b"short"])
def test_a_wrong_key_opens_nothing(tmp_path: Path, opener: Opener, key: bytes | None) -> None:
    with pytest.raises(problems.WrongDatabaseKey):
        open_database(tmp_path / "node.db", key)


def test_a_plaintext_database_is_refused(tmp_path: Path) -> None:
    plain = open_database(tmp_path / "plain.db", None)
    plain.execute(TABLE)
    plain.close()
    with pytest.raises(problems.PlaintextDatabase):
        open_database(tmp_path / "plain.db", KEY)


def test_a_library_without_ciphers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(apsw, "mc_version")
    with pytest.raises(problems.EncryptionMissing):
        open_database(tmp_path / "node.db", KEY)


def test_a_reader_cannot_write(tmp_path: Path, opener: Opener) -> None:
    reader = open_database(tmp_path / "node.db", KEY, read_only=True)
    with pytest.raises(apsw.ReadOnlyError):
        insert(1)(reader)
    reader.close()


def test_an_opening_in_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(problems.StorageUnavailable):
        open_database(tmp_path / "absent" / "node.db", KEY)


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


@pytest.mark.parametrize("is_repeatable", [False, True])
def test_a_group_shares_one_commit_and_each_has_its_own_outcome(opener: Opener, is_repeatable: bool) -> None:
    gate, commits = threading.Event(), []

    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    with Writer(counting_opener, group_limit=64) as writer:
        first = writer.submit(lambda _: gate.wait(10))
        waiting = [writer.submit(insert(number % 6), is_repeatable=is_repeatable) for number in range(12)]
        gate.set()
        assert first.result()
        outcomes = [future.exception() for future in waiting]
        assert outcomes[:6] == [None] * 6
        assert all(isinstance(outcome, problems.StatementRejected) for outcome in outcomes[6:])
        assert writer.run(count) == 6
    assert sum(commits) == 2


@pytest.mark.parametrize(("group_s", "before_each"), [(0.0, [1, 2, 3]), (3_600.0, [1, 1, 1])])
def test_a_group_whose_time_is_up_is_committed_and_the_rest_follows(
    opener: Opener, group_s: float, before_each: list[int]
) -> None:
    running, gate, commits, seen = threading.Event(), threading.Event(), [], []

    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    def first(connection: apsw.Connection) -> None:
        insert(0)(connection)
        running.set()
        gate.wait(10)

    with Writer(counting_opener, group_limit=64, group_s=group_s) as writer:
        writer.submit(first)
        running.wait(10)
        waiting = [writer.submit(lambda c, n=n: seen.append(len(commits)) or insert(n)(c)) for n in (1, 2, 3)]  # type: ignore[misc,func-returns-value]
        gate.set()
        assert [one.result(10) for one in waiting] == [1, 2, 3]
    assert seen == before_each


def test_of_a_repeatable_group_only_what_failed_is_left_out_and_it_does_not_run_again(opener: Opener) -> None:
    started, gate, ran = threading.Event(), threading.Event(), []

    def noted(number: int) -> Callable[[apsw.Connection], int]:
        def work(connection: apsw.Connection) -> int:
            ran.append(number)
            rows = [(number, "x"), (number + 1, "x"), (10 if number == 4 else number + 2, "x")]
            insert_many(connection, "INSERT INTO paper(id, body) VALUES(?,?)", [*rows, (number + 20, "x"), (number + 40, "x")])
            return number

        return work

    with Writer(opener, group_limit=64) as writer:
        writer.run(insert(10))
        first = writer.submit(lambda _: started.set() or gate.wait(10))  # type: ignore[func-returns-value]
        started.wait(10)
        waiting = [writer.submit(noted(number), is_repeatable=True) for number in (1, 4, 7)]
        gate.set()
        first.result()
        assert [type(future.exception()) for future in waiting] == [type(None), problems.StatementRejected, type(None)]
        assert ran == [1, 4, 1, 7]
        held = [n for (n,) in writer.run(lambda c: c.execute("SELECT id FROM paper ORDER BY id").fetchall())]
        assert held == [1, 2, 3, 7, 8, 9, 10, 21, 27, 41, 47], "nothing of a statement of which one row was refused"


def test_somebody_who_waits_goes_before_what_was_queued_earlier(opener: Opener) -> None:
    gate, order = threading.Event(), []
    with Writer(opener, group_limit=64) as writer:
        writer.submit(lambda _: gate.wait(10))
        waiting = [writer.submit(lambda _, name=name: order.append(name)) for name in "ab"]  # type: ignore[misc]
        waiting.append(writer.submit(lambda _: order.append("urgent"), turn=Turn.ACT))
        gate.set()
        for one in waiting:
            one.result(10)
    assert order == ["urgent", "a", "b"]


@pytest.mark.parametrize(("turn", "earlier"), [(Turn.QUEUE, Turn.ACT), (Turn.ACT, Turn.LOOK), (Turn.QUEUE, Turn.LOOK)])
def test_a_group_under_way_is_committed_early_for_somebody_of_an_earlier_turn(
    opener: Opener, turn: Turn, earlier: Turn
) -> None:
    """Twenty-five offices push an act at once: a look-up waited for all of them, who share a transaction. Now for the one in hand only."""
    gate, order = threading.Event(), []
    with Writer(opener, group_limit=64) as writer:
        writer.submit(lambda _: gate.wait(10))
        looked = []

        def first(connection: apsw.Connection) -> None:
            insert(1)(connection)
            looked.append(writer.submit(lambda c: order.append(("earlier", count(c))), turn=earlier))

        group = [writer.submit(first, turn=turn)]
        group += [writer.submit(lambda c, n=n: order.append(("group", insert(n)(c))), turn=turn) for n in (2, 3)]  # type: ignore[misc]
        gate.set()
        for one in (*group, *looked):
            one.result(10)
    assert order == [("earlier", 1), ("group", 2), ("group", 3)]


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


def test_readers_see_one_moment_and_write_nothing(opener: Opener, tmp_path: Path) -> None:
    with Writer(opener) as writer:
        readers = Readers(lambda: open_database(tmp_path / "node.db", KEY, read_only=True), size=2)

        def twice(connection: apsw.Connection) -> tuple[int, int]:
            before = count(connection)
            writer.run(insert(before + 100))
            return before, count(connection)

        assert readers.run(twice) == (0, 0)
        assert asyncio.run(readers.run_async(count)) == 1
        with pytest.raises(problems.StorageUnavailable):
            readers.run(insert(7))
        assert readers.run(count) == 1
        readers.close()


def test_migrations_only_append(connection: apsw.Connection) -> None:
    steps = [Migration("0001-one", "CREATE TABLE a(x); CREATE TABLE b(x)"), Migration("0002-two", "CREATE TABLE c(x)")]
    assert migrate(connection, steps[:1]) == ["0001-one"]
    assert migrate(connection, steps) == ["0002-two"]
    assert migrate(connection, steps) == []
    with pytest.raises(problems.MigrationChanged):
        migrate(connection, [Migration("0001-one", "CREATE TABLE z(x)"), steps[1]])
    with pytest.raises(problems.DatabaseNewer):
        migrate(connection, steps[:1])
    with pytest.raises(problems.StatementRejected):
        migrate(connection, [*steps, Migration("0003-bad", "CREATE TABLE d(x); CREATE TABLE a(x)")])
    assert not connection.table_exists("main", "d")
    assert migrate(connection, [*steps, Migration("0003-good", "CREATE TABLE d(x)")]) == ["0003-good"]


def test_a_backup_counts_only_after_it_was_read(tmp_path: Path, connection: apsw.Connection) -> None:
    insert(1)(connection)
    target = tmp_path / "backup.db"
    assert backup(connection, target, KEY).rows >= 2
    copy = open_database(target, KEY, read_only=True)
    assert count(copy) == 1
    copy.close()
    with pytest.raises(problems.BackupFailed):
        backup(connection, target, KEY)
    with pytest.raises(problems.BackupFailed):
        backup(connection, tmp_path / "other.db", b"w" * 32)
    with pytest.raises(problems.StorageProblem):
        backup(connection, tmp_path / "absent" / "other.db", KEY)
    assert sorted(path.name for path in tmp_path.glob("*.db*") if "node" not in path.name) == ["backup.db"]


def test_checks_pass_on_a_sound_database(connection: apsw.Connection) -> None:
    quick_check(connection)
    assert full_read_check(connection).tables == 2


def test_a_broken_reference_is_found(connection: apsw.Connection) -> None:
    connection.execute("CREATE TABLE page(paper INTEGER REFERENCES paper(id)) STRICT")
    connection.pragma("foreign_keys", 0)
    connection.execute("INSERT INTO page VALUES(5)")
    with pytest.raises(problems.StorageCorrupt):
        full_read_check(connection)


def test_a_second_process_that_holds_the_lock_is_told_as_busy(tmp_path: Path, opener: Opener) -> None:
    holder, other = opener(), opener()
    other.set_busy_timeout(1)
    holder.execute("BEGIN IMMEDIATE")
    with Writer(lambda: other) as writer, pytest.raises(problems.StorageBusy):
        writer.run(insert(1))
    holder.close(True)


def test_every_sqlite_error_has_a_problem() -> None:
    for kind, expected in (
        (apsw.FullError, problems.StorageFull), (apsw.CorruptError, problems.StorageCorrupt),
        (apsw.NotADBError, problems.StorageCorrupt), (apsw.BusyError, problems.StorageBusy),
        (apsw.IOError, problems.StorageUnavailable), (apsw.ConstraintError, problems.StatementRejected),
        (apsw.ConnectionClosedError, problems.WriterStopped),
    ):  # fmt: skip
        assert type(problem_for(kind("x"), "testing")) is expected
    write_refused = apsw.IOError("x")
    setattr(write_refused, "extendedresult", apsw.SQLITE_IOERR_WRITE)  # noqa: B010
    assert type(problem_for(write_refused, "testing")) is problems.StorageFull


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
