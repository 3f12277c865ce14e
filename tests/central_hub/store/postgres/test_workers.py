"""Several hub processes over one PostgreSQL, as processes: an office's queue goes to one of them, one is killed in the middle, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central_hub.folder import HubFolder
from deploy.demo.job.stage import Actor, CommandFailed
from edge_node.app import Node
from edge_node.store.ledger import Draft
from edge_node.sync import line
from edge_node.sync.driver import SyncDriver
from edge_node.sync.service import Synchroniser
from sync_protocol.adapters.bus.session import Session
from tests.benchmarks.stage import Stage
from tests.benchmarks.sync_speed import RECEIVE, level
from tests.benchmarks.workload import dossiers
from tests.central_hub.store.postgres.server import Server

COUNT = 3_000


@pytest.fixture
def stage(server: Server, tmp_path: Path) -> Iterator[Stage]:
    """A hub that began in its own file, was moved to PostgreSQL, and serves from there."""
    made = Stage(tmp_path)
    made.hub.stop()
    url = server.empty_at(tmp_path).url
    made.hub.run("store move", "--to-postgres", url, "--json")
    with made.files.settings.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[store]\npostgres = "{url}"\n')
    made.start()
    yield made
    made.hub.stop()


@pytest.fixture
def worker(stage: Stage) -> Iterator[Actor]:
    made = Actor("hub", stage.folder / "hub")
    made.log = stage.folder / "worker.log"
    made.start("work")
    yield made
    made.kill()


async def statistics(stage: Stage) -> list[dict[str, Any]]:
    """What each process that answers pushes says of them, as everybody learns it who asks the message server for a service's statistics."""
    session = Session("statistics", stage.files.read_running().server)
    await session.open(stage.worker("statistics"), "_INBOX")
    try:
        inbox = session.client.new_inbox()
        replies = await session.client.subscribe(inbox)
        await session.client.publish("$SRV.STATS.hub", b"", reply=inbox)
        found: list[dict[str, Any]] = []
        while True:
            try:
                said = msgspec.json.decode((await replies.next_msg(timeout=1)).data)
            except TimeoutError:
                return found
            found += [one for one in said["endpoints"] if one["name"] == "push"]
    finally:
        await session.discard(1)


@contextlib.asynccontextmanager
async def synchronising(node: Node) -> AsyncIterator[SyncDriver]:
    """The node's whole synchronisation, as its service runs it."""
    bus = node.bus()
    sync = Synchroniser(node, bus)
    work = asyncio.create_task(sync.run())
    await bus.connect(20)
    try:
        yield sync.driver
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await bus.close()


def receive(node: Node, drafts: list[Draft]) -> None:
    for at in range(0, len(drafts), 500):
        node.desk.ledger.save(RECEIVE, drafts[at : at + 500])


async def processes(stage: Stage, count: int) -> None:
    """Wait until so many processes answer."""
    async with asyncio.timeout(60):
        while len(await statistics(stage)) != count:
            pass


def one_owns_all_that_the_other_receives(said: list[dict[str, Any]]) -> bool:
    """Whether one of two processes has answered every long push. Nothing is under way."""
    (handed, here, received), (other_handed, other_here, other_received) = (
        (one["data"]["handed_on"], one["data"]["handed_here"], one["data"]["long_pushes"]) for one in said
    )
    assert received + other_received > 0
    return (handed, other_here, other_handed, here) in ((0, 0, other_received, other_received), (received, received, 0, 0))


async def test_two_processes_answer_and_one_killed_costs_nothing(
    stage: Stage, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "RECORD_TIMEOUT_S", 5.0)  # what the killed one had in hand is asked for again after this
    await processes(stage, 2)
    node = stage.node("n00101a", "00101")
    try:
        drafts = [Draft(rid, body) for rid, body in dossiers(0, COUNT, "00101")]
        receive(node, drafts[: COUNT // 2])
        async with synchronising(node) as driver:
            await level(driver, node.head())
            assert one_owns_all_that_the_other_receives(await statistics(stage))
            receive(node, drafts[COUNT // 2 :])
            await level(driver, COUNT * 3 // 4)
            worker.kill()
            await level(driver, node.head())
        await processes(stage, 1)
    finally:
        node.close()
    census = stage.hub.run("census", "--json")
    assert len(census) == COUNT and {one["events"] for one in census} == {1}
    stage.hub.stop()
    stage.hub.run("verify", "--json")
    stage.hub.run("backup", "--json")
    restored = Actor("hub", stage.folder / "restored")
    restored.run("restore", stage.folder / "hub" / "backups", "--key", stage.files.raw_key, "--json")
    assert restored.run("census", "--json") == census
    assert "# postgres = " in HubFolder(restored.state).settings.read_text(encoding="utf-8")


def test_a_worker_beside_an_embedded_hub_is_refused(tmp_path: Path) -> None:
    hub = Actor("hub", tmp_path / "hub")
    hub.run("init", "--name", "alone")
    with pytest.raises(CommandFailed, match="PostgreSQL"):
        hub.run("work")
    assert HubFolder(tmp_path / "hub").database.exists()
