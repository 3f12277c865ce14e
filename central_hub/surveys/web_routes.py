"""The citizens' survey page: opened by the code on a slip, no sign-in, no script, nothing asked about the person."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.response import Template

from central_hub.app import Hub
from central_hub.figures.offices import office_name
from central_hub.surveys.answers import keep_answer, proven_ticket
from central_hub.web.form_reading import text_of
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.survey import GRADES, QUESTIONS, Ticket, read_ticket

TICKET_MAX = 200
ASKS_PER_MINUTE = 10
_asks = RateLimitConfig(rate_limit=("minute", ASKS_PER_MINUTE), store="rate_limit")


@get("/khao-sat", opt={"public": True})
async def survey(hub: Hub, t: str = "") -> Template:
    """The questions, for a ticket that may be answered; otherwise why not."""
    text, today = t[:TICKET_MAX], vietnam_date(hub.now())
    try:
        ticket = await hub.store.readers.run_async(lambda c: proven_ticket(c, text, today))
    except Problem as problem:
        return await _page(hub, "", None, problem)
    return await _page(hub, text, ticket)


@post("/khao-sat", opt={"public": True}, status_code=200, middleware=[_asks.middleware])
async def answer(hub: Hub, request: Request[Any, Any, Any]) -> Template:
    """Take one answer. The ticket travels in the form, so that it stands in no log of addresses."""
    form = await request.form()
    text, today = text_of(form, "t", most=TICKET_MAX), vietnam_date(hub.now())
    grades = {one: text_of(form, one, most=1) for one in QUESTIONS}
    try:
        ticket = await hub.store.writer.run_async(lambda c: keep_answer(c, text, grades, today))
    except Problem as problem:
        found = read_ticket(text) if problem.http_status == 422 else None
        return await _page(hub, text if found else "", found[0] if found else None, problem, grades)
    return await _page(hub, "", ticket, is_taken=True)


async def _page(
    hub: Hub, text: str, ticket: Ticket | None, problem: Problem | None = None, grades: dict[str, str] | None = None, *, is_taken: bool = False
) -> Template:  # fmt: skip
    law = await hub.store.readers.run_async(hub.service.law) if ticket else None
    office = office_name(law, ticket.office, vietnam_date(hub.now())) if ticket else ""
    context = {
        "ticket": ticket, "text": text, "office": office or (ticket.office if ticket else ""), "problem": problem, "chosen": grades or {},
        "questions": QUESTIONS, "grades": tuple(reversed(GRADES)), "is_taken": is_taken,
    }  # fmt: skip
    return Template("survey.html", context=context, status_code=problem.http_status if problem else 200)


ROUTES = (survey, answer)
