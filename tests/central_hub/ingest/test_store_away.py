"""A hub whose database cannot be written now says "later": honest work is neither refused nor put aside for people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from central_hub.ingest.beside import Beside, settle
from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import Turn, Writer
from sync_protocol.messages import Busy, Push, PushReply, Refusal
from sync_protocol.wire import pack
from tests.central_hub.ingest.frames import Desk, Window

AWAY = [
    problems.StorageBusy(),
    problems.StorageFull(sqlite_code=13),
    problems.StorageUnavailable(sqlite_code=10, what="writing"),
    problems.StorageCorrupt(sqlite_code=11, what="writing"),
    problems.WriterStopped(what="closed"),
    problems.StorageReadOnly(free_bytes=1, limit_bytes=2),
    problems.PolicyNotKept(pragma="journal_mode", expected="wal", found="delete"),  # a handle opened anew on a disk that only reads
    problems.WrongDatabaseKey(),  # the same on a disk that gives other bytes back
    problems.DatabaseAway(state="57P01", what="writing"),
]


def broken(problem: problems.StorageProblem) -> Callable[..., object]:
    async def run_async(function: object, *, turn: Turn) -> object:
        raise problem

    return run_async


def writers(window: Window) -> list[Writer]:
    """All through which a batch may be committed."""
    store = window.hub.store
    return [one for one in (store.writer, store.pushes_with(settle)) if one is not None]


@pytest.mark.parametrize("problem", AWAY, ids=lambda problem: problem.code)
def test_a_batch_that_the_database_cannot_take_now_is_asked_for_again_later(
    window: Window, problem: problems.StorageProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    window.enrol(desk)
    desk.receive(3)
    frame = pack(Push(desk.batch()))
    with monkeypatch.context() as away:
        for writer in writers(window):
            away.setattr(writer, "run_async", broken(problem))
        assert isinstance(asyncio.run(window.throw(desk.node, frame)), Busy)
    assert window.quarantine() == []
    assert isinstance(asyncio.run(window.throw(desk.node, frame)), PushReply)


def beside_nothing(_: object) -> Beside:
    """What a function returns that wrote nothing of an office."""
    return Beside(None, None)  # type: ignore[arg-type]


def failing_once(real: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    """The first is refused by the database for what it says."""
    asked: list[object] = []

    async def run_async(function: Callable[..., object], *, turn: Turn = Turn.QUEUE) -> object:
        asked.append(function)
        if len(asked) == 1:
            raise problems.StatementRejected(sqlite_code=19, kind="ConstraintError")
        return await real(function, turn=turn)

    return run_async


@pytest.fixture
def reading_only() -> str:
    """The statement after which this engine refuses to write, as on a disk that was mounted again for reading only."""
    return "PRAGMA query_only = on"


def test_a_batch_is_asked_for_again_while_the_database_only_reads(window: Window, reading_only: str) -> None:
    desk = Desk()
    window.enrol(desk)
    desk.receive(3)
    for writer in writers(window):
        writer.run(lambda c: beside_nothing(c.execute(reading_only).fetchall()))
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), Busy)
    assert window.quarantine() == []
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)  # the handle was opened anew


def test_a_batch_that_no_database_would_take_is_kept_for_people_and_not_asked_for_for_ever(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    window.enrol(desk)
    desk.receive(1)
    for writer in writers(window):
        monkeypatch.setattr(writer, "run_async", failing_once(writer.run_async))
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), Refusal)
    assert [one.code for one in window.quarantine()] == ["STO-014"]
