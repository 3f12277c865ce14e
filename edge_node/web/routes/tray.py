"""The tray: files from every source as piles of pages; a pile at work; what becomes of it. All by buttons and keys."""

from __future__ import annotations

from typing import Any, cast, get_args

from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Template

from edge_node.capture import arranging
from edge_node.capture.arranging import How, Move, Purpose
from edge_node.capture.errors import PageNotInTray
from edge_node.capture.handing_in import erase_job, erase_pile, hand_in_pile
from edge_node.capture.landing import take
from edge_node.capture.piles import open_pile, picture_bytes
from edge_node.capture.stopped import put_aside, reopen
from edge_node.intake.service import component_of, dossier, dossier_by_code
from edge_node.web.address import component_id, job_id, pile_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import page_numbers, tidy, whole_number
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.capture import PAGES_MAX, contents_of, scan_choices, submitted_forms, watched_folder
from edge_node.web.tray_page import PileScreen, read_pile, read_tray
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem

INTAKE = only("intake")
INTAKE_LIVE: dict[str, Any] = {**INTAKE, "live": True}
REASONS = ("extra", "blank", "bad", "mistake", "other")


@get("/tray", opt=INTAKE)
async def tray(office: Office) -> Template:
    """Every pile, and what is on its way."""
    return await _show_tray(office)


async def _show_tray(office: Office, problem: Problem | None = None) -> Template:
    context = {
        **await _tray_context(office),
        "bar": await office.read(office.bar()),
        "problem": problem,
        "scans": scan_choices(office),
        "reasons": REASONS,
    }
    return Template("tray.html", context=context, status_code=problem.http_status if problem else 200)


@get("/tray/list", opt=INTAKE_LIVE)
async def tray_list(office: Office) -> Template:
    """The part that changes."""
    return Template("tray_list.html", context=await _tray_context(office))


async def _tray_context(office: Office) -> dict[str, object]:
    return {"tray": await office.read(read_tray), "folder": office.live.folder}


@post("/tray/files", opt=INTAKE, status_code=303)
async def upload(office: Office, visitor: Visitor, request: Request[Any, Any, Any]) -> Response[Any]:
    """Files into the tray: what was chosen together is one pile, or goes under the pile it is for."""
    form = await request.form()
    try:
        meant = pile_id(str(form["pile"])) if form.get("pile") else None
        contents = await contents_of(form)
        pile = meant or office.node.desk.new_id()
        await office.do(lambda: take(office.node.desk, visitor.account, "upload", contents, pile=pile))
    except Problem as problem:
        return await _show_tray(office, problem)
    office.live.wake_capture()
    return Redirect(f"/tray/piles/{meant.hex()}" if meant else "/tray", status_code=303)


@post("/tray/refused/{file:str}", opt=INTAKE, status_code=303)
async def clear_refused(office: Office, visitor: Visitor, file: str) -> Redirect:
    """Take a file that could not be opened off the list."""
    wanted = pile_id(file)
    await office.do(lambda: arranging.discard_file(office.node.desk, visitor.account, wanted))
    return Redirect("/tray", status_code=303)


@post("/tray/jobs/{job:str}", opt=INTAKE, status_code=303)
async def stopped(office: Office, visitor: Visitor, request: Request[Any, Any, Any], job: str) -> Response[Any]:
    """A paper that stopped: lay it open again, put it aside, or erase it where it bears a secrecy stamp."""
    wanted, form, desk = job_id(job), await request.form(), office.node.desk
    if form.get("act") == "aside":
        left = await office.do(lambda: put_aside(desk, visitor.account, wanted))
        return Redirect(f"/dossiers/{left.hex()}", status_code=303)
    if form.get("act") == "erase":
        await office.do(lambda: erase_job(desk, visitor.account, wanted, watched_folder(office)))
        return Redirect("/tray", status_code=303)
    pile = await office.do(lambda: reopen(desk, visitor.account, wanted))
    return Redirect(f"/tray/piles/{pile.id.hex()}", status_code=303)


