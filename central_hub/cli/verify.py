"""`central-hub verify`: walk everything the hub holds."""

from __future__ import annotations

import sys
from pathlib import Path

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.operations.verification import walk
from central_hub.seals.opening import trust_folder_of
from central_hub.seals.trust_folder import read_trust
from sync_protocol.adapters.terminal import print_json, say, show
from sync_protocol.adapters.verification.files import judge_files
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.adapters.verification.words import show_judged


def verify(*files: Path, state: State, json: AsJson = False) -> None:
    """Kiểm tra các tệp nêu tên; không nêu tệp nào thì kiểm tra toàn bộ sổ, tệp và chuỗi nhật ký.

    Thoát với mã 1 khi có điều không đúng.
    """
    hub = open_hub(state)
    if files:
        folder, now = trust_folder_of(hub), hub.now()
        hub.store.close()
        trust = read_trust(folder) if folder is not None else Trust(())
        if not show_judged(judge_files(files, trust, now), as_json=json):
            sys.exit(1)
        return
    try:
        found = hub.store.readers.run(lambda c: walk(c, hub.files.files))
    finally:
        hub.store.close()
    if json:
        print_json(found)
    else:
        say(f"Đã đọc {found.lanes} dòng sự kiện, {found.events} sự kiện, {found.dossiers} hồ sơ, {found.files} tệp.")
        for one in found.erased:
            say(f"Đã xóa theo lệnh số {one.order}: {one.bodies} nội dung; chuỗi vẫn liền.")
        if found.findings:
            show(
                "Không đúng",
                {"kind": "loại", "where": "ở đâu", "code": "mã", "detail": "chi tiết"},
                [(f.kind, f.where, f.code, f.detail) for f in found.findings],
                as_json=False,
            )
        else:
            say("Không thấy điều gì sai.")
    if found.findings:
        sys.exit(1)
