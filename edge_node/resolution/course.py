"""The course of a dossier as its log tells it: every hand-over with its time limit, every effective or late move with its reason and terms.

The view keeps where a dossier stands; how it came there, who had the paper, which body was asked until when, is read from the events. Moves without
effect are no part of the course: they stand among the view's proposals.

Source: NĐ 61/2018 Điều 18.2 (hand-over), 19.3, 19.5 (content and deadline of a consultation, lateness), 19.9 (one apology).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import apsw
import msgspec

from sync_protocol.acts import acts_of
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import DossierReceived, HandedOver, StatusMoved
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import RecordId

_TELLING: Final = frozenset({"dossier.handed_over", "status.moved", "dossier.received"})


class HandOverStep(msgspec.Struct, frozen=True):
    """Dossier and paper went from one section to another (UTC ms); `due_ms` 0 where the law names no time."""

    at_ms: int
    from_section: str
    to_section: str
    officer: str
    due_ms: int

    @property
    def is_late(self) -> bool:
        """Later than the law allows (NĐ 61 Điều 18.2)."""
        return 0 < self.due_ms < self.at_ms


class MoveStep(msgspec.Struct, frozen=True):
    """A move with what was said. `answered_ms` is when a consulted body's answer came, 0 while it is awaited."""

    at_ms: int
    move: str
    officer: str
    reason: str
    new_due_date: str
    consulted: str
    answer_by: str
    answered_ms: int = 0

    def is_late(self, today: dt.date) -> bool:
        """A consulted body answered, or still owes its answer, after the agreed day."""
        if self.move != "consult" or not self.answer_by:
            return False
        answered = (
            vietnam_date(dt.datetime.fromtimestamp(self.answered_ms / 1000, dt.UTC)) if self.answered_ms else today
        )
        return answered.isoformat() > self.answer_by


class Course(msgspec.Struct, frozen=True):
    """Oldest first. `reception` is the event that accepted the dossier."""

    hand_overs: tuple[HandOverStep, ...] = ()
    moves: tuple[MoveStep, ...] = ()
    reception: DossierReceived | None = None

    @property
    def apologies(self) -> int:
        """How often a new appointment was given; the law knows one (NĐ 61 Điều 19.9)."""
        return sum(1 for one in self.moves if one.move == "extend")


def read_course(connection: apsw.Connection, rid: RecordId) -> Course:
    """The course of a dossier from the events held here, without moves that had no effect."""
    hand_overs: list[HandOverStep] = []
    moves: list[MoveStep] = []
    reception: DossierReceived | None = None
    view = projection.view_of(connection, rid)
    without_effect = {one.act for one in view.proposals} if view else set()
    told = (event for event in event_log.events_of(connection, rid) if event.header.type in _TELLING)
    for act in acts_of(told):  # each once, under however many places a restored or copied desk says it
        if act.id in without_effect:
            continue
        body = act.body
        if isinstance(body, HandedOver):
            hand_overs.append(HandOverStep(body.at_ms, body.from_section, body.to_section, body.officer, body.due_ms))
        elif isinstance(body, DossierReceived):
            reception = reception or body
        elif isinstance(body, StatusMoved) and body.move != "hand_over":
            moves.append(
                MoveStep(
                    body.at_ms, body.move, body.officer, body.reason, body.new_due_date, body.consulted, body.answer_by
                )
            )
    return Course(
        tuple(sorted(hand_overs, key=lambda one: one.at_ms)),
        _answered(sorted(moves, key=lambda one: one.at_ms)),
        reception,
    )


def _answered(moves: list[MoveStep]) -> tuple[MoveStep, ...]:
    """Consultations with the time of the answer that followed them."""
    found: list[MoveStep] = []
    for at, one in enumerate(moves):
        answer = (
            next((later for later in moves[at + 1 :] if later.move == "answer"), None)
            if one.move == "consult"
            else None
        )
        found.append(msgspec.structs.replace(one, answered_ms=answer.at_ms) if answer else one)
    return tuple(found)
