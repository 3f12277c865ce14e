"""`central-hub enrol` and `revoke`: one sealed file and one code for a new node; the end of a stolen one."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Annotated

import apsw
import cyclopts
import msgspec

from central_hub.app import Hub, utc_now
from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.handout import HubAddress, hand_out
from central_hub.ingest.greeting import newest_catalogue
from central_hub.ingest.nodes import block_for, enrol_node, revoke_node
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.terminal import print_json, say
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.messages import CodeBlock


def enrol(
    node: str,
    office: str,
    *,
    state: State,
    out: Annotated[Path, cyclopts.Parameter(help="Nơi ghi tệp kết nối.")],
    server: Annotated[
        list[str] | None, cyclopts.Parameter(help="Địa chỉ trung tâm nhìn từ điểm này (khi khác địa chỉ chung).")
    ] = None,
    again: Annotated[bool, cyclopts.Parameter(negative="", help="Cấp lại cho một điểm đã biết.")] = False,
    json: AsJson = False,
) -> None:
    """Đăng ký một điểm: tệp kết nối (mã hóa) và mã một lần, giao theo hai đường khác nhau."""
    hub = open_hub(state)
    try:
        code = asyncio.run(_enrol(hub, node, office, out, again, tuple(server or ())))
    finally:
        hub.store.close()
    if json:
        print_json({"node": node, "office": office, "file": str(out), "code": code})
    else:
        say(f"Tệp kết nối: {out}\nMã một lần (không lưu ở đâu cả): [bold]{code}[/]")


async def _enrol(hub: Hub, node: str, office: str, out: Path, again: bool, servers: tuple[str, ...]) -> str:
    server = hub.folder.read_running().server
    inc = Incarnation(secrets.token_bytes(16))
    now_ms = hub.now_ms()

    def register(connection: apsw.Connection) -> CodeBlock | None:
        enrol_node(connection, NodeId(node), OfficeCode(office), b"", now_ms)
        return block_for(connection, NodeId(node), OfficeCode(office), inc)

    block = await hub.store.writer.run_async(register)
    extra = {"incarnation": bytes(inc)}
    if block is None:  # after a restore: until every node of the office was heard
        say("Dải số hồ sơ sẽ được cấp khi điểm kết nối lần đầu.")
    else:
        extra["code_block"] = msgspec.msgpack.encode(block)
    offer = await hub.store.readers.run_async(newest_catalogue)
    if offer is not None:
        extra["catalogue_offer"] = msgspec.msgpack.encode(offer)
        extra["catalogue"] = await asyncio.to_thread(hub.files.files.get, offer.digest.hex())
    handed = await hand_out(
        hub.registry, hub.system_settings(server), _address(hub, server, servers), node, office, now=utc_now(),
        entropy=secrets.token_bytes, again=again, extra=extra,
    )  # fmt: skip
    write_durably(out, handed.sealed)
    return handed.code


def _address(hub: Hub, server: str, servers: tuple[str, ...]) -> HubAddress:
    address = hub.address(server)
    return msgspec.structs.replace(address, servers=servers) if servers else address


def revoke(node: str, *, state: State) -> None:
    """Thu hồi một điểm: ngắt kết nối ngay, những gì gửi sau đó được giữ riêng."""
    hub = open_hub(state)
    try:
        asyncio.run(_revoke(hub, node))
    finally:
        hub.store.close()
    say(f"Đã thu hồi điểm {node}.")


async def _revoke(hub: Hub, node: str) -> None:
    await hub.store.writer.run_async(lambda c: revoke_node(c, NodeId(node), hub.now_ms()))
    token = hub.registry.revoke(node, int(utc_now().timestamp()))
    await push_accounts(hub.system_settings(hub.folder.read_running().server), {node: token})
