"""Work on a dossier: hand-over, moves, decision, agency signature, return, custody, slips, opening the signing key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from edge_node.intake.service import dossier
from edge_node.repository.service import fetch_copies, open_dossier, take_custody
from edge_node.resolution.notes import add_note
from edge_node.resolution.reopening import reopen
from edge_node.resolution.sealing import SealOutcome, seal
from edge_node.resolution.service import MOVE_ROLES, decide, hand_back, hand_over, move, return_result
from edge_node.resolution.withdrawing import WITHDRAWERS, withdraw_component
from edge_node.slips.service import issue_slip
from edge_node.sync.errors import NoLine
from edge_node.web.address import component_id, document_id, record_id
from edge_node.web.errors import NothingChosen, SomeUnsigned
from edge_node.web.form_reading import calendar_day, full_day, possible_day
from edge_node.web.office import Office
from edge_node.web.roles import STAFF_PAGE, only
from edge_node.web.routes.dossier import show_dossier
from sync_protocol.adapters.web.common_routes import local
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.pages import wants_json
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.messages import Purpose


class WorkForm(msgspec.Struct):
    """The boxes of all forms on the dossier page; each form sends some of them."""

    move: str = ""
    reason: str = ""
    notice: str = ""
    section: str = ""
    new_due_date: str = ""
    consulted: str = ""
    answer_by: str = ""
    outcome: Literal["granted", "refused", "returned"] = "granted"
    result_code: str = ""
    number_symbol: str = ""
    issue_date: str = ""
    document: str = ""
    passphrase: str = ""
    form: str = ""
    method: str = ""
    note: str = ""
    component: str = ""
    step: str = ""
    next: str = "/"


Form = Annotated[WorkForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
Answer = Response[Any]


async def _act(office: Office, visitor: Visitor, rid: str, data: WorkForm, use_case: Callable[[], object]) -> Answer:
    """Do it and show the dossier; where it is refused, show why and keep what was typed."""
    try:
        outcome = await office.do(use_case)
    except Problem as problem:
        typed = {k: v for k, v in msgspec.to_builtins(data).items() if k != "passphrase"}
        return await show_dossier(office, visitor, record_id(rid), problem, typed)
    failed = [one for one in outcome if one.problem] if _is_sealing(outcome) else []  # type: ignore[attr-defined]
    if failed:
        return await show_dossier(
            office, visitor, record_id(rid), SomeUnsigned(count=len(failed), first=failed[0].sentence)
        )
    return Redirect(f"/dossiers/{rid}", status_code=303)


def _is_sealing(outcome: object) -> bool:
    return isinstance(outcome, list) and all(isinstance(one, SealOutcome) for one in outcome)


@post("/dossiers/{rid:str}/hand-over", opt=only("intake"), status_code=303)
async def pass_on(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Hand the dossier on."""
    section = data.section.strip() or "Bộ phận nghiệp vụ"
    desk, record = office.node.desk, record_id(rid)
    return await _act(office, visitor, rid, data, lambda: hand_over(desk, visitor.account, record, to_section=section))