@get("/tray/pages/{page:str}/{kind:str}", opt=INTAKE)
async def picture(office: Office, page: str, kind: str) -> Response[bytes]:
    """A page as the tray shows it: a small picture made anew in the sandbox, never the file itself."""
    found = await office.read(lambda c: picture_bytes(c, page, "view" if kind == "view" else "thumb"))
    if found is None:
        raise PageNotInTray(page_id=page[:8])
    return Response(found, media_type="image/jpeg")


async def show_pile(
    office: Office, visitor: Visitor, wanted: bytes, problem: Problem | None = None, *, page: str = "", typed: dict[str, str] | None = None,
    offer: object = None,
) -> Template:  # fmt: skip
    """A pile at work."""
    screen: PileScreen = await office.read(lambda c: read_pile(c, wanted, page))
    context = {
        "screen": screen, "pile": screen.row.pile, "problem": problem, "typed": typed or {}, "bar": await office.read(office.bar()),
        "forms": submitted_forms(), "scans": scan_choices(office), "reasons": REASONS, "has_page": bool(page), "offer": offer,
        "key_open": office.has_open_key(visitor.account),
    }  # fmt: skip
    return Template("pile.html", context=context, status_code=problem.http_status if problem else 200)


@get("/tray/piles/{pile:str}", opt=INTAKE)
async def pile(office: Office, visitor: Visitor, pile: str, page: str = "") -> Template:
    """A pile at work."""
    return await show_pile(office, visitor, pile_id(pile), page=page)


@get("/tray/piles/{pile:str}/corners/{page:str}", opt=INTAKE)
async def corners(office: Office, pile: str, page: str) -> Template:
    """A photographed sheet with the corners that were found: take the sheet alone, or keep the photograph."""
    wanted = pile_id(pile)
    screen = await office.read(lambda c: read_pile(c, wanted, page))
    kept = next((one for one in screen.row.pile.tray.pages if one.page_id == page), None)
    found = screen.pictures.get(page)
    if kept is None or found is None or found.sheet is None:
        raise PageNotInTray(page_id=page[:8])
    number = screen.row.pile.tray.pages.index(kept) + 1
    context = {"pile": screen.row.pile, "page": kept, "picture": found, "number": number, "bar": await office.read(office.bar())}
    return Template("corners.html", context=context)


@get("/tray/piles/{pile:str}/sheets", opt=INTAKE_LIVE)
async def sheets(office: Office, pile: str) -> Template:
    """The pages of a pile, as far as they have come; which one is chosen the browser knows."""
    wanted = pile_id(pile)
    screen = await office.read(lambda c: read_pile(c, wanted))
    return Template("pile_sheets.html", context={"screen": screen, "pile": screen.row.pile, "has_page": False})


@post("/tray/piles/{pile:str}/act", opt=INTAKE, status_code=303)
async def act(office: Office, visitor: Visitor, request: Request[Any, Any, Any], pile: str) -> Response[Any]:
    """One act on one page, or on the whole pile."""
    wanted, form = pile_id(pile), await request.form()
    try:
        target = await office.do(lambda: _act(office, visitor.account, wanted, form))
    except Problem as problem:
        return await show_pile(office, visitor, wanted, problem, page=str(form.get("page", "")))
    return Redirect(target, status_code=303)


