"""How a command opens the hub's keys: the unattended key file of the machine, or a passphrase that is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.app import Hub
from central_hub.folder import HubFolder
from sync_protocol.adapters.keys import KeyFileOnDisk, Passphrase
from sync_protocol.adapters.terminal import ask_secret

State = Annotated[Path, cyclopts.Parameter(name="--state", help="Thư mục dữ liệu của trung tâm.")]
AsJson = Annotated[bool, cyclopts.Parameter(name="--json", negative="", help="In kết quả dạng JSON.")]


def opening_for(folder: HubFolder) -> Passphrase | KeyFileOnDisk:
    """The raw key file where there is one, else a passphrase typed at the terminal."""
    if folder.raw_key.exists():
        return KeyFileOnDisk(folder.raw_key)
    return Passphrase(ask_secret("Mật khẩu khóa của trung tâm: "))


def opening_with(key: Path | None) -> Passphrase | KeyFileOnDisk:
    """The given key file, or a passphrase typed at the terminal: for keys that lie elsewhere than in a state folder."""
    return KeyFileOnDisk(key) if key is not None else Passphrase(ask_secret("Mật khẩu khóa của trung tâm: "))


def open_hub(state: Path) -> Hub:
    """The hub of a state folder. Raises HubNotInitialised, and what the keys say."""
    folder = HubFolder(state)
    folder.require()
    return Hub(state, opening_for(folder), environment=os.environ)
