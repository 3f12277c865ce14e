"""Decisions on cases: taken by a conflict officer with a reason, written as events of the hub that close the case at every office.

A person's identity needs two people: one proposes, another approves, and only then is the event written (D.3). Every decision leaves an audit row
in its own transaction. What the officers of an office settle first stands; the hub then finds the case closed.
"""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from central_hub.cases.errors import (
    CaseClosed,
    CaseHeld,
    CaseReasonMissing,
    ChoiceUnknown,
    DecisionSettled,
    OtherPersonNeeded,
)
from central_hub.cases.model import Case, find_case, register_of
from central_hub.ingest.commit import place_hub_events
from central_hub.lookup.audit import record_act
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import ConflictResolved, DuplicateJudged
from sync_protocol.ids import EventId, HubEpoch, OfficeCode, RecordId
from sync_protocol.renumbering import recoded_by

SAME, NOT_SAME, REISSUE = "same", "not_same", "reissue"
State = Literal["waiting", "approved", "withdrawn"]


class Decider(msgspec.Struct, frozen=True):
    """Who decides, from where in time: account, roles, epoch of the hub, UTC ms."""

    account: str
    roles: tuple[str, ...]
    epoch: HubEpoch
    now_ms: int


class Waiting(msgspec.Struct, frozen=True):
    """A decision that waits for a second person."""

    id: int
    case_id: bytes
    value: str
    reason: str
    asked_by: str
    asked_ms: int


def take(connection: apsw.Connection, rid: RecordId, case_id: bytes, decider: Decider) -> None:
    """Hold a case; taking it over from another is allowed and noted. Raises CaseClosed."""
    case = _open(connection, rid, case_id)
    connection.execute(
        "INSERT OR REPLACE INTO case_owner(case_id, account, taken_ms) VALUES(?,?,?)",
        (case_id, decider.account, decider.now_ms),
    )
    _note(connection, decider, "case.take", case, f"from {case.owner}" if case.owner else "")


def decide(
    connection: apsw.Connection, rid: RecordId, case_id: bytes, choice: str, reason: str, decider: Decider
) -> tuple[State, set[OfficeCode]]:
    """Settle a case with one of its values, or with `same`, `not_same` or, of papers, `reissue` for a pair; returns the state and the offices with news.

    Raises:
        CaseReasonMissing, CaseClosed, CaseHeld; ChoiceUnknown for anything that is not on the page.
    """
    if not reason.strip():
        raise CaseReasonMissing()
    case = _open(connection, rid, case_id)
    if case.owner and case.owner != decider.account:
        raise CaseHeld(case=case.id.hex()[:12], owner=case.owner)
    _check(case, choice)
    if case.needs_second_person:
        connection.execute(
            "INSERT INTO case_decision(case_id, value, reason, asked_by, asked_ms, state) VALUES(?,?,?,?,?,'waiting')",
            (case.id, choice, reason.strip(), decider.account, decider.now_ms),
        )
        _note(connection, decider, "case.propose", case, "waiting")
        return "waiting", set()
    return "approved", _write(connection, case, choice, reason.strip(), decider)


def waiting_of(connection: apsw.Connection, case_id: bytes) -> Waiting | None:
    """The decision on a case that waits, newest first, or None."""
    row = connection.execute(
        "SELECT id, case_id, value, reason, asked_by, asked_ms FROM case_decision WHERE case_id = ? AND state = 'waiting'"
        " ORDER BY id DESC LIMIT 1",
        (case_id,),
    ).fetchone()
    if row is None:
        return None
    return Waiting(as_int(row[0]), as_bytes(row[1]), str(row[2]), str(row[3]), str(row[4]), as_int(row[5]))


def approve(connection: apsw.Connection, rid: RecordId, case_id: bytes, decider: Decider) -> set[OfficeCode]:
    """Approve what another proposed and write it; returns the offices with news.

    Raises:
        DecisionSettled: nothing waits. OtherPersonNeeded: the same person. CaseClosed: the register changed meanwhile.
    """
    waiting = waiting_of(connection, case_id)
    if waiting is None:
        raise DecisionSettled(decision=0)
    if waiting.asked_by.casefold() == decider.account.casefold():
        raise OtherPersonNeeded(decision=waiting.id)
    case = _open(connection, rid, case_id)
    _check(case, waiting.value)
    news = _write(connection, case, waiting.value, waiting.reason, decider, asked_by=waiting.asked_by)
    _settle(connection, waiting.id, "approved", decider)
    return news


