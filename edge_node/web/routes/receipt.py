"""The page on which a leader corrects the time of a receipt: both times first, then what would change, then the confirmation. HTTP in and out."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

import apsw
import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.intake.receipt_errors import ReceiptTimeImpossible
from edge_node.intake.receipt_time import Doubt, Effect, checked, correct_receipt, doubt_of, possible_effect
from edge_node.resolution.errors import WhyMissing
from edge_node.web.address import record_id
from edge_node.web.form_reading import full_day, tidy, within
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.dossier import show_dossier
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import VIETNAM
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView


class ReceiptForm(msgspec.Struct):
    """Day and hour as typed; `seen` is the effect that was shown."""

    day: str = ""
    time: str = ""
    reason: str = ""
    step: str = ""
    seen: str = ""


async def _show(
    office: Office, visitor: Visitor, rid: RecordId, typed: ReceiptForm | None = None, effect: Effect | None = None, problem: Problem | None = None
) -> Template:
    def read(connection: apsw.Connection) -> tuple[DossierView, Doubt | None]:
        view = checked(office.node.desk, connection, rid)
        return view, doubt_of(connection, view)

    try:
        view, doubt = await office.read(read)
    except Problem as refused:
        return await show_dossier(office, visitor, rid, refused)
    if typed is None:
        at = dt.datetime.fromtimestamp((doubt.estimated_ms if doubt else view.received_ms) / 1000, VIETNAM)
        typed = ReceiptForm(f"{at:%d/%m/%Y}", f"{at:%H:%M}")
    context = {"view": view, "doubt": doubt, "typed": typed, "effect": effect, "problem": problem, "bar": await office.read(office.bar())}
    return Template("receipt.html", context=context, status_code=problem.http_status if problem else 200)


@get("/dossiers/{rid:str}/receipt", opt=only("leader"))
async def look(office: Office, visitor: Visitor, rid: str) -> Template:
    """Both times, and the estimated true one to begin with."""
    return await _show(office, visitor, record_id(rid))


@post("/dossiers/{rid:str}/receipt", opt=only("leader"), status_code=303)
async def correct(
    office: Office, visitor: Visitor, rid: str, data: Annotated[ReceiptForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """Show what would change; record it where just that was shown and confirmed."""
    record, desk = record_id(rid), office.node.desk
    try:
        at, reason = _moment(data), within(data.reason, label="Lý do, căn cứ", box="reason")
        effect = await office.read(lambda c: possible_effect(desk, c, checked(desk, c, record), at))
        if not reason:
            raise WhyMissing()
        if data.step != "confirm" or data.seen != f"{effect.received_ms} {effect.due_date}":
            return await _show(office, visitor, record, data, effect)
        await office.do(partial(correct_receipt, desk, visitor.account, record, at, reason))
    except Problem as problem:
        return await _show(office, visitor, record, data, None, problem)
    return Redirect(f"/dossiers/{rid}", status_code=303)


def _moment(data: ReceiptForm) -> dt.datetime:
    """Day and hour at the counter, Vietnam time. Raises NeedsDate, DayNotPossible, NeedsFullDate, ReceiptTimeImpossible."""
    day = full_day(data.day, label="Ngày tiếp nhận đúng", box="day")
    try:
        hour = dt.time.fromisoformat(tidy(data.time))
    except ValueError as error:
        raise ReceiptTimeImpossible(why="cần giờ và phút, như 14:30") from error
    if day is None or hour.tzinfo is not None:
        raise ReceiptTimeImpossible(why="cần đủ ngày, giờ và phút")
    return dt.datetime.combine(day, hour, VIETNAM)


receipt_router = Router("/", route_handlers=[look, correct])
