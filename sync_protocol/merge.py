"""The merge: a dossier's view as a pure function of the set of its events.

Any order of arrival, any repetition, any batching, any re-issue after a restore gives the same bytes (I4; acts.py). Rules per kind of field are those of design.md §5:
identity and metadata are registers (register.py), the state is fenced by custody (custody.py), components and scans are
add-wins sets, notes and slips only grow, the dossier code is written once and a second different reception is shown, not hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast

import msgspec

from sync_protocol.acts import Act, acts_of
from sync_protocol.bodies import (
    BESIDE_DOSSIERS,
    AccountChecked,
    AgencySigned,
    ApplicationArrived,
    BodyErased,
    ComponentDeclared,
    ComponentWithdrawn,
    ConflictResolved,
    CopyCaptured,
    CustodyGranted,
    DecisionMade,
    DecisionReopened,
    DocumentCoded,
    DocumentExamined,
    DossierReceived,
    DossierRecoded,
    DuplicateJudged,
    DuplicateSuspected,
    IdentityAsserted,
    IntakeEnded,
    MetadataConfirmed,
    NoteAdded,
    ProposalDismissed,
    ReadingRecorded,
    ReceiptCorrected,
    RecordSigned,
    ResultReturned,
    ReuseKept,
    Revoked,
    SlipIssued,
    SourceRevoked,
    StatusMoved,
    VersionKept,
)
from sync_protocol.cases import ConflictView, Proposal
from sync_protocol.custody import Course, Dismissal, Move, replay, settled
from sync_protocol.data_tasks import open_task
from sync_protocol.envelope import Event
from sync_protocol.erasure import left_of, orders_among
from sync_protocol.ids import ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.merge_authority import of_custodians, of_hub_or_custodians, standing_declarations
from sync_protocol.merge_current import with_current
from sync_protocol.merge_documents import DocumentParts, fold_documents
from sync_protocol.merge_identity import as_settled, fold_identity
from sync_protocol.merge_intake import (
    Endings,
    Receptions,
    applicants,
    intake_moves,
    opening_of,
    receipt_in_force,
    with_corrected_receipt,
    with_new_codes,
    with_reception,
)
from sync_protocol.merge_late import late_supplements
from sync_protocol.merge_pairs import fold_pairs
from sync_protocol.merge_reception import only_reception, view_of_reception
from sync_protocol.merge_reuse import fold_reuses, with_sources
from sync_protocol.merge_revoked import with_revocations
from sync_protocol.view import (
    ApplicationView,
    ComponentView,
    DocumentView,
    DossierView,
    ErasedAct,
    HistoryLine,
    Remark,
    SlipView,
)

B = TypeVar("B", bound=msgspec.Struct)
Declarations = Sequence[tuple[Act, ComponentDeclared]]


class _Parts:
    """Acts of one dossier sorted into kinds; each list in the one order all replicas agree on."""

    def __init__(self, events: Sequence[Event]) -> None:
        orders = orders_among(events)
        self.erased: list[ErasedAct] = []
        self.ordered = [self._obeying(orders.get(act.id), act) for act in acts_of(events)]
        self.by_type: defaultdict[type, list[tuple[Act, msgspec.Struct]]] = defaultdict(list)
        self.unknown = 0
        gone = {one.act for one in self.erased}
        for act in self.ordered:
            if act.body is not None:
                self.by_type[type(act.body)].append((act, act.body))
            elif act.id not in gone:
                self.unknown += 1

    def _obeying(self, order: BodyErased | None, act: Act) -> Act:
        """The act without what an order took from it, also where the bytes are still here."""
        left = left_of(act, order)
        if order is not None and left is not act:
            self.erased.append(ErasedAct(act.id, order.order, left.body is not None))
        return left

    def of(self, kind: type[B]) -> list[tuple[Act, B]]:
        """Acts whose body is of this kind, in the agreed order."""
        return cast("list[tuple[Act, B]]", self.by_type.get(kind, []))


def fold(rid: RecordId, events: Iterable[Event]) -> DossierView:
    """Project the events of one dossier. What is about no dossier changes none, under whatever record id it stands."""
    known = tuple(event for event in events if event.header.type not in BESIDE_DOSSIERS)
    alone = only_reception(known)
    return fold_whole(rid, known) if alone is None else view_of_reception(rid, *alone)


def fold_whole(rid: RecordId, events: Iterable[Event]) -> DossierView:
    """As `fold`, by all rules, however little is known."""
    parts = _Parts(tuple(events))
    receptions, endings = parts.of(DossierReceived), parts.of(IntakeEnded)
    opening = opening_of(receptions, endings)
    moves: list[Move] = [
        *parts.of(StatusMoved),
        *parts.of(DecisionMade),
        *parts.of(DecisionReopened),
        *parts.of(ResultReturned),
        *intake_moves(receptions, endings),
    ]
    grants, dismissals = parts.of(CustodyGranted), parts.of(ProposalDismissed)
    course = replay(opening.office, moves, grants, opening.start, dismissals)
    resolved = of_hub_or_custodians(parts.of(ConflictResolved), course.holders, parts.ordered)
    documents, refused = with_revocations(
        fold_documents(rid, _document_parts(parts, resolved)), parts.ordered, parts.of(Revoked), dismissals, course.holders
    )
    identity, former_numbers = fold_identity(rid, applicants(receptions, endings), parts.of(IdentityAsserted), resolved)
    suspected = parts.of(DuplicateSuspected)
    suspicions = fold_pairs(suspected, parts.of(DuplicateJudged))
    documents = with_current(documents, suspected, suspicions)
    conflicts = [
        ConflictView(one.settled.conflict, one.field, None, tuple(sorted({one.settled.value, *(head.value for head in one.settled.heads)})))
        for one in identity
        if one.settled.conflict is not None
    ]
    conflicts += [
        ConflictView(
            one.settled.conflict, one.field, document.document_id, tuple(sorted({h.value for h in one.settled.heads}))
        )
        for document in documents
        for one in document.fields
        if one.settled.conflict is not None
    ]
    withdrawn = {said.component_id: said.reason for _, said in of_custodians(parts.of(ComponentWithdrawn), course.holders, parts.ordered)}
    declared = standing_declarations(parts.of(ComponentDeclared), course.holders, parts.ordered)
    components = _components(declared, documents, receptions, endings, withdrawn)
    kept = of_custodians(parts.of(ReuseKept), course.holders, parts.ordered)
    reuses = fold_reuses(rid, components, parts.of(SourceRevoked), kept, course.holders)
    view = DossierView(
        rid=rid,
        is_whole=opening.body is not None,
        identity=identity,
        versions_kept=tuple(sorted({said.case for _, said in of_custodians(parts.of(VersionKept), course.holders, parts.ordered)})),
        former_numbers=former_numbers,
        components=with_sources(components, reuses),
        documents=documents,
        slips=_slips(parts),
        proposals=tuple(sorted([*course.proposals, *refused, *_late(course, parts, dismissals, frozenset(withdrawn))], key=lambda one: one.act)),
        conflicts=tuple(sorted(conflicts, key=lambda one: one.id)),
        suspicions=suspicions,
        reuses=reuses,
        remarks=tuple(Remark(b.text, b.office, b.officer, b.at_ms, act.header.node) for act, b in parts.of(NoteAdded)),
        to_correct=open_task(one.text for _, one in of_custodians(parts.of(NoteAdded), course.holders, parts.ordered)),
        history=_history(parts),
        unknown_events=parts.unknown,
        erased=tuple(parts.erased),
        application=_application(parts),
    )
    view = with_new_codes(with_reception(view, opening, course, receptions, endings), parts.of(DossierRecoded))
    view = with_corrected_receipt(view, receipt_in_force(view.office, parts.of(ReceiptCorrected)), course.new_due_date)
    return as_settled(_with_check(view, parts))


def _late(course: Course, parts: _Parts, dismissals: Sequence[Dismissal], withdrawn: frozenset[ComponentId]) -> list[Proposal]:
    """Supplements that came after the end, with what was said of them."""
    late = late_supplements(course.end, parts.of(ComponentDeclared), parts.of(CopyCaptured), withdrawn)
    return settled(late, course.again, dismissals, course.holders)


def _application(parts: _Parts) -> ApplicationView | None:
    """What was handed in online, by its first arrival."""
    for _, one in parts.of(ApplicationArrived):
        return ApplicationView(
            one.number, one.procedure, one.office, one.applicant, one.submitted_ms, one.papers, one.note
        )
    return None


def _with_check(view: DossierView, parts: _Parts) -> DossierView:
    """The newest word about the applicant's account, where the desk could not ask; what an officer saw there stands."""
    if view.account_check != "not_done_offline":
        return view
    checked = [one.outcome for _, one in parts.of(AccountChecked)]
    return msgspec.structs.replace(view, account_check=checked[-1]) if checked else view


