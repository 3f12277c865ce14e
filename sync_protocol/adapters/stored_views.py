"""The view of a dossier as its row holds it, and how it is read: whoever reads the column `view` reads it here.

Of a dossier of which only its reception is known the view says nothing that its event does not say. Its row holds no bytes then, and the view
is made where somebody looks: a received dossier costs a third less to write, to copy home and to carry to a new node. Rows that an
earlier version wrote hold the bytes all the same; both are read, and what is read is equal (a test holds the short fold equal to the whole one).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import apsw

from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import Row, as_bytes
from sync_protocol.envelope import Event
from sync_protocol.ids import RecordId
from sync_protocol.merge import fold
from sync_protocol.merge_reception import only_reception
from sync_protocol.view import DossierView, decode_view, encode_view

AS_ITS_EVENT: Final = b""
"""What a row holds instead of a view that its only event says whole."""

VIEWS_AS_EVENTS = Migration("0048-views-as-events", "UPDATE dossier SET view = view WHERE rid IS NULL")
"""Changes nothing: a program from before, which would read no bytes as damage, says instead that this database is newer."""


def read_views(connection: apsw.Connection, rows: Iterable[Row]) -> list[DossierView]:
    """The views of rows (dossier, its column `view`) in their order; what rows do not hold is asked for together."""
    held = [(RecordId(as_bytes(rid)), as_bytes(stored)) for rid, stored in rows]
    events = event_log.events_of_all(connection, dict.fromkeys(rid for rid, stored in held if stored == AS_ITS_EVENT))
    return [fold(rid, events.get(rid, ())) if stored == AS_ITS_EVENT else decode_view(stored) for rid, stored in held]


def read_view(connection: apsw.Connection, rid: RecordId, stored: apsw.SQLiteValue) -> DossierView:
    """The view of one row."""
    return read_views(connection, [(rid, stored)])[0]


def fingerprints(connection: apsw.Connection, rids: Iterable[RecordId]) -> dict[RecordId, bytes]:
    """The bytes of the view of each dossier that is held, for comparing replicas: of the view, however its row holds it."""
    rows = list(select_in(connection, "SELECT rid, view FROM dossier WHERE rid IN (?)", rids))
    return {view.rid: encode_view(view) for view in read_views(connection, rows)}


def is_true(rid: RecordId, stored: bytes, events: Sequence[Event]) -> bool:
    """Whether a row may hold this of a dossier with these events: the bytes of their fold, or none where a reception is all there is."""
    if stored == AS_ITS_EVENT:
        return only_reception(events) is not None
    return stored == encode_view(fold(rid, events))
