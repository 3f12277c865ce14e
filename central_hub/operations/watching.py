"""Listening to the message server's own account: which connections are made and which end, from one server or a whole cluster.

The list of open connections is asked for at every start of the watch and every minute, so that a report that was lost does no harm for long. Every second
the connections heard last are asked for, freshest first and no further than the first stale one, so that a line that carries nothing more is seen (`hearing`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Final

import apsw
import msgspec
import structlog

from central_hub.app import Hub
from central_hub.ingest.nodes import offices_of_nodes
from central_hub.operations.hearing import SLOW_MS, Heard, Hearing
from central_hub.operations.presence import Connection, Roll, forget_voices, keep_presence_of, keep_voices
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.session import BEATING, Session
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
FLUSH_S: Final = 0.5  # a storm of 700 offices is a handful of writes
HEAR_S: Final = 1.0  # with a second between beats and two for a gap, five seconds to the screen
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
    name: str = ""
    last_activity: dt.datetime | None = None


class _Connz(msgspec.Struct):
    total: int
    connections: list[_Listed]
    now: dt.datetime | None = None


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
    next_list = next_hearing = loop.time()
    hearing, heard_ms = Hearing(), dict[str, int]()
    servers: list[str] = []
    known: list[str] = []
    await hub.store.writer.run_async(forget_voices)
    while not session.lost.done():
        if loop.time() >= next_list:
            roll.asking()
            servers = await _servers(session)
            listed = [one async for one in _open_connections(session, servers, own)]
            roll.listed((node, connection) for node, connection, _ in listed)
            beating = {node for node, _, is_beating in listed if is_beating}
            heard_ms = {node: at for node, at in heard_ms.items() if node in beating}
            known = []
            next_list = loop.time() + LIST_S
        voices: dict[str, Heard] = {}
        if loop.time() >= next_hearing:
            next_hearing, now_ms = loop.time() + HEAR_S, int(loop.time() * 1000)
            voices = hearing.look(await _ages(session, servers, roll.holders(), heard_ms, now_ms), now_ms)
        if not known or not roll.names() <= set(known):
            known = [node for node, _ in await hub.store.readers.run_async(offices_of_nodes)]
        await _write(hub, roll.take_changes(known), voices)
        await asyncio.wait({session.lost}, timeout=FLUSH_S)


async def _write(hub: Hub, changes: Mapping[str, bool], voices: Mapping[str, Heard]) -> None:
    def work(connection: apsw.Connection) -> None:
        keep_presence_of(connection, changes, hub.now_ms())
        keep_voices(connection, voices, hub.now_ms())

    if changes or voices:
        await hub.store.writer.run_async(work)


async def _ages(
    session: Session, servers: Iterable[str], holders: Mapping[Connection, str], heard_ms: dict[str, int], now_ms: int
) -> dict[str, int]:
    """How long ago each connected node was heard that ever beat, ms; `heard_ms` is moved on."""
    for server in servers:
        async for connection, age_ms in _freshest(session, server):
            node = holders.get(connection)
            if node is not None:
                heard_ms[node] = max(heard_ms.get(node, 0), now_ms - age_ms)
    return {node: now_ms - heard_ms[node] for node in set(holders.values()) & heard_ms.keys()}


async def _freshest(session: Session, server: str) -> AsyncIterator[tuple[Connection, int]]:
    """Beating connections that are heard without a gap, with the age of their last word in ms, freshest first."""
    offset, total = 0, 1
    while offset < total:
        page = await _connections(session, server, offset, sort="last")
        for one in page.data.connections:
            if one.last_activity is None or page.data.now is None:
                continue
            age_ms = (page.data.now - one.last_activity) // dt.timedelta(milliseconds=1)
            if age_ms > SLOW_MS:
                return
            if one.name.endswith(BEATING):
                yield (page.server.id, one.cid), age_ms
        offset, total = offset + _PAGE, page.data.total


async def _open_connections(
    session: Session, servers: Iterable[str], own: set[str]
) -> AsyncIterator[tuple[str, Connection, bool]]:
    """Every connection of a node, and whether it beats."""
    for server in servers:
        offset, total = 0, 1
        while offset < total:
            page = await _connections(session, server, offset, auth=True)
            for one in page.data.connections:
                if one.name_tag and one.account not in own:
                    yield one.name_tag, (page.server.id, one.cid), one.name.endswith(BEATING)
            offset, total = offset + _PAGE, page.data.total


async def _connections(session: Session, server: str, offset: int, **options: object) -> _Page:
    asked = msgspec.json.encode({"limit": _PAGE, "offset": offset, **options})
    return _page(await session.request(f"$SYS.REQ.SERVER.{server}.CONNZ", asked, 5))


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
