"""`edge-node init`: from the enrolment file and its one-time code to a working, offline-ready node. Never overwrites."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import cyclopts

from edge_node.app import utc_now
from edge_node.cli.opening import State
from edge_node.initialise import initialise
from sync_protocol.adapters.terminal import ask_secret, say


def init(
    *,
    state: State,
    bundle: Annotated[Path, cyclopts.Parameter(help="Tệp kết nối do trung tâm cấp.")],
    code: Annotated[str, cyclopts.Parameter(help="Mã một lần.")],
    settings: Annotated[Path | None, cyclopts.Parameter(help="Tệp cài đặt (TOML) của điểm.")] = None,
    passphrase: Annotated[bool, cyclopts.Parameter(help="Hỏi mật khẩu thay vì dùng tệp khóa trên máy.")] = False,
) -> None:
    """Khởi tạo điểm trong một thư mục."""
    secret = None
    if passphrase:
        secret = ask_secret("Mật khẩu mới của điểm: ")
    made = initialise(state, bundle.read_bytes(), code, settings, secret, utc_now(), secrets.token_bytes)
    say(f"Đã khởi tạo điểm [bold]{made.node}[/] của cơ quan {made.office}. Trung tâm: {made.hub}")
