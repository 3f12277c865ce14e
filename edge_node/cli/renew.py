"""`edge-node renew`: new keys from a new enrolment file; data and queue stay. The service must be stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from edge_node.app import utc_now
from edge_node.cli.opening import State, opening_for
from edge_node.identity import StateFolder
from edge_node.renewal import renew as renew_keys
from sync_protocol.adapters.keys import unlock_keys
from sync_protocol.adapters.terminal import say


def renew(
    *,
    state: State,
    bundle: Annotated[Path, cyclopts.Parameter(help="Tệp kết nối mới do trung tâm cấp (Đổi khóa).")],
    code: Annotated[str, cyclopts.Parameter(help="Mã một lần.")],
) -> None:
    """Đổi khóa của điểm, giữ dữ liệu và hàng chờ. Dừng dịch vụ trước khi chạy."""
    folder = StateFolder(state)
    folder.read_identity()
    made = renew_keys(folder, unlock_keys(folder.keys, opening_for(folder)), bundle.read_bytes(), code, utc_now())
    say(f"Đã đổi khóa của điểm [bold]{made.node}[/]. Khởi động lại dịch vụ.")
