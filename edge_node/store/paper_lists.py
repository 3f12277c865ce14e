"""Papers to confirm and papers in the Kho, found among all dossiers of the office however old they are.

A view is the only place that says whether a paper is confirmed or coded. As with corrections, partial indexes look into its stored bytes
(a dossier whose row holds none has no paper): the names of the fields stand there once per paper that has them. An index may hold a dossier too many, never one too few; whoever lists
reads the view. The indexes are this node's.
"""

from __future__ import annotations

from typing import Final

import apsw
import msgspec

from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.adapters.stored_views import read_view, read_views
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView


def _key(field: str) -> str:
    """A field's name as a view's bytes carry it (msgpack: short text), in hexadecimal."""
    return (bytes([0xA0 + len(field)]) + field.encode()).hex().upper()


def _times(field: str) -> str:
    key = _key(field)
    return f"(length(hex(view)) - length(replace(hex(view), '{key}', ''))) / {len(key)}"


def _has(field: str) -> str:
    return f"instr(view, X'{_key(field)}') > 0"


_UNCONFIRMED: Final = f"CASE WHEN {_has('captured_by')} THEN {_times('captured_by')} - {_times('confirmed_by')} ELSE 0 END"
_REVOKED: Final = f"instr(view, X'{_key('revoked_reason')}')"  # a number as it stands in the index: as a condition it would be worked out again
_CODED: Final = _has("codes")
_UNASSIGNED: Final = f"CASE WHEN {_CODED} THEN {_times('codes')} > {_times('owner')} ELSE 0 END"

_ASIDE: Final = f"({_REVOKED} + instr(view, X'{_key('withdrawn_reason')}'))"

PAPER_LISTS = Migration(
    "0044-paper-lists",
    f"""
CREATE INDEX dossier_to_confirm ON dossier(received_ms, {_UNCONFIRMED}, {_REVOKED}) WHERE {_UNCONFIRMED} > 0;
CREATE INDEX dossier_coded ON dossier(received_ms, rid) WHERE {_CODED};
CREATE INDEX dossier_unassigned ON dossier(received_ms, rid) WHERE {_UNASSIGNED};
""",
)

PAPERS_TAKEN_BACK = Migration(
    "0057-papers-taken-back",
    f"""
DROP INDEX dossier_to_confirm;
CREATE INDEX dossier_to_confirm ON dossier(received_ms, {_UNCONFIRMED}, {_ASIDE}) WHERE {_UNCONFIRMED} > 0;
""",
)
"""A paper of a component that was taken back waits for nobody, as one that was revoked."""

TO_CONFIRM: Final = f"SELECT rid, view FROM dossier WHERE {_UNCONFIRMED} > 0 ORDER BY received_ms"
COUNT_TO_CONFIRM: Final = f"SELECT coalesce(sum({_UNCONFIRMED}), 0) FROM dossier WHERE {_UNCONFIRMED} > 0 AND {_ASIDE} = 0"
_WITH_ASIDE: Final = f"SELECT rid, view FROM dossier WHERE {_UNCONFIRMED} > 0 AND {_ASIDE} > 0"
_BEFORE: Final = "(received_ms, rid) < (?, ?) ORDER BY received_ms DESC, rid DESC LIMIT ?"
WITH_CODES: Final = f"SELECT received_ms, rid, view FROM dossier WHERE {_CODED} AND {_BEFORE}"
WITH_UNASSIGNED: Final = f"SELECT received_ms, rid, view FROM dossier WHERE {_UNASSIGNED} AND {_BEFORE}"


class Place(msgspec.Struct, frozen=True):
    """Where a page of dossiers ended: the next one begins behind it. Written as milliseconds and record id."""

    received_ms: int
    rid: RecordId

    def __str__(self) -> str:
        return f"{self.received_ms}-{self.rid.hex()}"


NEWEST: Final = Place(2**62, RecordId(b""))


def place_of(text: str) -> Place:
    """The place that a link names; the newest where it names none."""
    moment, _, rid = text.partition("-")
    try:
        return Place(int(moment) if 0 < len(moment) < 17 else NEWEST.received_ms, RecordId(bytes.fromhex(rid)))
    except ValueError:
        return NEWEST


def unconfirmed(view: DossierView) -> int:
    """How many papers of a dossier wait for a person to confirm them."""
    return sum(1 for one in view.documents if not one.is_confirmed and view.stands(one))


def to_confirm(connection: apsw.Connection, limit: int) -> list[DossierView]:
    """Dossiers with papers to confirm, the oldest first."""
    found: list[DossierView] = []
    for rid, raw in connection.execute(TO_CONFIRM):
        view = read_view(connection, RecordId(as_bytes(rid)), raw)
        if unconfirmed(view):
            found.append(view)
        if len(found) == limit:
            break
    return found


def count_to_confirm(connection: apsw.Connection) -> int:
    """How many papers of the whole office wait to be confirmed."""
    row = connection.execute(COUNT_TO_CONFIRM).fetchone()
    beside = read_views(connection, connection.execute(_WITH_ASIDE).fetchall())
    return (as_int(row[0]) if row else 0) + sum(map(unconfirmed, beside))


def coded_page(connection: apsw.Connection, sql: str, before: Place, limit: int) -> tuple[list[DossierView], Place | None]:
    """Up to `limit` dossiers of `WITH_CODES` or `WITH_UNASSIGNED` older than `before`, the newest first, and where the next page begins."""
    rows = connection.execute(sql, (before.received_ms, before.rid, limit)).fetchall()
    last = Place(as_int(rows[-1][0]), RecordId(as_bytes(rows[-1][1]))) if len(rows) == limit else None
    return read_views(connection, [(rid, view) for _, rid, view in rows]), last
