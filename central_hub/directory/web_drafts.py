"""Drafts on screen: the list, one draft with its preview, and every step from opening to publication. HTTP in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.directory import drafts
from central_hub.directory.errors import SheetUnreadable
from central_hub.directory.law_desk import LawDesk
from central_hub.directory.sheets import SHEET_KB, SHEET_NAMES, changes_from, is_no_workbook, rows_of
from central_hub.web.form_reading import text_of, upload_of
from central_hub.web.roles import APPROVERS, READERS_OF_LAW, WRITERS_OF_LAW, only
from sync_protocol.adapters.web.errors import FormUnreadable
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
TITLE_MAX = 160


async def _list(state: State, problem: Problem | None = None, typed: dict[str, str] | None = None) -> Template:
    desk: LawDesk = state.law_desk
    found = await desk.store.readers.run_async(drafts.all_drafts)
    context = {"drafts": found, "problem": problem, "typed": typed or {"title": "", "reason": ""}}
    return Template("drafts.html", context=context, status_code=problem.http_status if problem else 200)


async def _one(state: State, visitor: Visitor, draft: int, problem: Problem | None = None) -> Template:
    desk: LawDesk = state.law_desk
    view = await asyncio.to_thread(desk.view, draft)
    effects, papers = await asyncio.to_thread(desk.effects, view)
    context = {
        "view": view, "draft": view.draft, "effects": effects, "papers": papers, "problem": problem,
        "complaints": getattr(problem, "complaints", ()), "is_author": visitor.account in view.authors,
    }  # fmt: skip
    return Template("draft.html", context=context, status_code=problem.http_status if problem else 200)


@get("/drafts", opt=only(*READERS_OF_LAW))
async def all_drafts(state: State) -> Template:
    """Every draft, newest first."""
    return await _list(state)


@post("/drafts", opt=only(*WRITERS_OF_LAW), status_code=303)
async def begin(state: State, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Open a draft on the version in force."""
    desk: LawDesk = state.law_desk
    form = await request.form()
    typed = {name: text_of(form, name, most=TITLE_MAX) for name in ("title", "reason")}
    try:
        title = text_of(form, "title", label="Tên bản nháp", most=TITLE_MAX)
        reason = text_of(form, "reason", label="Căn cứ", most=TITLE_MAX)
        made = await asyncio.to_thread(desk.begin, visitor, title, reason)
    except Problem as problem:
        return await _list(state, problem, typed)
    return Redirect(f"/drafts/{made}", status_code=303)


@post("/catalogue/versions/{version:int}/restore", opt=only(*WRITERS_OF_LAW), status_code=303)
async def restore(state: State, visitor: Visitor, request: Request[Any, Any, Any], version: int) -> Response[Any]:
    """Open a draft that brings an older version's content back."""
    desk: LawDesk = state.law_desk
    form = await request.form()
    try:
        reason = text_of(form, "reason", label="Lý do quay lại", most=TITLE_MAX)
        wanted = await asyncio.to_thread(desk.held.get, version)
        title = f"Quay lại nội dung phiên bản {version}"
        made = await asyncio.to_thread(desk.begin_with, visitor, title, reason, wanted, "law.restore")
    except Problem as problem:
        return await _list(state, problem)
    return Redirect(f"/drafts/{made}", status_code=303)


@get("/drafts/{draft:int}", opt=only(*READERS_OF_LAW))
async def one_draft(state: State, visitor: Visitor, draft: int) -> Template:
    """One draft and what it would change."""
    return await _one(state, visitor, draft)


async def _step(state: State, visitor: Visitor, draft: int, step: Callable[..., object], *facts: str) -> Response[Any]:
    """Take one step and show the draft again; a refusal is said on top of it."""
    try:
        await asyncio.to_thread(step, visitor, draft, *facts)
    except Problem as problem:
        return await _one(state, visitor, draft, problem)
    return Redirect(f"/drafts/{draft}", status_code=303)


