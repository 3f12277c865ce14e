"""Corrections of a person's identity as the log tells them: what stood there, what was asserted with which proof, and who settled it (D.3).

Read from the events when a page is shown and stored nowhere; the registers themselves are the merge's (merge_identity.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import apsw
import msgspec

from sync_protocol.acts import Act, acts_of
from sync_protocol.adapters import event_log
from sync_protocol.bodies import ConflictResolved, IdentityAsserted
from sync_protocol.clock import wall_ms
from sync_protocol.ids import ActId, DocumentId, NodeId, RecordId

State = Literal["waiting", "approved", "refused"]
_READ = ("identity.asserted", "conflict.resolved")


class Correction(msgspec.Struct, frozen=True):
    """One correction; times are UTC ms by the acting devices. `paper` is a paper of the dossier; `settled_by` is "" while it waits."""

    act: ActId
    field: str
    former: str
    value: str
    proof: str
    paper: DocumentId | None
    asked_by: str
    asked_at: NodeId
    asked_ms: int
    state: State
    settled_by: str = ""
    settled_ms: int = 0
    reason: str = ""


def corrections_of(connection: apsw.Connection, rid: RecordId) -> list[Correction]:
    """The corrections of a dossier, oldest first."""
    acts = acts_of(event for event in event_log.events_of(connection, rid) if event.header.type in _READ)
    return [_correction(act, act.body, acts) for act in acts if isinstance(act.body, IdentityAsserted)]


def proofs_of(connection: apsw.Connection, rid: RecordId) -> dict[ActId, str]:
    """The proof named with each correction of a dossier."""
    return {one.act: one.proof for one in corrections_of(connection, rid)}


def _correction(act: Act, said: IdentityAsserted, acts: Sequence[Act]) -> Correction:
    told = Correction(
        act.id, said.field, said.former, said.value, said.proof, said.paper, said.officer, act.header.node, wall_ms(act.header.hlc), "approved"
    )  # fmt: skip
    if not said.awaits:
        return told
    for one in acts:
        if act.id in one.header.base and isinstance(one.body, ConflictResolved | IdentityAsserted) and one.body.field == said.field:
            reason = one.body.reason if isinstance(one.body, ConflictResolved) else one.body.proof
            state: State = "approved" if one.body.value == said.value else "refused"
            return msgspec.structs.replace(
                told, state=state, settled_by=one.body.officer, settled_ms=wall_ms(one.header.hlc), reason=reason
            )  # fmt: skip
    return msgspec.structs.replace(told, state="waiting")
