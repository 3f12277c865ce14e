"""The view of a dossier of which nothing but one reception is known: what the fold gives (merge.py), written straight down.

Nearly every dossier passes through this state once, and a full-day queue of an office consists of it, so it pays to spell it out: 8 µs instead
of 97. A test holds it equal to the whole fold, byte by byte. Whoever stores dossiers does not store this view: its event says it (adapters/stored_views.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Final

from sync_protocol.acts import act_id
from sync_protocol.bodies import BESIDE_DOSSIERS, DossierReceived, PlannedComponent, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import RecordId
from sync_protocol.lifecycle import DossierState
from sync_protocol.register import Entry, Rank, Settled
from sync_protocol.view import ComponentView, Custody, DossierView, FieldView, HistoryLine

IDENTITY_FIELDS: Final = (
    "name",
    "personal_id",
    "bhxh_number",
    "org_id",
    "tax_code",
    "unit_number",
    "birth_date",
    "founded_year",
    "sex",
)
_IN_ORDER: Final = tuple(sorted(IDENTITY_FIELDS))
_values: Final = attrgetter(*_IN_ORDER)
_by_id: Final = itemgetter(0)
_INTAKE: Final = Rank.INTAKE
RECEIVED: Final = DossierState.RECEIVED.value
"""The state of every dossier of which only its reception is known."""


def lone_reception(event: Event) -> DossierReceived | None:
    """What a dossier's only event says if it is a reception that opens it; None for any other, whose view only the whole fold knows."""
    body = decode_body(event) if event.header.fence is None else None
    return body if isinstance(body, DossierReceived) else None


def only_reception(events: Sequence[Event]) -> tuple[Event, DossierReceived] | None:
    """The reception that is all there is of a dossier with these events, and what it says; None where there is more, or something else."""
    known = events if len(events) == 1 else [event for event in events if event.header.type not in BESIDE_DOSSIERS]
    body = lone_reception(known[0]) if len(known) == 1 else None
    return None if body is None else (known[0], body)


def view_of_reception(rid: RecordId, event: Event, body: DossierReceived) -> DossierView:
    """The dossier's view when `event`, with this body, is all there is of it. Pure."""
    act, header = act_id(event.header), event.header
    node, actor = header.node, header.actor
    identity = [
        FieldView(field, Settled(value, _INTAKE, (Entry(act, value, _INTAKE, (), node, actor),), None))
        for field, value in zip(_IN_ORDER, _values(body.applicant), strict=True)
        if value
    ]
    return DossierView(
        rid=rid, is_whole=True, code=body.code, procedure=body.procedure, procedure_version=body.procedure_version,
        catalogue_version=body.catalogue_version, channel=body.channel, office=body.office, applicant=body.applicant,
        identity=tuple(identity), submitter_type=body.submitter_type, received_ms=body.received_ms, due_date=body.due_date,
        hand_over_by_ms=body.hand_over_by_ms, account_check=body.account_check, cross_province=body.cross_province,
        state=RECEIVED, custody=Custody(body.office, 0), components=_planned(body.components),
        history=(HistoryLine(header.hlc, header.type, body.office, header.actor, act),),
    )  # fmt: skip


def _planned(plans: tuple[PlannedComponent, ...]) -> tuple[ComponentView, ...]:
    """Each planned component once, the first one of an id standing, sorted by id."""
    known = {plan.component_id: plan for plan in reversed(plans)}
    return tuple([
        ComponentView(component_id=one, document_type=plan.document_type, name=plan.name, required=plan.required)
        for one, plan in sorted(known.items(), key=_by_id)
    ])
