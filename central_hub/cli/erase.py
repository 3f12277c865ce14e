"""`central-hub erase`: an order to erase, asked for by one account and approved by another; both prove themselves by password."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.app import Hub
from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.erasure import orders
from central_hub.erasure.carrying_out import carry_out
from central_hub.erasure.errors import NotAllowedToErase, NothingToErase
from central_hub.ingest.errors import UnknownRecord
from central_hub.people.accounts import Accounts, Role
from sync_protocol.adapters import projection
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.terminal import ask_secret, print_json, say, show
from sync_protocol.clock import wall_ms
from sync_protocol.glossary import label
from sync_protocol.ids import EventId, RecordId
from sync_protocol.search_keys import key_for

app = cyclopts.App(name="erase", help="Xóa nội dung theo lệnh: một người đề nghị, người khác phê duyệt.")
ASKER: Role = "conflict_officer"
APPROVER: Role = "leader"
PasswordFile = Annotated[Path | None, cyclopts.Parameter(help="Đọc mật khẩu từ tệp thay vì hỏi.")]
CodeNow = Annotated[str, cyclopts.Parameter(name="--code", help="Mã một lần, nếu tài khoản có bước hai.")]


@app.command(name="show")
def show_erasable(dossier: str, *, state: State, json: AsJson = False) -> None:
    """Những nội dung của một hồ sơ có thể xóa theo lệnh; không in nội dung nào."""
    hub = open_hub(state)
    try:
        rid = _rid_of(hub, dossier)
        found = hub.store.readers.run(lambda c: orders.erasable(c, rid))
    finally:
        hub.store.close()
    show(
        "Có thể xóa theo lệnh",
        {"event": "nội dung", "type": "loại", "at_ms": "lúc (ms)", "actor": "người ghi", "node": "điểm"},
        [(one.event.hex(), one.type, wall_ms(one.hlc), one.actor, one.node) for one in found],
        as_json=json,
    )


@app.command
def ask(
    dossier: str,
    *events: str,
    state: State,
    order: Annotated[str, cyclopts.Parameter(help="Số văn bản của lệnh.")],
    reason: Annotated[str, cyclopts.Parameter(help="Căn cứ; không ghi thông tin cá nhân.")],
    officer: str,
    whole: Annotated[bool, cyclopts.Parameter(negative="", help="Mọi nội dung còn xóa được của hồ sơ.")] = False,
    password_file: PasswordFile = None,
    code: CodeNow = "",
) -> None:
    """Lập lệnh xóa, chờ người thứ hai phê duyệt. Nội dung nêu bằng mã (hoặc phần đầu mã) in ra ở `show`."""
    hub = open_hub(state)
    try:
        _let_in(hub, officer, ASKER, "lập lệnh xóa", password_file, code)
        rid = _rid_of(hub, dossier)
        known = hub.store.readers.run(lambda c: orders.erasable(c, rid))
        wanted = [one.event for one in known] if whole else [_named(known, name) for name in events]
        number = hub.store.writer.run(
            lambda c: orders.ask(c, rid, wanted, number=order, reason=reason, officer=officer, now_ms=hub.now_ms())
        )
    finally:
        hub.store.close()
    say(f"Đã lập lệnh {number}, chờ phê duyệt: central-hub erase approve {number} --officer …")


@app.command
def approve(
    order_id: int, *, state: State, officer: str, password_file: PasswordFile = None, code: CodeNow = ""
) -> None:
    """Phê duyệt và thực hiện một lệnh. Người phê duyệt phải khác người đề nghị."""
    hub = open_hub(state)
    try:
        _let_in(hub, officer, APPROVER, "phê duyệt lệnh xóa", password_file, code)
        bodies = asyncio.run(carry_out(hub.store, hub.service, hub.files.files, order_id, officer, hub.now_ms()))
    finally:
        hub.store.close()
    say(f"Đã xóa {bodies} nội dung theo lệnh {order_id}. Các cơ quan xóa theo khi nhận tin.")


@app.command
def withdraw(
    order_id: int, *, state: State, officer: str, password_file: PasswordFile = None, code: CodeNow = ""
) -> None:
    """Rút một lệnh đang chờ."""
    hub = open_hub(state)
    try:
        _let_in(hub, officer, ASKER, "rút lệnh xóa", password_file, code)
        hub.store.writer.run(lambda c: orders.withdraw(c, order_id, officer, hub.now_ms()))
    finally:
        hub.store.close()
    say(f"Đã rút lệnh {order_id}.")


@app.command(name="list")
def show_all(*, state: State, json: AsJson = False) -> None:
    """Các lệnh xóa, lệnh đang chờ ở trên."""
    hub = open_hub(state)
    try:
        found = hub.store.readers.run(orders.orders)
    finally:
        hub.store.close()
    if json:
        print_json(found)
        return
    show(
        "Lệnh xóa",
        {
            "id": "lệnh",
            "number": "số văn bản",
            "bodies": "nội dung",
            "asked": "đề nghị",
            "settled": "phê duyệt",
            "state": "tình trạng",
        },
        [(o.id, o.number, len(o.event_ids), o.asked_by, o.settled_by, label("erasure_state", o.state)) for o in found],
        as_json=False,
    )


def _named(known: list[orders.Erasable], name: str) -> EventId:
    """The one event whose id begins so: a name that fits none or several must not change the order silently."""
    found = [one.event for one in known if one.event.hex().startswith(name.lower())]
    if len(found) != 1:
        raise NothingToErase(event_id=name[:16])
    return found[0]


def _rid_of(hub: Hub, code: str) -> RecordId:
    found = hub.store.readers.run(lambda c: projection.find(c, key_for("code", code)))
    if not found:
        raise UnknownRecord()
    return found[0].rid


def _let_in(hub: Hub, officer: str, role: Role, work: str, password_file: Path | None, code: str) -> None:
    accounts = Accounts(hub.folder.root)
    given = password_file.read_text("utf-8").strip() if password_file else ask_secret(f"Mật khẩu của {officer}: ")
    door = Door(accounts.passwords, hub.store.writer, hub.store.readers, hub.now_ms)
    asyncio.run(door.enter(officer, given, code, "terminal"))
    known = accounts.find(officer)
    if known is None or known.is_blocked or role not in known.roles:
        raise NotAllowedToErase(work=work, role=role)
