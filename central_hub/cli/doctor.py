"""`central-hub doctor` and `health`: what stands how, and what to do next; whether the service answers. Exit codes 0, 10, 1."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import cyclopts

from central_hub.app import anchor_of, engine_of, utc_now
from central_hub.cli.opening import AsJson, State, opening_for
from central_hub.folder import HubFolder
from central_hub.operations.checkup import check_service, hub_checks
from central_hub.settings import HubSettings
from sync_protocol.adapters.checkup import Line, examine, exit_code, refused, report
from sync_protocol.adapters.keys import unlock_keys
from sync_protocol.adapters.settings import load_settings
from sync_protocol.errors import Problem


def doctor(
    *,
    state: State,
    full: Annotated[bool, cyclopts.Parameter(negative="", help="Đọc hết cơ sở dữ liệu (mỗi tuần một lần).")] = False,
    json: AsJson = False,
) -> None:
    """Khám trung tâm: từng mục, thấy gì, việc tiếp theo. Thoát 0 tốt, 10 có mục cần xem, 1 có mục hỏng."""
    lines = _lines(HubFolder(state), full)
    report("Khám trung tâm", lines, as_json=json)
    sys.exit(exit_code(lines))


def health(*, state: State, json: AsJson = False) -> None:
    """Dịch vụ có trả lời và sẵn sàng không. Thoát 0 sẵn sàng, 10 chưa chạy, 1 hỏng."""
    lines = examine([("Dịch vụ", lambda: check_service(HubFolder(state)))])
    report("Dịch vụ", lines, as_json=json)
    sys.exit(exit_code(lines))


def _lines(folder: HubFolder, full: bool) -> list[Line]:
    try:
        folder.require()
        settings = load_settings(HubSettings, folder.settings, os.environ).values
        keys = unlock_keys(folder.keys, opening_for(folder))
        engine = engine_of(folder, settings, keys.database_key)
        connection = engine.open(read_only=False)
    except Problem as problem:
        return [refused("Mở trung tâm", problem)]
    try:
        anchor = anchor_of(folder, settings)
        return examine(hub_checks(folder, settings, keys, engine, connection, anchor, utc_now(), full=full))
    finally:
        connection.close()