def _document_parts(parts: _Parts, resolved: list[tuple[Act, ConflictResolved]]) -> DocumentParts:
    return DocumentParts(
        captured=parts.of(CopyCaptured), read=parts.of(ReadingRecorded), confirmed=parts.of(MetadataConfirmed),
        coded=parts.of(DocumentCoded), recorded=parts.of(RecordSigned), sealed=parts.of(AgencySigned),
        settled=resolved, examined=parts.of(DocumentExamined),
    )  # fmt: skip


def _components(
    said: Declarations, documents: tuple[DocumentView, ...], receptions: Receptions, endings: Endings, withdrawn: Mapping[ComponentId, str]
) -> tuple[ComponentView, ...]:
    known: dict[ComponentId, ComponentView] = {}
    planned = [*(one.components for _, one in receptions), *(one.components for _, one in endings)]
    for plans in planned:
        for plan in plans:
            known.setdefault(
                plan.component_id,
                ComponentView(
                    component_id=plan.component_id,
                    document_type=plan.document_type,
                    name=plan.name,
                    required=plan.required,
                ),
            )
    for _, declared in said:
        before = known.get(declared.component_id)
        known[declared.component_id] = ComponentView(
            component_id=declared.component_id, document_type=declared.document_type, name=declared.name,
            required=before.required if before else not declared.is_supplement, decision=declared.decision,
            submitted_form=declared.submitted_form, rule=declared.rule, reason=declared.reason,
            declared_pages=declared.declared_pages, note_pages=declared.note_pages, reuse_check=declared.reuse_check,
            source=declared.source, is_supplement=declared.is_supplement,
        )  # fmt: skip
    by_component: defaultdict[ComponentId, list[DocumentId]] = defaultdict(list)
    for document in documents:
        by_component[document.component_id].append(document.document_id)
    last = {document.component_id: document for document in documents}
    return tuple(
        msgspec.structs.replace(
            one,
            documents=tuple(by_component.get(one.component_id, ())),
            withdrawn_reason=withdrawn.get(one.component_id, ""),
            state=component_state(one, last.get(one.component_id)),
        )
        for one in sorted(known.values(), key=lambda one: one.component_id)
    )


