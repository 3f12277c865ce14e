"""Which dossiers have an open correction task, found among ten thousand by an index over what their notes say.

The notes travel with the dossier, so an office that took it over, was filled anew or was restored lists the same tasks.
"""

from __future__ import annotations

from typing import Final

from sync_protocol.adapters.sqlite import Migration

TOLD: Final = "Khác dữ liệu đã có."
"""How the note begins that opens the task."""
DONE: Final = "Đề nghị sửa dữ liệu:"
"""How the note begins that closes it."""
TO_CORRECT: Final = f"instr(view, CAST('{TOLD}' AS BLOB)) > 0 AND instr(view, CAST('{DONE}' AS BLOB)) = 0"

CORRECTIONS = Migration(
    "0029-corrections",
    """
CREATE TABLE correction(rid BLOB PRIMARY KEY, opened_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE INDEX correction_open ON correction(opened_ms) WHERE closed_ms = 0;
""",
)
CORRECTIONS_BY_NOTE = Migration(
    "0032-corrections-by-note",
    f"CREATE INDEX dossier_to_correct ON dossier(received_ms) WHERE {TO_CORRECT}",  # the table is left for a node that goes back a release
)
