"""`central-hub courier`: take a node's courier file, write the answers for the way back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.ingest.courier import ASKED_BYTES_MAX, answer_courier
from sync_protocol.adapters.durable_file import write_pieces_durably
from sync_protocol.adapters.terminal import say, show_facts

PLAIN = (
    "Tệp trả lời [bold]không mã hóa[/] vì phần mềm của điểm là bản cũ, chưa biết mở tệp mã hóa: ai nhặt được USB đều đọc được. Giữ USB cẩn thận, xóa tệp sau khi"
    " nạp, và nâng cấp điểm."
)


def courier(
    path: Path,
    out: Path,
    *,
    state: State,
    files_mib: Annotated[int, cyclopts.Parameter(help="Mang về nhiều nhất bấy nhiêu MiB tệp mà điểm xin.")] = ASKED_BYTES_MAX // 2**20,
    json: AsJson = False,
) -> None:
    """Nhận tệp chuyển tay của một điểm và ghi tệp trả lời. Mã kết thúc 1 khi có phần không nhận."""
    hub = open_hub(state)
    try:
        with path.open("rb") as stick:
            made = asyncio.run(answer_courier(hub.service, stick, hub.registry.line_key, files_mib * 2**20))
        size = write_pieces_durably(out, made.pieces())
    finally:
        hub.store.close()
    facts: dict[str, object] = {
        "bytes": size,
        "file": str(out),
        "answers": made.answers,
        "news": made.news,
        "proven": made.is_proven,
        "came_sealed": made.was_sealed,
        "sealed": bool(made.to),
    }
    show_facts("Tệp trả lời", facts | {"refused": made.refused if json else said(made.refused)}, as_json=json)
    if not made.to:
        say(PLAIN)
    if made.refused:
        sys.exit(1)


def said(refused: dict[str, int]) -> str:
    """Codes with their counts; each has its page in the runbook.

    >>> said({"KEY-005": 2, "HUB-012": 1})
    'HUB-012 × 1, KEY-005 × 2'
    """
    return ", ".join(f"{code} × {count}" for code, count in sorted(refused.items()))