@post("/dossiers/{rid:str}/hand-back", opt=only("resolving"), status_code=303)
async def give_to_counter(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Give dossier and result back to the one-stop unit."""
    section = data.section.strip() or "Bộ phận Một cửa"
    desk, record = office.node.desk, record_id(rid)
    return await _act(office, visitor, rid, data, lambda: hand_back(desk, visitor.account, record, to_section=section))


@post("/dossiers/{rid:str}/move", opt=only("resolving", "intake", "archive"), status_code=303)
async def make_move(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """One move of the state machine."""
    desk, record = office.node.desk, record_id(rid)

    def use_case() -> None:
        what = next((one for one in MOVE_ROLES if one.value == data.move), None)
        if what is None:
            raise NothingChosen(what="bước tiếp theo", what_code="move")
        notice = document_id(data.notice) if data.notice else None
        move(
            desk, visitor.account, record, what, role=MOVE_ROLES[what], reason=data.reason.strip(), notice=notice,
            new_due_date=calendar_day(data.new_due_date, label="Ngày hẹn mới", box="new_due_date"), consulted=data.consulted,
            answer_by=possible_day(data.answer_by, label="Hạn trả lời", box="answer_by", first=vietnam_date(desk.now())),
        )  # fmt: skip

    return await _act(office, visitor, rid, data, use_case)


@post("/dossiers/{rid:str}/decision", opt=only("leader"), status_code=303)
async def make_decision(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Record the result."""
    desk, record = office.node.desk, record_id(rid)

    def issued() -> str:
        day = full_day(data.issue_date, label="Ngày ban hành", box="issue_date", last=vietnam_date(desk.now()))
        return day.isoformat() if day else ""

    return await _act(
        office, visitor, rid, data,
        lambda: decide(
            desk, visitor.account, record, data.outcome, result_code=data.result_code.strip(), number_symbol=data.number_symbol.strip(),
            issue_date=issued(), document_id=document_id(data.document) if data.document else None, reason=data.reason.strip(),
        ),
    )  # fmt: skip


@post("/dossiers/{rid:str}/agency-signature", opt=only("clerk"), status_code=303)
async def sign_for_agency(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Sign result and copies for the agency; the passphrase is used once and kept nowhere."""
    node, record = office.node, record_id(rid)

    def use_case() -> list[SealOutcome]:
        with node.agency_key(data.passphrase.encode()) as key:
            return seal(
                node.desk, visitor.account, record, key, agency=node.settings.agency.name or node.settings.office_name
            )

    return await _act(office, visitor, rid, data, use_case)


@post("/dossiers/{rid:str}/return", opt=only("intake"), status_code=303)
async def give_back(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Hand the result to the person."""
    desk, record = office.node.desk, record_id(rid)
    method = data.method.strip() or "Trực tiếp tại Bộ phận Một cửa"
    return await _act(office, visitor, rid, data, lambda: return_result(desk, visitor.account, record, method=method))


@post("/dossiers/{rid:str}/custody", opt=only("resolving"), status_code=303)
async def take_over(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Continue the dossier here: needs the line, moves the fence, leaves a trace."""
    record = record_id(rid)
    try:
        if not data.reason.strip():
            raise NothingChosen(what="lý do nhận quyền giải quyết", what_code="reason")
        if office.live.driver is None or not office.line().is_open:
            raise NoLine()
        view = await office.do(lambda: dossier(office.node.desk, record))
        purpose = Purpose(view.code or record.hex(), data.reason.strip(), visitor.account, "resolving")
        await open_dossier(office.live.driver, record, purpose)
        await take_custody(office.live.driver, record, purpose)
        if office.live.transfers is not None:
            await fetch_copies(office.live.transfers, await office.do(lambda: dossier(office.node.desk, record)))
    except Problem as problem:
        return await show_dossier(office, visitor, record, problem, {"reason": data.reason})
    return Redirect(f"/dossiers/{rid}", status_code=303)


@post("/dossiers/{rid:str}/slips", opt=only("intake"), status_code=303)
async def print_slip(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Print, sign and keep a form."""
    node, record = office.node, record_id(rid)
    return await _act(
        office, visitor, rid, data,
        lambda: issue_slip(
            node.desk, visitor.account, record, data.form or "01", node.key_of(visitor.account), office=node.settings, reason=data.reason.strip()
        ),
    )  # fmt: skip


@post("/dossiers/{rid:str}/notes", opt=STAFF_PAGE, status_code=303)
async def write_note(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Leave a note for every office that has the dossier."""
    desk, record = office.node.desk, record_id(rid)
    return await _act(office, visitor, rid, data, lambda: add_note(desk, visitor.account, record, data.note))


@post("/dossiers/{rid:str}/withdrawals", opt=only(*WITHDRAWERS), status_code=303)
async def take_back(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Take a component back."""
    desk, record = office.node.desk, record_id(rid)

    def use_case() -> None:
        if not data.component:
            raise NothingChosen(what="thành phần", what_code="component")
        withdraw_component(desk, visitor.account, record, component_id(data.component), data.reason)

    return await _act(office, visitor, rid, msgspec.structs.replace(data, step="withdraw"), use_case)


@post("/dossiers/{rid:str}/reopen", opt=only("resolving", "leader"), status_code=303)
async def take_up_again(office: Office, visitor: Visitor, rid: str, data: Form) -> Answer:
    """Reopen what this office ended."""
    desk, record = office.node.desk, record_id(rid)
    return await _act(
        office, visitor, rid, msgspec.structs.replace(data, step="reopen"), lambda: reopen(desk, visitor.account, record, data.reason)
    )


@post("/key", opt=STAFF_PAGE, status_code=303)
async def open_signing_key(office: Office, visitor: Visitor, data: Form, request: Request[Any, Any, Any]) -> Answer:
    """Open the officer's key for this process: once, for any number of papers."""
    try:
        await office.do(lambda: office.node.open_key(visitor.account, data.passphrase.encode()))
    except Problem as problem:
        if wants_json(request):
            raise
        office.key_problems[visitor.account] = problem  # told at the field of the page the officer comes from
        return Redirect(f"{local(data.next)}#key-passphrase", status_code=303)
    office.live.wake_capture()
    return Redirect(local(data.next), status_code=303)


work_router = Router(
    "/", route_handlers=[
        pass_on, give_to_counter, make_move, make_decision, sign_for_agency, give_back, take_over, print_slip, write_note, take_back, take_up_again, open_signing_key,
    ],
)  # fmt: skip
