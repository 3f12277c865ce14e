"""The worklist both shells show: dossiers with something only a person can settle."""

from __future__ import annotations

import apsw

from sync_protocol.view import DossierView, decode_view


def open_cases(connection: apsw.Connection, limit: int = 200) -> list[DossierView]:
    """Dossiers with a conflict or a suspicion that nobody has settled, oldest first."""
    rows = connection.execute(
        "SELECT view FROM dossier WHERE conflicts + suspicions > 0 ORDER BY received_ms LIMIT ?", (limit,)
    )
    return [decode_view(view) for (view,) in rows]
