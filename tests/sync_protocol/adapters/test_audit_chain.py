"""The audit chain shows every change that is made behind its back."""

from __future__ import annotations

import apsw
import pytest

from sync_protocol.adapters import audit_chain

COLUMNS = ("at_ms", "what")


@pytest.fixture
def chain() -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    connection.execute(
        "CREATE TABLE audit(id INTEGER PRIMARY KEY, at_ms INTEGER, what TEXT, prev BLOB, hash BLOB) STRICT"
    )
    for number in range(1, 6):
        audit_chain.append(connection, COLUMNS, (number, f"act {number}"))
    return connection


def test_a_chain_nobody_touched_is_whole(chain: apsw.Connection) -> None:
    assert audit_chain.broken_at(chain, COLUMNS) is None


@pytest.mark.parametrize(
    ("attack", "first"),
    [
        ("UPDATE audit SET what = 'other' WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("INSERT INTO audit SELECT 9, at_ms, what, prev, hash FROM audit WHERE id = 2", 9),
        ("UPDATE audit SET hash = zeroblob(32) WHERE id = 5", 5),
    ],
)
def test_a_changed_missing_or_added_row_is_named(chain: apsw.Connection, attack: str, first: int) -> None:
    chain.execute(attack)
    assert audit_chain.broken_at(chain, COLUMNS) == first


def test_a_column_that_came_later_is_linked_from_then_on_and_leaves_older_rows_whole(chain: apsw.Connection) -> None:
    later = (*COLUMNS, "certificate")
    chain.execute("ALTER TABLE audit ADD COLUMN certificate TEXT")
    audit_chain.append(chain, later, (6, "act 6", "c0ffee"))
    audit_chain.append(chain, later, (7, "act 7", ""))
    assert audit_chain.broken_at(chain, later, added=1) is None
    for attack, first in (
        ("UPDATE audit SET certificate = 'other' WHERE id = 6", 6),
        ("UPDATE audit SET certificate = NULL WHERE id = 6", 6),
        ("UPDATE audit SET certificate = '' WHERE id = 3", 3),
        ("UPDATE audit SET certificate = NULL WHERE id = 7", 7),
    ):
        chain.execute("SAVEPOINT attack")
        chain.execute(attack)
        assert audit_chain.broken_at(chain, later, added=1) == first, attack
        chain.execute("ROLLBACK TO attack")
