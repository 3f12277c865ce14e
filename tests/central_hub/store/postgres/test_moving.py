"""The hub's tables go to PostgreSQL and back, and every row, number and view is the same afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.figures.sums import recount
from central_hub.store.errors import TargetNotEmpty
from central_hub.store.hub_store import Embedded, Engine, HubStore, write_state
from central_hub.store.moving import hub_tables, move
from sync_protocol.adapters import projection
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.bodies import CopyCaptured, DocumentCoded
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.messages import PushReply
from sync_protocol.search_keys import key_for
from tests.central_hub.ingest.frames import Desk, Window
from tests.central_hub.store.postgres.server import Server
from tests.offices import reception, rid

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
        server.empty_at(tmp_path),
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
    monkeypatch.setattr("central_hub.store.postgres.session.STANDSTILL_MS", 500)
    embedded, there = Embedded(tmp_path / "a.db", KEY), server.empty_at(tmp_path)
    HubStore(embedded).close()

    def slowly(connection: apsw.Connection) -> None:
        other = there.open(read_only=True)
        other.execute("SELECT pg_sleep(0.7)")  # the server itself says when the time is over
        other.close()

    monkeypatch.setattr("central_hub.store.moving.mark_of", slowly)
    assert move(embedded, there)["event"] == 0


def test_a_moved_hub_goes_on_where_it_stood(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded, there = Embedded(tmp_path / "a.db", KEY), server.empty_at(tmp_path)
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
    source, target = Embedded(tmp_path / "a.db", KEY), server.empty_at(tmp_path)
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
    source, target = Embedded(tmp_path / "a.db", KEY), server.empty_at(tmp_path)
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


def as_an_older_program(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub with twelve dossiers, of which four hold what PostgreSQL does not keep, made by a program that wrote columns as events say."""
    window, desk = Window(root), Desk()
    window.enrol(desk)
    long = "x" * 3_000
    with monkeypatch.context() as older:
        for module in ("sync_protocol.adapters.folded", "sync_protocol.search_keys", "sync_protocol.figures.facts"):
            older.setattr(f"{module}.kept", lambda text, most=0: text)
        desk.receive(8)
        for number, change in enumerate(({"code": "a\0b"}, {"procedure": "\0"}, {"code": long}, {"code": "c\0" + long, "procedure": long}), start=9):
            desk.add(msgspec.structs.replace(reception(number, "00101"), **change), rid(number))
        desk.add(
            CopyCaptured(
                component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(b"p" * 32), pdf_size=9, pages=1,
                images=1, officer="cb01", signer_name="x", captured_ms=1,
            ), rid(1),
        )  # fmt: skip
        desk.add(
            DocumentCoded(
                document_id=DocumentId(b"d" * 16), owner="0\0", procedure="", document_type="gks", number_symbol="1\0/KS", code="1"
            ), rid(1),
        )  # fmt: skip
        assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)
        window.hub.store.writer.run(recount)
    window.hub.close()


def test_what_an_older_program_made_of_strange_texts_is_seen_and_moves_all_the_same(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded, there = Embedded(tmp_path / "a.db", KEY), server.empty_at(tmp_path)
    monkeypatch.setattr("tests.offices.engine_at", lambda root: embedded)
    as_an_older_program(tmp_path, monkeypatch)
    before = embedded.open(read_only=True)
    seen = walk_views(before)[1]
    before.close()
    assert [one.where for one in seen] == [rid(number).hex() for number in (1, 9, 10, 11, 12)] and {one.code for one in seen} == {"VER-105"}
    move(embedded, there)
    connection = there.open(read_only=True)
    assert walk_views(connection) == (12, []) and walk_lanes(connection) == (1, 14, [])
    for code in ("a\0b", "x" * 3_000):
        assert len(projection.find(connection, key_for("code", code))) == 1
    assert connection.execute("SELECT count(*) FROM figure_fact").fetchall() == [(12,)]
    made = contents(there)
    connection.close()
    other = Embedded(tmp_path / "b.db", KEY)
    move(embedded, other)
    assert contents(other) == made
