"""Which dossiers have an open correction task, found among ten thousand by an index over what their views say.

The notes travel with the dossier, so an office that took it over, was filled anew or was restored lists the same tasks.
"""

from __future__ import annotations

from typing import Final

from sync_protocol.adapters.sqlite import Migration

TO_CORRECT: Final = "instr(view, CAST('to_correct' AS BLOB)) > 0"
"""The view names the field only where a task is open; who wrote these letters into a text is passed over when the view is read."""
_BY_NOTE: Final = "instr(view, CAST('Khác dữ liệu đã có.' AS BLOB)) > 0 AND instr(view, CAST('Đề nghị sửa dữ liệu:' AS BLOB)) = 0"

CORRECTIONS = Migration(
    "0029-corrections",
    """
CREATE TABLE correction(rid BLOB PRIMARY KEY, opened_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE INDEX correction_open ON correction(opened_ms) WHERE closed_ms = 0;
""",
)
CORRECTIONS_BY_NOTE = Migration(
    "0032-corrections-by-note",
    f"CREATE INDEX dossier_to_correct ON dossier(received_ms) WHERE {_BY_NOTE}",  # the table is left for a node that goes back a release
)
CORRECTIONS_BY_VIEW = Migration(
    "0060-corrections-by-view",
    f"DROP INDEX dossier_to_correct; CREATE INDEX dossier_with_task ON dossier(received_ms) WHERE {TO_CORRECT}",
)
