"""Where images come from: network scanners, phones by a one-time link, separator sheets to print."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from urllib.parse import urlsplit

import msgspec
import segno
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.response import Redirect, Template
from markupsafe import Markup

from edge_node.capture.arranging import Purpose, open_empty
from edge_node.capture.marks import separator_text
from edge_node.capture.phone_link import TOKEN_BYTES
from edge_node.capture.phone_store import PHOTOS_MAX, offer_link, pile_behind, take_photos
from edge_node.capture.scanning import look_up
from edge_node.capture.source_errors import ScannerNotFound
from edge_node.intake.service import Choice, component_of, declare, dossier
from edge_node.settings import ScannerSettings
from edge_node.web.address import component_id, pile_id, record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import page_numbers, whole_number
from edge_node.web.office import Office
from edge_node.web.roles import KEEPERS, only
from edge_node.web.routes.capture import PAGES_MAX, contents_of, scan_choices, show_component
from edge_node.web.routes.tray import show_pile
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import ComponentId, RecordId

INTAKE = only("intake")
PUBLIC: dict[str, Any] = {"public": True}
_HERE_ONLY = ("127.0.0.1", "localhost", "::1")


class PhoneOffer(msgspec.Struct, frozen=True):
    """What the clerk's screen shows of a new link: the code to point the phone at, and until when it works."""

    drawing: str
    link: str
    ends_at: dt.datetime
    is_here_only: bool


@get("/scanners", opt=only("intake", *KEEPERS))
async def scanners(office: Office) -> Template:
    """Every configured scanner as it answers now."""
    return await _show_scanners(office)


async def _show_scanners(office: Office, problem: Problem | None = None, *, has_looked: bool = False) -> Template:
    """The configured scanners; after a look in the network, also what it found."""
    known = office.node.settings.capture.scanners
    context = {
        "found": await look_up(known), "known": known, "scans": scan_choices(office), "bar": await office.read(office.bar()), "problem": problem,
        "announced": office.live.found_scanners if has_looked else None, "addresses": {one.address for one in known},
    }  # fmt: skip
    return Template("scanners.html", context=context, status_code=problem.http_status if problem else 200)


@post("/scanners/search", opt=only(*KEEPERS), status_code=200)
async def search(office: Office) -> Template:
    """Look for about three seconds for scanners that announce themselves."""
    try:
        office.live.found_scanners = await office.live.look_for_scanners()
    except Problem as problem:
        return await _show_scanners(office, problem)
    return await _show_scanners(office, has_looked=True)


@post("/scanners/add", opt=only(*KEEPERS), status_code=303)
async def add_scanner(
    office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any]
) -> Response[Any]:
    """Take a scanner of the last look into the settings file; only what that look found can be added."""
    address = str((await request.form()).get("address", ""))
    try:
        one = next((one for one in office.live.found_scanners if one.address == address), None)
        if one is None:
            raise ScannerNotFound()
        await office.do(lambda: state.keeping.add_scanner(visitor.account, ScannerSettings(one.name, one.address)))
    except Problem as problem:
        return await _show_scanners(office, problem)
    return Redirect("/scanners", status_code=303)


@post("/scanners/remove", opt=only(*KEEPERS), status_code=303)
async def remove_scanner(
    office: Office, state: State, visitor: Visitor, request: Request[Any, Any, Any]
) -> Response[Any]:
    """Take a scanner out of the settings file; what it scanned stays."""
    address = str((await request.form()).get("address", ""))
    try:
        await office.do(lambda: state.keeping.remove_scanner(visitor.account, address))
    except Problem as problem:
        return await _show_scanners(office, problem)
    return Redirect("/scanners", status_code=303)


