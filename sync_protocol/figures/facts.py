"""Facts: what the figures need to know of one dossier, read from its events, without a word about the citizen.

Every day is a calendar day in Asia/Ho_Chi_Minh of the time at the counter, never of the time of synchronisation. A move counts only where
the merge found it effective; a move that the merge kept as a proposal changes no figure.

Invariant: facts are a pure function of the set of events, so figures can be computed again from the log at any time.
Source: NĐ 61/2018/NĐ-CP Điều 17–20, 30.2; QĐ 1333/QĐ-BHXH (25/9/2023) Điều 4–8, 13; domain.md A.9.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from sync_protocol.acts import Act, acts_of
from sync_protocol.bodies import (
    ComponentDeclared,
    DocumentCoded,
    DossierReceived,
    HandedOver,
    ReceiptCorrected,
    StatusMoved,
)
from sync_protocol.clock import wall_ms
from sync_protocol.envelope import Event
from sync_protocol.figures.promises import Promise, Turn, Wait, clock_of, read_day, told_ms, vietnam_day
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.kept_text import kept
from sync_protocol.lifecycle import OVER
from sync_protocol.merge import fold
from sync_protocol.merge_intake import receipt_in_force
from sync_protocol.view import ComponentView, DossierView

Outcome = Literal["", "granted", "refused", "stopped", "withdrawn"]
OUTSIDE_DIGITIZATION: Final = frozenset({"presented_only", "exempt", "waived"})
"""Decisions that take a component out of the denominator (R-18)."""

_ENDS: Final[dict[str, Outcome]] = {
    "return_with_notice": "refused",
    "refuse": "refused",
    "stop": "stopped",
    "withdraw": "withdrawn",
}


class DossierFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dossier as the figures see it. `due_on` is the last promise; officers are accounts of staff.

    `finished_on` is the day of the result, of the written notice, of the stop or of the withdrawal. `waits` are the spans in
    which the person had to bring something: that time is nobody's delay. `asked_on` are the days of requests to complete the dossier.
    """

    office: OfficeCode
    custodian: OfficeCode
    procedure: str
    channel: str
    received_on: dt.date
    due_on: dt.date | None = None
    finished_on: dt.date | None = None
    outcome: Outcome = ""
    returned_on: dt.date | None = None
    extended_on: dt.date | None = None
    promises: tuple[Promise, ...] = ()
    waits: tuple[Wait, ...] = ()
    asked_on: tuple[dt.date, ...] = ()
    late_hand_overs: int = 0
    timely_hand_overs: int = 0
    is_elsewhere: bool = False
    components_due: int = 0
    digitized_on: tuple[dt.date, ...] = ()
    reused_on: tuple[dt.date, ...] = ()
    result_digitized_on: dt.date | None = None
    intake_officer: str = ""
    resolving_officer: str = ""


def facts_of(rid: RecordId, events: Sequence[Event]) -> DossierFacts | None:
    """The facts of one dossier from its events in any order, or None while it has not been accepted (yet). Pure."""
    view = fold(rid, events)
    if not view.is_whole or not view.received_ms:
        return None
    return facts_of_view(view, acts_of(events))


