"""Issuing a slip: facts from the dossier, typeset, digitally signed, kept as a file and as an event, in one transaction.

Source: TT 01/2018/TT-VPCP Điều 9–10 (kept in the system, digitally signed, data drawn from the databases); B.4.1.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.resolution.course import read_course
from edge_node.settings import NodeSettings
from edge_node.signing.keys import SigningKey
from edge_node.slips.forms import Form
from edge_node.slips.model import SlipComponent, SlipFacts
from edge_node.store.ledger import Act, Draft
from sync_protocol import survey
from sync_protocol.bodies import SlipIssued
from sync_protocol.glossary import label
from sync_protocol.ids import BlobDigest, RecordId
from sync_protocol.view import ComponentView, DossierView, IntakeView

_VIETNAM = dt.timezone(dt.timedelta(hours=7))


class Issued(msgspec.Struct, frozen=True):
    """A printed slip."""

    number: str
    digest: bytes
    content: bytes


def issue_slip(
    desk: Desk, officer: str, rid: RecordId, form: str, key: SigningKey, *, office: NodeSettings, reason: str = ""
) -> Issued:
    """Print, sign and keep a slip; durable when this returns.

    Raises:
        FactMissing, FormNotInForce, SlipNotDrawn; a Problem of the key or the store.
    """
    from edge_node.slips.signing import sign_slip
    from edge_node.slips.typesetting import make_slip

    view = dossier(desk, rid)
    at = desk.now().astimezone(_VIETNAM)
    number = f"{view.reference}/{form}.{sum(1 for one in view.slips if one.form == form) + 1}"
    facts = _facts(desk, view, office, officer, form, number, at, reason)
    chosen = msgspec.convert(form, Form)
    signed = sign_slip(make_slip(chosen, facts, catalogue=desk.catalogue), key, at=at)
    digest = BlobDigest(bytes.fromhex(desk.files.put(signed.data)))
    body = SlipIssued(
        form=form,
        number=number,
        pdf=digest,
        pdf_size=signed.length,
        officer=officer,
        issued_ms=int(at.timestamp() * 1000),
    )
    desk.ledger.save(Act(officer, "intake", f"slip {form}"), [Draft(rid, body)])
    return Issued(number, digest, signed.data)


def _facts(
    desk: Desk,
    view: DossierView,
    office: NodeSettings,
    officer: str,
    form: str,
    number: str,
    at: dt.datetime,
    reason: str,
) -> SlipFacts:
    party = view.applicant
    received = dt.datetime.fromtimestamp(view.received_ms / 1000, _VIETNAM) if view.received_ms else None
    told = view.intakes[-1] if view.intakes and not view.code else None
    due = (
        dt.datetime.combine(dt.date.fromisoformat(view.due_date), dt.time(17), tzinfo=_VIETNAM)
        if view.due_date
        else None
    )
    procedure = desk.catalogue.procedure_version(view.procedure, int(view.procedure_version or 0))
    person = next((one.name for one in office.officers if one.account == officer), officer)
    return SlipFacts(
        office=office.office_name, parent_office=office.parent_name, place=office.place, issued_at=at, officer_name=person, number=number,
        dossier_code=view.code, procedure=procedure.name if procedure else view.procedure,
        applicant=view.person("name") + _brought_by(desk, view), address=party.address if party else "", phone=party.phone if party else "",
        components=tuple(_component(one.name, one.submitted_form, one.state) for one in view.components if _was_handed_in(view, one)),
        time_limit=_limit(view, due), received_at=received, due_at=due, return_place=office.office_name, return_method="Trực tiếp tại Bộ phận Một cửa",
        reason=reason or _reasons(told), requests=told.requests if told else _still_asked(view),
        tracking_url=f"lienthong:{view.reference}", survey_url=_survey(desk, office, form),
    )  # fmt: skip


def _brought_by(desk: Desk, view: DossierView) -> str:
    """Who brought the dossier for the applicant, as the reception says it (NĐ 61 Điều 16)."""
    reception = desk.store.readers.run(lambda c: read_course(c, view.rid)).reception
    return f" (người nộp theo ủy quyền: {reception.authorised.name})" if reception and reception.authorised else ""


def _survey(desk: Desk, office: NodeSettings, form: str) -> str:
    """Where the person may say what the service was like: on forms 01, 02, 03, once the hub's address is known (TT 01/2018 Điều 12.2)."""
    if form not in survey.FORMS or not office.citizen_address:
        return ""
    ticket = desk.survey_ticket(form)
    return survey.address_of(office.citizen_address, ticket) if ticket else ""


def _reasons(told: IntakeView | None) -> str:
    """What the person was told when the intake ended: the catalogue's reasons, then the officer's own words."""
    return "" if told is None else "; ".join(one for one in (*told.reasons, told.explanation) if one)


def _still_asked(view: DossierView) -> tuple[str, ...]:
    """What the procedure needs and nobody brought; of a component that was taken back the paper is wanted still, unless another of its kind stands."""
    standing = {one.document_type for one in view.components if not one.withdrawn_reason}
    return tuple(
        one.name for one in view.components
        if one.required and (one.document_type not in standing if one.withdrawn_reason else one.state == "required")
    )  # fmt: skip


def _was_handed_in(view: DossierView, one: ComponentView) -> bool:
    """What a receipt lists: everything dealt with, and what the procedure needs, because it was accepted as complete."""
    return not one.withdrawn_reason and (one.state != "required" or (one.required and bool(view.code)))


def _component(name: str, submitted_form: str, state: str) -> SlipComponent:
    if state == "reused":
        return SlipComponent(name, 1, "Đã có dữ liệu, không phải nộp")
    return SlipComponent(name, 1, label("submitted_form", submitted_form or "original"))


def _limit(view: DossierView, due: dt.datetime | None) -> str:
    return f"đến ngày {due:%d/%m/%Y}" if due else view.due_date
