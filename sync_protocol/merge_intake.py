"""How a dossier begins: with a reception, or with an intake that ended without one and may be accepted or refused later.

The first event without a fence that receives the dossier or ends its intake opens it, and its office holds fence 0. Where the opening is
not a reception, acceptance (a reception with a fence) and refusal are moves under the custody fence like any other: one that came too
late, or from an office that had let go, is kept as a proposal, and its printed code stays searchable. Nothing an officer promised is lost.

Source: NĐ 61/2018/NĐ-CP Điều 15.3, 17.1a–c (exactly one of receipt, supplement request, refusal), 19.4 (the limit counts from completeness).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import CustodyGranted, DossierReceived, DossierRecoded, IntakeEnded, Party, ReceiptCorrected
from sync_protocol.custody import Course, Holders, fences_of
from sync_protocol.ids import OfficeCode
from sync_protocol.lifecycle import DossierMove, DossierState, next_state
from sync_protocol.view import DossierView, IntakeView

Receptions = Sequence[tuple[Act, DossierReceived]]
Endings = Sequence[tuple[Act, IntakeEnded]]
Begun = tuple[Act, DossierReceived | IntakeEnded]
INTAKE_MOVES = {"supplement": DossierMove.ASK_SUPPLEMENT, "refused": DossierMove.REFUSE}


class Opening(msgspec.Struct, frozen=True):
    """What began a dossier: its office, the state it started in, and the body that says so (None: not arrived)."""

    office: OfficeCode
    start: DossierState
    body: DossierReceived | IntakeEnded | None


def opening_of(receptions: Receptions, endings: Endings) -> Opening:
    """The opening among all receptions and intake endings, each given in the agreed order. Pure."""
    begun: list[Begun] = [*receptions, *endings]
    unfenced = [one for one in begun if one[0].header.fence is None]
    if not unfenced:
        return Opening(OfficeCode(""), DossierState.RECEIVED, None)
    _, body = min(unfenced, key=lambda one: (one[0].header.hlc, one[0].header.node, one[0].id))
    start = DossierState.RECEIVED
    if isinstance(body, IntakeEnded):
        start = next_state(DossierState.DRAFT, INTAKE_MOVES[body.outcome]) or DossierState.DRAFT
    return Opening(body.office, start, body)


def holders_among(acts: Sequence[Act]) -> Holders:
    """Who held each fence of a dossier of which these acts, in the agreed order and as orders left them (`acts_under_orders`), are known. Pure."""
    receptions = [(act, act.body) for act in acts if isinstance(act.body, DossierReceived)]
    endings = [(act, act.body) for act in acts if isinstance(act.body, IntakeEnded)]
    return fences_of(opening_of(receptions, endings).office, [(act, act.body) for act in acts if isinstance(act.body, CustodyGranted)])


def intake_moves(receptions: Receptions, endings: Endings) -> list[Begun]:
    """Acceptances and refusals of a dossier that was opened before: those that carry a fence."""
    begun: list[Begun] = [*receptions, *endings]
    return [one for one in begun if one[0].header.fence is not None]


def applicants(receptions: Receptions, endings: Endings) -> list[tuple[Act, Party]]:
    """Everybody who was written down as the applicant, in the agreed order."""
    begun: list[Begun] = [*endings, *receptions]
    told = [(act, body.applicant) for act, body in begun]
    return sorted(told, key=lambda one: (one[0].header.hlc, one[0].header.node, one[0].id))


def with_reception(
    view: DossierView, opening: Opening, course: Course, receptions: Receptions, endings: Endings
) -> DossierView:
    """The view with what its opening and its reception say."""
    if opening.body is None:
        return view
    accepted = opening.body if isinstance(opening.body, DossierReceived) else course.accepted
    view = msgspec.structs.replace(
        view, state=course.state.value, custody=course.custody, decision=course.decision, returned_ms=course.returned_ms,
        ended_by=course.end.office if course.end else OfficeCode(""), reopenings=tuple(course.reopenings),
        intakes=tuple(_shown(body) for _, body in endings),
    )  # fmt: skip
    if isinstance(opening.body, IntakeEnded):
        view = _presented(view, opening.body)
    first = accepted.code if accepted else ""
    others = tuple(sorted({body.code for _, body in receptions} - {first}))
    return _received(msgspec.structs.replace(view, other_codes=others), accepted, course.new_due_date)


def with_new_codes(view: DossierView, recodes: Sequence[tuple[Act, DossierRecoded]]) -> DossierView:
    """The view under the code that its own office gave it instead of one that stands on an earlier dossier as well (D.10). Pure.

    Of two new codes for one former the first in the agreed order is the dossier's; every code that was ever printed stays an alias.
    """
    given = [body for _, body in recodes if body.office == view.office]
    code, passed = view.code, {view.code}
    while found := next((body.code for body in given if body.former == code and body.code not in passed), ""):
        code = found
        passed.add(code)
    printed = {*view.other_codes, view.code, *(body.code for _, body in recodes)}
    return msgspec.structs.replace(view, code=code, other_codes=tuple(sorted(printed - {code, ""})))


def receipt_in_force(office: OfficeCode, acts: Iterable[tuple[Act, ReceiptCorrected]]) -> ReceiptCorrected | None:
    """The last of the standing corrections, in the agreed order. Pure."""
    standing = standing_receipts(office, acts)
    return standing[-1][1] if standing else None


def standing_receipts(office: OfficeCode, acts: Iterable[tuple[Act, ReceiptCorrected]]) -> list[tuple[Act, ReceiptCorrected]]:
    """The corrections that no other had seen, of the office that received the dossier: a receipt is nobody else's to correct (D.7). Pure.

    What was seen is in the base: machines whose receipts are corrected have wrong clocks, and a clock says nothing of which word came later.
    """
    own = [(act, body) for act, body in acts if body.office == office]
    seen = {one for act, _ in own for one in act.header.base}
    return [one for one in own if one[0].id not in seen]


def with_corrected_receipt(view: DossierView, corrected: ReceiptCorrected | None, new_due_date: str) -> DossierView:
    """The view with the corrected time of receipt; a promise that began anew later (`new_due_date`) stands. Pure."""
    if corrected is None or not view.received_ms:
        return view
    return msgspec.structs.replace(
        view, received_ms=corrected.received_ms, due_date=new_due_date or corrected.due_date, hand_over_by_ms=corrected.hand_over_by_ms
    )  # fmt: skip


def _presented(view: DossierView, body: IntakeEnded) -> DossierView:
    return msgspec.structs.replace(
        view, procedure=body.procedure, procedure_version=body.procedure_version, catalogue_version=body.catalogue_version,
        channel=body.channel, office=body.office, applicant=body.applicant, submitter_type=body.submitter_type,
        account_check=body.account_check, presented_ms=body.at_ms,
    )  # fmt: skip


def _received(view: DossierView, body: DossierReceived | None, new_due_date: str) -> DossierView:
    if body is None:
        return view
    return msgspec.structs.replace(
        view, code=body.code, procedure=body.procedure, procedure_version=body.procedure_version,
        catalogue_version=body.catalogue_version, channel=body.channel, office=body.office, applicant=body.applicant,
        submitter_type=body.submitter_type, received_ms=body.received_ms, due_date=new_due_date or body.due_date,
        hand_over_by_ms=body.hand_over_by_ms, account_check=body.account_check, cross_province=body.cross_province,
    )  # fmt: skip


def _shown(body: IntakeEnded) -> IntakeView:
    return IntakeView(
        body.outcome, body.office, body.officer, body.at_ms, body.requests, tuple(one.text for one in body.reasons),
        body.explanation, body.missing, body.case,
    )  # fmt: skip
