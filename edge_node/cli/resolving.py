"""`edge-node take`, `supplement`, `decide`, `seal`, `give-back`: continuing a dossier at this office, to its end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from edge_node.app import Node
from edge_node.capture.service import hand_in
from edge_node.cli.opening import AsJson, State, Who, dossier_by_code, open_node, passphrase_of
from edge_node.cli.paper import _work
from edge_node.intake.service import Choice, add_component, dossier
from edge_node.repository.service import fetch_copies, open_dossier, take_custody
from edge_node.resolution.sealing import seal as seal_dossier
from edge_node.resolution.service import decide as decide_dossier
from edge_node.resolution.service import move, return_result
from edge_node.signing.office_keys import AGENCY_ACCOUNT
from sync_protocol.adapters.terminal import print_json, show, show_facts
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.lifecycle import DossierMove
from sync_protocol.messages import Purpose

Steps = Annotated[
    list[Literal["hand_over", "take_up", "consult", "answer", "ask_supplement", "complete_supplement"]] | None,
    cyclopts.Parameter(help="Các bước làm ngay sau khi nhận quyền giải quyết."),
]


def take(
    rid: Annotated[str, cyclopts.Parameter(help="Mã định danh hồ sơ (rid) trong kết quả tra cứu.")],
    *,
    state: State,
    officer: Who,
    dossier_code: Annotated[str, cyclopts.Parameter(name="--dossier")],
    reason: str,
    steps: Steps = None,
    json: AsJson = False,
) -> None:
    """Nhận quyền giải quyết một hồ sơ từ cơ quan khác, tải giấy tờ về và kiểm tra."""
    node = open_node(state)
    record = RecordId(bytes.fromhex(rid))
    try:
        fence, size = asyncio.run(_take(node, record, Purpose(dossier_code, reason, officer, "resolving")))
        for step in steps or ():
            move(node.desk, officer, record, DossierMove(step))
        view = dossier(node.desk, record)
    finally:
        node.close()
    show_facts(
        "Đã nhận quyền giải quyết",
        {"code": view.code, "fence": fence, "state": view.state, "documents": len(view.documents), "file_bytes": size},
        as_json=json,
    )


async def _take(node: Node, rid: RecordId, purpose: Purpose) -> tuple[int, int]:
    async with node.online() as (driver, transfers):
        await open_dossier(driver, rid, purpose)
        fence = await take_custody(driver, rid, purpose)
        return fence, await fetch_copies(transfers, dossier(node.desk, rid))


def supplement(
    code: str,
    document_type: str,
    *files: Path,
    state: State,
    officer: Who,
    name: str,
    pages: int,
    json: AsJson = False,
) -> None:
    """Thêm giấy tờ bổ sung vào hồ sơ: quét, đọc, ký như mọi thành phần."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        component = add_component(
            node.desk, officer, view.rid, document_type=document_type, name=name,
            choice=Choice(decision="digitize", declared_pages=pages), is_supplement=True,
        )  # fmt: skip
        hand_in(
            node.desk,
            officer,
            view.rid,
            component,
            [(path.name, path.read_bytes()) for path in files],
            declared_pages=pages,
        )
        problems = _work(node)
    finally:
        node.close()
    if json:
        print_json({"component": component, "problems": [one.operator_line for one in problems]})
    if problems:
        raise problems[0]


def decide(
    code: str,
    *,
    state: State,
    officer: Who,
    outcome: Literal["granted", "refused", "returned"],
    result_code: str = "",
    number: str = "",
    issue_date: str = "",
    document: Annotated[str, cyclopts.Parameter(help="Giấy kết quả hoặc văn bản thông báo (mã định danh).")] = "",
    reason: str = "",
) -> None:
    """Ra kết quả (lãnh đạo)."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        found = next(
            (one.document_id for one in view.documents if document and one.document_id.hex().startswith(document)), None
        )
        decide_dossier(
            node.desk, officer, view.rid, outcome, result_code=result_code, number_symbol=number, issue_date=issue_date,
            document_id=DocumentId(found) if found else None, reason=reason,
        )  # fmt: skip
    finally:
        node.close()


def seal(
    code: str,
    *,
    state: State,
    officer: Who,
    form: Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"] = "SAO Y",
    json: AsJson = False,
) -> None:
    """Ký số cơ quan trên kết quả và mọi bản sao của hồ sơ (văn thư), sau khi có kết quả."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        with node.agency_key(passphrase_of(node, AGENCY_ACCOUNT)) as key:
            outcomes = seal_dossier(node.desk, officer, view.rid, key, agency=node.settings.agency.name, form=form)
    finally:
        node.close()
    show(
        "Ký số cơ quan",
        {"document": "giấy tờ", "code": "mã", "problem": "lỗi", "sentence": "việc cần làm"},
        [(one.document_id.hex(), one.code, one.problem, one.sentence) for one in outcomes],
        as_json=json,
    )


def give_back(code: str, *, state: State, officer: Who, method: str = "Trực tiếp tại Bộ phận Một cửa") -> None:
    """Trả kết quả cho người nộp."""
    node = open_node(state)
    try:
        return_result(node.desk, officer, dossier_by_code(node.desk, code).rid, method=method)
    finally:
        node.close()
