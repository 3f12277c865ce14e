"""The counter: numbers drawn and called by keys, the ticket to print, and the board of the waiting hall.

The board is open to anybody on this network, because a screen in the hall signs nobody in; it shows numbers and desks and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.counter import line, service
from edge_node.counter.ticket import KINDS, Ticket
from edge_node.web.address import record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import whole_number
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.bodies import DESK_NUMBER_MAX
from sync_protocol.errors import Problem

COUNTER_PAGE = only("intake")
COUNTER_LIVE: dict[str, Any] = {"roles": ("intake",), "live": True}
BOARD: dict[str, Any] = {"public": True}
CALLED_SHOWN = 6


class KindForm(msgspec.Struct):
    """What a person came for."""

    kind: str = ""


class DeskForm(msgspec.Struct):
    """Where the officer sits."""

    desk: str = ""


ChosenKind = Annotated[KindForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
ChosenDesk = Annotated[DeskForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(
    office: Office, visitor: Visitor, drawn: str = "", problem: Problem | None = None, typed: str | None = None
) -> Template:
    desk = await office.read(lambda c: line.desk_of(c, visitor.account))
    counter = await office.read(service.read_counter(office.node.desk))
    ticket = None
    if drawn:
        wanted = record_id(drawn)
        ticket = await office.read(lambda c: line.ticket_of(c, wanted))
    context = {
        "desk": desk, "typed": str(desk or "") if typed is None else typed, "counter": counter, "mine": counter.line.at_desk(desk) if desk else None,
        "drawn": ticket, "kinds": KINDS, "problem": problem, "now_ms": office.node.desk.now_ms(), "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("counter.html", context=context, status_code=problem.http_status if problem else 200)


async def _step(office: Office, visitor: Visitor, work: Callable[[int], object]) -> Response[Any]:
    """Do one step at the visitor's desk, or show the page again with what stands against it."""
    desk = await office.read(lambda c: line.desk_of(c, visitor.account))
    if not desk:
        return await _show(office, visitor, problem=NothingChosen(what="số bàn của bạn", what_code="desk"))
    try:
        await office.do(lambda: work(desk))
    except Problem as problem:
        return await _show(office, visitor, problem=problem)
    return Redirect("/quay", status_code=303)


@get("/quay", opt=COUNTER_PAGE)
async def counter(office: Office, visitor: Visitor, so: str = "") -> Template:
    """The counter of the day; `so` is the ticket just drawn."""
    return await _show(office, visitor, so)


@get("/quay/line", opt=COUNTER_LIVE)
async def counter_line(office: Office) -> Template:
    """The part that changes: who waits, and today's waiting times."""
    found = await office.read(service.read_counter(office.node.desk))
    return Template("counter_line.html", context={"counter": found, "now_ms": office.node.desk.now_ms()})


@post("/quay/tickets", opt=COUNTER_PAGE, status_code=303)
async def draw(office: Office, visitor: Visitor, data: ChosenKind) -> Response[Any]:
    """Give the next number."""
    kind = next((one for one in KINDS if one == data.kind), None)
    if kind is None:
        return await _show(office, visitor, problem=NothingChosen(what="loại việc", what_code="kind"))
    try:
        drawn = await office.do(lambda: service.draw(office.node.desk, visitor.account, kind))
    except Problem as problem:
        return await _show(office, visitor, problem=problem)
    return Redirect(f"/quay?so={drawn.id.hex()}", status_code=303)


@get("/quay/tickets/{ticket:str}/ticket.pdf", opt=COUNTER_PAGE)
async def ticket_pdf(office: Office, ticket: str, paper: str = "roll") -> Response[bytes]:
    """The ticket on paper."""
    from edge_node.counter.printing import PAPERS, print_ticket  # a start does not wait for the typesetter

    wanted = record_id(ticket)

    def read(connection: Any) -> tuple[Ticket, int]:
        held = line.ticket_of(connection, wanted)
        waiting = line.read_line(connection, held.day).waiting
        return held, sum(1 for one in waiting if (one.drawn_ms, one.number) < (held.drawn_ms, held.number))

    held, before = await office.read(read)
    chosen = next((one for one in PAPERS if one == paper), PAPERS[0])
    name = office.node.settings.office_name
    made = await office.do(lambda: print_ticket(held, office_name=name, before=before, paper=chosen))
    headers = {"Content-Disposition": f'inline; filename="so-{held.label}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


@post("/quay/desk", opt=COUNTER_PAGE, status_code=303)
async def sit_down(office: Office, visitor: Visitor, data: ChosenDesk) -> Response[Any]:
    """Say at which desk this officer sits."""
    try:
        desk = whole_number(data.desk, label="Bàn số", low=1, high=DESK_NUMBER_MAX)
    except Problem as problem:
        return await _show(office, visitor, problem=problem, typed=data.desk)
    await office.node.store.writer.run_async(lambda c: line.sit_down(c, visitor.account, desk))
    return Redirect("/quay", status_code=303)


@post("/quay/call", opt=COUNTER_PAGE, status_code=303)
async def call(office: Office, visitor: Visitor) -> Response[Any]:
    """Call the next, or the called one again."""
    return await _step(office, visitor, lambda at: service.call_next(office.node.desk, visitor.account, at))


@post("/quay/tickets/{ticket:str}/start", opt=COUNTER_PAGE, status_code=303)
async def start(office: Office, visitor: Visitor, ticket: str) -> Response[Any]:
    """The person is here."""
    wanted = record_id(ticket)
    return await _step(office, visitor, lambda at: service.start(office.node.desk, wanted, at))


@post("/quay/tickets/{ticket:str}/end", opt=COUNTER_PAGE, status_code=303)
async def end(office: Office, visitor: Visitor, ticket: str) -> Response[Any]:
    """The person was served."""
    wanted = record_id(ticket)
    return await _step(office, visitor, lambda at: service.end(office.node.desk, visitor.account, wanted, at))


@post("/quay/tickets/{ticket:str}/no-show", opt=COUNTER_PAGE, status_code=303)
async def no_show(office: Office, visitor: Visitor, ticket: str) -> Response[Any]:
    """Nobody came."""
    wanted = record_id(ticket)
    return await _step(office, visitor, lambda at: service.no_show(office.node.desk, visitor.account, wanted, at))


@get("/quay/board", opt=BOARD)
async def board(office: Office) -> Template:
    """The screen of the waiting hall."""
    return Template("board.html", context=await _board(office))


@get("/quay/board/numbers", opt=BOARD)
async def board_numbers(office: Office) -> Template:
    """The part of that screen that changes."""
    return Template("board_numbers.html", context=await _board(office))


async def _board(office: Office) -> dict[str, object]:
    held = (await office.read(service.read_counter(office.node.desk))).line
    return {"called": held.at_desks[:CALLED_SHOWN], "waiting": len(held.waiting), "next": held.waiting[:CALLED_SHOWN]}


counter_router = Router(
    "/",
    route_handlers=[counter, counter_line, draw, ticket_pdf, sit_down, call, start, end, no_show, board, board_numbers],
)
