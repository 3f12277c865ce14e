"""`edge-node backup` and `restore`: a verified copy on another disk; a new machine from it, in a new incarnation by itself."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Annotated

import cyclopts

from edge_node.app import utc_now
from edge_node.cli.opening import AsJson, State, open_node
from edge_node.identity import StateFolder
from edge_node.operations.backups import back_up, named_files, restore_node
from sync_protocol.adapters.backup.making import KEYS_NAME
from sync_protocol.adapters.backup.manifest import read_backup
from sync_protocol.adapters.keys import KeyFileOnDisk, Passphrase, unlock_keys
from sync_protocol.adapters.terminal import ask_secret, say, show_facts
from sync_protocol.adapters.terminal_tables import show_backup, show_checked


def backup(
    *, state: State, to: Annotated[Path | None, cyclopts.Parameter(help="Nơi để.")] = None, json: AsJson = False
) -> None:
    """Sao lưu sổ, tệp và cài đặt; đọc lại để kiểm tra; bỏ bản quá cũ. Thoát với mã 1 khi có tệp không sao được."""
    node = open_node(state)
    try:
        root = to or (node.folder.root / node.settings.backup.folder)
        report = back_up(
            node.folder, node.files, node.keys, node.identity.node, node.settings.trust.folder, root, node.settings.backup.keep,
            node.now(),
        )  # fmt: skip
    finally:
        node.close()
    show_backup(report, as_json=json)


def restore(
    backup: Path,
    *,
    state: State,
    key: Annotated[Path | None, cyclopts.Parameter(help="Tệp khóa của máy (unattended.key), cất riêng.")] = None,
    check: Annotated[bool, cyclopts.Parameter(negative="", help="Chỉ đọc kiểm tra bản dự phòng.")] = False,
    json: AsJson = False,
) -> None:
    """Khôi phục vào thư mục mới. Điểm tự mở lượt ghi mới và lấy phần còn thiếu từ trung tâm."""
    found = read_backup(backup)  # nobody types a passphrase for a backup that is not there
    opening = KeyFileOnDisk(key) if key is not None else Passphrase(ask_secret("Mật khẩu của điểm: "))
    if check:
        keys = unlock_keys(found.folder / KEYS_NAME, opening)
        show_checked(backup, "node", keys, named_files, as_json=json)
    done = restore_node(backup, state, opening, secrets.token_bytes, lambda: int(utc_now().timestamp() * 1000))
    if key is not None:
        shutil.copyfile(key, StateFolder(state).raw_key)
        StateFolder(state).raw_key.chmod(0o600)
    show_facts(
        "Đã khôi phục điểm",
        {"backup": done.backup, "events": done.events, "files": done.files, "lost": done.lost, "new_incarnation": done.reason},
        as_json=json,
    )  # fmt: skip
    say("Chép lại tệp chữ ký số của viên chức, chạy “edge-node doctor”, rồi “edge-node serve”.")
