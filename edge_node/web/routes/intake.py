"""Intake: who, what, how, and what is here; then exactly one ending. Nothing typed is ever lost by a refusal, and a form makes one dossier."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.response import Redirect, Template

from edge_node.desk import NoCatalogue
from edge_node.intake.outcomes import end_intake
from edge_node.intake.service import receive
from edge_node.slips.service import issue_slip
from edge_node.web.checklist import Checklist, checklist
from edge_node.web.drafts import Draft
from edge_node.web.intake_form import Typed, filled_from_card, intake_form, matching, rules_of, typed_of
from edge_node.web.office import Office
from edge_node.web.roles import COUNTER, STAFF, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.procedure import Procedure

_PAGE = only(*COUNTER)
SLIPS = {"accept": "01", "supplement": "02", "refused": "03"}


async def _show(
    office: Office, visitor: Visitor, typed: Typed, problem: Problem | None = None, doubt: bool = False
) -> Template:
    procedure = _procedure(office, typed.procedure)
    rules = rules_of(procedure, typed.kind)
    if not typed.rule and rules:
        typed.rule = rules[0][0]
    context = {
        "typed": typed, "problem": problem, "doubt": doubt, "procedure": procedure, "rules": rules,
        "list": await checklist(office, procedure, typed, visitor.account), "bar": await office.read(office.bar()),
        "reasons": {name: office.intake_reasons(name) for name in ("supplement", "refused")},
    }  # fmt: skip
    return Template("intake.html", context=context, status_code=problem.http_status if problem else 200)


@get("/intake", opt=_PAGE)
async def empty(office: Office, visitor: Visitor, form: str = "") -> Template:
    """The empty form under a number of its own, or the one that was sent and not taken."""
    held = office.drafts.of(form, visitor.account)
    if held is not None:
        return await _show(office, visitor, held.typed, held.problem, held.doubt)
    return await _show(
        office, visitor, Typed(form_id=office.node.desk.new_id().hex()), None if office.catalogue() else NoCatalogue()
    )


@get("/intake/procedures", opt=_PAGE)
async def procedures(office: Office, procedure: str = "") -> Template:
    """What the typed words may mean."""
    catalogue = office.catalogue()
    found = matching(catalogue, vietnam_date(office.node.now()), procedure[:100]) if catalogue else []
    return Template("intake_found.html", context={"found": found})


@get("/intake/rules", opt=_PAGE)
async def rules(office: Office, procedure: str = "", kind: str = "person") -> Template:
    """The deadline's choices of the chosen procedure."""
    found = _procedure(office, procedure)
    return Template("intake_rules.html", context={"rules": rules_of(found, kind), "procedure": found, "typed": Typed()})


@post("/intake/papers", opt=_PAGE, status_code=200)
async def papers(office: Office, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """The checklist for what was typed; sent as a form, so that no number of a person stands in an address."""
    typed = typed_of(await request.form())
    found = await checklist(office, _procedure(office, typed.procedure), typed, visitor.account)
    return Template("intake_papers.html", context={"list": found, "typed": typed})


@post("/intake", opt=_PAGE, status_code=303)
async def finish(office: Office, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Fill from the card, or end the intake in one of its three ways; durable when the next page shows."""
    typed = typed_of(await request.form())
    try:
        if typed.qr.strip():  # Enter in any box sends the form: a scanned card is filled in first, whichever button it was
            return await _again(office, Draft(visitor.account, filled_from_card(typed)), visitor)
        if typed.has_doubt:
            typed.doubt_seen = "1"
            return await _again(office, Draft(visitor.account, typed, doubt=True), visitor)
        found = await checklist(office, _procedure(office, typed.procedure), typed, visitor.account)
        rid = await office.do(lambda: _end(office, visitor, typed, found))
    except Problem as problem:
        return await _again(office, Draft(visitor.account, typed, problem), visitor)
    office.drafts.drop(typed.form_id)
    return Redirect(f"/dossiers/{rid.hex()}" if visitor.may(*STAFF) else "/intake", status_code=303)


async def _again(office: Office, draft: Draft, visitor: Visitor) -> Response[Any]:
    """Show the form again under an address of its own; one without a number is shown at once."""
    if not draft.typed.own_id:
        return await _show(office, visitor, draft.typed, draft.problem, draft.doubt)
    office.drafts.keep(draft)
    return Redirect(f"/intake?form={draft.typed.form_id}", status_code=303)


def _end(office: Office, visitor: Visitor, typed: Typed, found: Checklist) -> RecordId:
    """End the intake, and print its slip where the officer's key is open; otherwise the dossier page offers it."""
    desk = office.node.desk
    form = intake_form(typed, vietnam_date(desk.now()))
    if typed.outcome == "accept":
        rid = receive(
            desk, visitor.account, form, form_id=typed.own_id, missing=found.missing, reuse=found.reuse,
            checked="full" if found.as_of_ms else "local_only", application=typed.application_id,
        ).rid  # fmt: skip
    else:
        missing = tuple(row.number for row in found.rows if row.is_missing)
        grounds = msgspec.structs.replace(typed.grounds, missing=missing)
        rid = end_intake(
            desk, visitor.account, form, typed.outcome, grounds, form_id=typed.own_id, application=typed.application_id
        )
    print_if_open(office, visitor.account, rid, SLIPS[typed.outcome])
    return rid


def print_if_open(office: Office, account: str, rid: RecordId, form: str) -> None:
    """Print and sign the slip of an ending at once. What was ended stands whether or not its paper came out."""
    if office.has_open_key(account) and not any(slip.form == form for slip in office.view(rid).slips):
        try:
            issue_slip(office.node.desk, account, rid, form, office.node.key_of(account), office=office.node.settings)
        except Problem:
            return


def _procedure(office: Office, code: str) -> Procedure | None:
    catalogue = office.catalogue()
    bare = code.split(" ")[0].strip()
    return catalogue.procedure(bare, vietnam_date(office.node.now())) if catalogue and bare else None


intake_router = Router("/", route_handlers=[empty, procedures, rules, papers, finish])