def withdraw(connection: apsw.Connection, rid: RecordId, case_id: bytes, decider: Decider) -> None:
    """Take a waiting decision back, by whoever sees that it is wrong. Raises DecisionSettled."""
    waiting = waiting_of(connection, case_id)
    if waiting is None:
        raise DecisionSettled(decision=0)
    _settle(connection, waiting.id, "withdrawn", decider)
    case = find_case(connection, rid, case_id)
    if case is not None:
        _note(connection, decider, "case.withdraw", case, f"decision {waiting.id}")


def _write(
    connection: apsw.Connection, case: Case, choice: str, reason: str, decider: Decider, asked_by: str = ""
) -> set[OfficeCode]:
    officer = f"{asked_by}+{decider.account}" if asked_by else decider.account
    bodies: list[tuple[RecordId, msgspec.Struct]]
    base: tuple[EventId, ...] = ()
    if case.conflict is not None:
        view = projection.view_of(connection, case.rid)
        settled = register_of(view, case.conflict) if view else None
        base = tuple(EventId(one.id) for one in settled.heads) if settled else ()
        bodies = [(case.rid, ConflictResolved(
            conflict=case.conflict.id, field=case.conflict.field, value=choice, reason=reason, officer=officer, document_id=case.conflict.document_id
        ))]  # fmt: skip
        if view is not None and case.conflict.document_id is None:
            bodies += [(case.rid, one) for one in recoded_by(view, case.conflict.field, choice)]
    else:
        bodies, base = [(case.rid, _judgement(case, choice, reason, officer))], _seen(case)
    news = place_hub_events(connection, decider.epoch, bodies, decider.now_ms, decider.account, base)
    connection.execute("DELETE FROM case_owner WHERE case_id = ?", (case.id,))
    _note(connection, decider, "case.decide", case, choice if case.pair else "value chosen")
    return news


def _judgement(case: Case, choice: str, reason: str, officer: str) -> DuplicateJudged:
    """The word about a pair, said in the dossier from which it was seen; like every judgement it is then told in the other one."""
    pair = case.pair
    if pair is None:
        raise CaseClosed(case=case.id.hex()[:12])
    return DuplicateJudged(
        kind=pair.kind, other_rid=pair.other_rid, same=choice == SAME, reason=reason, officer=officer, document_id=pair.document_id,
        other_document_id=pair.other_document_id, reissue=choice == REISSUE,
    )  # fmt: skip


def _seen(case: Case) -> tuple[EventId, ...]:
    return tuple(one.act for one in case.pair.heads) if case.pair else ()


def _open(connection: apsw.Connection, rid: RecordId, case_id: bytes) -> Case:
    case = find_case(connection, rid, case_id)
    if case is None:
        raise CaseClosed(case=case_id.hex()[:12])
    return case


def _check(case: Case, choice: str) -> None:
    of_pair = {SAME} if case.needs_new_code else {SAME, NOT_SAME, REISSUE} if case.kind == "document" else {SAME, NOT_SAME}
    allowed = set(case.conflict.values) if case.conflict else of_pair
    if case.is_the_custodian_s or choice not in allowed:
        raise ChoiceUnknown()


def _settle(connection: apsw.Connection, decision: int, state: State, decider: Decider) -> None:
    connection.execute(
        "UPDATE case_decision SET state = ?, settled_by = ?, settled_ms = ? WHERE id = ?",
        (state, decider.account, decider.now_ms, decision),
    )


def _note(connection: apsw.Connection, decider: Decider, what: str, case: Case, outcome: str) -> None:
    record_act(
        connection, at_ms=decider.now_ms, officer=decider.account, roles=decider.roles, what=what, subject=case.code or case.rid.hex(), rid=case.rid,
        reason=case.kind, outcome=outcome,
    )  # fmt: skip
