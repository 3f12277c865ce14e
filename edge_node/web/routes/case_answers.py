"""Answers to cases: a value taken, a pair judged, a move made or left, a paper kept or taken out; the reason kept, and each confirmed where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw
from litestar import Request, Response, Router, post
from litestar.response import Redirect

from edge_node.intake.corrections import close_correction
from edge_node.resolution.law_changes import keep_version
from edge_node.resolution.new_code import give_new_code
from edge_node.resolution.proposals import accept, dismiss
from edge_node.resolution.settling import awaits_second_person, judge, registers, settle
from edge_node.revoking.reuses import keep_reuse, withdraw_reuse
from edge_node.web.address import record_id
from edge_node.web.errors import AddressUnreadable
from edge_node.web.field_names import field_names
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.conflicts import CaseForm, Form, show_cases
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.telling import Told, tell_next
from sync_protocol.errors import Problem
from sync_protocol.ids import ActId, DocumentId, EventId, RecordId
from sync_protocol.merge_pairs import PairKey
from sync_protocol.register import Rank

Asking = Request[Any, Any, Any]


@post("/conflicts/value", opt=only("resolving", "leader"), status_code=303)
async def take_value(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Take one value of a register."""
    rid, conflict = record_id(data.rid), _raw(data.conflict)
    word, field = await office.read(lambda c: _what_is_taken(c, rid, conflict, data.value))
    names = field_names(office.catalogue())
    return await _answered(
        office, visitor, request, data, lambda: settle(office.node.desk, visitor.account, rid, conflict, data.value, data.reason),
        word, field=names.get(field, field),
    )  # fmt: skip


@post("/conflicts/pair", opt=only("resolving"), status_code=303)
async def judge_pair(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Say whether a pair is the same."""
    desk, rid, pair = office.node.desk, record_id(data.rid), _pair(data)
    if data.same == "new_code":
        return await _answered(
            office, visitor, request, data, lambda: give_new_code(desk, visitor.account, rid, pair, reason=data.reason), "new_code"
        )
    same, reissue = data.same == "yes", data.same == "reissue"
    word = "same" if same else "reissue" if reissue and pair[0] == "document" else "not_same"
    return await _answered(
        office, visitor, request, data, lambda: judge(desk, visitor.account, rid, pair, same=same, reissue=reissue, reason=data.reason),
        f"{word}_{pair[0]}",
    )  # fmt: skip


@post("/conflicts/proposal", opt=only("resolving", "leader", "intake", "archive"), status_code=303)
async def answer_proposal(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Make a move that had no effect again, or leave it."""
    desk, rid, act = office.node.desk, record_id(data.rid), ActId(EventId(_raw(data.conflict)))
    way, word = (accept, "accepted") if data.answer == "accept" else (dismiss, "dismissed")
    return await _answered(office, visitor, request, data, lambda: way(desk, visitor.account, rid, act, data.reason), word)


@post("/conflicts/reuse", opt=only("resolving"), status_code=303)
async def decide_reuse(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Keep a reused paper that was revoked, or take it out of the dossier."""
    way = {"keep": keep_reuse, "withdraw": withdraw_reuse}.get(data.answer)
    if way is None:
        raise AddressUnreadable()
    rid, reuse = record_id(data.rid), _raw(data.conflict)
    return await _answered(
        office, visitor, request, data, lambda: way(office.node.desk, visitor.account, rid, reuse, data.reason), f"reuse_{data.answer}"
    )


@post("/conflicts/law", opt=only("resolving"), status_code=303)
async def keep_as_received(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Say that a dossier stays under the procedure version of its receipt."""
    rid, change = record_id(data.rid), _raw(data.conflict)
    return await _answered(
        office, visitor, request, data, lambda: keep_version(office.node.desk, visitor.account, rid, change, data.reason), "law"
    )


@post("/conflicts/correction", opt=only("resolving"), status_code=303)
async def correction_done(office: Office, visitor: Visitor, request: Asking, data: Form) -> Response[Any]:
    """Say what was done about data that differed from the papers."""
    rid = record_id(data.rid)
    return await _answered(
        office, visitor, request, data, lambda: close_correction(office.node.desk, visitor.account, rid, data.reason), "correction"
    )


async def _answered(
    office: Office, visitor: Visitor, request: Asking, data: CaseForm, use_case: Callable[[], object], word: str, **facts: str
) -> Response[Any]:
    """Do it and say so on the page of cases, or show that page again with what hinders it."""
    try:
        await office.do(use_case)
    except Problem as problem:
        return await show_cases(office, visitor, problem, data, max(0, data.skip))
    rid = record_id(data.rid)
    view = await office.read(lambda c: projection.view_of(c, rid))
    following = "told.sent" if office.line().is_open else "told.sent_later"
    facts["code"] = view.reference if view else ""
    tell_next(request, Told(f"told.{word}", following, facts, f"/dossiers/{rid.hex()}"))
    return Redirect(f"/conflicts?skip={data.skip}" if data.skip > 0 else "/conflicts", status_code=303)


def _what_is_taken(connection: apsw.Connection, rid: RecordId, conflict_id: bytes, value: str) -> tuple[str, str]:
    """How the answer is called, and the field it is about: of a correction it is an approval or a refusal."""
    view = projection.view_of(connection, rid)
    conflict = next((one for one in view.conflicts if one.id == conflict_id), None) if view else None
    if view is None or conflict is None:
        return "value", ""
    settled = registers(view, conflict)
    if settled is None or not awaits_second_person(settled):
        return "value", conflict.field
    is_approved = any(one.rank == Rank.PROPOSED and one.value == value for one in settled.heads)
    return "approved" if is_approved else "refused", conflict.field


def _pair(data: CaseForm) -> PairKey:
    """The one pair that the form stands for."""
    papers = [DocumentId(_raw(one)) if one else None for one in (data.document, data.other_document)]
    return data.kind, record_id(data.other), papers[0], papers[1]


def _raw(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise AddressUnreadable() from error


case_answers_router = Router(
    "/", route_handlers=[take_value, judge_pair, keep_as_received, answer_proposal, decide_reuse, correction_done]
)
