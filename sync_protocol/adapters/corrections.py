"""Corrections of a person's identity as the log tells them: what stood there, what was asserted with which proof, and who settled it (D.3).

Read from the events when a page is shown and stored nowhere; the registers themselves are the merge's (merge_identity.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import apsw
import msgspec

from sync_protocol.acts import Act
from sync_protocol.adapters import event_log
from sync_protocol.bodies import ConflictResolved, IdentityAsserted
from sync_protocol.clock import wall_ms
from sync_protocol.erasure import acts_under_orders
from sync_protocol.ids import ActId, DocumentId, NodeId, RecordId
from sync_protocol.merge_authority import of_hub_or_custodians
from sync_protocol.merge_identity import waits
from sync_protocol.merge_intake import holders_among

State = Literal["waiting", "approved", "refused"]


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
    acts = acts_under_orders(event_log.events_of(connection, rid))
    said = [(act, act.body) for act in acts if isinstance(act.body, IdentityAsserted)]
    closing = _closing(acts, said) if said else []
    return [_correction(act, body, closing) for act, body in said]


def proofs_of(connection: apsw.Connection, rid: RecordId) -> dict[ActId, str]:
    """The proof named with each correction of a dossier."""
    return {one.act: one.proof for one in corrections_of(connection, rid)}


def _closing(acts: Sequence[Act], said: Sequence[tuple[Act, IdentityAsserted]]) -> list[tuple[Act, ConflictResolved | IdentityAsserted]]:
    """The words that close a correction, in the agreed order: of who may settle, and what the hub asserts."""
    resolved = [(act, act.body) for act in acts if isinstance(act.body, ConflictResolved)]
    standing = {act.id for act, _ in of_hub_or_custodians(resolved, holders_among(acts), acts)} | {act.id for act, body in said if not waits(act, body)}
    return [(act, act.body) for act in acts if act.id in standing and isinstance(act.body, ConflictResolved | IdentityAsserted)]


def _correction(act: Act, said: IdentityAsserted, closing: Sequence[tuple[Act, ConflictResolved | IdentityAsserted]]) -> Correction:
    told = Correction(
        act.id, said.field, said.former, said.value, said.proof, said.paper, said.officer, act.header.node, wall_ms(act.header.hlc), "approved"
    )  # fmt: skip
    if not waits(act, said):
        return told
    for one, word in closing:
        if act.id in one.header.base and word.field == said.field:
            reason = word.reason if isinstance(word, ConflictResolved) else word.proof
            state: State = "approved" if word.value == said.value else "refused"
            return msgspec.structs.replace(
                told, state=state, settled_by=word.officer, settled_ms=wall_ms(one.header.hlc), reason=reason
            )  # fmt: skip
    return msgspec.structs.replace(told, state="waiting")
