"""To which state each move of a dossier led, for its history: the view says that the state was moved, the event's body says where to."""

from __future__ import annotations

from collections.abc import Mapping

import apsw

from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.bodies import DecisionMade, DecisionReopened, StatusMoved, decode_body
from sync_protocol.custody import move_name
from sync_protocol.ids import ActId, RecordId
from sync_protocol.lifecycle import DOSSIER_TRANSITIONS, DossierState

_LEADS_TO: Mapping[str, DossierState] = {
    row.move.value: row.next for row in DOSSIER_TRANSITIONS if row.state is not DossierState.DRAFT
}
"""What a move of an accepted dossier leads to, from wherever the law allows it; a test holds that this is one state."""


def states_aimed_at(connection: apsw.Connection, rid: RecordId) -> dict[ActId, DossierState]:
    """Per move or decision of a dossier the state it asks for; nothing of erased bodies and of moves this version does not know.

    Whether a move counted is in the view's `proposals`.
    """
    found: dict[ActId, DossierState] = {}
    for event in event_log.events_of(connection, rid):
        if event.header.type in ("status.moved", "decision.made", "decision.reopened"):
            body = decode_body(event)
            if isinstance(body, StatusMoved | DecisionMade | DecisionReopened) and (aim := _LEADS_TO.get(move_name(body))):
                found[act_id(event.header)] = aim
    return found
