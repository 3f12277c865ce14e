"""The database opens only under the policy, and errors of SQLite become problems."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import (
    Cipher,
    Migration,
    Readers,
    Writer,
    manifest,
    migrate,
    open_database,
    preferred_cipher,
    problem_for,
)
from tests.sync_protocol.adapters.sqlite.paper import KEY, TABLE, Opener, count, insert


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