def facts_of_view(view: DossierView, acts: Sequence[Act]) -> DossierFacts:
    """As `facts_of`, where view and acts are at hand. Raises nothing: what cannot be read as a day is left out."""
    refused = {one.act for one in view.proposals if not one.is_supplement}
    effective = [act for act in acts if act.id not in refused]
    coded = _first_codes(effective)
    moves = sorted((act.body for act in effective if isinstance(act.body, StatusMoved)), key=lambda one: one.at_ms)
    receptions = [act.body for act in effective if isinstance(act.body, DossierReceived)]
    reception = next((one for one in receptions if one.code == view.code), None)
    asked_at_intake = (one.at_ms for one in view.intakes if one.outcome == "supplement")
    decision = view.decision
    finished_on, outcome = _end(view, moves)
    received_on = vietnam_day(view.received_ms)
    corrected = receipt_in_force(view.office, ((act, act.body) for act in effective if isinstance(act.body, ReceiptCorrected)))
    first_due = corrected.due_date if corrected else reception.due_date if reception else ""
    turns = [act.body for act in effective if isinstance(act.body, Turn)]
    clock = clock_of(received_on, first_due, sorted(turns, key=told_ms), finished_on)
    component_days = [
        coded[one] for part in view.components if _counts(part) for one in part.documents[-1:] if one in coded
    ]
    result = decision.document_id if decision else None
    in_time, late = _hand_overs(effective)
    return DossierFacts(
        office=view.office, custodian=view.custody.office, procedure=kept(view.procedure), channel=view.channel,
        received_on=received_on, due_on=read_day(view.due_date), finished_on=finished_on, outcome=outcome,
        returned_on=vietnam_day(view.returned_ms) if view.returned_ms else None,
        extended_on=next((vietnam_day(one.at_ms) for one in moves if one.move == "extend"), None),
        promises=clock.promises, waits=clock.waits,
        asked_on=tuple(vietnam_day(ms) for ms in (*asked_at_intake, *(one.at_ms for one in moves if one.move == "ask_supplement"))),
        late_hand_overs=late, timely_hand_overs=in_time, is_elsewhere=view.custody.office != view.office,
        components_due=sum(1 for part in view.components if _counts(part)),
        digitized_on=tuple(sorted(component_days)),
        reused_on=tuple(sorted(_reuse_days(view, effective))),
        result_digitized_on=coded.get(result) if result else None,
        intake_officer=kept(reception.officer) if reception else "",
        resolving_officer=kept(
            decision.officer if decision else next((one.officer for one in reversed(moves) if one.move in _ENDS), "")
        ),
    )  # fmt: skip


def _end(view: DossierView, moves: Iterable[StatusMoved]) -> tuple[dt.date | None, Outcome]:
    """When and how the dossier ended; the decision speaks before a move of the same end."""
    if view.decision is not None:
        return vietnam_day(view.decision.decided_ms), "granted" if view.decision.outcome == "granted" else "refused"
    if view.reopenings and view.state not in OVER:  # what had ended goes on
        return None, ""
    last = next((one for one in reversed(list(moves)) if one.move in _ENDS), None)
    return (None, "") if last is None else (vietnam_day(last.at_ms), _ENDS[last.move])


def _counts(part: ComponentView) -> bool:
    """Whether a component is one that has to be digitized or found again."""
    return (
        part.decision not in OUTSIDE_DIGITIZATION
        and not part.withdrawn_reason
        and (part.required or bool(part.decision))
    )


def _first_codes(acts: Iterable[Act]) -> dict[bytes, dt.date]:
    """The day on which each document got its first digitization-result code, which closes step 3 of Điều 7."""
    days: dict[bytes, dt.date] = {}
    for act in acts:
        if isinstance(act.body, DocumentCoded):
            days.setdefault(act.body.document_id, vietnam_day(wall_ms(act.header.hlc)))
    return days


def _reuse_days(view: DossierView, acts: Iterable[Act]) -> list[dt.date]:
    """The day on which each reused component was declared so; a component scanned after all is not reused."""
    reused = {
        one.component_id for one in view.components if one.decision == "reused" and _counts(one) and not one.documents
    }
    days = {
        act.body.component_id: vietnam_day(wall_ms(act.header.hlc))
        for act in acts
        if isinstance(act.body, ComponentDeclared) and act.body.decision == "reused" and act.body.component_id in reused
    }
    return list(days.values())


def _hand_overs(acts: Iterable[Act]) -> tuple[int, int]:
    """(in time, late) hand-overs of the electronic dossier or paper that had a limit (Điều 18.2)."""
    limited = [act.body for act in acts if isinstance(act.body, HandedOver) and act.body.due_ms]
    late = sum(1 for one in limited if one.at_ms > one.due_ms)
    return len(limited) - late, late
