"""`edge-node verify`: walk everything this node holds, or say in plain words what a signed file is worth."""

from __future__ import annotations

import sys
from pathlib import Path

from edge_node.cli.opening import AsJson, State, open_node
from edge_node.operations.verification import walk
from sync_protocol.adapters.terminal import print_json, say, show
from sync_protocol.adapters.verification.files import judge_files
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.adapters.verification.words import show_judged


def verify(*files: Path, state: State, json: AsJson = False) -> None:
    """Kiểm tra các tệp nêu tên; không nêu tệp nào thì kiểm tra sổ sự kiện, hồ sơ, tệp, chữ ký và nhật ký.

    Thoát với mã 1 khi có điều không đúng.
    """
    node = open_node(state)
    if files:
        trust, now = node.trust() or Trust(()), node.now()
        node.close()
        if not show_judged(judge_files(files, trust, now), as_json=json):
            sys.exit(1)
        return
    try:
        found = node.store.readers.run(
            lambda c: walk(c, node.files, node.hub, node.identity.node, node.trust(), node.now())
        )
    finally:
        node.close()
    if json:
        print_json(found)
    else:
        say(
            f"Đã đọc {found.lanes} dòng, {found.events} sự kiện, {found.dossiers} hồ sơ, {found.files} tệp, "
            f"{found.signatures} chữ ký, {found.acknowledgements} xác nhận."
        )
        for one in found.erased:
            say(f"Đã xóa theo lệnh số {one.order}: {one.bodies} nội dung; chuỗi vẫn liền.")
        if found.findings:
            columns = {"kind": "loại", "where": "ở đâu", "code": "mã", "detail": "chi tiết"}
            show("Không đúng", columns, [(f.kind, f.where, f.code, f.detail) for f in found.findings], as_json=False)
        else:
            say("Không thấy điều gì sai.")
    if found.findings:
        sys.exit(1)
