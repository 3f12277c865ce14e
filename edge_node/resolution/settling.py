"""Settling by a person: one of several values, or whether two dossiers or papers are the same. Nothing is ever removed by it.

Source: NĐ 30/2020 Phụ lục VI (conflicts are notified and settled by people); domain.md D.1–D.5.
"""

from __future__ import annotations

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier, dossier_in
from edge_node.people.officers import Role
from edge_node.resolution.correcting_errors import SecondPersonNeeded
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.service import require_custody
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import ConflictResolved, DuplicateJudged
from sync_protocol.cases import ConflictView, Suspicion
from sync_protocol.ids import EventId, OfficeCode, RecordId
from sync_protocol.merge_pairs import PairKey, key_of, seen_from_there
from sync_protocol.register import Rank, Settled
from sync_protocol.renumbering import recoded_by
from sync_protocol.view import DossierView


def registers(view: DossierView, conflict: ConflictView) -> Settled | None:
    """The open register behind a conflict: every value with who gave it."""
    if conflict.document_id is None:
        fields = view.identity
    else:
        document = view.document(conflict.document_id)
        fields = document.fields if document else ()
    return next((one.settled for one in fields if one.settled.conflict == conflict.id), None)


def settle(desk: Desk, officer: str, rid: RecordId, conflict_id: bytes, value: str, reason: str) -> None:
    """Take one of the values, having seen all of them, as the office that has custody. A correction of the person's identity is approved by another person than its author, who may be
    a leader; keeping the value in force refuses it. Coded papers get a code under a number that was settled anew.

    Raises:
        NothingToSettle: the register is settled already, or does not hold this value. NotCustodian, WhyMissing, SecondPersonNeeded.
    """
    role = _settling_role(desk, officer, _open_register(dossier(desk, rid), conflict_id)[1])

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = projection.view_of(connection, rid)  # as it stands now: two may press at once
        conflict, settled = _open_register(view, conflict_id) if view else (None, None)
        if view is None or conflict is None or settled is None or value not in conflict.values:
            raise NothingToSettle()
        require_custody(desk, view)
        if has_proposed(connection, desk.office, officer, settled, value):
            raise SecondPersonNeeded()
        if not reason.strip():
            raise WhyMissing()
        body = ConflictResolved(
            conflict=conflict.id, field=conflict.field, value=value, reason=reason.strip(), officer=officer, document_id=conflict.document_id, office=desk.office,
        )  # fmt: skip
        base = tuple(EventId(one.id) for one in settled.heads)
        codes = recoded_by(view, conflict.field, value) if conflict.document_id is None else []
        return [Draft(rid, body, base=base), *(Draft(rid, one) for one in codes)], None

    desk.ledger.act(Act(officer, role, "settle"), decide)


def _open_register(view: DossierView, conflict_id: bytes) -> tuple[ConflictView | None, Settled | None]:
    """The case of this id and its register, as far as it is open."""
    conflict = next((one for one in view.conflicts if one.id == conflict_id), None)
    return conflict, registers(view, conflict) if conflict else None


def has_proposed(connection: apsw.Connection, office: OfficeCode, officer: str, settled: Settled, value: str) -> bool:
    """Whether this very officer of this office proposed the value, as a correction that waits for a second person."""
    elsewhere = {str(node) for node, of in connection.execute("SELECT node, office FROM peer_office") if str(of) != office}
    return any(
        one.rank == Rank.PROPOSED and one.value == value and one.actor == officer and one.node not in elsewhere for one in settled.heads
    )  # fmt: skip


def awaits_second_person(settled: Settled | None) -> bool:
    """Whether a register holds a correction that a second person is to settle."""
    return settled is not None and any(one.rank == Rank.PROPOSED for one in settled.heads)


def _settling_role(desk: Desk, officer: str, settled: Settled | None) -> Role:
    """In which role the officer settles: as resolving officer, and a correction also as leader. Raises UnknownOfficer, RoleMissing."""
    held = next((one.roles for one in desk.officers.all() if one.account == officer), ())
    role: Role = "leader" if awaits_second_person(settled) and "leader" in held and "resolving" not in held else "resolving"
    desk.officers.get(officer, role)
    return role


def judge(desk: Desk, officer: str, rid: RecordId, pair: PairKey, *, same: bool, reason: str, reissue: bool = False) -> None:
    """Say whether this very pair of dossier `rid` is the same, or of papers that one was issued again (`reissue`, not the same); remembered for ever, and told in the other dossier by the hub, or at once where this office
    has that one in its hands, too: without a line nobody else would.

    Raises:
        NothingToSettle: nobody suspects this pair, or it was judged. WhyMissing.
    """
    desk.officers.get(officer, "resolving")

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        found = open_pair(dossier_in(connection, rid), pair)  # as it stands now: two may press at once
        if found.kind == "code" and found.lead is not None and not same:
            raise NothingToSettle()  # two dossiers under one code are told apart by a new code (new_code.py)
        if not reason.strip():
            raise WhyMissing()
        return judgements(connection, desk.office, officer, rid, found, same=same, reason=reason, reissue=reissue), None

    desk.ledger.act(Act(officer, "resolving", "judge"), decide)


def open_pair(view: DossierView, pair: PairKey) -> Suspicion:
    """The pair of a dossier that waits for a judgement. Raises NothingToSettle."""
    found = next((one for one in view.suspicions if key_of(one) == pair and not one.judged), None)
    if found is None:
        raise NothingToSettle()
    return found


def judgements(
    connection: apsw.Connection, office: OfficeCode, officer: str, rid: RecordId, pair: Suspicion, *, same: bool, reason: str, reissue: bool = False
) -> list[Draft]:
    """What an officer says of a pair, having seen what was said before: in dossier `rid`, and in the other one where that is in this office's own hands."""
    drafts = [_judgement(office, officer, rid, pair, same=same, reason=reason, reissue=reissue)]
    view = projection.view_of(connection, pair.other_rid)
    if view is not None and view.custody.office == office:
        there = seen_from_there(rid, pair)
        twins = (one for one in view.suspicions if key_of(one) == there and not one.judged)
        drafts += [_judgement(office, officer, view.rid, one, same=same, reason=reason, reissue=reissue) for one in twins]
    return drafts


def _judgement(office: OfficeCode, officer: str, rid: RecordId, pair: Suspicion, *, same: bool, reason: str, reissue: bool) -> Draft:
    body = DuplicateJudged(
        kind=pair.kind, other_rid=pair.other_rid, same=same, reason=reason.strip(), officer=officer, document_id=pair.document_id,
        other_document_id=pair.other_document_id, office=office, reissue=reissue and not same and pair.kind == "document",
    )  # fmt: skip
    return Draft(rid, body, base=tuple(one.act for one in pair.heads))
