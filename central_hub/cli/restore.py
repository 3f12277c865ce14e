"""`central-hub restore`: a new state folder from a backup, under a new epoch; `--check` only reads the backup in full."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.app import anchor_of, utc_now
from central_hub.cli.opening import AsJson, State, opening_with
from central_hub.folder import HubFolder
from central_hub.operations.backups import named_files, restore_hub
from central_hub.settings import HubSettings
from central_hub.store.epoch_anchor import EpochAnchor
from sync_protocol.adapters.backup.making import KEYS_NAME
from sync_protocol.adapters.backup.manifest import read_backup
from sync_protocol.adapters.keys import KeyFileOnDisk, unlock_keys
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.terminal import say, show_facts
from sync_protocol.adapters.terminal_tables import show_checked
from sync_protocol.ids import HubEpoch


def restore(
    backup: Path,
    *,
    state: State,
    key: Annotated[Path | None, cyclopts.Parameter(help="Tệp khóa của máy (unattended.key), cất riêng.")] = None,
    check: Annotated[bool, cyclopts.Parameter(negative="", help="Chỉ đọc kiểm tra bản dự phòng.")] = False,
    json: AsJson = False,
) -> None:
    """Khôi phục vào thư mục mới. Trung tâm mở kỷ nguyên mới; các điểm tự gửi lại phần còn thiếu."""
    found = read_backup(backup)  # nobody types a passphrase for a backup that is not there
    opening = opening_with(key)
    if check:
        keys = unlock_keys(found.folder / KEYS_NAME, opening)
        show_checked(backup, "hub", keys, named_files, as_json=json)
    done = restore_hub(
        backup, state, opening, _anchor, HubEpoch(secrets.token_bytes(16)), int(utc_now().timestamp() * 1000)
    )
    if isinstance(opening, KeyFileOnDisk):
        shutil.copyfile(opening.path, HubFolder(state).raw_key)
        HubFolder(state).raw_key.chmod(0o600)
    show_facts(
        "Đã khôi phục trung tâm",
        {
            "backup": done.backup, "events": done.events, "files": done.files, "lacking": done.lacking,
            "epoch": done.epoch.hex()[:8],
        },
        as_json=json,
    )  # fmt: skip
    say("Chạy “central-hub serve”: các điểm tự gửi lại phần bản dự phòng còn thiếu.")
    say("Máy thu hồi sau bản dự phòng này: điểm đầu tiên kết nối sẽ nhắc; biết tên thì thu hồi lại ngay (“central-hub revoke”).")
    say("Làm lại, không điểm nào giữ hộ: ghi danh, tài khoản, danh mục đã làm sau bản dự phòng này.")


def _anchor(folder: HubFolder) -> EpochAnchor:
    return anchor_of(folder, load_settings(HubSettings, folder.settings, os.environ).values)