@post("/drafts/{draft:int}/submit", opt=only(*WRITERS_OF_LAW), status_code=303)
async def submit(state: State, visitor: Visitor, draft: int) -> Response[Any]:
    """Ask a second person."""
    return await _step(state, visitor, draft, state.law_desk.submit)


@post("/drafts/{draft:int}/follow", opt=only(*WRITERS_OF_LAW), status_code=303)
async def follow(state: State, visitor: Visitor, draft: int) -> Response[Any]:
    """Stand on the version in force."""
    return await _step(state, visitor, draft, state.law_desk.follow)


@post("/drafts/{draft:int}/drop", opt=only(*WRITERS_OF_LAW), status_code=303)
async def drop(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Response[Any]:
    """Give it up."""
    return await _step(
        state, visitor, draft, state.law_desk.drop, text_of(await request.form(), "reason", most=TITLE_MAX)
    )


@post("/drafts/{draft:int}/return", opt=only(*APPROVERS), status_code=303)
async def give_back(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Response[Any]:
    """Return it to its authors with a reason."""
    form = await request.form()
    try:
        reason = text_of(form, "reason", label="Lý do trả lại", most=TITLE_MAX)
    except Problem as problem:
        return await _one(state, visitor, draft, problem)
    return await _step(state, visitor, draft, state.law_desk.give_back, reason)


@post("/drafts/{draft:int}/approve", opt=only(*APPROVERS), status_code=303)
async def approve(hub: Hub, state: State, visitor: Visitor, draft: int) -> Response[Any]:
    """Publish it: the second pair of eyes."""
    answer = await _step(state, visitor, draft, state.law_desk.approve)
    if isinstance(answer, Redirect):
        _log.info("catalogue.published", draft=draft)
    return answer


async def _import_page(state: State, draft: int, problem: Problem | None = None, sheet: str = "procedures") -> Template:
    desk: LawDesk = state.law_desk
    found = await desk.store.readers.run_async(lambda c: drafts.draft_of(c, draft))
    context = {
        "draft": found, "sheets": SHEET_NAMES, "sheet": sheet, "problem": problem, "complaints": getattr(problem, "complaints", ()),
    }  # fmt: skip
    return Template("draft_import.html", context=context, status_code=problem.http_status if problem else 200)


@get("/drafts/{draft:int}/import", opt=only(*WRITERS_OF_LAW))
async def import_page(state: State, draft: int) -> Template:
    """Where a spreadsheet is handed in."""
    return await _import_page(state, draft)


@post("/drafts/{draft:int}/import", opt=only(*WRITERS_OF_LAW), status_code=303)
async def import_sheet(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Response[Any]:
    """Take a spreadsheet as a whole, or say row and column of everything wrong and take nothing."""
    form = await request.form()
    sheet = text_of(form, "sheet", most=40)
    try:
        if sheet not in SHEET_NAMES:
            raise FormUnreadable()
        name, content = await upload_of(form, "file", label="Bảng tính", limit_kb=SHEET_KB)
        if is_no_workbook(name, content):
            raise SheetUnreadable(what="no workbook under its name")
        await asyncio.to_thread(_take, state, visitor, draft, sheet, content)
    except Problem as problem:
        return await _import_page(state, draft, problem, sheet if sheet in SHEET_NAMES else "procedures")
    return Redirect(f"/drafts/{draft}", status_code=303)


def _take(state: State, visitor: Visitor, draft: int, sheet: str, content: bytes) -> None:
    desk: LawDesk = state.law_desk
    view = desk.view(draft)
    drafts.require(view.draft, "open")
    desk.keep(
        visitor,
        draft,
        changes_from(sheet, rows_of(state.sheets, content), view.base, view.after),
        f"law.import.{sheet}",
    )


ROUTES = (
    all_drafts, begin, restore, one_draft, submit, follow, drop, give_back, approve, import_page, import_sheet,
)  # fmt: skip
