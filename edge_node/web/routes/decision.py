"""What happens with a component instead of a scan: data on file is used again, or the rule by which it is not digitized is recorded.

Source: QĐ 1333/QĐ-BHXH Điều 5 (what is not digitized), Điều 13.3 (fragile originals; domain rules R-6, R-9, R-18).
"""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec
from litestar import Request, Response, Router, post
from litestar.response import Redirect

from edge_node.capture.digitization import PaperFacts, Waiver, digitization_decision
from edge_node.capture.errors import ClassifiedPaper
from edge_node.capture.handing_in import erase_pile
from edge_node.capture.piles import piles_of
from edge_node.intake.reuse import Reusable, on_file
from edge_node.intake.service import Choice, component_of, declare, dossier
from edge_node.web.address import component_id, record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.form_reading import tidy
from edge_node.web.office import Office
from edge_node.web.roles import only
from edge_node.web.routes.capture import DECISIONS, show_component, watched_folder
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import ComponentId, RecordId
from sync_protocol.view import ComponentView, DossierView

_FACTS: dict[str, PaperFacts] = {
    "presented_only": PaperFacts("required_by_law", "presented_only"),
    "shared": PaperFacts("required_by_law", "original", has_legal_data=True),
    "photocopy": PaperFacts("required_by_law", "photocopy"),
    "certified_paper_copy": PaperFacts("required_by_law", "certified_paper_copy"),
    "waived": PaperFacts("required_by_law", "original"),
    "classified": PaperFacts("required_by_law", "original", is_classified=True),
}


@post("/dossiers/{rid:str}/components/{cid:str}/decision", opt=only("intake"), status_code=303)
async def decide(
    office: Office, visitor: Visitor, request: Request[Any, Any, Any], rid: str, cid: str
) -> Response[Any]:
    """Reuse what is on file, or record by which rule the paper is not digitized."""
    record, wanted = record_id(rid), component_id(cid)
    form = await request.form()
    typed = {name: tidy(str(form.get(name, ""))) for name in ("decision", "reason", "reuse", "leader", "fragile")}
    try:
        await office.do(lambda: _declare(office, visitor.account, record, wanted, typed))
    except Problem as problem:
        return await show_component(office, visitor, record, wanted, problem, typed)
    return Redirect(f"/dossiers/{rid}", status_code=303)


def _declare(office: Office, account: str, rid: RecordId, cid: ComponentId, typed: dict[str, str]) -> None:
    desk = office.node.desk
    view = dossier(desk, rid)
    part = component_of(view, cid)
    if typed["reuse"]:
        declare(
            desk,
            account,
            rid,
            part,
            Choice(
                decision="reused",
                rule="5.1",
                reason="đã có dữ liệu số hóa",
                reuse=_chosen(office, view, part, typed["reuse"]),
            ),
        )
        return
    if typed["decision"] not in DECISIONS:
        raise NothingChosen(what="quyết định", what_code="decision")
    try:
        choice = _without_scan(office, typed)
    except ClassifiedPaper:
        _refuse_classified(office, account, rid, part)
        raise
    declare(desk, account, rid, part, choice)


def _without_scan(office: Office, typed: dict[str, str]) -> Choice:
    """The decision by the rules. Raises ClassifiedPaper, WaiverIncomplete; UnknownOfficer or RoleMissing for who is no leader."""
    desk, facts, waiver = office.node.desk, _FACTS[typed["decision"]], None
    if typed["decision"] == "waived":
        decided_by = desk.officers.get(typed["leader"], "leader").account if typed["leader"] else ""
        waiver = Waiver(decided_by, desk.now(), typed["reason"])
        facts = msgspec.structs.replace(facts, is_fragile=bool(typed["fragile"]))
    decided = digitization_decision(facts, waiver=waiver)
    outcome = "presented_only" if typed["decision"] == "presented_only" else decided.outcome
    return Choice(
        decision=cast(Literal["presented_only", "exempt", "waived"], outcome), rule=decided.clause, reason=typed["reason"] or decided.reason,
        submitted_form=facts.submitted_form, decided_by=waiver.decided_by if waiver else "",
    )  # fmt: skip


def _refuse_classified(office: Office, account: str, rid: RecordId, part: ComponentView) -> None:
    """Erase what was scanned of it, and record only that the rule on classified papers applies."""
    desk = office.node.desk
    for pile in desk.store.readers.run(lambda c: piles_of(c, rid, part.component_id)):
        erase_pile(desk, account, pile.id, watched_folder(office))
    if part.rule != "5.4":
        declare(desk, account, rid, part, Choice(decision="exempt", rule="5.4"))


def _chosen(office: Office, view: DossierView, part: ComponentView, wanted: str) -> Reusable:
    party = view.applicant
    found = office.node.store.readers.run(lambda c: on_file(c, party, part.document_type)) if party else []
    for one in found:
        if one.document_id.hex() == wanted:
            return one
    raise NothingChosen(what="giấy tờ đã có dữ liệu", what_code="reuse")


decision_router = Router("/", route_handlers=[decide])
