"""Looking up: with a dossier and a reason, here first, then everywhere; the minimal answer before the logged second step."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from edge_node.intake.service import dossier
from edge_node.repository.service import KhoPage, fetch_copies, find_everywhere, find_here, kho, kho_of, open_dossier
from edge_node.store.paper_lists import place_of
from edge_node.sync.errors import NoLine
from edge_node.web.address import record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import calendar_day, tidy
from edge_node.web.office import Office
from edge_node.web.roles import LOOKERS, STAFF_PAGE, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.messages import Find, FindReply, Purpose
from sync_protocol.view import DossierView

Key = Literal["code", "personal_id", "bhxh_number", "unit_number", "tax_code", "name_birth", "digitization_code"]
KEYS: tuple[Key, ...] = (
    "personal_id",
    "code",
    "bhxh_number",
    "unit_number",
    "tax_code",
    "name_birth",
    "digitization_code",
)


class Question(msgspec.Struct):
    """What is asked and why."""

    dossier: str = ""
    reason: str = ""
    by: Key = "personal_id"
    value: str = ""
    birth_date: str = ""
    rid: str = ""

    def purpose(self, visitor: Visitor) -> Purpose:
        """The purpose of the look-up. Raises NothingChosen where dossier or reason is missing."""
        for text, what, code in (
            (self.dossier, "hồ sơ đang giải quyết", "dossier"),
            (self.reason, "lý do tra cứu", "reason"),
        ):
            if not text.strip():
                raise NothingChosen(what=what, what_code=code)
        role = "resolving" if "resolving" in visitor.roles else visitor.roles[0]
        return Purpose(tidy(self.dossier), tidy(self.reason), visitor.account, role)


Form = Annotated[Question, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(
    office: Office,
    asked: Question,
    problem: Problem | None = None,
    here: list[DossierView] | None = None,
    found: FindReply | None = None,
) -> Template:
    context = {
        "asked": asked, "problem": problem, "here": here, "found": found, "keys": KEYS, "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("lookup.html", context=context, status_code=problem.http_status if problem else 200)


@get("/lookup", opt=only(*LOOKERS))
async def empty(office: Office, dossier: str = "") -> Template:
    """The question."""
    return await _show(office, Question(dossier=dossier))


@post("/lookup", opt=only(*LOOKERS), status_code=200)
async def ask(office: Office, visitor: Visitor, data: Form) -> Template:
    """The minimal answer, here and, with a line, everywhere."""
    try:
        purpose = data.purpose(visitor)
        if not data.value.strip():
            raise NothingChosen(what="giá trị cần tra", what_code="value")
        birth = calendar_day(data.birth_date, label="Ngày sinh")
        here = await office.do(
            lambda: find_here(office.node.desk, visitor.account, data.by, data.value, birth, purpose)
        )
        found = None
        if office.live.driver is not None and office.line().is_open:
            found = await find_everywhere(office.live.driver, Find(data.by, data.value, birth, purpose))
    except Problem as problem:
        return await _show(office, data, problem)
    return await _show(office, data, None, here, found)


@post("/lookup/open", opt=only(*LOOKERS), status_code=303)
async def open_found(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """The second, logged step: the dossier comes into this office's scope, with its files."""
    try:
        purpose, rid = data.purpose(visitor), record_id(data.rid)
        if office.live.driver is None or not office.line().is_open:
            raise NoLine()
        await open_dossier(office.live.driver, rid, purpose)
        if office.live.transfers is not None:
            await fetch_copies(office.live.transfers, await office.do(lambda: dossier(office.node.desk, rid)))
    except Problem as problem:
        return await _show(office, data, problem)
    return Redirect(f"/dossiers/{data.rid}", status_code=303)


class OwnerForm(msgspec.Struct):
    """Whose Kho; sent in the body, so that no number of a citizen stands in an address or a log of addresses."""

    owner: str = ""


@get("/repository", opt=STAFF_PAGE)
async def repository(office: Office, before: str = "", waiting: str = "") -> Template:
    """The Kho, and the papers that wait outside it; `before` and `waiting` say where a page of either begins."""
    return await _show_kho(office, await office.read(lambda c: kho(c, place_of(before), place_of(waiting))))


@post("/repository", opt=STAFF_PAGE, status_code=200)
async def repository_of(
    office: Office, visitor: Visitor, data: Annotated[OwnerForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Template:
    """The Kho of one person or organisation."""
    owner = "".join(data.owner.split()).upper()
    lines = await office.do(lambda: kho_of(office.node.desk, visitor.account, visitor.roles[0], owner))
    return await _show_kho(office, KhoPage(lines, []), owner)


async def _show_kho(office: Office, page: KhoPage, owner: str = "") -> Template:
    context = {
        "assigned": page.assigned, "unassigned": page.unassigned, "older": page.older, "older_unassigned": page.older_unassigned,
        "owner": owner, "types": dict(office.document_types()), "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("repository.html", context=context)


lookup_router = Router("/", route_handlers=[empty, ask, open_found, repository, repository_of])