@post("/tray/scan", opt=INTAKE, status_code=303)
async def scan(office: Office, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Begin a scan: into the pile it goes on with, or into a new one."""
    form = await request.form()
    wanted = pile_id(str(form["pile"])) if form.get("pile") else None
    if wanted is None:
        made = await office.do(lambda: open_empty(office.node.desk, visitor.account, "scanner", "", None))
        wanted = made.id
    try:
        await _start(office, visitor.account, str(form.get("scan", "")), wanted)
    except Problem as problem:
        return await show_pile(office, visitor, wanted, problem)
    return Redirect(f"/tray/piles/{wanted.hex()}", status_code=303)


async def _start(office: Office, account: str, choice: str, pile: bytes) -> None:
    number, _, profile = choice.partition(":")
    if not number.isascii() or not number.isdigit():
        raise NothingChosen(what="máy quét", what_code="scan")
    node = office.node
    await office.live.scans.start(node.desk, account, node.settings.capture.scanners, int(number), profile, pile)


@post("/dossiers/{rid:str}/components/{cid:str}/tray", opt=INTAKE, status_code=303)
async def begin(office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str, cid: str) -> Response[Any]:
    """The pages were counted on the desk: open a pile for this paper and let its images come."""
    record, wanted, form = record_id(rid), component_id(cid), await request.form()
    typed = {name: str(form.get(name, "")) for name in ("pages", "notes", "form", "source", "scan")}
    try:
        contents = await contents_of(form) if typed["source"] == "upload" else []
        pages = whole_number(typed["pages"], label="Số trang đếm trên bàn", low=1, high=PAGES_MAX)
        notes = page_numbers(typed["notes"], label="Trang có giấy ghi chú", high=pages)
        purpose = Purpose(record, wanted, typed["form"] or "original", pages, notes)
        pile = await office.do(lambda: _open(office, visitor.account, purpose, typed["source"], contents))
        if typed["source"] == "scanner":
            await _start(office, visitor.account, typed["scan"], pile)
    except Problem as problem:
        return await show_component(office, visitor, record, wanted, problem, typed)
    office.live.wake_capture()
    if typed["source"] == "phone":
        return await _offer(office, visitor, request, pile)
    return Redirect(f"/tray/piles/{pile.hex()}", status_code=303)


def _open(office: Office, account: str, purpose: Purpose, source: str, contents: list[tuple[str, bytes]]) -> bytes:
    from edge_node.capture.landing import take

    desk = office.node.desk
    part = component_of(dossier(desk, purpose.rid), purpose.component_id)
    if (
        part.decision != "digitize"
        or part.declared_pages != purpose.declared_pages
        or part.submitted_form != purpose.submitted_form
    ):
        choice = Choice(
            decision="digitize", submitted_form=purpose.submitted_form, declared_pages=purpose.declared_pages, note_pages=purpose.note_pages
        )  # fmt: skip
        declare(desk, account, purpose.rid, part, choice)
    pile = open_empty(
        desk, account, "phone" if source == "phone" else "scanner" if source == "scanner" else "upload", "", purpose
    )
    if contents:
        take(desk, account, "upload", contents, pile=pile.id)
    return pile.id


@post("/tray/piles/{pile:str}/phone", opt=INTAKE, status_code=200)
async def offer(office: Office, visitor: Visitor, request: Request[Any, Any, Any], pile: str) -> Template:
    """A new one-time link for this pile, as a code to point a phone at."""
    return await _offer(office, visitor, request, pile_id(pile))


async def _offer(office: Office, visitor: Visitor, request: Request[Any, Any, Any], pile: bytes) -> Template:
    try:
        token, link = await office.do(
            lambda: offer_link(office.node.desk, visitor.account, pile, secrets.token_bytes(TOKEN_BYTES))
        )
    except Problem as problem:
        return await show_pile(office, visitor, pile, problem)
    base = (office.node.settings.capture.phone_address or str(request.base_url)).rstrip("/")
    address = f"{base}/phone/{pile.hex()}/{token}"
    shown = PhoneOffer(drawing(address), address, link.expires_at, (urlsplit(base).hostname or "") in _HERE_ONLY)
    return await show_pile(office, visitor, pile, offer=shown)


def drawing(text: str) -> Markup:
    """A QR code as SVG that stands in a page, as large as the page's style says."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(border=4, light="#fff", omitsize=True))


@get("/phone/{pile:str}/{token:str}", opt=PUBLIC)
async def phone(office: Office, pile: str, token: str) -> Template:
    """The phone's page: one paper, one button."""
    return await _phone(office, pile, token, 0)


@post("/phone/{pile:str}/{token:str}", opt=PUBLIC, status_code=200)
async def take_photo(office: Office, request: Request[Any, Any, Any], pile: str, token: str) -> Template:
    """Photos into the pile; durable when the page says how many arrived."""
    await _phone(office, pile, token, 0)  # the link is proven before its body counts
    form = await request.form()
    try:
        contents = await contents_of(form, PHOTOS_MAX)
    except Problem as problem:
        return await _phone(office, pile, token, 0, problem)
    await office.do(lambda: take_photos(office.node.desk, pile, token, contents))
    office.live.wake_capture()
    return await _phone(office, pile, token, len(contents))


async def _phone(office: Office, pile: str, token: str, arrived: int, problem: Problem | None = None) -> Template:
    found, link = await office.do(lambda: pile_behind(office.node.desk, pile, token))
    name = await office.do(lambda: _paper_name(office, found.rid, found.component_id))
    context = {"name": name, "arrived": arrived, "declared": found.declared_pages, "link": link, "problem": problem}
    return Template("phone.html", context=context, status_code=problem.http_status if problem else 200)


def _paper_name(office: Office, rid: RecordId | None, cid: ComponentId | None) -> str:
    """The paper's own name; nothing about the person stands on a phone."""
    if rid is None or cid is None:
        return ""
    return component_of(dossier(office.node.desk, rid), cid).name


@get("/dossiers/{rid:str}/separators", opt=INTAKE)
async def separators(office: Office, rid: str) -> Template:
    """Separator sheets to print: one for each paper of the dossier, and one that only cuts."""
    record = record_id(rid)
    view = await office.do(lambda: dossier(office.node.desk, record))
    sheets = [(one.name, drawing(separator_text(record, one.component_id))) for one in view.components if not one.withdrawn_reason]
    context = {
        "view": view,
        "sheets": sheets,
        "plain": drawing(separator_text()),
        "bar": await office.read(office.bar()),
    }
    return Template("separators.html", context=context)


sources_router = Router("/", route_handlers=[scanners, search, add_scanner, remove_scanner, scan, begin, offer, phone, take_photo, separators])
