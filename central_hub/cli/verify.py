"""`central-hub verify`: walk everything the hub holds."""

from __future__ import annotations

import sys

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.operations.verification import walk
from sync_protocol.adapters.terminal import print_json, say, show


def verify(*, state: State, json: AsJson = False) -> None:
    """Kiểm tra toàn bộ sổ, tệp và chuỗi nhật ký. Thoát với mã 1 khi có điều không đúng."""
    hub = open_hub(state)
    try:
        found = hub.store.readers.run(lambda c: walk(c, hub.files.files))
    finally:
        hub.store.close()
    if json:
        print_json(found)
    else:
        say(f"Đã đọc {found.lanes} dòng sự kiện, {found.events} sự kiện, {found.dossiers} hồ sơ, {found.files} tệp.")
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
