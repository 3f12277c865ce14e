"""`edge-node export-courier` and `import-courier`: an exchange with the hub on a USB stick, for an office without a line."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from edge_node.cli.opening import AsJson, State, open_node
from edge_node.sync.by_hand import read_stick, write_stick
from edge_node.sync.refusal import said_of, step_for
from edge_node.sync.wished import FILES_BYTES_MAX
from sync_protocol.adapters.durable_file import write_pieces_durably
from sync_protocol.adapters.terminal import say, show_facts

PLAIN = (
    "Tệp này [bold]không mã hóa[/] vì máy chưa nhận chìa khóa của trung tâm: ai nhặt được USB đều đọc được. Giữ USB cẩn thận, xóa tệp sau khi nộp."
    " Từ tệp trả lời đầu tiên của trung tâm bản mới, tệp xuất ra được mã hóa."
)


def export_courier(
    out: Path,
    *,
    state: State,
    files_mib: Annotated[int, cyclopts.Parameter(help="Xin về nhiều nhất bấy nhiêu MiB tệp do nơi khác chụp.")] = FILES_BYTES_MAX // 2**20,
    json: AsJson = False,
) -> None:
    """Ghi mọi thứ đang chờ gửi, cùng câu hỏi tin mới và tệp cần xin, ra một tệp để mang đến trung tâm."""
    node = open_node(state)
    try:
        made = write_stick(node, files_mib * 2**20)
        size = write_pieces_durably(out, made.pieces())
    finally:
        node.close()
    show_facts("Tệp chuyển tay", {"events": made.events, "files": made.files, "bytes": size, "sealed": bool(made.to)}, as_json=json)
    if not made.to:
        say(PLAIN)


def import_courier(path: Path, *, state: State, json: AsJson = False) -> None:
    """Nạp tệp trả lời của trung tâm: xác nhận, tin mới, dải số, danh mục. Mã kết thúc 1 khi trung tâm không nhận phần nào."""
    node = open_node(state)
    try:
        with path.open("rb") as stick:
            taken = asyncio.run(read_stick(node, stick))
    finally:
        node.close()
    facts: dict[str, object] = {"acknowledged_upto": taken.upto, "files_at_hub": taken.files, "news": taken.news, "files_brought": taken.brought, "refused": sum(taken.refused.values())}
    show_facts("Đã nạp", facts | ({"codes": taken.refused} if json else {}), as_json=json)
    for code, count in sorted(taken.refused.items()):
        say(f"{code} × {count}: {said_of(code) or 'trung tâm không nhận phần này'}. {step_for(code)}")
    if taken.refused:
        sys.exit(1)
