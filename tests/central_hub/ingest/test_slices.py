"""While somebody looks a full batch is stored in slices, so that a look comes between; the promise stays one, for the whole."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import apsw
import pytest

from central_hub.ingest.commit import Committed, whole
from central_hub.ingest.commit import commit_batch as real_commit
from central_hub.ingest.pace import WAITING
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.ids import EventId
from sync_protocol.messages import PushReply
from sync_protocol.receiver import Floor, Gap
from tests.central_hub.ingest.frames import Desk, Window

SLICE_EVENTS = WAITING[1]
EVENTS = 2 * SLICE_EVENTS + 7


@pytest.fixture
def desk(window: Window) -> Desk:
    one = Desk()
    window.enrol(one)
    one.receive(EVENTS)
    return one


def held(window: Window) -> int:
    return window.hub.store.readers.run(lambda c: len(list(event_log.all_events(c))))


def look(window: Window) -> None:
    """Somebody looks something up, and will mostly go on doing so."""
    window.hub.store.writer.submit(event_log.last_position, turn=Turn.LOOK).result()


def test_a_batch_that_nobody_looks_beside_is_stored_whole(window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def commit(connection: apsw.Connection, node: Any, office: Any, some: Sequence[Any], *args: Any) -> object:
        sizes.append(len(some))
        return real_commit(connection, node, office, some, *args)

    monkeypatch.setattr("central_hub.ingest.pushing.commit_batch", commit)
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)
    look(window)
    desk.receive(EVENTS)
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch(EVENTS + 1))), PushReply)
    assert sizes == [EVENTS, SLICE_EVENTS, SLICE_EVENTS, 7]


def test_a_look_up_comes_between_two_slices_of_one_batch(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, seen = window.hub.store.writer, []
    look(window)

    def commit(connection: apsw.Connection, *args: Any, **more: Any) -> object:
        outcome = real_commit(connection, *args, **more)
        if not seen:
            seen.append(writer.submit(event_log.last_position, turn=Turn.LOOK))
        return outcome

    monkeypatch.setattr("central_hub.ingest.pushing.commit_batch", commit)
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)
    assert seen[0].result() == SLICE_EVENTS and held(window) == EVENTS


def test_what_was_stored_before_a_slice_failed_is_recognised_when_the_batch_comes_again(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def fails_at_the_second(*args: Any, **more: Any) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("the machine has no more of something")
        return real_commit(*args, **more)

    look(window)
    monkeypatch.setattr("central_hub.ingest.pushing.commit_batch", fails_at_the_second)
    answer = None
    with contextlib.suppress(OSError):
        answer = asyncio.run(window.push(desk.node, desk.batch()))
    assert not isinstance(answer, PushReply), "nothing is promised"
    assert held(window) == SLICE_EVENTS
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)
    assert held(window) == EVENTS


def test_the_outcomes_of_slices_are_one() -> None:
    done = [Committed(Floor(n, EventId(bytes(32))), n, 1, 0, frozenset({str(n)})) for n in (1, 2)]  # type: ignore[arg-type]
    assert whole(done) == Committed(Floor(2, EventId(bytes(32))), 2, 2, 0, frozenset({"1", "2"}))  # type: ignore[arg-type]
    gap = Gap(Floor(1, EventId(bytes(32))))
    assert whole([done[0], gap, done[1]]) is gap


