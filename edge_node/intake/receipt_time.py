"""The receipt's time where the clock of the machine was wrong: what is known of it, what a correction would change, and the correction itself.

A leader of the office that received the dossier corrects the record, with a reason. Nothing signed changes, the code keeps its day, and the limit is
reckoned anew from the corrected day by the rule that was promised; a limit that began again after a supplement or an apology stands.

Source: domain.md D.7; NĐ 61/2018/NĐ-CP Điều 18.2, 19.4 (the clock starts at the counter).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.receipt_errors import (
    ClockNotSuspected,
    ReceiptElsewhere,
    ReceiptRuleUnknown,
    ReceiptTimeImpossible,
)
from edge_node.intake.service import dossier_in
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import WhyMissing
from edge_node.resolution.terms import rule_promised
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import clock_offset_ms
from edge_node.sync.clock_spans import offset_at
from sync_protocol.acts import Act as EventAct
from sync_protocol.acts import act_id, acts_of
from sync_protocol.adapters import event_log
from sync_protocol.adapters.arrivals import wrong_clocks
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.bodies import DossierReceived, ReceiptCorrected, decode_body
from sync_protocol.calendar import VIETNAM, WorkingCalendar
from sync_protocol.deadlines import counting_date, due_date, hand_over
from sync_protocol.ids import ActId, EventId, RecordId
from sync_protocol.limits import CLOCK_TRUST_MS
from sync_protocol.merge_intake import receipt_in_force, standing_receipts
from sync_protocol.view import DossierView


class Doubt(msgspec.Struct, frozen=True):
    """A reception whose clock is doubted; all UTC ms. `offset_ms`: how far the hub's clock was ahead, None where nobody measured it.

    `device_ms` is what the machine's clock said at the counter and stays for ever, `arrived_ms` when the event first came here,
    `estimated_ms` the best that can be said of the true time.
    """

    act: ActId
    device_ms: int
    arrived_ms: int
    offset_ms: int | None
    estimated_ms: int


class Effect(msgspec.Struct, frozen=True):
    """What a corrected time would change: days ISO, times UTC ms. `stands`: the limit began again later, so it does not move."""

    received_ms: int
    due_date: str
    hand_over_by_ms: int
    old_received_ms: int
    old_due_date: str
    stands: bool


def doubt_of(connection: apsw.Connection, view: DossierView) -> Doubt | None:
    """Why the receipt's time of this dossier is doubted, or None."""
    wrong = wrong_clocks(connection, view.rid, clock_offset_ms(connection) or 0)
    for event in event_log.events_of(connection, view.rid):
        body = decode_body(event) if event.header.type == "dossier.received" else None
        if not isinstance(body, DossierReceived) or body.office != view.office or body.code not in {view.code, *view.other_codes}:
            continue
        row = connection.execute("SELECT position, arrived_ms FROM event WHERE id = ?", (event.id,)).fetchone()
        position, arrived_ms = (as_int(row[0]), as_int(row[1])) if row else (0, 0)
        offset = _measured(body.clock_offset_ms) or _measured(offset_at(connection, position))
        act = act_id(event.header)
        if offset is None and body.received_ms - wrong.get(act, body.received_ms) <= CLOCK_TRUST_MS:
            continue  # a log that once ran ahead goes on from there: its order is ahead, the time at the counter may be right
        estimated = body.received_ms + offset if offset is not None else min(body.received_ms, wrong[act])
        return Doubt(act, body.received_ms, wrong.get(act, arrived_ms), offset, estimated)
    return None


def effect_of(desk: Desk, connection: apsw.Connection, view: DossierView, at: dt.datetime) -> Effect:
    """What the receipt's time `at` (aware) would change. Raises ReceiptRuleUnknown, CalendarTooShort, NoCatalogue."""
    course = read_course(connection, view.rid)
    procedure, rule = rule_promised(desk, view, course)
    if procedure is None or rule is None:
        raise ReceiptRuleUnknown()
    calendar = WorkingCalendar.of(desk.catalogue.days)
    postmark = course.reception.postmark if course.reception else ""
    counted = counting_date(procedure, at, dt.date.fromisoformat(postmark) if postmark else None)
    onward = hand_over(at, calendar)
    by = dt.datetime.combine(onward.date, dt.time(8 if onward.at_start else 17), tzinfo=VIETNAM)
    corrected = receipt_in_force(view.office, _said(connection, view))
    promised = corrected.due_date if corrected else course.reception.due_date if course.reception else ""
    return Effect(
        int(at.timestamp() * 1000), due_date(counted, rule, calendar).isoformat(), int(by.timestamp() * 1000), view.received_ms, view.due_date,
        view.due_date != promised,
    )  # fmt: skip


def correct_receipt(desk: Desk, officer: str, rid: RecordId, at: dt.datetime, reason: str) -> None:
    """Correct the receipt's time to `at` (aware). Durable when this returns; signatures, code and events stay as they are.

    Raises:
        ReceiptElsewhere, ClockNotSuspected, ReceiptTimeImpossible, WhyMissing; as `effect_of`.
    """
    desk.officers.get(officer, "leader")
    if not reason.strip():
        raise WhyMissing()

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = checked(desk, connection, rid)
        effect = possible_effect(desk, connection, view, at)
        body = ReceiptCorrected(
            received_ms=effect.received_ms, former_ms=view.received_ms, due_date=effect.due_date, hand_over_by_ms=effect.hand_over_by_ms,
            reason=reason.strip(), office=desk.office, officer=officer, at_ms=desk.now_ms(),
        )  # fmt: skip
        seen = tuple(EventId(act.id) for act, _ in standing_receipts(desk.office, _said(connection, view)))
        return [Draft(rid, body, base=seen)], None

    desk.ledger.act(Act(officer, "leader", "correct_receipt"), decide)


def checked(desk: Desk, connection: apsw.Connection, rid: RecordId) -> DossierView:
    """The dossier, if its receipt may be corrected here. Raises UnknownDossier, ReceiptElsewhere, ClockNotSuspected."""
    view = dossier_in(connection, rid)
    if view.office != desk.office:
        raise ReceiptElsewhere(office=view.office)
    if not view.received_ms or doubt_of(connection, view) is None:
        raise ClockNotSuspected()
    return view


def possible_effect(desk: Desk, connection: apsw.Connection, view: DossierView, at: dt.datetime) -> Effect:
    """As `effect_of`. Raises ReceiptTimeImpossible for a time that has not come, by the hub's clock where that is ahead, or that changes nothing."""
    at_ms, now_ms = int(at.timestamp() * 1000), desk.now_ms() + max(0, clock_offset_ms(connection) or 0)
    if at_ms > now_ms or at_ms == view.received_ms:
        raise ReceiptTimeImpossible(why="chưa tới" if at_ms > now_ms else "trùng với thời điểm đang ghi")
    return effect_of(desk, connection, view, at)


def corrected_receipts(connection: apsw.Connection, view: DossierView) -> Sequence[ReceiptCorrected]:
    """The corrections of this receipt that its own office made, oldest first."""
    return [body for _, body in _said(connection, view) if body.office == view.office]


def _said(connection: apsw.Connection, view: DossierView) -> list[tuple[EventAct, ReceiptCorrected]]:
    """What anybody said of this receipt, in the agreed order."""
    acts = acts_of(event for event in event_log.events_of(connection, view.rid) if event.header.type == "receipt.corrected")
    return [(act, act.body) for act in acts if isinstance(act.body, ReceiptCorrected)]


def _measured(offset_ms: int | None) -> int | None:
    return offset_ms if offset_ms is not None and abs(offset_ms) > CLOCK_TRUST_MS else None
