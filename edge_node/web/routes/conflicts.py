"""Conflicts: the sides next to each other with who and when, one button each, the reason kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import apsw
import msgspec
from litestar import Response, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.response import Redirect, Template

from edge_node.capture.jobs import Job, stopped_jobs
from edge_node.intake.corrections import close_correction, open_corrections
from edge_node.resolution.law_changes import count_changes, keep_version, open_changes
from edge_node.resolution.new_code import give_new_code, may_give
from edge_node.resolution.proposals import accept, dismiss, may_accept
from edge_node.resolution.settling import awaits_second_person, has_proposed, judge, registers, settle
from edge_node.revoking.reuses import keep_reuse, withdraw_reuse
from edge_node.web.address import record_id
from edge_node.web.case_sides import sides_of
from edge_node.web.errors import AddressUnreadable
from edge_node.web.field_names import field_names
from edge_node.web.office import Office, office_of_node, procedure_name
from edge_node.web.roles import STAFF_PAGE, only
from sync_protocol.adapters.corrections import proofs_of
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.worklist import arrivals, count_open_cases, disputed_ms, open_cases
from sync_protocol.cases import Suspicion
from sync_protocol.errors import Problem
from sync_protocol.ids import ActId, DocumentId, EventId, OfficeCode, RecordId
from sync_protocol.merge_pairs import PairKey, pair_id
from sync_protocol.view import DossierView


class CaseForm(msgspec.Struct):
    """One settled case."""

    rid: str = ""
    conflict: str = ""
    value: str = ""
    other: str = ""
    kind: str = ""
    document: str = ""
    other_document: str = ""
    same: str = ""
    reason: str = ""
    answer: str = ""
    skip: int = 0


SHOWN = 50
"""Dossiers on one page of cases: 200 of them were 86,000 px of paper pictures and forms."""

Form = Annotated[CaseForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


async def _show(office: Office, visitor: Visitor, problem: Problem | None = None, typed: CaseForm | None = None, skip: int = 0) -> Template:
    def read(connection: apsw.Connection) -> tuple[list[DossierView], list[Job]]:
        return open_cases(connection, SHOWN, skip), stopped_jobs(connection)

    await office.do(office.node.review_law)
    changed = await office.read(lambda c: open_changes(c, office.catalogue(), office.node.desk.office))
    views, stopped = await office.read(read)
    opened = await office.read(lambda c: {one.id: disputed_ms(c, view.rid, registers(view, one)) for view in views for one in view.conflicts})
    said_ms = await office.read(lambda c: {act: at for view in views if view.conflicts for act, at in arrivals(c, view.rid).items()})
    all_cases = await office.read(count_open_cases)
    all_changes = await office.read(lambda c: count_changes(c, office.node.desk.office))
    proofs = await office.read(lambda c: {act: proof for view in views if any(not one.document_id for one in view.conflicts) for act, proof in proofs_of(c, view.rid).items()})
    offices = await office.read(office_of_node)
    sides = await office.do(lambda: [sides_of(office, view) for view in views])
    context = {
        "corrections": await office.read(lambda c: open_corrections(c, office.node.desk.office)), "cases": list(zip(views, sides, strict=True)), "registers": registers, "pairs": _open_pairs(views), "opened": opened, "may_give": may_give, "may_accept": may_accept, "stopped": stopped, "offices": offices, "own_office": office.node.desk.office, "problem": problem, "typed": typed,
        "skip": skip, "shown": SHOWN, "said_ms": said_ms, "all_cases": all_cases, "all_changes": all_changes, "awaits_second_person": awaits_second_person, "proofs": proofs, "own_proposals": await office.read(lambda c: _own_proposals(c, office.node.desk.office, visitor.account, views)),
        "changed": [(view, procedure_name(office.catalogue(), view), one) for view, one in changed[:SHOWN]],
        "names": field_names(office.catalogue()),
        "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("conflicts.html", context=context, status_code=problem.http_status if problem else 200)


def _own_proposals(connection: apsw.Connection, office: OfficeCode, officer: str, views: Sequence[DossierView]) -> set[bytes]:
    """The corrections that the visitor proposed, and another person approves."""
    found = [settled for view in views for one in view.conflicts if (settled := registers(view, one)) is not None]
    return {head.id for settled in found for head in settled.heads if has_proposed(connection, office, officer, settled, head.value)}


def _open_pairs(views: Sequence[DossierView]) -> dict[RecordId, list[tuple[str, Suspicion]]]:
    """The open pairs by the dossier that shows them, each with its id; one whose both dossiers are here is one case, shown once."""
    shown: dict[bytes, None] = {}
    found: dict[RecordId, list[tuple[str, Suspicion]]] = {}
    for view in views:
        for pair in view.suspicions:
            identifier = pair_id(view.rid, pair)
            if not pair.judged and identifier not in shown:
                shown[identifier] = None
                found.setdefault(view.rid, []).append((identifier.hex(), pair))
    return found


@get("/conflicts", opt=STAFF_PAGE)
async def conflicts(office: Office, visitor: Visitor, skip: Annotated[int, Parameter(ge=0)] = 0) -> Template:
    """Everything only a person can settle, so many dossiers at a time."""
    return await _show(office, visitor, skip=skip)


@post("/conflicts/value", opt=only("resolving", "leader"), status_code=303)
async def take_value(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Take one value of a register."""
    return await _settled(
        office, visitor, data,
        lambda: settle(office.node.desk, visitor.account, record_id(data.rid), _raw(data.conflict), data.value, data.reason),
    )  # fmt: skip


