"""The hub's tables go to PostgreSQL and back, and every row, number and view is the same afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import pytest

from central_hub.store.errors import TargetNotEmpty
from central_hub.store.hub_store import Embedded, Engine, HubStore, write_state
from central_hub.store.moving import hub_tables, move
from sync_protocol.adapters import projection
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from tests.central_hub.ingest.frames import Desk, Window
from tests.central_hub.store.postgres.server import Server
from tests.offices import rid

KEY = b"k" * 32


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    connection = engine.open(read_only=True)
    found = {
        one.name: connection.execute(
            f"SELECT {', '.join(one.columns)} FROM {one.name} ORDER BY {', '.join(one.key)}"
        ).fetchall()
        for one in hub_tables()
    }
    connection.close()
    return found  # type: ignore[return-value]


def counted_by_the_server(engine: Engine) -> int:
    """How many events PostgreSQL thinks there are; -1 before it looked."""
    connection = engine.open(read_only=True)
    found = connection.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'event'").fetchone()
    connection.close()
    assert found is not None
    return int(found[0])  # type: ignore[arg-type]


def a_hub_with_work(root: Path) -> None:
    window = Window(root)
    desk = Desk()
    window.enrol(desk)
    desk.receive(1_200)
    for first in (1, 401, 801):
        asyncio.run(window.push(desk.node, desk.batch(first, first + 399)))
    asyncio.run(window.throw(desk.node, b"not a frame"))
    window.hub.close()


def test_everything_arrives_and_comes_back_equal(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded, there, back = (
        Embedded(tmp_path / "a.db", KEY),
        server.engine_at(tmp_path),
        Embedded(tmp_path / "b.db", KEY),
    )
    monkeypatch.setattr("tests.offices.engine_at", lambda root: embedded)
    a_hub_with_work(tmp_path)
    moved = move(embedded, there)
    assert moved["event"] == 1_200 and moved["quarantine"] == 1
    assert counted_by_the_server(there) == 1_200, "whoever asks first is answered by the index"
    assert move(there, back) == moved
    assert contents(embedded) == contents(there) == contents(back)


def test_a_move_may_take_its_time(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central_hub.store.postgres.connection.STANDSTILL_MS", 50)
    embedded, there = Embedded(tmp_path / "a.db", KEY), server.engine_at(tmp_path)
    HubStore(embedded).close()

    def slowly(connection: apsw.Connection) -> None:
        other = there.open(read_only=True)
        other.execute("SELECT pg_sleep(0.2)")  # the server itself says when the time is over
        other.close()

    monkeypatch.setattr("central_hub.store.moving.mark_of", slowly)
    assert move(embedded, there)["event"] == 0


def test_a_moved_hub_goes_on_where_it_stood(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded, there = Embedded(tmp_path / "a.db", KEY), server.engine_at(tmp_path)
    monkeypatch.setattr("tests.offices.engine_at", lambda root: embedded)
    a_hub_with_work(tmp_path)
    move(embedded, there)
    monkeypatch.setattr("tests.offices.engine_at", lambda root: there)
    window = Window(tmp_path)
    desk = Desk()
    desk.receive(1_203)
    asyncio.run(window.push(desk.node, desk.batch(1_201, 1_203)))
    assert len(window.events()) == 1_203
    assert window.hub.store.readers.run(lambda c: projection.view_of(c, rid(1_203))) is not None
    assert window.hub.store.readers.run(walk_lanes)[1:] == (1_203, [])
    assert window.hub.store.readers.run(walk_views) == (1_203, [])
    window.hub.close()


def test_a_target_with_rows_is_left_as_it_is(server: Server, tmp_path: Path) -> None:
    source, target = Embedded(tmp_path / "a.db", KEY), server.engine_at(tmp_path)
    for engine in (source, target):
        store = HubStore(engine)
        store.writer.run(lambda c: write_state(c, "mine", b"1"))
        store.close()
    with pytest.raises(TargetNotEmpty):
        move(source, target)
    # with what views were made with
    assert ("mine", b"1") in contents(target)["hub_state"] and len(contents(target)["hub_state"]) == 2


def test_an_interrupted_move_leaves_an_empty_target(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = Embedded(tmp_path / "a.db", KEY), server.engine_at(tmp_path)
    store = HubStore(source)
    store.writer.run(lambda c: write_state(c, "mine", b"1"))
    store.close()

    def breaks(connection: apsw.Connection) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("central_hub.store.moving.mark_of", breaks)
        with pytest.raises(KeyboardInterrupt):
            move(source, target)
    assert all(rows == [] for rows in contents(target).values())
    assert move(source, target)["hub_state"] == 2
