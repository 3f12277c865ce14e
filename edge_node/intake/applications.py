"""Applications handed in online: what waits here to be looked at, and whether one was answered already.

The hub passes them on to the competent office; until somebody here answers with one of the three endings there is no promise and no clock.
Source: NĐ 61/2018/NĐ-CP Điều 17.2 (online intake is checked like any other).
"""

from __future__ import annotations

import apsw

from sync_protocol.adapters import projection
from sync_protocol.adapters.stored_views import read_views
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.view import DossierView

SHOWN = 200


def waiting_applications(connection: apsw.Connection, office: OfficeCode) -> list[DossierView]:
    """What this office has not answered, the one handed in first at the top."""
    rows = connection.execute("SELECT rid, view FROM dossier WHERE received_ms = 0 AND state = 'draft' LIMIT ?", (SHOWN,))
    views = read_views(connection, rows.fetchall())
    mine = [
        one for one in views if one.application is not None and one.application.office == office and not one.is_whole
    ]
    return sorted(mine, key=lambda one: (one.application.submitted_ms if one.application else 0, one.rid))


def answered(connection: apsw.Connection, application: RecordId | None) -> RecordId | None:
    """The dossier an application has become already, or None: another desk of the office may have been quicker."""
    view = projection.view_of(connection, application) if application else None
    return view.rid if view is not None and view.is_whole else None
