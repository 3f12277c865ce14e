"""The review: the page left, the fields right. A value becomes data when a person stands for it."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect, Template

from edge_node.coding.service import issue_code
from edge_node.intake.service import dossier
from edge_node.repository.reading import is_here, read_copy
from edge_node.review.errors import ConfirmedMeanwhile
from edge_node.review.lines import ReviewLine
from edge_node.review.meanwhile import state_of
from edge_node.review.page_image import PageSize
from edge_node.review.service import confirm, document_of, is_by_one_reader, lines, table
from edge_node.revoking.service import REVOKERS, revokable
from edge_node.web.address import document_id, record_id
from edge_node.web.errors import NotHereYet
from edge_node.web.office import Office
from edge_node.web.review_form import new_rows, read_form, read_page
from edge_node.web.roles import only
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.table_rows import cell_name
from sync_protocol.view import DocumentView, DossierView

CHECKERS = ("intake", "resolving")


async def _show(
    office: Office,
    visitor: Visitor,
    rid: RecordId,
    paper: DocumentId,
    problem: Problem | None = None,
    form: FormMultiDict | None = None,
    *,
    every_column: bool = False,
) -> Template:
    view, document, fields, sizes = await office.do(lambda: _paper(office, visitor, rid, paper, audited=form is None))
    listed = await office.do(lambda: table(office.node.desk, rid, paper, every_column=every_column or form is not None))
    component = view.component(document.component_id)
    others = problem.facts["fields"] if isinstance(problem, ConfirmedMeanwhile) else ()
    state = state_of(document) if form is None or others else str(form.get("state", ""))
    context = {
        "view": view, "document": document, "lines": fields, "sizes": sizes, "role": _role(visitor), "problem": problem,
        "name": component.name if component else document.document_type, "typed": {k: str(v) for k, v in (form or {}).items()},
        "bar": await office.read(office.bar()), "key_open": office.has_open_key(visitor.account), "is_again": form is not None,
        "table": listed, "new_rows": new_rows(listed, form or {}) if listed else (), "cell_name": cell_name,
        "state": state, "others": others, "may_revoke": visitor.may(*REVOKERS) and paper in revokable(office.node.desk, view),
        "by_one_reader": is_by_one_reader(document),
    }  # fmt: skip
    return Template("review.html", context=context, status_code=problem.http_status if problem else 200)


@get("/dossiers/{rid:str}/papers/{paper:str}", opt=only("intake", "resolving", "leader"))
async def review(office: Office, visitor: Visitor, rid: str, paper: str, columns: str = "") -> Template:
    """The paper beside what was read on it."""
    return await _show(office, visitor, record_id(rid), document_id(paper), every_column=columns == "all")


@post("/dossiers/{rid:str}/papers/{paper:str}/confirm", opt=only(*CHECKERS), status_code=303)
async def confirm_page(
    office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str, paper: str
) -> Response[Any]:
    """Save what this person stands for."""
    record, wanted, form = record_id(rid), document_id(paper), await request.form()
    if form.get("add"):
        return await _show(office, visitor, record, wanted, form=form)
    try:
        await office.do(lambda: _confirm(office, visitor, record, wanted, form))
    except Problem as problem:
        return await _show(office, visitor, record, wanted, problem, form)
    return Redirect(f"/dossiers/{rid}/papers/{paper}", status_code=303)


@post("/dossiers/{rid:str}/papers/{paper:str}/code", opt=only("intake"), status_code=303)
async def give_code(office: Office, visitor: Visitor, rid: str, paper: str) -> Response[Any]:
    """Issue the digitization-result code and sign the record."""
    record, wanted, node = record_id(rid), document_id(paper), office.node
    try:
        await office.do(lambda: issue_code(node.desk, visitor.account, record, wanted, node.key_of(visitor.account)))
    except Problem as problem:
        return await _show(office, visitor, record, wanted, problem)
    return Redirect(f"/dossiers/{rid}", status_code=303)


def _paper(
    office: Office, visitor: Visitor, rid: RecordId, paper: DocumentId, *, audited: bool
) -> tuple[DossierView, DocumentView, list[ReviewLine], tuple[PageSize, ...]]:
    desk = office.node.desk
    view = dossier(desk, rid)
    document = document_of(view, paper)
    if not is_here(desk, document.pdf):
        raise NotHereYet()
    if audited:
        read_copy(desk, visitor.account, _role(visitor), rid, document.pdf)
    return view, document, lines(desk, rid, paper), office.pages.sizes(document.pdf)


def _confirm(office: Office, visitor: Visitor, rid: RecordId, paper: DocumentId, form: FormMultiDict) -> None:
    desk = office.node.desk
    said = read_form(lines(desk, rid, paper), table(desk, rid, paper), form)
    confirm(
        desk, visitor.account, rid, paper, role=_role(visitor), typed=said.typed, accepted=said.accepted, unreadable=said.unreadable,
        removed=said.removed, recounted=said.recounted, page=read_page(form),
    )  # fmt: skip


def _role(visitor: Visitor) -> Literal["intake", "resolving"]:
    """The accountable role where the officer holds both (Điều 9.3, R-29)."""
    return "resolving" if "resolving" in visitor.roles else "intake"


review_router = Router("/", route_handlers=[review, confirm_page, give_code])
