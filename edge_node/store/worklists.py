"""Today's worklists: dossiers found by what is to be done with them, however many the office holds.

Each list has a partial index that holds its open dossiers only, so that a page which asks every few seconds reads a handful of rows
among ten thousand. The indexes are this node's; the hub lists otherwise.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Final

import apsw

from edge_node.store.paper_lists import Place
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.adapters.stored_views import read_view, read_views
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.lifecycle import DossierState
from sync_protocol.view import DossierView

_RESOLVED: Final = (  # in the order of the index below: SQLite takes it for these very words only, and what is migrated never changes
    DossierState.RESULT_READY, DossierState.RESULT_RETURNED, DossierState.ARCHIVED, DossierState.RETURNED_WITH_NOTICE,
    DossierState.REFUSED, DossierState.WITHDRAWN, DossierState.STOPPED,
)  # fmt: skip
_OPEN = "due_date <> '' AND state NOT IN (" + ", ".join(f"'{one.value}'" for one in _RESOLVED) + ")"
_TO_SETTLE = "conflicts + suspicions > 0"

WORKLISTS = Migration(
    "0027-worklists",
    f"""
CREATE INDEX dossier_open_by_due ON dossier(due_date) WHERE {_OPEN};
CREATE INDEX dossier_to_hand_over ON dossier(received_ms) WHERE state = 'received';
CREATE INDEX dossier_result_ready ON dossier(received_ms) WHERE state = 'result_ready';
CREATE INDEX dossier_to_settle ON dossier(received_ms) WHERE {_TO_SETTLE};
""",
)

FILES_TO_SEND = Migration(
    "0031-files-to-send", "CREATE INDEX blob_to_send ON blob(state) WHERE state IN ('local', 'refused')"
)
UNSEALED = Migration("0030-unsealed", "CREATE INDEX document_unsealed ON document(rid) WHERE is_sealed = 0")


def due_by(connection: apsw.Connection, last: dt.date, limit: int) -> list[DossierView]:
    """Open dossiers promised for `last` or earlier, the most urgent first."""
    return _views(connection, f"{_OPEN} AND due_date <= ? ORDER BY due_date LIMIT ?", last.isoformat(), limit)


def to_hand_over(connection: apsw.Connection, office: OfficeCode, limit: int) -> list[DossierView]:
    """Dossiers received by this office that nobody has handed on yet, the oldest first."""
    return _views(connection, "state = 'received' AND office = ? ORDER BY received_ms LIMIT ?", office, limit)


def with_result(connection: apsw.Connection, limit: int) -> list[DossierView]:
    """Dossiers whose result waits to be signed or handed to the person, the oldest first."""
    return _views(connection, "state = 'result_ready' ORDER BY received_ms LIMIT ?", limit)


def count_due_by(connection: apsw.Connection, last: dt.date) -> int:
    """How many `due_by` would find."""
    return _count(connection, f"{_OPEN} AND due_date <= ?", last.isoformat())


def count_to_hand_over(connection: apsw.Connection, office: OfficeCode) -> int:
    """How many `to_hand_over` would find."""
    return _count(connection, "state = 'received' AND office = ?", office)


def count_with_result(connection: apsw.Connection) -> int:
    """How many `with_result` would find."""
    return _count(connection, "state = 'result_ready'")


def unsealed(connection: apsw.Connection, office: OfficeCode, limit: int) -> list[DossierView]:
    """Granted dossiers in this office's custody with a paper that waits for the agency signature, the oldest first."""
    sql = (
        "SELECT DISTINCT d.rid, d.view, d.received_ms FROM document p JOIN dossier d ON d.rid = p.rid"
        " WHERE p.is_sealed = 0 AND d.custodian = ? AND d.state IN ('result_ready','result_returned','archived') ORDER BY d.received_ms"
    )
    found = (
        read_view(connection, RecordId(as_bytes(rid)), view) for rid, view, _ in connection.execute(sql, (office,))
    )
    waiting = (
        one for one in found if one.decision is not None and one.decision.outcome == "granted" and _has_unsealed(one)
    )
    return list(itertools.islice(waiting, limit))


def _has_unsealed(view: DossierView) -> bool:
    return any(not one.agency_form and view.stands(one) for one in view.documents)


def received_since(connection: apsw.Connection, office: OfficeCode, at_ms: int) -> int:
    """How many dossiers this office has accepted since a moment (UTC ms); those that wait for papers are none."""
    return _count(connection, "received_ms >= ? AND office = ? AND due_date <> ''", at_ms, office)


def presented_since(connection: apsw.Connection, at_ms: int) -> list[DossierView]:
    """Every dossier received, or presented without being received, since a moment (UTC ms)."""
    return _views(connection, "received_ms >= ? ORDER BY received_ms DESC", at_ms)


def older_than(connection: apsw.Connection, before: Place, limit: int) -> tuple[list[DossierView], Place | None]:
    """Up to `limit` dossiers older than `before`, the newest first, and where the next page begins.

    What came online and nobody answered is no dossier yet and not listed.
    """
    sql = "SELECT received_ms, rid, view FROM dossier WHERE (received_ms, rid) < (?, ?) ORDER BY received_ms DESC, rid DESC"
    found: list[DossierView] = []
    last = before
    for received_ms, rid, raw in connection.execute(sql, (before.received_ms, before.rid)):
        view = read_view(connection, RecordId(as_bytes(rid)), raw)
        if not view.is_whole and view.application:
            continue
        if len(found) == limit:
            return found, last
        found.append(view)
        last = Place(as_int(received_ms), RecordId(as_bytes(rid)))
    return found, None


def to_settle(connection: apsw.Connection) -> int:
    """How many dossiers hold something only a person can settle."""
    return _count(connection, _TO_SETTLE)


def _count(connection: apsw.Connection, where: str, *values: apsw.SQLiteValue) -> int:
    row = connection.execute(f"SELECT count(*) FROM dossier WHERE {where}", values).fetchone()
    return int(row[0]) if row else 0


def _views(connection: apsw.Connection, where: str, *values: apsw.SQLiteValue) -> list[DossierView]:
    return read_views(connection, connection.execute(f"SELECT rid, view FROM dossier WHERE {where}", values).fetchall())
