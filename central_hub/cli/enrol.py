"""`central-hub enrol` and `revoke`: one sealed file and one code for a new node; the end of a stolen one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.enrolment.issuing import cut_off, issue
from central_hub.seals.registry import brought_along
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.terminal import print_json, say
from sync_protocol.ids import OfficeCode


def enrol(
    node: str,
    office: str,
    *,
    state: State,
    out: Annotated[Path, cyclopts.Parameter(help="Nơi ghi tệp kết nối.")],
    server: Annotated[
        list[str] | None, cyclopts.Parameter(help="Địa chỉ trung tâm nhìn từ điểm này (khi khác địa chỉ chung).")
    ] = None,
    officer_certificate: Annotated[
        list[Path] | None,
        cyclopts.Parameter(help="Chứng thư của viên chức, ghi vào sổ cùng lúc; tên tệp là tài khoản tại điểm (cb02.cer)."),
    ] = None,
    agency_certificate: Annotated[Path | None, cyclopts.Parameter(help="Chứng thư của cơ quan, ghi vào sổ cùng lúc.")] = None,
    again: Annotated[bool, cyclopts.Parameter(negative="", help="Cấp lại cho một điểm đã biết.")] = False,
    rekey: Annotated[
        bool, cyclopts.Parameter(negative="", help="Đổi khóa của một điểm đã biết, giữ máy và dữ liệu.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Đăng ký một điểm: tệp kết nối (mã hóa) và mã một lần, giao theo hai đường khác nhau."""
    signers = brought_along(
        [(one.name, one.read_bytes()) for one in officer_certificate or ()],
        [(one.name, one.read_bytes()) for one in (agency_certificate,) if one is not None],
        OfficeCode(office),
    )
    hub = open_hub(state)
    try:
        handed, has_numbers = asyncio.run(
            issue(hub, node, office, again=again or rekey, keeps_log=rekey, servers=tuple(server or ()), signers=signers)
        )
        write_durably(out, handed.sealed)
    finally:
        hub.store.close()
    if json:
        print_json({"node": node, "office": office, "file": str(out), "code": handed.code})
        return
    if not has_numbers:  # after a restore: until every node of the office was heard
        say("Dải số hồ sơ sẽ được cấp khi điểm kết nối lần đầu.")
    say(f"Tệp kết nối: {out}\nMã một lần (không lưu ở đâu cả): [bold]{handed.code}[/]")


def revoke(node: str, *, state: State) -> None:
    """Thu hồi một điểm: ngắt kết nối ngay, những gì gửi sau đó được giữ riêng."""
    hub = open_hub(state)
    try:
        asyncio.run(cut_off(hub, node))
    finally:
        hub.store.close()
    say(f"Đã thu hồi điểm {node}.")
