"""`central-hub init`: keys, authority, settings, database. Never overwrites."""

from __future__ import annotations

from typing import Annotated

import cyclopts

from central_hub.app import Hub, make_hub_authority, utc_now
from central_hub.cli.opening import State, opening_for
from central_hub.errors import HubAlreadyInitialised
from central_hub.folder import HubFolder
from sync_protocol.adapters.disk import disk_state
from sync_protocol.adapters.keys import KeyFileOnDisk, Passphrase, create_keys, create_raw_key_file
from sync_protocol.adapters.terminal import ask_secret, say


def init(
    *,
    state: State,
    name: str = "trungtam",
    bus_port: int = 4222,
    web_port: int = 8030,
    passphrase: Annotated[bool, cyclopts.Parameter(help="Hỏi mật khẩu thay vì dùng tệp khóa trên máy.")] = False,
) -> None:
    """Khởi tạo trung tâm trong một thư mục."""
    folder = HubFolder(state)
    if folder.keys.exists():
        raise HubAlreadyInitialised()
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    disk_state(state).require_writes()
    folder.trust.mkdir(exist_ok=True, mode=0o700)
    if passphrase:
        create_keys(folder.keys, [Passphrase(ask_secret("Mật khẩu mới cho khóa của trung tâm: "))])
    else:
        create_raw_key_file(folder.raw_key)
        create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])
    make_hub_authority(folder, name, utc_now())
    folder.settings.write_text(
        f'name = "{name}"\n\n[bus]\nport = {bus_port}\n\n[web]\nport = {web_port}\n', encoding="utf-8"
    )
    hub = Hub(state, opening_for(folder))
    say(f"Đã khởi tạo trung tâm [bold]{name}[/]. Khóa công khai: {hub.keys.signer.public_key.hex()}")
    hub.store.close()
