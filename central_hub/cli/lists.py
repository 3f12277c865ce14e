"""`central-hub lists show|renew`: the revocation lists by which signatures are judged, and which every office is offered."""

from __future__ import annotations

from pathlib import Path

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.seals.errors import ListUnreadable, NoTrustFolder
from central_hub.seals.opening import trust_folder_of
from central_hub.seals.revocation_lists import publish_now, renew_list, states_of
from central_hub.seals.trust_folder import read_trust
from sync_protocol.adapters.terminal import show
from sync_protocol.adapters.trust_lists import ListState

app = cyclopts.App(name="lists", help="Danh sách thu hồi chứng thư: xem hạn, nạp bản mới.")


@app.command(name="show")
def show_lists(*, state: State, json: AsJson = False) -> None:
    """Danh sách của từng tổ chức chứng thực, bản gấp nhất ở trên. Mã thoát 10 khi có bản phải thay ngay."""
    hub = open_hub(state)
    try:
        folder, now = trust_folder_of(hub), hub.now()
        if folder is None:
            raise NoTrustFolder(found="no folder named")
        states = states_of(read_trust(folder))
    finally:
        hub.store.close()
    _show(states, as_json=json)
    if any(one.is_ending(now) for one in states):
        raise SystemExit(10)


@app.command
def renew(*files: Path, state: State, json: AsJson = False) -> None:
    """Nạp danh sách thu hồi mới (DER hoặc PEM), rồi công bố cho mọi điểm. Bản cũ hơn hoặc của nơi lạ không được nhận."""
    hub = open_hub(state)
    try:
        folder = trust_folder_of(hub)
        if folder is None:
            raise NoTrustFolder(found="no folder named")
        states = [renew_list(folder, _read(path), hub.now()) for path in files]
        publish_now(hub, folder)
    finally:
        hub.store.close()
    _show(states, as_json=json)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ListUnreadable(size=0) from error


def _show(states: list[ListState], *, as_json: bool) -> None:
    show(
        "Danh sách thu hồi",
        {"issuer": "tổ chức", "made": "cập nhật", "ends": "hết hạn", "revoked": "số chứng thư"},
        [(one.issuer, str(one.this_update or "chưa có"), str(one.next_update or ""), one.revoked) for one in states],
        as_json=as_json,
    )
