"""Looking up on the hub's pages, who looked at a person, and the oversight of looking. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Any

import apsw
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Template

from central_hub.app import Hub
from central_hub.lookup.at_hub import HERE, KEYS, Key, ask, looks_at, open_at_hub, require_paper, unread_at_hub
from central_hub.lookup.break_glass import Verdict, break_glass, emergencies, judge
from central_hub.lookup.errors import EmergencyReason, SensitiveWithheld
from central_hub.lookup.heads import tamper_report
from central_hub.lookup.masking import shown
from central_hub.web.form_reading import day_of, text_of
from central_hub.web.roles import AUDITORS, LOOKERS, WATCHERS, only
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.adapters.web.errors import FormUnreadable, PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, RecordId
from sync_protocol.messages import Purpose
from sync_protocol.view import DossierView

FILE_BYTES_MAX = 64 * 1024 * 1024
_BOXES = ("dossier", "reason", "key", "value", "birth_date")


def _typed(form: FormMultiDict) -> dict[str, str]:
    return {name: text_of(form, name, most=200) for name in _BOXES}


def _purpose(visitor: Visitor, typed: dict[str, str]) -> Purpose:
    return Purpose(typed["dossier"], typed["reason"], visitor.account, " ".join(visitor.roles))


def _key(typed: dict[str, str]) -> Key:
    found = next((one for one in KEYS if one == typed["key"]), None)
    if found is None:
        raise FormUnreadable()
    return found


def _birth(typed: dict[str, str]) -> str:
    return day_of(typed["birth_date"], label="Ngày sinh").isoformat() if typed["birth_date"] else ""


def _page(name: str, typed: dict[str, str], problem: Problem | None = None, **found: Any) -> Template:
    context = {"keys": KEYS, "typed": typed, "problem": problem, "found": None, "looks": None, "emergency": ""} | found
    return Template(name, context=context, status_code=problem.http_status if problem else 200)


_EMPTY = dict.fromkeys(_BOXES, "") | {"key": "personal_id"}


@get("/lookup", opt=only(*LOOKERS))
async def lookup_form() -> Template:
    """The question: a purpose, a dossier and an exact key."""
    return _page("lookup.html", _EMPTY)


@post("/lookup", opt=only(*LOOKERS), status_code=200)
async def lookup(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """First step: the minimal answer."""
    typed = _typed(await request.form())
    law = await hub.store.readers.run_async(hub.service.law)
    try:
        key, birth = _key(typed), _birth(typed)
        found = await hub.store.looks.run_async(
            lambda c: ask(c, key, typed["value"], birth, _purpose(visitor, typed), hub.now_ms(), law), turn=Turn.LOOK
        )
    except Problem as problem:
        return _page("lookup.html", typed, problem)
    return _page("lookup.html", typed, found=found, names=await asyncio.to_thread(hub.law.names, hub.now()))


@post("/lookup/open", opt=only(*LOOKERS), status_code=200)
async def lookup_open(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Second step: one dossier, numbers masked. What the purpose does not cover is refused, and may be opened in an emergency."""
    form = await request.form()
    typed, rid = _typed(form), _record(text_of(form, "rid"))
    law = await hub.store.readers.run_async(hub.service.law)

    def look(c: apsw.Connection) -> DossierView:
        if text_of(form, "emergency"):
            break_glass(c, HERE, rid, _purpose(visitor, typed), hub.now_ms())
        return open_at_hub(c, rid, _purpose(visitor, typed), hub.now_ms(), law)

    try:
        view = await hub.store.looks.run_async(look, turn=Turn.LOOK)
    except Problem as problem:
        may_break = isinstance(problem, SensitiveWithheld | EmergencyReason)
        return _page("lookup.html", typed, problem, emergency=rid.hex() if may_break else "")
    names = await asyncio.to_thread(hub.law.names, hub.now())
    return Template("lookup_dossier.html", context={"view": view, "typed": typed, "shown": shown, "names": names})


