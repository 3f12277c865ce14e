"""Intake: who, what, how; then the dossier with its components. Nothing typed is ever lost by a refusal."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.desk import NoCatalogue
from edge_node.intake.service import receive
from edge_node.web.intake_form import Typed, filled_from_card, intake_form, matching, rules_of
from edge_node.web.office import Office
from edge_node.web.roles import COUNTER, STAFF, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.procedure import Procedure

Form = Annotated[Typed, Body(media_type=RequestEncodingType.URL_ENCODED)]
_PAGE = only(*COUNTER)


async def _show(office: Office, typed: Typed, problem: Problem | None = None, doubt: bool = False) -> Template:
    procedure = _procedure(office, typed.procedure)
    context = {
        "typed": typed, "problem": problem, "doubt": doubt, "procedure": procedure, "rules": rules_of(procedure, typed.kind),
        "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("intake.html", context=context, status_code=problem.http_status if problem else 200)


@get("/intake", opt=_PAGE)
async def empty(office: Office) -> Template:
    """The empty form."""
    return await _show(office, Typed(), None if office.catalogue() else NoCatalogue())


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


@post("/intake", opt=_PAGE, status_code=303)
async def accept(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Fill from the card, or accept: one code, one promise, durable when the next page shows."""
    try:
        if data.qr.strip():  # Enter in any box sends the form: a scanned card is filled in first, whichever button it was
            return await _show(office, filled_from_card(data))
        if data.has_doubt:
            data.doubt_seen = "1"
            return await _show(office, data, doubt=True)
        form = intake_form(data)
        received = await office.do(lambda: receive(office.node.desk, visitor.account, form))
    except Problem as problem:
        return await _show(office, data, problem)
    target = f"/dossiers/{received.rid.hex()}" if visitor.may(*STAFF) else "/intake"
    return Redirect(target, status_code=303)


def _procedure(office: Office, code: str) -> Procedure | None:
    catalogue = office.catalogue()
    bare = code.split(" ")[0].strip()
    return catalogue.procedure(bare, vietnam_date(office.node.now())) if catalogue and bare else None


intake_router = Router("/", route_handlers=[empty, procedures, rules, accept])