def component_state(component: ComponentView, document: DocumentView | None) -> str:
    """The next-thing-to-do word of a component (domain.md F′), derived, never stored."""
    if document is not None:
        if document.revoked_reason:
            return "revoked"
        if document.agency_form:
            return "in_repository" if document.owner else "agency_signed"
        if document.codes:
            return "coded"
        if document.is_confirmed:
            return "confirmed"
        return "extracted" if document.readings else "personal_signed"
    words = {"reused": "reused", "presented_only": "presented_only", "exempt": "exempt", "waived": "waived"}
    return words.get(component.decision, "required")


def _slips(parts: _Parts) -> tuple[SlipView, ...]:
    said = {body.pdf: body for _, body in parts.of(DocumentExamined) if not body.document_id}
    return tuple(
        SlipView(
            b.form, b.number, b.pdf, b.pdf_size, b.issued_ms, said[b.pdf].verdict if b.pdf in said else "",
            said[b.pdf].codes if b.pdf in said else (),
        )
        for _, b in parts.of(SlipIssued)
    )  # fmt: skip


def _history(parts: _Parts) -> tuple[HistoryLine, ...]:
    lines = []
    for act in parts.ordered:
        office = getattr(act.body, "office", OfficeCode(""))
        lines.append(HistoryLine(act.header.hlc, act.header.type, office, act.header.actor, act.id))
    return tuple(lines)
