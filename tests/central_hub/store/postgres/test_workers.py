"""Several hub processes over one PostgreSQL, as processes: both answer, one is killed in the middle, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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
    url = server.engine_at(tmp_path).url
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


async def answering(stage: Stage) -> int:
    """How many processes answer pushes now, as the message server's service statistics say."""
    session = Session("statistics", stage.files.read_running().server)
    await session.open(stage.worker("statistics"), "_INBOX")
    try:
        inbox = session.client.new_inbox()
        replies = await session.client.subscribe(inbox)
        await session.client.publish("$SRV.STATS.hub", b"", reply=inbox)
        found = 0
        while True:
            try:
                said = msgspec.json.decode((await replies.next_msg(timeout=1)).data)
            except TimeoutError:
                return found
            found += any(one["name"] == "push" for one in said["endpoints"])
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


async def processes(stage: Stage, count: int) -> None:
    """Wait until so many processes answer."""
    async with asyncio.timeout(60):
        while await answering(stage) != count:
            pass


async def test_two_processes_answer_and_one_killed_costs_nothing(
    stage: Stage, worker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "RECORD_TIMEOUT_S", 5.0)  # what the killed one had in hand is asked for again after this
    await processes(stage, 2)
    node = stage.node("n00101a", "00101")
    try:
        drafts = [Draft(rid, body) for rid, body in dossiers(0, COUNT, "00101")]
        for at in range(0, COUNT, 500):
            node.desk.ledger.save(RECEIVE, drafts[at : at + 500])
        async with synchronising(node) as driver:
            await level(driver, COUNT // 3)
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
