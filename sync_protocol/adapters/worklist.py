"""The worklist both shells show: dossiers with something only a person can settle."""

from __future__ import annotations

import apsw

from sync_protocol.adapters.stored_views import read_views
from sync_protocol.view import DossierView


def open_cases(connection: apsw.Connection, limit: int = 200) -> list[DossierView]:
    """Dossiers with a conflict or a suspicion that nobody has settled, oldest first."""
    rows = connection.execute(
        "SELECT rid, view FROM dossier WHERE conflicts + suspicions > 0 ORDER BY received_ms LIMIT ?", (limit,)
    )
    return read_views(connection, rows.fetchall())
