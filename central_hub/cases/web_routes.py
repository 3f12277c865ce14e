"""Cases on screen: the worklist with age and holder, the evidence side by side. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, TypeVar

from litestar import Request, Response, get
from litestar.params import Parameter
from litestar.response import Template

from central_hub.app import Hub
from central_hub.cases.decisions import Decider
from central_hub.cases.evidence import open_evidence, require_file
from central_hub.cases.model import DOSSIERS_MAX, read_cases
from central_hub.cases.paging import KINDS, STATES, Asked, page_of, place_of
from central_hub.web.roles import SETTLERS, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.telling import told_before
from sync_protocol.adapters.worklist import count_open_cases
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, RecordId

T = TypeVar("T")
FILE_BYTES_MAX = 64 * 1024 * 1024
Standing = Annotated[str, Parameter(query="state")]
LIST = "cases"  # where in the list of cases this browser was: an answer leads back there


def decider_of(hub: Hub, visitor: Visitor) -> Decider:
    """Who acts, for the rooms."""
    return Decider(visitor.account, visitor.roles, hub.identity.epoch, hub.now_ms())


@get("/cases", opt=only(*SETTLERS))
async def cases(
    hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], kind: str = "", office: str = "", standing: Standing = "", after: str = ""
) -> Template:
    """What offices disagree on, oldest first and so many at a time; of one kind, office or state where that is asked for."""
    days, now_ms = hub.settings.cases.escalate_after_days, hub.now_ms()
    found, dossiers = await hub.store.readers.run_async(lambda c: (read_cases(c, DOSSIERS_MAX), count_open_cases(c)))
    names = await asyncio.to_thread(hub.law.names, hub.now())
    asked = Asked.of(kind, office, standing)
    page = page_of(found, asked, visitor.account, place_of(after), now_ms=now_ms, after_days=days)
    request.session[LIST] = asked.address(place_of(after))
    offices = sorted({one for case in found for one in case.offices} | ({asked.office} - {""}))
    context = {
        "page": page, "asked": asked, "now_ms": now_ms, "after": days, "me": visitor.account, "dossiers": dossiers, "most": DOSSIERS_MAX,
        "kinds": KINDS, "states": STATES, "offices": offices, "names": names, "told": told_before(request),
    }  # fmt: skip
    return Template("cases.html", context=context)


async def show_case(
    hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], rid: str, case: str, problem: Problem | None = None, reason: str = ""
) -> Template:
    """The page of a case, with what hindered an answer; a logged look."""
    record, identifier = ids_of(rid, case)
    found = await hub.store.writer.run_async(lambda c: open_evidence(c, record, identifier, decider_of(hub, visitor)))
    context = {
        "found": found,
        "names": await asyncio.to_thread(hub.law.names, hub.now()),
        "problem": problem,
        "reason": reason,
        "told": told_before(request),
        "back": request.session.get(LIST, "/cases"),
        "now_ms": hub.now_ms(),
        "after": hub.settings.cases.escalate_after_days,
    }
    return Template("case.html", context=context, status_code=problem.http_status if problem else 200)


@get("/cases/{rid:str}/{case:str}", opt=only(*SETTLERS))
async def one_case(hub: Hub, visitor: Visitor, request: Request[Any, Any, Any], rid: str, case: str) -> Template:
    """The evidence; a logged look."""
    return await show_case(hub, visitor, request, rid, case)


@get("/cases/{rid:str}/{case:str}/files/{digest:str}", opt=only(*SETTLERS))
async def case_file(hub: Hub, visitor: Visitor, rid: str, case: str, digest: str) -> Response[bytes]:
    """One file of the case; a second logged look."""
    record, identifier = ids_of(rid, case)
    try:
        wanted = BlobDigest(bytes.fromhex(digest))
    except ValueError as error:
        raise PageUnknown() from error
    await hub.store.writer.run_async(lambda c: require_file(c, record, identifier, wanted, decider_of(hub, visitor)))
    if not await asyncio.to_thread(hub.files.files.has, wanted.hex()):
        raise PageUnknown()
    content = await asyncio.to_thread(hub.files.files.read_chunk, wanted.hex(), 0, FILE_BYTES_MAX)
    return Response(
        content, media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{wanted.hex()[:8]}.pdf"'},
    )  # fmt: skip


def ids_of(rid: str, case: str) -> tuple[RecordId, bytes]:
    """Dossier and case of an address. Raises PageUnknown."""
    try:
        return RecordId(bytes.fromhex(rid)), bytes.fromhex(case)
    except ValueError as error:
        raise PageUnknown() from error


ROUTES = (cases, one_case, case_file)
