"""Settling by a person: one of several values, or whether two dossiers or papers are the same. Nothing is ever removed by it.

Source: NĐ 30/2020 Phụ lục VI (conflicts are notified and settled by people); domain.md D.1–D.5.
"""

from __future__ import annotations

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.resolution.errors import NothingToSettle, ReasonMissing
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ConflictResolved, DuplicateJudged
from sync_protocol.ids import EventId, RecordId
from sync_protocol.register import Settled
from sync_protocol.view import ConflictView, DossierView


def registers(view: DossierView, conflict: ConflictView) -> Settled | None:
    """The open register behind a conflict: every value with who gave it."""
    if conflict.document_id is None:
        fields = view.identity
    else:
        document = view.document(conflict.document_id)
        fields = document.fields if document else ()
    return next((one.settled for one in fields if one.settled.conflict == conflict.id), None)


def settle(desk: Desk, officer: str, rid: RecordId, conflict_id: bytes, value: str, reason: str) -> None:
    """Take one of the values, having seen all of them.

    Raises:
        NothingToSettle: the register is settled already, or does not hold this value. ReasonMissing.
    """
    desk.officers.get(officer, "resolving")
    view = dossier(desk, rid)
    conflict = next((one for one in view.conflicts if one.id == conflict_id), None)
    settled = registers(view, conflict) if conflict else None
    if conflict is None or settled is None or value not in {one.value for one in settled.heads}:
        raise NothingToSettle()
    if not reason.strip():
        raise ReasonMissing()
    body = ConflictResolved(
        conflict=conflict.id, field=conflict.field, value=value, reason=reason.strip(), officer=officer, document_id=conflict.document_id
    )  # fmt: skip
    base = tuple(EventId(one.id) for one in settled.heads)
    desk.ledger.save(Act(officer, "resolving", "settle"), [Draft(rid, body, base=base)])


def judge(desk: Desk, officer: str, rid: RecordId, other: RecordId, kind: str, *, same: bool, reason: str) -> None:
    """Say whether a suspected pair is the same; remembered for ever.

    Raises:
        NothingToSettle: nobody suspects this pair, or it was judged. ReasonMissing.
    """
    desk.officers.get(officer, "resolving")
    view = dossier(desk, rid)
    found = next((s for s in view.suspicions if s.other_rid == other and s.kind == kind and not s.judged), None)
    if found is None:
        raise NothingToSettle()
    if not reason.strip():
        raise ReasonMissing()
    body = DuplicateJudged(
        other_rid=other, same=same, reason=reason.strip(), officer=officer, document_id=found.document_id,
        other_document_id=found.other_document_id,
    )  # fmt: skip
    desk.ledger.save(Act(officer, "resolving", "judge"), [Draft(rid, body)])
