"""`edge-node review`, `confirm`, `slip`: what was read, what a person stands for, what the citizen takes home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import cyclopts
import msgspec

from edge_node.cli.opening import AsJson, State, Who, dossier_by_code, open_node, passphrase_of
from edge_node.coding.service import issue_code
from edge_node.review.lines import ReviewLine
from edge_node.review.service import confirm as confirm_document
from edge_node.review.service import lines, table
from edge_node.slips.service import issue_slip
from sync_protocol.adapters.terminal import print_json, show
from sync_protocol.ids import DocumentId

_MARKS = {"agrees": "✓", "check": "△", "unreadable": "✕"}


def review(code: str, *, state: State, json: AsJson = False) -> None:
    """Xem kết quả đọc của mọi giấy tờ trong hồ sơ, mục nào cần người xem."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        found = []
        stated: dict[DocumentId, tuple[int, int]] = {}
        for document in view.documents:
            fields, listed = (
                lines(node.desk, view.rid, document.document_id),
                table(node.desk, view.rid, document.document_id),
            )
            standing = [row for row in listed.rows if not row.is_removed] if listed else []
            stated[document.document_id] = (listed.stated if listed else 0, len(standing))
            cells = [_in_row(cell, row.number) for row in standing for cell in row.cells if cell.trust]
            found.append((document, fields + cells))
    finally:
        node.close()
    if json:
        print_json(
            [
                {
                    "document": d.document_id,
                    "type": d.document_type,
                    "confirmed": d.is_confirmed,
                    "fields": rows,
                    "stated_rows": stated[d.document_id][0],
                    "rows": stated[d.document_id][1],
                }
                for d, rows in found
            ]
        )
        return
    for document, rows in found:
        show(
            f"{document.document_type} · {document.document_id.hex()[:8]}",
            {"mark": "", "label": "mục", "proposal": "đọc được", "reason": "lý do", "settled": "đã xác nhận"},
            [(_MARKS[row.trust], row.label, row.proposal, row.reason, row.settled) for row in rows],
            as_json=False,
        )


def _in_row(cell: ReviewLine, number: int) -> ReviewLine:
    """A cell labelled by its row."""
    return msgspec.structs.replace(cell, label=f"dòng {number}: {cell.label}")


def confirm(
    code: str,
    document: str,
    *,
    state: State,
    officer: Who,
    role: Literal["intake", "resolving"] = "resolving",
    value: Annotated[
        dict[str, str] | None, cyclopts.Parameter(help="Giá trị gõ theo giấy: --value.issue_date 05/10/2026")
    ] = None,
    accept: Annotated[list[str] | None, cyclopts.Parameter(help="Mục đọc đúng, nhận như đã đọc.")] = None,
    unreadable: Annotated[list[str] | None, cyclopts.Parameter(help="Mục không đọc được trên giấy.")] = None,
    remove_row: Annotated[list[str] | None, cyclopts.Parameter(help="Dòng không có trên giấy, ví dụ r003.")] = None,
    recounted: Annotated[bool, cyclopts.Parameter(help="Đã đếm lại số dòng của danh sách.")] = False,
    json: AsJson = False,
) -> None:
    """Xác nhận một giấy tờ, rồi cấp mã kết quả số hóa và ký bản ghi."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        document_id = next(
            (one.document_id for one in view.documents if one.document_id.hex().startswith(document)), DocumentId(b"")
        )
        looked_at = confirm_document(
            node.desk,
            officer,
            view.rid,
            document_id,
            role=role,
            typed=value,
            accepted=accept or (),
            unreadable=unreadable or (),
            removed=remove_row or (),
            recounted=recounted,
        )
        issued = issue_code(node.desk, officer, view.rid, document_id, node.open_key(officer, passphrase_of(node, officer)))
    finally:
        node.close()
    if json:
        print_json({"document": document_id, "code": issued, "looked_at": looked_at})
        return
    show(
        "Đã cấp mã",
        {"code": "mã kết quả số hóa", "looked_at": "số mục người xem"},
        [(issued, looked_at)],
        as_json=False,
    )


def slip(
    code: str,
    *,
    state: State,
    officer: Who,
    form: str = "01",
    reason: str = "",
    out: Annotated[Path | None, cyclopts.Parameter(help="Ghi thêm một bản PDF ra tệp.")] = None,
    json: AsJson = False,
) -> None:
    """In một phiếu (01 tiếp nhận, 02 bổ sung, 03 từ chối, 04 xin gia hạn, 05 dừng, 06 kiểm soát) có chữ ký số và mã QR."""
    node = open_node(state)
    try:
        view = dossier_by_code(node.desk, code)
        issued = issue_slip(
            node.desk,
            officer,
            view.rid,
            form,
            node.open_key(officer, passphrase_of(node, officer)),
            office=node.settings,
            reason=reason,
        )
        if out is not None:
            out.write_bytes(issued.content)
    finally:
        node.close()
    if json:
        print_json({"form": form, "number": issued.number, "sha256": issued.digest, "bytes": len(issued.content)})
        return
    show("Đã in phiếu", {"form": "mẫu", "number": "số"}, [(form, issued.number)], as_json=False)
