"""`edge-node sync` and `lookup`: bring the queue to the hub now; look a citizen up, here and everywhere, for a purpose."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import cyclopts
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from edge_node.app import Node
from edge_node.cli.opening import AsJson, State, Who, open_node
from edge_node.repository.service import fetch_copies, find_everywhere, find_here, open_dossier
from edge_node.sync.service import synchronise
from sync_protocol.adapters import projection
from sync_protocol.adapters.terminal import console, print_json, show, show_facts
from sync_protocol.glossary import label
from sync_protocol.messages import Find, Found, Purpose

Key = Literal[
    "code", "personal_id", "bhxh_number", "org_id", "tax_code", "unit_number", "name_birth", "digitization_code"
]


def sync(
    *,
    state: State,
    compare: Annotated[bool, cyclopts.Parameter(negative="", help="Đối chiếu với trung tâm xem hai bên giữ như nhau.")] = False,
    json: AsJson = False,
) -> None:
    """Gửi hết hàng chờ và lấy tin mới. Mỗi mục có xác nhận có chữ ký của trung tâm."""
    node = open_node(state)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console()) as progress:
            records = progress.add_task("Sự kiện", total=None)
            files = progress.add_task("Tệp", total=None)

            def told(events: tuple[int, int], brought: tuple[int, int]) -> None:
                progress.update(records, completed=events[0], total=max(events[1], 1))
                progress.update(files, completed=brought[0], total=max(brought[1], 1))

            report = asyncio.run(synchronise(node, told, compares=compare))
    finally:
        node.close()
    show_facts(
        "Đồng bộ",
        {
            "events_acknowledged": report.acknowledged, "files_at_hub": report.files, "new_events": report.pulled,
            "sent_bytes": report.sent_bytes, "received_bytes": report.received_bytes,
            **({"ranges_differing": len(report.compared.differing)} if report.compared else {}),
            **({"not_taken": ", ".join(sorted(set(report.not_taken.values())))} if report.not_taken else {}),
        },
        as_json=json,
    )  # fmt: skip


def lookup(
    value: str,
    *,
    state: State,
    officer: Who,
    dossier: Annotated[str, cyclopts.Parameter(help="Mã hồ sơ đang giải quyết.")],
    reason: Annotated[str, cyclopts.Parameter(help="Lý do tra cứu.")],
    by: Key = "code",
    birth_date: str = "",
    role: str = "resolving",
    here: Annotated[bool, cyclopts.Parameter(negative="", help="Chỉ tra tại máy này.")] = False,
    open_first: Annotated[
        bool, cyclopts.Parameter(name="--open", negative="", help="Bước hai: mở hồ sơ đầu tiên tìm thấy.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Tra cứu theo khóa chính xác, có hồ sơ và lý do. Trả lời tối thiểu trước; mở hồ sơ là bước hai, có nhật ký."""
    node = open_node(state)
    purpose = Purpose(dossier, reason, officer, role)
    try:
        if here:
            views = find_here(node.desk, officer, by, value, birth_date, purpose)
            rows = [Found(v.rid, v.code, v.office, v.custody.office, v.state, v.procedure, ()) for v in views]
            scope = "local_only"
        else:
            rows = asyncio.run(_everywhere(node, Find(by, value, birth_date, purpose), open_first))
            scope = "full"
    finally:
        node.close()
    if json:
        print_json({"scope": scope, "found": rows})
        return
    show(
        "Tìm thấy" if scope == "full" else "Tìm thấy tại máy này (chưa tra nơi khác)",
        {
            "code": "mã hồ sơ",
            "procedure": "thủ tục",
            "office": "nơi nhận",
            "custodian": "nơi giải quyết",
            "state": "trạng thái",
            "papers": "giấy tờ có mã",
        },
        [
            (
                r.code, r.procedure, r.office, r.custodian, label("dossier_state", r.state),
                ", ".join(p.document_type for p in r.documents),
            )
            for r in rows
        ],
        as_json=False,
    )  # fmt: skip


async def _everywhere(node: Node, ask: Find, open_first: bool) -> list[Found]:
    async with node.online() as (driver, transfers):
        found = list((await find_everywhere(driver, ask)).found)
        if open_first and found:
            await open_dossier(driver, found[0].rid, ask.purpose)
            view = node.store.readers.run(lambda c: projection.view_of(c, found[0].rid))
            if view is not None:
                await fetch_copies(transfers, view)
        return found
