"""`central-hub backup`: a verified copy; nodes learn of it at their next hello. Exit code 1 when files were lacking."""

from __future__ import annotations

from pathlib import Path

from central_hub.cli.opening import AsJson, State, open_hub
from sync_protocol.adapters.terminal_tables import show_backup


def backup(*, state: State, to: Path | None = None, json: AsJson = False) -> None:
    """Sao lưu cơ sở dữ liệu và tệp, kiểm tra bản sao, ghi mức đã có bản dự phòng, bỏ bản quá cũ."""
    hub = open_hub(state)
    try:
        report = hub.back_up(to or hub.backups())
    finally:
        hub.store.close()
    show_backup(report, as_json=json)
