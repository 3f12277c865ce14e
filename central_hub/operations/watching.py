"""Listening to the message server's own account: which connections are made and which end, from one server or a whole cluster.

The list of open connections is asked for at every start of the watch and every minute, so that a report that was lost does no harm for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import structlog

from central_hub.app import Hub
from central_hub.ingest.nodes import offices_of_nodes
from central_hub.operations.presence import Connection, Roll, keep_presence_of
from sync_protocol.adapters.bus_errors import BusProblem
from sync_protocol.adapters.bus_session import Session
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
FLUSH_S: Final = 0.5  # a storm of 700 offices is a handful of writes
LIST_S: Final = 60.0
AGAIN_S: Final = 1.0
_PAGE: Final = 500  # connections per answer: about 300 KB
_QUIET_S: Final = 0.3  # servers of a cluster that did not answer within this are asked at the next list
_REPORTS: Final = ("$SYS.ACCOUNT.*.CONNECT", "$SYS.ACCOUNT.*.DISCONNECT")


class _Client(msgspec.Struct):
    id: int = 0
    acc: str = ""
    name_tag: str = ""


class _Server(msgspec.Struct):
    id: str = ""


class _Report(msgspec.Struct):
    server: _Server
    client: _Client


class _Listed(msgspec.Struct):
    cid: int
    account: str = ""
    name_tag: str = ""


class _Connz(msgspec.Struct):
    total: int
    connections: list[_Listed]


class _Page(msgspec.Struct):
    server: _Server
    data: _Connz


_report = msgspec.json.Decoder(_Report).decode
_page = msgspec.json.Decoder(_Page).decode


async def keep_presence(hub: Hub, server: str) -> None:
    """Write who comes and who goes into the database, until cancelled. Without the message server everybody is away, and the page says why."""
    roll, session = Roll(), None
    own = {hub.trust.hub.public, hub.trust.system.public}
    while True:
        session = Session("watch", server)
        try:
            await session.open(hub.system_settings(server), "_INBOX")
            await _listen(session, roll, own)
            hub.is_watching = True
            await _follow(hub, session, roll, own)
        except (BusProblem, msgspec.MsgspecError) as problem:
            _log.warning("hub.watch.away", reason=getattr(problem, "code", type(problem).__name__))
        except Problem as problem:
            _log.error("hub.watch.unwritten", code=problem.code, detail=problem.operator_line)
        finally:
            hub.is_watching = False
            await session.discard(1)
        await asyncio.sleep(AGAIN_S)


async def _listen(session: Session, roll: Roll, own: set[str]) -> None:
    async def heard(message: Any) -> None:
        try:
            report = _report(message.data)
        except msgspec.MsgspecError:
            return
        if report.client.acc in own or not report.client.name_tag:
            return
        connection = (report.server.id, report.client.id)
        (roll.came if message.subject.endswith(".CONNECT") else roll.went)(report.client.name_tag, connection)

    for subject in _REPORTS:
        await session.client.subscribe(subject, cb=heard)
    await session.client.flush(5)


async def _follow(hub: Hub, session: Session, roll: Roll, own: set[str]) -> None:
    """List, then write changes every half second; returns when the connection is lost."""
    loop = asyncio.get_running_loop()
    next_list = loop.time()
    while not session.lost.done():
        if loop.time() >= next_list:
            roll.asking()
            roll.listed([one async for one in _open_connections(session, own)])
            next_list = loop.time() + LIST_S
        await _write(hub, roll)
        await asyncio.wait({session.lost}, timeout=FLUSH_S)


async def _write(hub: Hub, roll: Roll) -> None:
    known = [node for node, _ in await hub.store.readers.run_async(offices_of_nodes)]
    changes = roll.take_changes(known)
    if changes:
        await hub.store.writer.run_async(lambda c: keep_presence_of(c, changes, hub.now_ms()))


async def _open_connections(session: Session, own: set[str]) -> Any:
    for server in await _servers(session):
        offset, total = 0, 1
        while offset < total:
            asked = msgspec.json.encode({"auth": True, "limit": _PAGE, "offset": offset})
            page = _page(await session.request(f"$SYS.REQ.SERVER.{server}.CONNZ", asked, 5))
            for one in _nodes_of(page, own):
                yield one
            offset, total = offset + _PAGE, page.data.total


def _nodes_of(page: _Page, own: set[str]) -> Iterator[tuple[str, Connection]]:
    for one in page.data.connections:
        if one.name_tag and one.account not in own:
            yield one.name_tag, (page.server.id, one.cid)


async def _servers(session: Session) -> list[str]:
    """Ids of all servers of the cluster that answer now."""
    found: list[str] = []
    inbox = session.client.new_inbox()

    async def heard(message: Any) -> None:
        found.append(msgspec.json.decode(message.data)["server"]["id"])

    subscription = await session.client.subscribe(inbox, cb=heard)
    await session.client.publish("$SYS.REQ.SERVER.PING", b"", reply=inbox)
    before = -1
    while not found or len(found) != before:
        before = len(found)
        await asyncio.wait({session.lost}, timeout=_QUIET_S)
        if session.lost.done():
            break
    await subscription.unsubscribe()
    return found
