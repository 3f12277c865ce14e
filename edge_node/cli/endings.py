"""`edge-node ask`, `refuse` and `accept`: an intake that ends without acceptance, and the acceptance that follows a complete supplement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from edge_node.cli.opening import AsJson, State, Who, dossier_by_code, open_node, party_in
from edge_node.intake.outcomes import Grounds, accept_supplemented, end_intake, refuse_waiting
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import dossier
from sync_protocol.adapters.terminal import show_facts
from sync_protocol.bodies import Party
from sync_protocol.glossary import label
from sync_protocol.view import DossierView

Reason = Annotated[list[str] | None, cyclopts.Parameter(help="Mã lý do trong danh mục, nêu nhiều lần được.")]


def ask(
    *,
    state: State,
    officer: Who,
    procedure: str,
    applicant: Annotated[
        Path, cyclopts.Parameter(help="Tệp JSON thông tin người nộp (kind, name, personal_id, birth_date…).")
    ],
    missing: Annotated[list[int] | None, cyclopts.Parameter(help="Số thứ tự giấy tờ còn thiếu, từ 1.")] = None,
    request: Annotated[list[str] | None, cyclopts.Parameter(help="Nội dung khác cần bổ sung.")] = None,
    reason: Reason = None,
    channel: Literal["in_person", "postal", "online"] = "in_person",
    submitter: Literal["any", "worker", "employer"] = "any",
    case: str = "",
    json: AsJson = False,
) -> None:
    """Yêu cầu bổ sung khi tiếp nhận: chưa nhận hồ sơ, chưa có mã, thời hạn chưa tính."""
    form = IntakeForm(procedure=procedure, channel=channel, applicant=party_in(applicant), submitter=submitter, case=case)
    positions = tuple(number - 1 for number in missing or ())
    grounds = Grounds(missing=positions, requests=tuple(request or ()), reasons=tuple(reason or ()))
    node = open_node(state)
    try:
        view = dossier(node.desk, end_intake(node.desk, officer, form, "supplement", grounds))
    finally:
        node.close()
    _show("Đã yêu cầu bổ sung", view, json)


def refuse(
    code: Annotated[str, cyclopts.Parameter(help="Số phiếu yêu cầu bổ sung; bỏ trống khi từ chối ngay tại quầy.")] = "",
    *,
    state: State,
    officer: Who,
    procedure: str = "",
    applicant: Annotated[
        Path | None, cyclopts.Parameter(help="Tệp JSON thông tin người nộp, khi từ chối ngay.")
    ] = None,
    reason: Reason = None,
    explanation: str = "",
    channel: Literal["in_person", "postal", "online"] = "in_person",
    submitter: Literal["any", "worker", "employer"] = "any",
    json: AsJson = False,
) -> None:
    """Từ chối tiếp nhận với lý do: một lượt nộp mới, hoặc hồ sơ đang chờ bổ sung."""
    grounds = Grounds(reasons=tuple(reason or ()), explanation=explanation)
    node = open_node(state)
    try:
        if code:
            rid = dossier_by_code(node.desk, code).rid
            refuse_waiting(node.desk, officer, rid, grounds)
        else:
            party = party_in(applicant) if applicant else Party(kind="person", name="")
            form = IntakeForm(procedure=procedure, channel=channel, applicant=party, submitter=submitter)
            rid = end_intake(node.desk, officer, form, "refused", grounds)
        view = dossier(node.desk, rid)
    finally:
        node.close()
    _show("Đã từ chối tiếp nhận", view, json)


def accept(code: str, *, state: State, officer: Who, json: AsJson = False) -> None:
    """Nhận hồ sơ đã bổ sung đủ: cấp mã, thời hạn bắt đầu từ lúc này."""
    node = open_node(state)
    try:
        rid = dossier_by_code(node.desk, code).rid
        accept_supplemented(node.desk, officer, rid)
        view = dossier(node.desk, rid)
    finally:
        node.close()
    _show("Đã nhận", view, json)


def _show(title: str, view: DossierView, as_json: bool) -> None:
    told = view.intakes[-1] if view.intakes else None
    facts: dict[str, object] = {
        "reference": view.reference, "state": view.state if as_json else label("dossier_state", view.state), "due_date": view.due_date,
        "requests": list(told.requests) if told else [], "reasons": list(told.reasons) if told else [],
    }  # fmt: skip
    show_facts(title, facts, as_json=as_json)
