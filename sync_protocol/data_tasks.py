"""A task to have data on file corrected: the papers say something else, and both values stay. The program's own notes open and close it (QĐ 1333 Điều 13.3b).

A note travels with the dossier and anybody writes one; only those of an office that has or had custody, which the receiving office is, open or close a task.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

TOLD: Final = "Khác dữ liệu đã có."
"""How the note begins that opens the task."""
DONE: Final = "Đề nghị sửa dữ liệu:"
"""How the note begins that closes it."""


def open_task(notes: Iterable[str]) -> str:
    """What the note says that opened the task, "" where none is open; `notes` are those of custodians, in the agreed order. Pure."""
    said = tuple(notes)
    if any(one.startswith(DONE) for one in said):
        return ""
    return next((one for one in said if one.startswith(TOLD)), "")
