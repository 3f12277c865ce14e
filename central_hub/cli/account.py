"""`central-hub account`: somebody who works at the hub, with their roles; the password is asked for, never an argument."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.cli.opening import State
from central_hub.folder import HubFolder
from central_hub.people.accounts import Account, Accounts, Role
from sync_protocol.adapters.terminal import ask_secret, say


def account(
    name: str,
    *roles: Role,
    state: State,
    full_name: str = "",
    password_file: Annotated[Path | None, cyclopts.Parameter(help="Đọc mật khẩu từ tệp thay vì hỏi.")] = None,
    totp: Annotated[str, cyclopts.Parameter(help="Khóa mã một lần (base32) nếu dùng bước hai.")] = "",
) -> None:
    """Thêm hoặc thay một tài khoản của trung tâm."""
    folder = HubFolder(state)
    folder.require()
    given = (
        password_file.read_text(encoding="utf-8").strip()
        if password_file
        else ask_secret(f"Mật khẩu của {name}: ")
    )
    Accounts(folder.root).put(Account(name, full_name or name, roles or ("operator",)), given, totp=totp)
    say(f"Đã đặt tài khoản {name} ({', '.join(roles or ('operator',))}).")
