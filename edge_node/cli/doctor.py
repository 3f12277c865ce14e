"""`edge-node doctor`: what stands how at this office, and what to do next. Exit codes 0, 10, 1."""

from __future__ import annotations

import sys
from typing import Annotated

import cyclopts

from edge_node.app import utc_now
from edge_node.cli.opening import AsJson, State, settings_environment
from edge_node.identity import StateFolder
from edge_node.operations.checkup import node_checks
from edge_node.settings import NodeSettings
from sync_protocol.adapters.checkup import Line, examine, exit_code, refused, report
from sync_protocol.adapters.keys import KeyFileOnDisk, Passphrase, unlock_keys
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.sqlite import open_database
from sync_protocol.adapters.terminal import ask_secret
from sync_protocol.errors import Problem


def doctor(
    *,
    state: State,
    full: Annotated[bool, cyclopts.Parameter(negative="", help="Đọc hết cơ sở dữ liệu (mỗi tuần một lần).")] = False,
    json: AsJson = False,
) -> None:
    """Khám điểm: từng mục, thấy gì, việc tiếp theo. Thoát 0 tốt, 10 có mục cần xem, 1 có mục hỏng."""
    lines = _lines(StateFolder(state), full)
    report("Khám điểm", lines, as_json=json)
    sys.exit(exit_code(lines))


def _lines(folder: StateFolder, full: bool) -> list[Line]:
    try:
        identity = folder.read_identity()
        settings = load_settings(NodeSettings, folder.settings, settings_environment()).values
        held = folder.raw_key.exists()
        opening = KeyFileOnDisk(folder.raw_key) if held else Passphrase(ask_secret("Mật khẩu của điểm: "))
        connection = open_database(folder.database, unlock_keys(folder.keys, opening).database_key)
    except Problem as problem:
        return [refused("Mở điểm", problem)]
    try:
        return examine(node_checks(folder, identity, settings, connection, utc_now(), full=full))
    finally:
        connection.close()
