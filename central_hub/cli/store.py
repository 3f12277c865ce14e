"""`central-hub store move`: the hub's tables into PostgreSQL, or back into a file. The hub must not be serving."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.app import engine_of
from central_hub.cli.opening import AsJson, State, opening_for
from central_hub.errors import HubNotRunning
from central_hub.folder import HubFolder
from central_hub.operations.backups import named_files
from central_hub.settings import FilesChoice, HubSettings
from central_hub.store.errors import HubServing
from central_hub.store.file_store import copy_files, file_store_of
from central_hub.store.hub_store import Embedded, Engine, Postgres
from central_hub.store.moving import move as move_tables
from sync_protocol.adapters.keys import unlock_keys
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.terminal import say, show_facts

app = cyclopts.App(name="store", help="Nơi trung tâm giữ bảng dữ liệu.")


@app.command
def move(
    *,
    state: State,
    to_postgres: Annotated[
        str, cyclopts.Parameter(help="Địa chỉ cơ sở dữ liệu trống, ví dụ postgresql://hub@may/lienthong.")
    ] = "",
    to_file: Annotated[Path | None, cyclopts.Parameter(help="Tệp mới, được mã hóa bằng khóa của trung tâm.")] = None,
    json: AsJson = False,
) -> None:
    """Chép mọi bảng sang nơi trống rồi đối chiếu. Trung tâm phải đang dừng; dữ liệu cũ được giữ nguyên."""
    if bool(to_postgres) == (to_file is not None):
        raise cyclopts.ValidationError(msg="Nêu đúng một trong hai: --to-postgres hoặc --to-file.")
    folder = HubFolder(state)
    folder.require()
    _refuse_while_serving(folder)
    settings = load_settings(HubSettings, folder.settings, os.environ).values
    key = unlock_keys(folder.keys, opening_for(folder)).database_key
    target: Engine = Postgres(to_postgres) if to_file is None else Embedded(to_file, key)
    moved = move_tables(engine_of(folder, settings, key), target)
    show_facts("Đã chuyển (số dòng)", {name: count for name, count in moved.items() if count}, as_json=json)
    if to_postgres and not json:
        say(r"Bước cuối: ghi hai dòng \[store] và postgres = “…” vào hub.toml rồi khởi động trung tâm.")


@app.command
def files(
    *,
    state: State,
    back: Annotated[bool, cyclopts.Parameter(negative="", help="Từ kho S3 về thư mục dữ liệu.")] = False,
    json: AsJson = False,
) -> None:
    """Chép mọi tệp giữa thư mục dữ liệu và kho S3 ghi ở [files] trong hub.toml, đối chiếu từng tệp. Trung tâm phải đang dừng; nguồn được giữ nguyên."""
    folder = HubFolder(state)
    folder.require()
    _refuse_while_serving(folder)
    settings = load_settings(HubSettings, folder.settings, os.environ).values
    if not settings.files.s3:
        raise cyclopts.ValidationError(msg="Ghi [files] s3 = “s3://…” vào hub.toml trước, rồi chạy lại lệnh này.")
    keys = unlock_keys(folder.keys, opening_for(folder))
    connection = engine_of(folder, settings, keys.database_key).open(read_only=True)
    try:
        named = named_files(connection)
    finally:
        connection.close()
    here, there = file_store_of(folder, FilesChoice(), keys), file_store_of(folder, settings.files, keys)
    copied, lacking = copy_files(*((there, here) if back else (here, there)), named)
    show_facts("Đã chép tệp", {"files": copied, "lacking": len(lacking)}, as_json=json)
    if lacking:
        raise SystemExit(10)


def _refuse_while_serving(folder: HubFolder) -> None:
    try:
        pid = folder.read_running().pid
        os.kill(pid, 0)
    except (HubNotRunning, ProcessLookupError):
        return
    raise HubServing(pid=pid)
