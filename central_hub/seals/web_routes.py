"""The register of certificates on screen: who may sign for which office; add one, end one. HTTP in and out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import apsw
from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.lookup.audit import record_act
from central_hub.seals.registry import (
    SIGNER_ROLES,
    SignerRole,
    end_registration,
    register,
    registration_of,
    registrations,
)
from central_hub.web.form_reading import day_of, text_of, upload_of
from central_hub.web.roles import KEEPERS_OF_MACHINES, WATCHERS, only
from sync_protocol.adapters.web.errors import FormUnreadable, PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import VIETNAM
from sync_protocol.errors import Problem
from sync_protocol.ids import OfficeCode

CERTIFICATE_KB = 64
_NOTHING_TYPED = {"office": "", "account": "", "role": "officer", "until": ""}


async def _show(hub: Hub, office: str, problem: Problem | None = None, typed: dict[str, str] | None = None) -> Template:
    wanted = OfficeCode(office) if office else None
    context = {
        "rows": await hub.store.readers.run_async(lambda c: registrations(c, wanted)), "office": office,
        "now_ms": hub.now_ms(), "problem": problem, "typed": typed or _NOTHING_TYPED,
    }  # fmt: skip
    return Template("officers.html", context=context, status_code=problem.http_status if problem else 200)


@get("/officers", opt=only(*WATCHERS))
async def officers(hub: Hub, office: str = "") -> Template:
    """Every registration, or one office's."""
    return await _show(hub, office.strip()[:16])


@post("/officers", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def add(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Register a certificate; what was typed stays when it is refused."""
    form = await request.form()
    typed = {name: text_of(form, name, most=64) for name in _NOTHING_TYPED}
    try:
        office = OfficeCode(text_of(form, "office", label="Mã cơ quan", most=16))
        _, content = await upload_of(form, "certificate", label="Tệp chứng thư", limit_kb=CERTIFICATE_KB)
        if typed["role"] not in SIGNER_ROLES:
            raise FormUnreadable()
        role: SignerRole = "agency" if typed["role"] == "agency" else "officer"
        until_ms = _end_of(day_of(typed["until"], label="Ngày cuối được ký")) if typed["until"] else None
        entry = registration_of(content, office, role, account=typed["account"], until_ms=until_ms)
    except Problem as problem:
        return await _show(hub, "", problem, typed)

    def work(connection: apsw.Connection) -> None:
        register(connection, entry, hub.now_ms())
        _note(
            connection, hub, visitor, "officer.register", f"{entry.office} {entry.role} {entry.certificate.hex()[:16]}"
        )

    await hub.store.writer.run_async(work)
    return Redirect("/officers", status_code=303)


@post("/officers/end", opt=only(*KEEPERS_OF_MACHINES), status_code=303)
async def end(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Redirect:
    """End a registration now; papers signed before stay as they are. Raises PageUnknown."""
    form = await request.form()
    office, role = OfficeCode(text_of(form, "office", most=16)), text_of(form, "role", most=16)
    try:
        certificate = bytes.fromhex(text_of(form, "certificate", most=64))
    except ValueError as error:
        raise PageUnknown() from error

    def work(connection: apsw.Connection) -> bool:
        ended = end_registration(connection, certificate, office, role, hub.now_ms())
        if ended:
            _note(connection, hub, visitor, "officer.end", f"{office} {role} {certificate.hex()[:16]}")
        return ended

    if not await hub.store.writer.run_async(work):
        raise PageUnknown()
    return Redirect("/officers", status_code=303)


def _note(connection: apsw.Connection, hub: Hub, visitor: Visitor, what: str, subject: str) -> None:
    record_act(
        connection, at_ms=hub.now_ms(), officer=visitor.account, roles=visitor.roles, what=what, subject=subject, outcome="done"
    )  # fmt: skip


def _end_of(day: dt.date) -> int:
    """The last millisecond of a Vietnam day, UTC."""
    return int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=VIETNAM).timestamp() * 1000) - 1


ROUTES = (officers, add, end)
