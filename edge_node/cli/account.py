"""`edge-node account`: the password of an officer named in the settings; asked for, never an argument."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from edge_node.cli.opening import State, open_node
from edge_node.people.passwords import open_passwords, set_password
from sync_protocol.adapters.terminal import ask_secret, say


def account(
    name: str,
    *,
    state: State,
    password_file: Annotated[Path | None, cyclopts.Parameter(help="Đọc mật khẩu từ tệp thay vì hỏi.")] = None,
    totp: Annotated[str, cyclopts.Parameter(help="Khóa mã một lần (base32) nếu dùng bước hai.")] = "",
) -> None:
    """Đặt mật khẩu cho một tài khoản có trong cài đặt của điểm."""
    node = open_node(state)
    try:
        given = (
            password_file.read_text(encoding="utf-8").strip()
            if password_file
            else ask_secret(f"Mật khẩu của {name}: ")
        )
        set_password(open_passwords(node.folder.root), node.desk.officers, name, given, totp=totp)
    finally:
        node.close()
    say(f"Đã đặt mật khẩu cho {name}.")