@post("/lookup/file", opt=only(*LOOKERS), status_code=200)
async def lookup_file(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Third step: one file, shown in the browser. Raises PageUnknown, NotInScope, PurposeMissing."""
    form = await request.form()
    typed, rid, digest = _typed(form), _record(text_of(form, "rid")), BlobDigest(_record(text_of(form, "digest")))
    law = await hub.store.readers.run_async(hub.service.law)
    await hub.store.looks.run_async(
        lambda c: require_paper(c, rid, digest, _purpose(visitor, typed), hub.now_ms(), law), turn=Turn.LOOK
    )
    if not await asyncio.to_thread(hub.files.files.has, digest.hex()):
        raise PageUnknown()
    content = await asyncio.to_thread(hub.files.files.read_chunk, digest.hex(), 0, FILE_BYTES_MAX)
    return Response(
        content,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{digest.hex()[:8]}.pdf"'},
    )


@post("/lookup/unread", opt=only(*LOOKERS), status_code=200)
async def lookup_unread(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Third step as well: what newer programs wrote in that dossier, as it was written."""
    form = await request.form()
    typed, rid = _typed(form), _record(text_of(form, "rid"))
    law = await hub.store.readers.run_async(hub.service.law)
    try:
        view, unread = await hub.store.looks.run_async(
            lambda c: unread_at_hub(c, rid, _purpose(visitor, typed), hub.now_ms(), law), turn=Turn.LOOK
        )
    except Problem as problem:
        return _page("lookup.html", typed, problem)
    names = await asyncio.to_thread(hub.law.names, hub.now())
    return Template("lookup_unread.html", context={"view": view, "unread": unread, "typed": typed, "names": names})


@get("/looks", opt=only(*AUDITORS))
async def looks_form() -> Template:
    """The person's question: who looked at me."""
    return _page("looks.html", _EMPTY)


@post("/looks", opt=only(*AUDITORS), status_code=200)
async def looks(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Every look at the person behind a key."""
    typed = _typed(await request.form())
    try:
        key, birth = _key(typed), _birth(typed)
        found = await hub.store.looks.run_async(
            lambda c: looks_at(c, key, typed["value"], birth, _purpose(visitor, typed), hub.now_ms())
        )
    except Problem as problem:
        return _page("looks.html", typed, problem)
    return _page("looks.html", typed, looks=found, names=await asyncio.to_thread(hub.law.names, hub.now()))


@get("/oversight", opt=only(*WATCHERS))
async def oversight(hub: Hub) -> Template:
    """The tamper report: chains, marks, doubts, alarms. It names accounts and nodes, never citizens."""
    return await _oversight(hub)


@post("/oversight/emergencies/{number:int}", opt=only("leader"), status_code=303)
async def judge_emergency(hub: Hub, visitor: Visitor, number: int, request: Request[Any, Any, Any]) -> Response[Any]:
    """The second person's word about an emergency opening."""
    said: Verdict = "justified" if text_of(await request.form(), "verdict") == "justified" else "unjustified"
    try:
        await hub.store.writer.run_async(lambda c: judge(c, number, said, visitor.account, visitor.roles, hub.now_ms()))
    except Problem as problem:
        return await _oversight(hub, problem)
    return Redirect("/oversight", status_code=303)


async def _oversight(hub: Hub, problem: Problem | None = None) -> Template:
    found, opened = await hub.store.readers.run_async(lambda c: (tamper_report(c), emergencies(c)))
    context = {"found": found, "emergencies": opened, "now_ms": hub.now_ms(), "problem": problem}
    return Template("oversight.html", context=context, status_code=problem.http_status if problem else 200)


def _record(text: str) -> RecordId:
    try:
        return RecordId(bytes.fromhex(text))
    except ValueError as error:
        raise PageUnknown() from error


ROUTES = (lookup_form, lookup, lookup_open, lookup_file, lookup_unread, looks_form, looks, oversight, judge_emergency)
