"""The dossier page and its files."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from edge_node.existence.asking_again import repeat_of
from edge_node.intake.service import dossier
from edge_node.letting_go.service import following
from edge_node.letting_go.tombstones import tombstone_of
from edge_node.repository.reading import is_here, read_copy
from edge_node.repository.service import fetch_copies, wish_for
from edge_node.resolution.law_changes import change_of
from edge_node.review.service import document_of
from edge_node.revoking.service import REVOKERS, revokable
from edge_node.store.sync_words import dossier_state
from edge_node.web.actions import actions_for
from edge_node.web.address import blob_digest, document_id, record_id
from edge_node.web.errors import NotHereYet
from edge_node.web.field_names import field_names
from edge_node.web.office import Office, office_of_node
from edge_node.web.roles import STAFF_LIVE, STAFF_PAGE
from edge_node.web.tombstone_page import show_tombstone
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.view import DossierView


async def show_dossier(
    office: Office, visitor: Visitor, rid: RecordId, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> Template:
    """The whole page, after a refused act with its reason on top and what was typed kept."""
    page = await office.read(office.page(rid, visitor.account))
    context = {
        "page": page, "view": page.row.view, "today": vietnam_date(office.node.now()), "bar": await office.read(office.bar()), "problem": problem, "typed": typed or {},
        "offices": await office.read(office_of_node), "own_office": office.node.desk.office,
        "revokable": _revokable(office, visitor, page.row.view), "names": field_names(office.catalogue()), "kinds": office.document_types(),
        "repeat": await office.read(lambda c: repeat_of(c, rid)),
        "actions": actions_for(page.row.view, visitor, office.node.desk.office, office.intake_reasons("refused")),
        "changed": await office.read(lambda c: change_of(c, page.row.view, office.catalogue(), office.node.desk.office)),
        "following": await office.read(lambda c: following(c, rid, office.node.desk.office)),
    }  # fmt: skip
    return Template("dossier.html", context=context, status_code=problem.http_status if problem else 200)


@get("/dossiers/{rid:str}", opt=STAFF_PAGE)
async def one(office: Office, visitor: Visitor, rid: str) -> Template:
    """State, deadline, components, papers, metadata, custody, history; of a dossier that was let go, what is left."""
    wanted = record_id(rid)
    left = await office.read(lambda c: None if projection.held_rids(c, [wanted]) else tombstone_of(c, wanted))
    return await show_dossier(office, visitor, wanted) if left is None else await show_tombstone(office, left)


@get("/dossiers/{rid:str}/parts", opt=STAFF_LIVE)
async def parts(office: Office, visitor: Visitor, rid: str) -> Template:
    """The part that changes: components, papers, sync words."""
    page = await office.read(office.page(record_id(rid), visitor.account))
    actions = actions_for(page.row.view, visitor, office.node.desk.office)
    return Template(
        "dossier_parts.html",
        context={
            "page": page, "view": page.row.view, "actions": actions, "names": field_names(office.catalogue()),
            "revokable": _revokable(office, visitor, page.row.view),
        },  # fmt: skip
    )


@get("/dossiers/{rid:str}/word", opt=STAFF_LIVE)
async def word(office: Office, rid: str) -> Template:
    """The dossier's own sync word, which changes with the line."""
    wanted = record_id(rid)
    return Template("sync_word.html", context={"sync": await office.read(lambda c: dossier_state(c, wanted))})


@get("/dossiers/{rid:str}/papers/{paper:str}/copy.pdf", opt=STAFF_PAGE)
async def copy(office: Office, visitor: Visitor, rid: str, paper: str) -> Response[bytes]:
    """The signed file itself."""
    view = await office.do(lambda: dossier(office.node.desk, record_id(rid)))
    document = document_of(view, document_id(paper))
    return _pdf(await _content(office, visitor, view.rid, document.pdf))


@get("/dossiers/{rid:str}/slips/{digest:str}/slip.pdf", opt=STAFF_PAGE)
async def slip(office: Office, visitor: Visitor, rid: str, digest: str) -> Response[bytes]:
    """A printed form of this dossier."""
    view = await office.do(lambda: dossier(office.node.desk, record_id(rid)))
    wanted = blob_digest(digest)
    if all(one.pdf != wanted for one in view.slips):
        raise NotHereYet()
    return _pdf(await _content(office, visitor, view.rid, wanted))


@get("/dossiers/{rid:str}/papers/{paper:str}/pages/{number:int}", opt=STAFF_LIVE)
async def page_picture(office: Office, rid: str, paper: str, number: int) -> Response[bytes]:
    """One page as a picture; opening the review has been audited already."""
    view = await office.do(lambda: dossier(office.node.desk, record_id(rid)))
    document = document_of(view, document_id(paper))
    _require_here(office, document.pdf)
    picture = await office.do(lambda: office.pages.picture(document.pdf, number))
    return Response(picture, media_type="image/jpeg")


@post("/dossiers/{rid:str}/fetch", opt=STAFF_PAGE, status_code=303)
async def fetch(office: Office, visitor: Visitor, rid: str) -> Response[Any]:
    """*Lấy tệp về*: bring the copies that another office made; without a line the next stick asks for them."""
    wanted = record_id(rid)
    try:
        view = await office.do(lambda: dossier(office.node.desk, wanted))
        if office.live.transfers is None or not office.line().is_open:
            await office.do(lambda: wish_for(office.node.desk, view))
        else:
            await fetch_copies(office.live.transfers, view)
    except Problem as problem:
        return await show_dossier(office, visitor, wanted, problem)
    return Redirect(f"/dossiers/{rid}", status_code=303)


async def _content(office: Office, visitor: Visitor, rid: RecordId, digest: BlobDigest) -> bytes:
    _require_here(office, digest)
    role = visitor.roles[0] if visitor.roles else ""
    return await office.do(lambda: read_copy(office.node.desk, visitor.account, role, rid, digest))


def _require_here(office: Office, digest: BlobDigest) -> None:
    if not is_here(office.node.desk, digest):
        raise NotHereYet()


def _revokable(office: Office, visitor: Visitor, view: DossierView) -> frozenset[DocumentId]:
    return revokable(office.node.desk, view) if visitor.may(*REVOKERS) else frozenset()


def _pdf(content: bytes) -> Response[bytes]:
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": "inline"})


dossier_router = Router("/", route_handlers=[one, parts, word, copy, slip, page_picture, fetch])
