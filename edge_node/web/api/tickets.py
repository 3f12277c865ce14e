"""Tickets for programs: the line at the counter with today's waiting times, and the next number for a ticket printer. No person is in it."""

from __future__ import annotations

import datetime as dt

import msgspec
from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec

from edge_node.counter import service
from edge_node.counter.ticket import Kind, Ticket
from edge_node.web.api.model import ApiProblem
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import VIETNAM
from sync_protocol.glossary import label

_REFUSED = {
    401: ResponseSpec(ApiProblem, description="Chưa đăng nhập."),
    403: ResponseSpec(ApiProblem, description="Chưa được giao việc này, hoặc thiếu mã biểu mẫu."),
}


class TicketWish(msgspec.Struct):
    """What the person came for."""

    kind: Kind


class ApiTicket(msgspec.Struct, frozen=True):
    """One number of today. `desk` is 0 until it is called; times are ISO 8601 in Vietnam."""

    number: int
    kind: Kind
    label: str
    state: str
    desk: int
    drawn_at: str
    called_at: str | None
    name: str = ""


class ApiCounter(msgspec.Struct, frozen=True):
    """The line now and today's waiting times, whole seconds; None where nobody was served."""

    waiting: tuple[ApiTicket, ...]
    at_desks: tuple[ApiTicket, ...]
    served: int
    no_shows: int
    average_s: int | None
    longest_s: int | None
    over_15: int
    over_30: int


@get("/tickets", opt=only("intake"), summary="Hàng chờ tại quầy và thời gian chờ hôm nay", responses=_REFUSED)
async def tickets(office: Office) -> ApiCounter:
    """Who waits, who is called where, and how long people waited today."""
    found = await office.read(service.read_counter(office.node.desk))
    today = found.today
    return ApiCounter(
        waiting=tuple(_ticket(one) for one in found.line.waiting), at_desks=tuple(_ticket(one) for one in found.line.at_desks),
        served=today.served, no_shows=today.no_shows, average_s=None if today.average_ms is None else today.average_ms // 1000,
        longest_s=today.longest_ms // 1000 if today.timed else None, over_15=today.over_15, over_30=today.over_30,
    )  # fmt: skip


@post(
    "/tickets", opt=only("intake"), status_code=201, summary="Lấy số kế tiếp",
    responses={
        **_REFUSED, 400: ResponseSpec(ApiProblem, description="Phần gửi lên thiếu hoặc sai dạng."),
        409: ResponseSpec(ApiProblem, description="Hôm nay đã hết số."),
    },
)  # fmt: skip
async def draw_ticket(office: Office, visitor: Visitor, data: TicketWish) -> ApiTicket:
    """The next number, durable when this answers."""
    return _ticket(await office.do(lambda: service.draw(office.node.desk, visitor.account, data.kind)))


def _ticket(one: Ticket) -> ApiTicket:
    return ApiTicket(
        one.number, one.kind, label("visit_kind", one.kind), one.state, one.desk, _moment(one.drawn_ms),
        _moment(one.called_ms) if one.called_ms else None, one.label,
    )  # fmt: skip


def _moment(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms // 1000, VIETNAM).isoformat()