def _act(office: Office, account: str, wanted: bytes, form: FormMultiDict) -> str:
    """Do it; the address to go on at."""
    desk, what, page = office.node.desk, str(form.get("act", "")), str(form.get("page", ""))
    here = f"/tray/piles/{wanted.hex()}"
    if what in get_args(Move):
        arranging.rearrange(desk, account, wanted, cast(Move, what), page)
        return f"{here}?page={page}"
    if what in ("straighten", "as_taken"):
        arranging.straighten(desk, account, wanted, page, is_wanted=what == "straighten")
        return f"{here}?page={page}"
    if what == "split":
        made = arranging.split_pile(desk, account, wanted, page)
        return f"/tray/piles/{made.id.hex()}?page={page}"
    if what in get_args(How):
        other = pile_id(str(form.get("other", ""))) if form.get("other") else None
        if other is None:
            raise NothingChosen(what="xấp ảnh kia", what_code="other")
        arranging.join_piles(desk, account, wanted, other, cast(How, what))
        return here
    if what in ("discard", "discard_all"):
        return _discard(office, account, wanted, page if what == "discard" else "", form)
    if what == "erase":
        erase_pile(desk, account, wanted, watched_folder(office))
        return "/tray"
    if what == "take_back":
        return f"/tray/piles/{arranging.take_back(desk, account, wanted).id.hex()}"
    raise NothingChosen(what="việc cần làm", what_code="act")


def _discard(office: Office, account: str, wanted: bytes, page: str, form: FormMultiDict) -> str:
    desk, why = office.node.desk, str(form.get("reason", ""))
    words = tidy(str(form.get("why", "")))[:200]
    reason = words or (why if why in REASONS[:-1] else "")
    if not reason:
        raise NothingChosen(what="lý do bỏ", what_code="reason")
    before = desk.store.readers.run(lambda c: open_pile(c, wanted)).tray.pages
    left = arranging.discard(desk, account, wanted, reason, page)
    if left.state != "open":
        return "/tray"
    place = next((n for n, one in enumerate(before) if one.page_id == page), 0)
    return f"/tray/piles/{wanted.hex()}?page={left.tray.pages[min(place, len(left.tray.pages) - 1)].page_id}"


@post("/tray/piles/{pile:str}/purpose", opt=INTAKE, status_code=303)
async def purpose(office: Office, visitor: Visitor, request: Request[Any, Any, Any], pile: str) -> Response[Any]:
    """Say whose pile this is, which paper, how many pages lie on the desk; keep that, or hand the pile in to be signed."""
    wanted, form = pile_id(pile), await request.form()
    typed = {name: tidy(str(form.get(name, ""))) for name in ("code", "component", "pages", "notes", "form", "do")}
    try:
        target = await office.do(lambda: _purpose(office, visitor.account, wanted, typed))
    except Problem as problem:
        return await show_pile(office, visitor, wanted, problem, typed=typed)
    office.live.wake_capture()
    return Redirect(target, status_code=303)


def _purpose(office: Office, account: str, wanted: bytes, typed: dict[str, str]) -> str:
    desk, here = office.node.desk, f"/tray/piles/{wanted.hex()}"
    current = desk.store.readers.run(lambda c: open_pile(c, wanted))
    if typed["do"] == "dossier" or current.rid is None:
        if not typed["code"]:
            raise NothingChosen(what="hồ sơ", what_code="code")
        arranging.belongs_to(desk, account, wanted, dossier_by_code(desk, typed["code"].split(" ")[0]).rid)
        return here
    if not typed["component"]:
        raise NothingChosen(what="giấy tờ", what_code="component")
    part = component_of(dossier(desk, current.rid), component_id(typed["component"]))
    pages = whole_number(typed["pages"], label="Số trang đếm trên bàn", low=1, high=PAGES_MAX)
    notes = page_numbers(typed["notes"], label="Trang có giấy ghi chú", high=pages)
    said = Purpose(current.rid, part.component_id, typed["form"] or "original", pages, notes)
    arranging.assign(desk, account, wanted, said)
    if typed["do"] != "sign":
        return here
    hand_in_pile(desk, account, wanted)
    return f"/dossiers/{current.rid.hex()}"


tray_router = Router(
    "/", route_handlers=[tray, tray_list, upload, clear_refused, stopped, picture, pile, corners, sheets, act, purpose]
)
