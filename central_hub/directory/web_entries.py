"""Entries of a draft on screen: find one, edit it, give it a next version, add one, leave one out. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect, Template

from central_hub.directory import drafts
from central_hub.directory.boxes import Cells, Inner, cells_of, entry_of, form_of, read_form
from central_hub.directory.changes import PLACES, WHOLE_FILES, entries_of
from central_hub.directory.errors import EntryUnknown
from central_hub.directory.law_desk import LawDesk, mark_of
from central_hub.directory.web_browse import place_of, search
from central_hub.web.form_reading import text_of
from central_hub.web.roles import WRITERS_OF_LAW, only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.catalogue import Procedure
from sync_protocol.errors import Problem

KEY_MAX = 160


@get("/drafts/{draft:int}/entries", opt=only(*WRITERS_OF_LAW))
async def entries(state: State, draft: int, place: str = "procedures", q: str = "") -> Template:
    """The entries as they would be after this draft."""
    desk: LawDesk = state.law_desk
    view = await asyncio.to_thread(desk.view, draft)
    rows = search(view.after, place_of(place), q[:120])
    context = {"place": place, "places": tuple(PLACES), "q": q[:120], "rows": rows, "draft": view.draft}
    return Template("catalogue_entries.html", context=context)


@get("/drafts/{draft:int}/entry", opt=only(*WRITERS_OF_LAW))
async def entry(state: State, draft: int, place: str, key: str = "", next: str = "") -> Template:
    """The form of one entry: as it stands, as a next version (`next`), or blank (no key)."""
    desk: LawDesk = state.law_desk
    view = await asyncio.to_thread(desk.view, draft)
    held = entries_of(view.after, place_of(place)).get(key)
    if key and held is None:
        raise EntryUnknown(place=place, key=key[:KEY_MAX])
    cells, inner = cells_of(held) if held is not None else ({}, {})
    if next and held is not None:
        cells = {**cells, "valid_from": "", "valid_to": ""}
        if isinstance(held, Procedure):
            versions = [one.version for one in view.after.procedures if one.code == held.code]
            cells["version"] = str(max(versions) + 1)
    return _form(view.draft, place, key, held, cells, inner, is_next=bool(next))


@post("/drafts/{draft:int}/entry", opt=only(*WRITERS_OF_LAW), status_code=303)
async def keep(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Response[Any]:
    """Keep the entry in the draft; what was typed stays when it is refused."""
    desk: LawDesk = state.law_desk
    form = await request.form()
    place, key = place_of(text_of(form, "place", most=40)), text_of(form, "key", most=KEY_MAX)
    seen, is_next = str(form.get("seen", "")), bool(form.get("next"))
    cells, inner = read_form(place, {name: str(value) for name, value in form.multi_items()})
    try:
        made = entry_of(place, cells, inner)
        await asyncio.to_thread(desk.put, visitor, draft, place, key, made, seen=seen, is_new_version=is_next)
    except Problem as problem:
        found = await desk.store.readers.run_async(lambda c: drafts.draft_of(c, draft))
        return _form(found, place, key, None, cells, inner, is_next=is_next, problem=problem, seen=seen)
    return Redirect(f"/drafts/{draft}", status_code=303)


def _form(
    draft: drafts.Draft, place: str, key: str, held: msgspec.Struct | None, cells: Cells, inner: Inner, *, is_next: bool,
    problem: Problem | None = None, seen: str | None = None,
) -> Template:  # fmt: skip
    context = {
        "draft": draft, "place": place, "key": key, "form": form_of(place, cells, inner), "is_next": is_next, "problem": problem,
        "complaints": getattr(problem, "complaints", ()), "seen": mark_of(held) if seen is None else seen,
    }  # fmt: skip
    return Template("draft_entry.html", context=context, status_code=problem.http_status if problem else 200)


@post("/drafts/{draft:int}/remove", opt=only(*WRITERS_OF_LAW), status_code=303)
async def remove(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Redirect:
    """Leave an entry out of the catalogue. Raises what the law desk raises."""
    return await _act(state.law_desk.remove, visitor, request, draft)


@post("/drafts/{draft:int}/take-back", opt=only(*WRITERS_OF_LAW), status_code=303)
async def take_back(state: State, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Redirect:
    """Forget one change of the draft. Raises what the law desk raises."""
    return await _act(state.law_desk.take_back, visitor, request, draft)


async def _act(step: Any, visitor: Visitor, request: Request[Any, Any, Any], draft: int) -> Redirect:
    form = await request.form()
    place, key = text_of(form, "place", most=40), text_of(form, "key", most=KEY_MAX)
    if place not in WHOLE_FILES:
        place_of(place)
    await asyncio.to_thread(step, visitor, draft, place, key)
    return Redirect(f"/drafts/{draft}", status_code=303)


ROUTES = (entries, entry, keep, remove, take_back)