@post("/conflicts/pair", opt=only("resolving"), status_code=303)
async def judge_pair(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Say whether a pair is the same."""
    if data.same == "new_code":
        return await _settled(
            office, visitor, data, lambda: give_new_code(office.node.desk, visitor.account, record_id(data.rid), _pair(data), reason=data.reason)
        )  # fmt: skip
    return await _settled(
        office, visitor, data,
        lambda: judge(
            office.node.desk, visitor.account, record_id(data.rid), _pair(data), same=data.same == "yes", reissue=data.same == "reissue", reason=data.reason
        ),
    )  # fmt: skip


@post("/conflicts/proposal", opt=only("resolving", "leader", "intake", "archive"), status_code=303)
async def answer_proposal(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Make a move that had no effect again, or leave it."""
    desk, rid, act = office.node.desk, record_id(data.rid), ActId(EventId(_raw(data.conflict)))
    if data.answer == "accept":
        return await _settled(office, visitor, data, lambda: accept(desk, visitor.account, rid, act, data.reason))
    return await _settled(office, visitor, data, lambda: dismiss(desk, visitor.account, rid, act, data.reason))


@post("/conflicts/reuse", opt=only("resolving"), status_code=303)
async def decide_reuse(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Keep a reused paper that was revoked, or take it out of the dossier."""
    way = {"keep": keep_reuse, "withdraw": withdraw_reuse}.get(data.answer)
    if way is None:
        raise AddressUnreadable()
    return await _settled(
        office, visitor, data, lambda: way(office.node.desk, visitor.account, record_id(data.rid), _raw(data.conflict), data.reason)
    )


@post("/conflicts/law", opt=only("resolving"), status_code=303)
async def keep_as_received(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Say that a dossier stays under the procedure version of its receipt."""
    return await _settled(
        office, visitor, data, lambda: keep_version(office.node.desk, visitor.account, record_id(data.rid), _raw(data.conflict), data.reason)
    )  # fmt: skip


@post("/conflicts/correction", opt=only("resolving"), status_code=303)
async def correction_done(office: Office, visitor: Visitor, data: Form) -> Response[Any]:
    """Say what was done about data that differed from the papers."""
    return await _settled(
        office, visitor, data, lambda: close_correction(office.node.desk, visitor.account, record_id(data.rid), data.reason)
    )


async def _settled(office: Office, visitor: Visitor, data: CaseForm, use_case: Any) -> Response[Any]:
    try:
        await office.do(use_case)
    except Problem as problem:
        return await _show(office, visitor, problem, data, max(0, data.skip))
    return Redirect(f"/conflicts?skip={data.skip}" if data.skip > 0 else "/conflicts", status_code=303)


def _pair(data: CaseForm) -> PairKey:
    """The one pair that the form stands for."""
    papers = [DocumentId(_raw(one)) if one else None for one in (data.document, data.other_document)]
    return data.kind, record_id(data.other), papers[0], papers[1]


def _raw(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise AddressUnreadable() from error


conflicts_router = Router("/", route_handlers=[conflicts, take_value, judge_pair, keep_as_received, answer_proposal, decide_reuse, correction_done])
