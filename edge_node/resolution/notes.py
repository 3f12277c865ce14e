"""Notes: what any office that has a dossier wants the others to know. They only grow, change no state, and are seen wherever the dossier is.

Source: design.md §5 (notes, hand-overs: append-only; offline, other offices may add, never decide).
"""

from __future__ import annotations

from typing import Final

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.people.officers import Role
from edge_node.resolution.errors import NoteRefused
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import NoteAdded
from sync_protocol.data_tasks import DONE, TOLD
from sync_protocol.ids import RecordId

NOTE_CHARACTERS_MAX: Final = 1_000
_WRITERS: Final[tuple[Role, ...]] = ("intake", "resolving", "leader", "clerk", "archive")


def add_note(desk: Desk, officer: str, rid: RecordId, text: str) -> None:
    """Write a note into a dossier that is held here, with or without custody. Said twice in a row by one person it is one note: a double click.

    Raises:
        UnknownDossier; NoteRefused: it says nothing, or too much. A Problem of officer or store.
    """
    role = desk.officers.acting(officer, _WRITERS)
    dossier(desk, rid)
    said = text.strip()
    if not said or len(said) > NOTE_CHARACTERS_MAX:
        raise NoteRefused(most=NOTE_CHARACTERS_MAX)
    for words in (TOLD, DONE):  # with these, letter for letter, the program opens and closes a task to correct data (data_tasks.py)
        said = said.replace(words, words[0].lower() + words[1:])
    body = NoteAdded(text=said, officer=officer, at_ms=desk.now_ms(), office=desk.office)

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = projection.view_of(connection, rid)
        last = view.remarks[-1] if view is not None and view.remarks else None
        is_again = last is not None and (last.text, last.office, last.officer) == (said, desk.office, officer)
        return [] if is_again else [Draft(rid, body)], None

    desk.ledger.act(Act(officer, role, "note"), decide)
