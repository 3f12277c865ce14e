"""The complaints register on screen. HTTP in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.complaints.errors import OfficeOfComplaintUnknown
from central_hub.complaints.register import ABOUT, OUTCOMES, Entry, Outcome, answer, complaints, enter
from central_hub.ingest.nodes import all_nodes
from central_hub.web.form_reading import day_of, text_of
from central_hub.web.roles import CONFLICT_OFFICERS, SETTLERS, only
from sync_protocol.adapters.web.errors import FormUnreadable
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.ids import OfficeCode

_BOXES = ("office", "letter", "dossier", "about", "received", "due")


async def _show(hub: Hub, problem: Problem | None = None, typed: dict[str, str] | None = None) -> Template:
    context = {
        "rows": await hub.store.readers.run_async(complaints), "problem": problem, "typed": typed or dict.fromkeys(_BOXES, ""), "kinds": ABOUT,
        "outcomes": OUTCOMES, "today": vietnam_date(hub.now()),
    }  # fmt: skip
    return Template("complaints.html", context=context, status_code=problem.http_status if problem else 200)


@get("/complaints", opt=only(*SETTLERS))
async def register(hub: Hub) -> Template:
    """The register: the open ones first."""
    return await _show(hub)


@post("/complaints", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def enter_complaint(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Write a complaint down."""
    form = await request.form()
    typed = {name: text_of(form, name, most=64) for name in _BOXES}
    law = await hub.store.readers.run_async(hub.service.law)

    def work(c: apsw.Connection) -> None:
        entry = _entry(form)
        known = {one.office for one in all_nodes(c)} | ({one.code for one in law.units} if law else set())
        if entry.office not in known:
            raise OfficeOfComplaintUnknown(office=entry.office)
        enter(
            c, entry, account=visitor.account, roles=visitor.roles, today=vietnam_date(hub.now()), now_ms=hub.now_ms()
        )

    return await _do(hub, work, typed)


@post("/complaints/{number:int}/answer", opt=only(*CONFLICT_OFFICERS), status_code=303)
async def answer_complaint(hub: Hub, visitor: Visitor, number: int, request: Request[Any, Any, Any]) -> Response[Any]:
    """Write down how it was answered."""
    form = await request.form()

    def work(c: apsw.Connection) -> None:
        said: Outcome | None = next((one for one in OUTCOMES if one == text_of(form, "outcome")), None)
        if said is None:
            raise FormUnreadable()
        day = day_of(text_of(form, "day", label="Ngày trả lời"), label="Ngày trả lời")
        answer(
            c,
            number,
            said,
            day,
            account=visitor.account,
            roles=visitor.roles,
            today=vietnam_date(hub.now()),
            now_ms=hub.now_ms(),
        )

    return await _do(hub, work, None)


def _entry(form: FormMultiDict) -> Entry:
    about = next((one for one in ABOUT if one == text_of(form, "about")), None)
    if about is None:
        raise FormUnreadable()
    return Entry(
        office=OfficeCode(text_of(form, "office", label="Mã cơ quan", most=20)), letter=text_of(form, "letter", label="Số văn bản", most=64),
        dossier=text_of(form, "dossier", most=64).upper(), about=about,
        received=day_of(text_of(form, "received", label="Ngày nhận"), label="Ngày nhận"),
        due=day_of(text_of(form, "due", label="Hạn trả lời"), label="Hạn trả lời"),
    )  # fmt: skip


async def _do(hub: Hub, work: Callable[[apsw.Connection], None], typed: dict[str, str] | None) -> Response[Any]:
    try:
        await hub.store.writer.run_async(work)
    except Problem as problem:
        return await _show(hub, problem, typed)
    return Redirect("/complaints", status_code=303)


ROUTES = (register, enter_complaint, answer_complaint)
