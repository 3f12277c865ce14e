"""The checklist of an intake: what the procedure asks for, and what of it is on file already, here or at another office."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.intake.elsewhere import Answered, papers_in, question
from edge_node.intake.reuse import Reusable, on_file
from edge_node.web.intake_form import Typed, numbers, party_of
from edge_node.web.office import Office
from sync_protocol.adapters import projection
from sync_protocol.bodies import Party
from sync_protocol.errors import Problem
from sync_protocol.messages import FindReply
from sync_protocol.procedure import ComponentRule, Procedure


class ChecklistRow(msgspec.Struct, frozen=True):
    """One component with the best paper that can be taken instead of asking for it."""

    number: int
    rule: ComponentRule
    paper: Reusable | None
    is_taken: bool
    is_missing: bool


class Checklist(msgspec.Struct, frozen=True):
    """All components. `as_of_ms` is when every office was asked; 0: this machine only (R-10)."""

    rows: tuple[ChecklistRow, ...]
    as_of_ms: int

    @property
    def reuse(self) -> dict[int, Reusable]:
        """The papers the officer took, by position."""
        return {row.number: row.paper for row in self.rows if row.is_taken and row.paper is not None}

    @property
    def missing(self) -> int:
        """How many components are marked as missing."""
        return sum(1 for row in self.rows if row.is_missing)


async def checklist(office: Office, procedure: Procedure | None, typed: Typed, account: str) -> Checklist:
    """The checklist for what was typed so far; asks the other offices once per form and person while there is a line."""
    if procedure is None:
        return Checklist((), 0)
    party = party_of(typed)
    answer = await _asked(office, party, typed, account)
    missing, taken = set(numbers(typed.missing)), set(numbers(typed.take))

    def read(connection: apsw.Connection) -> Checklist:
        rows = []
        for number, rule in enumerate(procedure.components_for(typed.submitter)):
            found = on_file(connection, party, rule.document_type) or (answer.of_type(rule.document_type) if answer else [])
            paper = found[0] if found else None
            is_taken = number in taken and paper is not None
            rows.append(ChecklistRow(number, rule, paper, is_taken, number in missing and not is_taken))
        return Checklist(tuple(rows), answer.as_of_ms if answer else 0)

    return await office.read(read)


async def _asked(office: Office, party: Party, typed: Typed, account: str) -> Answered | None:
    """What other offices answered for this form; None without a line, which is a normal state."""
    held = office.elsewhere.of(typed.form_id, party)
    driver = office.live.driver
    ask = question(party, f"{office.node.desk.office}-TN-{typed.form_id[:8].upper()}", account)
    if held is not None or driver is None or ask is None or not typed.own_id or not office.line().is_open:
        return held
    try:
        reply = await driver.line.expect(ask, FindReply)
    except Problem:
        return None  # the line fell just now: the answer is this machine's alone
    rids = [one.rid for one in reply.found]
    here = await office.read(lambda c: projection.held_rids(c, rids))
    answer = Answered(ask.value, reply.as_of_ms, papers_in(reply, here))
    office.elsewhere.keep(typed.form_id, answer)
    return answer
