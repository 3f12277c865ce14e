"""`central-hub backup`: a verified copy; nodes learn of it at their next hello."""

from __future__ import annotations

from pathlib import Path

from central_hub.app import utc_now
from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.operations.backups import make_backup
from sync_protocol.adapters.terminal import show_facts


def backup(*, state: State, to: Path | None = None, json: AsJson = False) -> None:
    """Sao lưu cơ sở dữ liệu và tệp, kiểm tra bản sao, rồi ghi mức đã có bản dự phòng."""
    hub = open_hub(state)
    try:
        report = make_backup(hub.store, hub.files.files, hub.keys.database_key, to or hub.folder.backups, utc_now())
    finally:
        hub.store.close()
    show_facts(
        "Bản dự phòng",
        {"path": report.path, "events": report.events, "files": report.files, "bytes": report.bytes},
        as_json=json,
    )
