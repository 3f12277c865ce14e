"""Conflicts: the sides next to each other with who and when, one button each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import apsw
import msgspec
from litestar import Request, Router, get
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.response import Template

from edge_node.capture.jobs import Job, stopped_jobs
from edge_node.intake.corrections import open_corrections
from edge_node.resolution.law_changes import count_changes, open_changes
from edge_node.resolution.new_code import may_give
from edge_node.resolution.proposals import may_accept
from edge_node.resolution.settling import awaits_second_person, has_proposed, registers
from edge_node.web.case_sides import sides_of
from edge_node.web.field_names import field_names
from edge_node.web.office import Office, office_of_node, procedure_name
from edge_node.web.roles import STAFF_PAGE
from sync_protocol.adapters.corrections import proofs_of
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.telling import Told, told_before
from sync_protocol.adapters.worklist import arrivals, count_open_cases, disputed_ms, open_cases
from sync_protocol.cases import Suspicion
from sync_protocol.errors import Problem
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.merge_pairs import pair_id
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


async def show_cases(
    office: Office, visitor: Visitor, problem: Problem | None = None, typed: CaseForm | None = None, skip: int = 0, told: Told | None = None
) -> Template:
    """One page of everything that waits for a person: with what hindered an answer, or with what the answer before did."""
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
        "corrections": await office.read(lambda c: open_corrections(c, office.node.desk.office)), "cases": list(zip(views, sides, strict=True)), "registers": registers, "pairs": _open_pairs(views), "opened": opened, "may_give": may_give, "may_accept": may_accept, "stopped": stopped, "offices": offices, "own_office": office.node.desk.office, "problem": problem, "typed": typed, "told": told,
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
async def conflicts(
    office: Office, visitor: Visitor, request: Request[Any, Any, Any], skip: Annotated[int, Parameter(ge=0)] = 0
) -> Template:
    """Everything only a person can settle, so many dossiers at a time."""
    return await show_cases(office, visitor, skip=skip, told=told_before(request))


conflicts_router = Router("/", route_handlers=[conflicts])
