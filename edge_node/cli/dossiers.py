"""`edge-node receive` and `show`: a dossier is accepted; a dossier is shown."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from edge_node.cli.opening import AsJson, State, Who, dossier_by_code, open_node, party_in
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import dossier, reuse_paper
from edge_node.intake.service import receive as receive_dossier
from edge_node.resolution.service import hand_over as hand_over_dossier
from edge_node.store.sync_words import dossier_state, file_state
from sync_protocol.adapters.terminal import print_json, show, show_facts
from sync_protocol.glossary import label
from sync_protocol.ids import BlobDigest


def receive(
    *,
    state: State,
    officer: Who,
    procedure: str,
    applicant: Annotated[
        Path, cyclopts.Parameter(help="Tệp JSON thông tin người nộp (kind, name, personal_id, birth_date…).")
    ],
    channel: Literal["in_person", "postal", "online"] = "in_person",
    submitter: Literal["any", "worker", "employer"] = "any",
    case: str = "",
    account: Literal["exists", "created", "declined", "not_done_offline"] = "not_done_offline",
    received: Annotated[
        dt.datetime | None, cyclopts.Parameter(help="Thời điểm nhận tại quầy (ISO, có múi giờ).")
    ] = None,
    note: str = "",
    json: AsJson = False,
) -> None:
    """Nhận hồ sơ: cấp mã, hẹn ngày, nêu giấy tờ đã có dữ liệu không cần nộp lại."""
    node = open_node(state)
    try:
        party = party_in(applicant)
        form = IntakeForm(
            procedure=procedure, channel=channel, applicant=party, submitter=submitter, case=case, account_check=account,
            received_at=received, note=note,
        )  # fmt: skip
        got = receive_dossier(node.desk, officer, form)
    finally:
        node.close()
    reusable = {component.hex(): paper for component, paper in got.reusable}
    if json:
        print_json({
            "rid": got.rid, "code": got.code, "due_date": got.due_date,
            "components": [
                {"id": one.component_id, "type": one.document_type, "name": one.name, "required": one.required,
                 "reusable": reusable.get(one.component_id.hex())}
                for one in got.components
            ],
        })  # fmt: skip
        return
    show_facts("Đã nhận", {"mã hồ sơ": got.code, "hẹn trả": f"{got.due_date:%d/%m/%Y}"}, as_json=False)
    show(
        "Thành phần",
        {"n": "", "type": "loại", "name": "tên", "reuse": "dữ liệu đã có"},
        [
            (n, one.document_type, one.name, _reuse(reusable.get(one.component_id.hex())))
            for n, one in enumerate(got.components, 1)
        ],
        as_json=False,
    )


def reuse(
    code: str,
    component: str,
    *,
    state: State,
    officer: Who,
    add: Annotated[str, cyclopts.Parameter(help="Tên giấy tờ khi thủ tục không liệt kê loại này.")] = "",
    json: AsJson = False,
) -> None:
    """Dùng lại giấy tờ đã có dữ liệu: người nộp không phải nộp lại (Điều 13.3b)."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        paper = reuse_paper(node.desk, officer, view.rid, component, name=add)
    finally:
        node.close()
    show_facts(
        "Đã dùng lại",
        {"type": component, "code": paper.code, "dossier": paper.dossier_code, "legal": paper.has_legal_value},
        as_json=json,
    )


def hand_over(code: str, *, state: State, officer: Who, to_section: str = "Bộ phận nghiệp vụ") -> None:
    """Chuyển hồ sơ sang bộ phận giải quyết."""
    node = open_node(state)
    try:
        hand_over_dossier(node.desk, officer, dossier_by_code(node.desk, code).rid, to_section=to_section)
    finally:
        node.close()


def _reuse(paper: object) -> str:
    return "" if paper is None else f"đã có dữ liệu – không cần nộp ({paper.code}); mới tra tại máy này"  # type: ignore[attr-defined]


@cyclopts.Parameter(name="show")
def show_dossier(code: str, *, state: State, json: AsJson = False) -> None:
    """Xem một hồ sơ: trạng thái, thành phần, giấy tờ, và từng tệp đang ở đâu."""
    node = open_node(state)
    try:
        view = dossier(node.desk, dossier_by_code(node.desk, code).rid)
        word = node.store.readers.run(lambda c: dossier_state(c, view.rid))
        words = {
            one.document_id: node.store.readers.run(partial(file_state, digest=BlobDigest(one.pdf)))
            for one in view.documents
        }
    finally:
        node.close()
    if json:
        print_json({
            "rid": view.rid, "code": view.code, "state": view.state, "office": view.office, "custodian": view.custody.office,
            "fence": view.custody.fence, "due_date": view.due_date, "sync": word, "conflicts": len(view.conflicts),
            "proposals": view.proposals, "decision": view.decision,
            "components": [
                {"id": one.component_id, "type": one.document_type, "name": one.name, "state": one.state, "decision": one.decision,
                 "declared_pages": one.declared_pages, "note_pages": one.note_pages, "source": one.source}
                for one in view.components
            ],
            "documents": [
                {"id": one.document_id, "component": one.component_id, "pdf": one.pdf, "size": one.pdf_size, "pages": one.pages,
                 "images": one.images, "codes": one.codes, "confirmed": one.is_confirmed, "agency": one.agency_form,
                 "sync": words[one.document_id].word, "readings": one.readings, "values": {f.field: f.settled.value for f in one.fields}}
                for one in view.documents
            ],
            "slips": view.slips,
        })  # fmt: skip
        return
    show_facts(
        f"Hồ sơ {view.code}",
        {
            "trạng thái": label("dossier_state", view.state), "nơi giải quyết": view.custody.office, "hẹn trả": view.due_date,
            "đồng bộ": label("sync_word", word.word),
        },
        as_json=False,
    )  # fmt: skip
    show(
        "Thành phần",
        {"type": "loại", "name": "tên", "state": "trạng thái", "sync": "tệp"},
        [
            (
                one.document_type, one.name, label("component_state", one.state),
                ", ".join(label("sync_word", words[d].word) for d in one.documents if d in words),
            )
            for one in view.components
        ],
        as_json=False,
    )  # fmt: skip
