"""What a move must say before it counts: a new appointment, a new limit after a complete supplement, whom one asks and until when.

Source: NĐ 61/2018 Điều 19.4 (the limit starts again from zero), 19.5 (content and deadline of a consultation), 19.9 (one apology, a day ahead).
"""

from __future__ import annotations

import datetime as dt

from edge_node.desk import Desk
from edge_node.resolution.course import Course
from edge_node.resolution.errors import ConsultIncomplete, NewDateMissing, WhyMissing
from sync_protocol.calendar import WorkingCalendar, vietnam_date
from sync_protocol.deadlines import apologise, restarted_due_date
from sync_protocol.procedure import DeadlineRule, Procedure
from sync_protocol.view import DossierView


def new_appointment(desk: Desk, view: DossierView, course: Course, new_due: str, reason: str) -> str:
    """The new due date (ISO) of an apology. Raises WhyMissing, NewDateMissing, ApologyRefused."""
    if not reason.strip():
        raise WhyMissing()
    try:
        wanted = dt.date.fromisoformat(new_due)
    except ValueError as error:
        raise NewDateMissing() from error
    if view.due_date:
        apologise(vietnam_date(desk.now()), dt.date.fromisoformat(view.due_date), wanted, given_before=course.apologies)
    return wanted.isoformat()


def restarted(desk: Desk, view: DossierView, course: Course, at: dt.datetime | None = None) -> str:
    """The due date (ISO) after a complete supplement, counted from zero from when it came to the counter (now); "" where the rule is unknown here."""
    _, rule = rule_promised(desk, view, course)
    if rule is None:
        return ""
    return restarted_due_date(at or desk.now(), rule, WorkingCalendar.of(desk.catalogue.days)).isoformat()


def checked_consultation(consulted: str, answer_by: str, content: str) -> tuple[str, str]:
    """Whom and until when. Raises ConsultIncomplete."""
    try:
        day = dt.date.fromisoformat(answer_by)
    except ValueError as error:
        raise ConsultIncomplete() from error
    if not consulted.strip() or not content.strip():
        raise ConsultIncomplete()
    return consulted.strip(), day.isoformat()


def rule_promised(desk: Desk, view: DossierView, course: Course) -> tuple[Procedure | None, DeadlineRule | None]:
    """The procedure version a dossier was received under and the rule its limit was promised by; None where the catalogue here lacks either."""
    version = int(view.procedure_version) if view.procedure_version.isdigit() else 0
    procedure = desk.catalogue.procedure_version(view.procedure, version)
    promised = course.reception.deadline_rule if course.reception else ""
    rules = procedure.deadlines if procedure else ()
    return procedure, next((one for one in rules if f"{one.amount} {one.unit} ({one.source})" == promised), None)
