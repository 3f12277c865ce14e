"""How a command opens the node: the unattended key file of the machine, or a passphrase that is asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec

from edge_node.app import Node
from edge_node.errors import ApplicantUnreadable
from edge_node.identity import StateFolder
from edge_node.intake.service import dossier_by_code
from sync_protocol.adapters.keys import KeyFileOnDisk, Passphrase
from sync_protocol.adapters.logs import configure_logs
from sync_protocol.adapters.terminal import ask_secret
from sync_protocol.bodies import Party
from sync_protocol.view import ComponentView, DossierView

State = Annotated[Path, cyclopts.Parameter(name="--state", help="Thư mục dữ liệu của điểm.")]
AsJson = Annotated[bool, cyclopts.Parameter(name="--json", negative="", help="In kết quả dạng JSON.")]
Who = Annotated[str, cyclopts.Parameter(name="--officer", help="Tài khoản viên chức.")]


def opening_for(folder: StateFolder) -> KeyFileOnDisk | Passphrase:
    """The raw key file where there is one, else a passphrase typed at the terminal."""
    return (
        KeyFileOnDisk(folder.raw_key) if folder.raw_key.exists() else Passphrase(ask_secret("Mật khẩu của điểm: "))
    )


def open_node(state: Path) -> Node:
    """The node of a state folder. Raises NotInitialised, and what keys and database say."""
    folder = StateFolder(state)
    folder.read_identity()
    opening = opening_for(folder)
    log = sys.stderr if os.environ.get("LIENTHONG_LOG") else Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    configure_logs(log, lambda: "", cache=False)
    return Node(state, opening, environment=settings_environment())


def settings_environment() -> dict[str, str]:
    """The environment as settings read it; LIENTHONG_LOG (log on standard error) is a switch of the commands, not a setting."""
    return {name: value for name, value in os.environ.items() if name != "LIENTHONG_LOG"}



def passphrase_of(node: Node, account: str) -> bytes:
    """What opens this account's key: a passphrase from the machine's file or asked for, a token's PIN always asked for; never an argument, never repeated."""
    if node.signing.asks_pin(account):
        return _asked(f"Mã PIN của thiết bị ký ({account}): ")
    held = node.settings.passphrase_file
    if held is not None:
        return (node.folder.root / held).read_bytes().strip()
    return _asked("Mật khẩu chữ ký số: ")


def _asked(question: str) -> bytes:
    return ask_secret(question).encode()


def component_named(view: DossierView, name: str) -> ComponentView:
    """A component by document type, by its number in the list (1…), or by the start of its id."""
    from edge_node.intake.errors import UnknownComponent

    if name.isdigit() and 1 <= int(name) <= len(view.components):
        return view.components[int(name) - 1]
    for one in view.components:
        if one.document_type == name or one.component_id.hex().startswith(name):
            return one
    raise UnknownComponent()


__all__ = ["AsJson", "State", "Who", "component_named", "dossier_by_code", "open_node", "opening_for", "passphrase_of"]


def party_in(path: Path) -> Party:
    """Who applies, from a JSON file. Raises ApplicantUnreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Party)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ApplicantUnreadable(why=str(error)[:200]) from error
