"""Evidence: what a person compares to decide, side by side, read with its audit row in one transaction.

Only the values in dispute are shown in full; other numbers of people are masked. Opening a case is itself a logged look with the case as its
purpose (domain.md E.2), and each file is a second one.
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.cases.decisions import Decider, Waiting, waiting_of
from central_hub.cases.errors import CaseClosed
from central_hub.cases.model import Case, find_case, register_of
from central_hub.ingest.errors import NotInScope
from central_hub.ingest.nodes import office_of_node
from central_hub.lookup.audit import record_act
from central_hub.lookup.masking import shown
from sync_protocol.adapters import projection
from sync_protocol.adapters.corrections import proofs_of
from sync_protocol.adapters.worklist import arrivals
from sync_protocol.ids import HUB_NODE, BlobDigest, NodeId, RecordId
from sync_protocol.view import DocumentView, DossierView

_IDENTITY = ("name", "birth_date", "sex", "personal_id", "bhxh_number", "org_id", "tax_code")


class Value(msgspec.Struct, frozen=True):
    """One value in dispute: who gave it, where, and when it arrived (UTC ms). `proof` is named where it is a correction that waits for a second person."""

    value: str
    node: str
    actor: str
    rank: int
    arrived_ms: int
    proof: str = ""
    office: str = ""  # where that node stands; "" for the hub


class Line(msgspec.Struct, frozen=True):
    """One compared thing; `label` is a word id or a field name."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the sides disagree."""
        return self.left != self.right


class Evidence(msgspec.Struct, frozen=True):
    """Everything a case page shows. For a register: `values`; for a pair: `lines` of the dossier and the other one."""

    case: Case
    view: DossierView
    other: DossierView | None
    values: tuple[Value, ...]
    lines: tuple[Line, ...]
    files: tuple[tuple[str, BlobDigest], ...]
    waiting: Waiting | None


def open_evidence(connection: apsw.Connection, rid: RecordId, case_id: bytes, decider: Decider) -> Evidence:
    """Read a case for a person, with the audit row. Inside a writing transaction. Raises CaseClosed."""
    case = find_case(connection, rid, case_id)
    view = projection.view_of(connection, rid)
    if case is None or view is None:
        raise CaseClosed(case=case_id.hex()[:12])
    _look(connection, case, decider, "case.open", "shown")
    waiting = waiting_of(connection, case.id)
    if case.conflict is not None:
        settled, arrived, proofs = register_of(view, case.conflict), arrivals(connection, rid), proofs_of(connection, rid)
        values = tuple(
            Value(one.value, one.node, one.actor, one.rank, arrived.get(one.id, 0), proofs.get(one.id, ""), office_of_node(connection, NodeId(one.node)))
            for one in (settled.heads if settled else ())
        )
        document = view.document(case.conflict.document_id) if case.conflict.document_id else None
        return Evidence(case, view, None, values, (), (("left", document.pdf),) if document else (), waiting)
    other = projection.view_of(connection, case.pair.other_rid) if case.pair else None
    mine = view.document(case.pair.document_id) if case.pair and case.pair.document_id else None
    theirs = (
        other.document(case.pair.other_document_id) if other and case.pair and case.pair.other_document_id else None
    )
    files = tuple((side, one.pdf) for side, one in (("left", mine), ("right", theirs)) if one)
    lines = (*_dossier_lines(view, other), *_document_lines(mine, theirs))
    return Evidence(case, view, other, (), lines, files, waiting)


def require_file(
    connection: apsw.Connection, rid: RecordId, case_id: bytes, digest: BlobDigest, decider: Decider
) -> None:
    """Let a person read one file of a case, with the audit row. Raises CaseClosed; NotInScope for a file of another case."""
    evidence_case = find_case(connection, rid, case_id)
    if evidence_case is None:
        raise CaseClosed(case=case_id.hex()[:12])
    allowed = {rid, evidence_case.pair.other_rid} if evidence_case.pair else {rid}
    if not allowed & {found for found, _ in projection.referring(connection, digest)}:
        raise NotInScope(node=HUB_NODE)
    _look(connection, evidence_case, decider, "case.file", digest.hex()[:16])


def _look(connection: apsw.Connection, case: Case, decider: Decider, what: str, outcome: str) -> None:
    touched = [case.rid, case.pair.other_rid] if case.pair else [case.rid]
    for rid in touched:  # the person may ask who looked at either dossier
        record_act(
            connection, at_ms=decider.now_ms, officer=decider.account, roles=decider.roles, what=what, subject=case.code or rid.hex(), rid=rid,
            reason=f"case {case.id.hex()[:12]}", outcome=outcome,
        )  # fmt: skip


def _dossier_lines(left: DossierView, right: DossierView | None) -> tuple[Line, ...]:
    if right is None:
        return ()
    plain = [
        Line("code", left.code, right.code), Line("procedure", left.procedure, right.procedure), Line("office", left.office, right.office),
        Line("custodian", left.custody.office, right.custody.office), Line("state", left.state, right.state),
        Line("received", str(left.received_ms), str(right.received_ms)), Line("due", left.due_date, right.due_date),
    ]  # fmt: skip
    people = [
        Line(field, *_people(left.person(field), right.person(field), field))
        for field in _IDENTITY
        if left.person(field) or right.person(field)
    ]
    types = sorted({one.document_type for view in (left, right) for one in view.components})
    papers = [
        Line(
            "paper",
            *(
                "✓ " + kind if any(one.document_type == kind for one in view.components) else "–"
                for view in (left, right)
            ),
        )
        for kind in types
    ]
    return (*plain, *people, *papers)


def _people(left: str, right: str, field: str) -> tuple[str, str]:
    """Both values as shown; numbers that differ are shown in full, because telling them apart is the question."""
    return shown(field, left, full=left != right), shown(field, right, full=left != right)


def _document_lines(left: DocumentView | None, right: DocumentView | None) -> tuple[Line, ...]:
    if left is None or right is None:
        return ()
    fields = sorted({one.field for document in (left, right) for one in document.fields})
    return (
        Line("type", left.document_type, right.document_type), Line("signer", left.signer_name, right.signer_name),
        Line("captured", str(left.captured_ms), str(right.captured_ms)), Line("pages", str(left.pages), str(right.pages)),
        *(Line(field, *_people(left.value(field), right.value(field), field)) for field in fields),
    )  # fmt: skip
