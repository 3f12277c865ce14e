"""Who looks something up over PostgreSQL waits for nobody who receives, and the chain of the audit stays one order over all workers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.ingest.commit import commit_batch
from central_hub.ingest.nodes import NodeRow, enrol_node
from central_hub.lookup import audit
from central_hub.lookup.errors import LooksTooMany
from central_hub.lookup.rate import REFUSE_LOOKS
from central_hub.lookup.service import find
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.ids import HubEpoch, NodeId, OfficeCode
from sync_protocol.messages import Find, FindReply, Purpose
from tests.central_hub.ingest.frames import Desk
from tests.central_hub.store.postgres.server import Server

NODE = NodeRow(NodeId("n00102a"), OfficeCode("00102"), b"", 0, None, None, None)
PATIENCE_S = 60  # only a failing test waits so long


@pytest.fixture
def workers(server: Server, tmp_path: Path) -> Iterator[list[HubStore]]:
    """Two workers over one database, which holds one dossier."""
    found = [HubStore(server.engine_at(tmp_path)) for _ in range(2)]
    desk = Desk()
    desk.receive(1)

    def receive(connection: apsw.Connection) -> None:
        enrol_node(connection, desk.node, OfficeCode("00101"), b"k" * 32, 1)
        commit_batch(connection, desk.node, OfficeCode("00101"), desk.lane, HubEpoch(b"e" * 16), 1)

    found[0].writer.run(receive)
    yield found
    for worker in found:
        worker.close()


def ask(connection: apsw.Connection, officer: str = "lan", at_ms: int = 1) -> FindReply:
    code = str(connection.execute("SELECT code FROM dossier").fetchall()[0][0])
    return find(connection, NODE, Find("code", code, "", Purpose("00102-261122-0009", "tiếp nhận", officer, "officer")), at_ms)


def audit_rows(store: HubStore) -> int:
    connection = store.engine.open(read_only=True)
    found = connection.execute("SELECT id FROM audit").fetchall()
    connection.close()
    return len(found)


def test_a_look_is_answered_while_another_worker_receives(workers: list[HubStore]) -> None:
    receiving = workers[1].engine.open(read_only=False)
    receiving.execute("BEGIN IMMEDIATE")
    try:
        reply = workers[0].looks.submit(ask, turn=Turn.LOOK).result(PATIENCE_S)
        assert len(reply.found) == 1 and audit_rows(workers[0]) == 1
    finally:
        receiving.execute("ROLLBACK")
        receiving.close()


def test_looks_and_acts_of_several_workers_make_one_chain(workers: list[HubStore]) -> None:
    def act(connection: apsw.Connection, number: int) -> None:
        audit.record_act(connection, at_ms=number, officer="vu", roles=["operator"], what="alarm.take", subject="hub")

    async def all_at_once() -> None:
        jobs = [worker.looks.run_async(lambda c, n=n: ask(c, f"cb{n}", n)) for worker in workers for n in range(40)]  # type: ignore[misc]
        jobs += [worker.writer.run_async(lambda c, n=n: act(c, n)) for worker in workers for n in range(40)]  # type: ignore[misc]
        await asyncio.gather(*jobs)

    asyncio.run(all_at_once())
    assert audit_rows(workers[0]) == 160
    assert workers[0].readers.run(audit.broken_at) is None


def test_an_act_that_is_undone_gives_the_end_of_the_chain_back(workers: list[HubStore]) -> None:
    writing = workers[0].engine.open(read_only=False)
    writing.execute("BEGIN IMMEDIATE")
    for undone in (True, False):
        writing.execute("SAVEPOINT job")
        audit.record_act(writing, at_ms=2, officer="vu", roles=[], what="alarm.take", subject="hub")
        if undone:
            writing.execute("ROLLBACK TO job")
            workers[1].looks.submit(ask).result(PATIENCE_S)  # between the two jobs of one transaction
        writing.execute("RELEASE job")
    writing.execute("COMMIT")
    writing.close()
    assert audit_rows(workers[0]) == 2 and workers[0].readers.run(audit.broken_at) is None


def test_two_workers_together_answer_no_more_than_the_pace_allows(workers: list[HubStore]) -> None:
    async def all_at_once() -> list[object]:
        jobs = [worker.looks.run_async(lambda c, n=n: ask(c, "lan", n)) for n in range(1, REFUSE_LOOKS + 21) for worker in workers]  # type: ignore[misc]
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    outcomes = asyncio.run(all_at_once())
    answered = [one for one in outcomes if isinstance(one, FindReply)]
    refused = [one for one in outcomes if isinstance(one, LooksTooMany)]
    assert len(answered) + len(refused) == len(outcomes) and refused
    assert len(answered) == audit_rows(workers[0])
    moments = workers[0].readers.run(lambda c: c.execute("SELECT count(DISTINCT at_ms) FROM audit").fetchone())
    assert moments == (REFUSE_LOOKS,)


def test_what_was_not_noted_is_not_answered(server: Server, workers: list[HubStore]) -> None:
    def broken_off(connection: apsw.Connection) -> FindReply:
        found = ask(connection)
        server.drop_sessions()
        return found

    with pytest.raises(problems.DatabaseAway):
        workers[0].looks.run(broken_off)
    assert audit_rows(workers[0]) == 0
