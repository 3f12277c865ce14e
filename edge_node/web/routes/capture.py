"""One component at the desk: reuse first, then the page count, then the files: signed at once, or first arranged in the tray."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.response import Redirect, Template

from edge_node.capture.decode import shown_name
from edge_node.capture.file_errors import EmptyFile, TooManyFiles
from edge_node.capture.piles import piles_of
from edge_node.capture.scanning import PROFILES
from edge_node.capture.service import hand_in
from edge_node.intake.reuse import on_file
from edge_node.intake.service import Choice, add_component, component_of, declare, dossier
from edge_node.web.address import component_id, record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import page_numbers, tidy, whole_number
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.dossier import show_dossier
from edge_node.web.tray_page import piles_for
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.glossary_states import VALUE_LABELS
from sync_protocol.ids import ComponentId, RecordId
from sync_protocol.view import ComponentView, DossierView

PAGES_MAX = 500
FILES_MAX = 100
DECISIONS = ("presented_only", "shared", "photocopy", "certified_paper_copy", "waived", "classified")


async def show_component(
    office: Office,
    visitor: Visitor,
    rid: RecordId,
    cid: ComponentId,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    view, component = await office.do(lambda: _component(office, rid, cid))
    party = view.applicant
    reusable = await office.read(lambda c: on_file(c, party, component.document_type)) if party else []
    context = {
        "view": view, "component": component, "reusable": reusable, "typed": typed or {}, "problem": problem,
        "bar": await office.read(office.bar()), "key_open": office.has_open_key(visitor.account),
        "forms": submitted_forms(), "scans": scan_choices(office), "leaders": leaders(office), "decisions": DECISIONS,
        "piles": await office.read(lambda c: piles_for(c, piles_of(c, rid, cid))),
    }  # fmt: skip
    return Template("capture.html", context=context, status_code=problem.http_status if problem else 200)


def submitted_forms() -> list[tuple[str, str]]:
    """Forms in which a paper to be scanned may have been submitted: (key, label)."""
    return [(key, label[0]) for key, label in VALUE_LABELS["submitted_form"].items() if key != "presented_only"]


def scan_choices(office: Office) -> list[tuple[str, str, str]]:
    """What the clerk can choose to scan with: (`number:profile`, scanner's name, profile)."""
    scanners = office.node.settings.capture.scanners
    return [
        (f"{number}:{profile}", scanner.name, profile)
        for number, scanner in enumerate(scanners)
        for profile in PROFILES
    ]


def watched_folder(office: Office) -> Path | None:
    """The folder that scanners write to, where the office has set one."""
    named = office.node.settings.capture.watch_folder
    return office.node.folder.root / named if named else None


def leaders(office: Office) -> list[tuple[str, str]]:
    """(account, name) of the leaders of this office, who alone decide not to digitize a fragile original."""
    return [(one.account, one.name) for one in office.node.desk.officers.all() if "leader" in one.roles]


@get("/dossiers/{rid:str}/components/{cid:str}", opt=only("intake"))
async def component(office: Office, visitor: Visitor, rid: str, cid: str) -> Template:
    """The component's page."""
    return await show_component(office, visitor, record_id(rid), component_id(cid))


@post("/dossiers/{rid:str}/components/{cid:str}/files", opt=only("intake"), status_code=303)
async def take_files(
    office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str, cid: str
) -> Response[Any]:
    """Keep the files, sealed and durable, and let the worker read and sign them."""
    record, wanted = record_id(rid), component_id(cid)
    form = await request.form()
    typed = {name: str(form.get(name, "")) for name in ("pages", "notes", "form")}
    try:
        pages = whole_number(typed["pages"], label="Số trang đếm trên bàn", low=1, high=PAGES_MAX)
        notes = page_numbers(typed["notes"], label="Trang có giấy ghi chú", high=pages)
        contents = await contents_of(form)
        await office.do(
            lambda: _hand_in(office, visitor.account, record, wanted, contents, pages, notes, typed["form"])
        )
    except Problem as problem:
        return await show_component(office, visitor, record, wanted, problem, typed)
    office.live.wake_capture()
    return Redirect(f"/dossiers/{rid}", status_code=303)


@post("/dossiers/{rid:str}/components", opt=only("intake"), status_code=303)
async def add(office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str) -> Response[Any]:
    """A paper that the procedure did not plan, or a supplement; its own page follows."""
    record, form = record_id(rid), await request.form()
    code, name = tidy(str(form.get("type", ""))), tidy(str(form.get("name", "")))
    try:
        made = await office.do(lambda: _add(office, visitor.account, record, code, name, form.get("why") != "extra"))
    except Problem as problem:
        return await show_dossier(office, visitor, record, problem)
    return Redirect(f"/dossiers/{rid}/components/{made.hex()}", status_code=303)


def _add(office: Office, account: str, rid: RecordId, code: str, name: str, is_supplement: bool) -> ComponentId:
    desk = office.node.desk
    kind = desk.catalogue.document_type(code, vietnam_date(desk.now()))
    if kind is None:
        raise NothingChosen(what="loại giấy tờ", what_code="type")
    dossier(desk, rid)
    choice = Choice(decision="digitize", rule="4.1d" if not is_supplement else "4.1c")
    return add_component(
        desk, account, rid, document_type=code, name=name or kind.name, choice=choice, is_supplement=is_supplement
    )


def _component(office: Office, rid: RecordId, cid: ComponentId) -> tuple[DossierView, ComponentView]:
    view = dossier(office.node.desk, rid)
    return view, component_of(view, cid)


async def contents_of(form: FormMultiDict, most: int = FILES_MAX) -> list[tuple[str, bytes]]:
    """Name and bytes of every file of a form, in order. Raises as `contents_of_files`."""
    sent = [one for name in ("files", "photo") for one in form.getall(name, []) if isinstance(one, UploadFile)]
    return await contents_of_files(sent, most)


async def contents_of_files(sent: Sequence[UploadFile], most: int = FILES_MAX) -> list[tuple[str, bytes]]:
    """Name and bytes of every file, in order; all of them or none.

    Raises:
        NothingChosen, TooManyFiles, EmptyFile: WEB-014, CAP-043, CAP-001.
    """
    files = [one for one in sent if one.filename]  # a box that was left alone comes as a file without a name
    if not files:
        raise NothingChosen(what="tệp quét", what_code="files")
    if len(files) > most:
        raise TooManyFiles(found=len(files), limit=most)
    contents = [(tidy(one.filename)[:255] or "tệp", await one.read()) for one in files]
    empty = next((name for name, content in contents if not content), None)
    if empty is not None:
        raise EmptyFile(name=shown_name(empty))
    return contents


def _hand_in(
    office: Office, account: str, rid: RecordId, cid: ComponentId, contents: list[tuple[str, bytes]], pages: int, notes: tuple[int, ...], form: str
) -> None:  # fmt: skip
    desk = office.node.desk
    _, part = _component(office, rid, cid)
    if part.decision != "digitize" or part.declared_pages != pages:
        declare(
            desk, account, rid, part,
            Choice(decision="digitize", submitted_form=form or "original", declared_pages=pages, note_pages=notes),
        )  # fmt: skip
    hand_in(desk, account, rid, cid, contents, declared_pages=pages, note_pages=notes)


capture_router = Router("/", route_handlers=[component, take_files, add])
