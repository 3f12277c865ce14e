"""Copies and checks of a database."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import (
    backup,
    full_read_check,
    open_database,
    quick_check,
)
from tests.sync_protocol.adapters.sqlite.paper import KEY, count, insert


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
