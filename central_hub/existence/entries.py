"""What stands in the index: every coded paper, under every number by which its dossier is found. The same reach as a node's own reuse check."""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from sync_protocol.adapters.folded import read_keys
from sync_protocol.adapters.sqlite.rows import as_int, one_int
from sync_protocol.existence import Hasher
from sync_protocol.ids import OfficeCode
from sync_protocol.search_keys import OWNER_KINDS

_ENTRIES = (
    "SELECT s.keys, d.document_type, s.custodian FROM document d JOIN dossier s ON s.rid = d.rid WHERE d.owner <> ''"
)
_GROWS = (  # what gives a paper an owner, its dossier a number, or either another holder; in whatever order they arrive
    "document.coded", "dossier.received", "intake.ended", "application.arrived", "identity.asserted", "conflict.resolved",
    "custody.granted",
)  # fmt: skip
_SHRINKS = ("body.erased", "document.revoked")


def all_entries(connection: apsw.Connection, hasher: Hasher) -> Iterator[tuple[int, OfficeCode]]:
    """(hash, office that holds it) of everything coded, in no order, with repetitions."""
    return _hashed(connection, hasher, "", ())


def entries_since(connection: apsw.Connection, hasher: Hasher, position: int) -> Iterator[tuple[int, OfficeCode]]:
    """As `all_entries`, of the dossiers in which something new was found after a position of the log."""
    marks = ", ".join("?" * len(_GROWS))
    changed = f" AND d.rid IN (SELECT DISTINCT rid FROM event WHERE position > ? AND type IN ({marks}))"
    return _hashed(connection, hasher, changed, (position, *_GROWS))


def has_shrunk(connection: apsw.Connection, position: int) -> bool:
    """Whether something was erased or revoked after a position: a file that only adds cannot say so."""
    marks = ", ".join("?" * len(_SHRINKS))
    found = connection.execute(
        f"SELECT 1 FROM event WHERE position > ? AND type IN ({marks}) LIMIT 1", (position, *_SHRINKS)
    )
    return found.fetchone() is not None


def coded_papers(connection: apsw.Connection) -> int:
    """How many papers the index is about."""
    return one_int(connection.execute("SELECT count(*) FROM document WHERE owner <> ''").fetchone())


def position_of(row: tuple[apsw.SQLiteValue, ...] | None) -> int:
    """A position that was read, 0 for none."""
    return 0 if row is None or row[0] is None else as_int(row[0])


def _hashed(
    connection: apsw.Connection, hasher: Hasher, more: str, values: tuple[apsw.SQLiteValue, ...]
) -> Iterator[tuple[int, OfficeCode]]:
    for keys, document_type, office in connection.execute(_ENTRIES + more, values):
        for key in read_keys(str(keys)):
            if key.partition(":")[0] in OWNER_KINDS:
                yield hasher(key, str(document_type)), OfficeCode(str(office))
