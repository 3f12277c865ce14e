"""The checklist of an intake: what the procedure asks for, and what of it is on file already, here or at another office."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.existence.known import NO_INDEX, Known
from edge_node.intake.corrections import Difference, differences
from edge_node.intake.elsewhere import Answered, answer_of, question
from edge_node.intake.reuse import Reusable, on_file, revoked_on_file
from edge_node.web.form_reading import calendar_day
from edge_node.web.intake_form import Typed, numbers, party_of
from edge_node.web.office import Office
from sync_protocol.adapters import projection
from sync_protocol.bodies import Party
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.messages import FindReply
from sync_protocol.procedure import ComponentRule, Procedure
from sync_protocol.search_keys import owner_keys
from sync_protocol.view import ComponentView, DocumentView, DossierView

_NONE = RecordId(b"")


class ChecklistRow(msgspec.Struct, frozen=True):
    """One component with the best paper that can be taken instead of asking for it."""

    number: int
    rule: ComponentRule
    paper: Reusable | None
    is_taken: bool
    is_missing: bool
    known: Known = NO_INDEX


class Checklist(msgspec.Struct, frozen=True):
    """All components. `as_of_ms` is when every office was asked; 0: this machine only (R-10)."""

    rows: tuple[ChecklistRow, ...]
    as_of_ms: int
    differing: tuple[Difference, ...] = ()
    index_ms: int = 0  # as of when the country-wide index answered instead, 0: it did not

    @property
    def reuse(self) -> dict[int, Reusable]:
        """The papers the officer took, by position."""
        return {row.number: row.paper for row in self.rows if row.is_taken and row.paper is not None}

    @property
    def missing(self) -> int:
        """How many components are marked as missing."""
        return sum(1 for row in self.rows if row.is_missing)


async def checklist(office: Office, procedure: Procedure | None, typed: Typed, account: str) -> Checklist:
    """The checklist for what was typed so far; asks the other offices once per form and person while there is a line, else the index."""
    if procedure is None:
        return Checklist((), 0)
    party = party_of(typed)
    reference = f"{office.node.desk.office}-TN-{typed.form_id[:8].upper()}"
    if not office.may_look(account):
        # nobody is looked for (E.2 rule 11)
        party = msgspec.structs.replace(party, personal_id="", org_id="", tax_code="", unit_number="")
    answer = await asked_elsewhere(
        office, party, typed.form_id if typed.own_id else "", reference, account, procedure.code
    )
    missing, taken = set(numbers(typed.missing)), set(numbers(typed.take))
    types = [rule.document_type for rule in procedure.components_for(typed.submitter)]
    dated = msgspec.structs.replace(party, birth_date=_day_if_any(typed.birth_date) if typed.kind == "person" else "")
    known = [NO_INDEX] * len(types)
    if answer is None and owner_keys(party):
        known = await office.do(lambda: office.node.existence.known_types(party, types))

    def read(connection: apsw.Connection) -> Checklist:
        rows = []
        for number, rule in enumerate(procedure.components_for(typed.submitter)):
            paper = best_paper(connection, party, rule.document_type, answer)
            is_taken = number in taken and paper is not None
            rows.append(ChecklistRow(number, rule, paper, is_taken, number in missing and not is_taken, known[number]))
        return Checklist(
            tuple(rows),
            answer.as_of_ms if answer else 0,
            differences(connection, dated),
            max((one.as_of_ms for one in known), default=0),
        )

    return await office.read(read)


def _day_if_any(text: str) -> str:
    """A day as far as it is one already; a form half typed is no mistake."""
    try:
        return calendar_day(text, label="")
    except Problem:
        return ""


class OpenPart(msgspec.Struct, frozen=True):
    """A component of a dossier that nothing was decided about yet, with the best paper on file for it."""

    component: ComponentView
    paper: Reusable | None
    revoked: tuple[DocumentView, ...] = ()  # what would be offered, were it not revoked


async def open_parts(office: Office, view: DossierView, answer: Answered | None) -> list[OpenPart]:
    """The open components of a dossier."""
    party = view.applicant
    waiting = [one for one in view.components if not one.decision and not one.documents and not one.withdrawn_reason]
    if party is None:
        return [OpenPart(one, None) for one in waiting]
    return await office.read(
        lambda c: [
            OpenPart(
                one, best_paper(c, party, one.document_type, answer, but=view.rid), tuple(revoked_on_file(c, party, one.document_type))
            )
            for one in waiting
        ]
    )


def best_paper(
    connection: apsw.Connection, party: Party, document_type: str, answer: Answered | None, but: RecordId = _NONE
) -> Reusable | None:
    """The best paper of a type: held here first, with legal value first; never one of the dossier `but` itself."""
    found = [*on_file(connection, party, document_type), *(answer.of_type(document_type) if answer else ())]
    return next((one for one in found if one.rid != but), None)


async def asked_elsewhere(
    office: Office, party: Party, key: str, reference: str, account: str, procedure: str = ""
) -> Answered | None:
    """What other offices answered under this key (a form, a dossier); None without a line, which is a normal state."""
    held = office.elsewhere.of(key, party)
    driver = office.live.driver
    ask = question(party, reference, account, procedure)
    if held is not None or driver is None or ask is None or not key or not office.line().is_open:
        return held
    try:
        reply = await driver.line.expect(ask, FindReply)
    except Problem:
        return None  # the line fell just now: the answer is this machine's alone
    rids = [one.rid for one in reply.found]
    here = await office.read(lambda c: projection.held_rids(c, rids))
    answer = answer_of(ask, reply, here)
    office.elsewhere.keep(key, answer)
    return answer
