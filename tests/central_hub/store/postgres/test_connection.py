"""A PostgreSQL session answers the hub's calls as an SQLite connection does, keeps its promises, and breaks in clear words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import psycopg
import pytest

from central_hub.store.hub_store import Embedded, Engine, HubStore, Postgres, read_state, write_state
from central_hub.store.postgres.dialect import for_postgres
from central_hub.store.postgres.problems import postgres_problems
from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.log_walk import walk_lanes
from sync_protocol.adapters.sqlite import Migration, migrate
from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, Incarnation, NodeId, RecordId
from sync_protocol.lifecycle import DossierState
from tests.central_hub.store.postgres.server import Server

TABLES = Migration(
    "0001-shelves",
    "CREATE TABLE shelf(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, load BLOB, times INTEGER NOT NULL DEFAULT 1) STRICT;"
    "CREATE TABLE pair(a TEXT NOT NULL, b INTEGER NOT NULL, c INTEGER, PRIMARY KEY(a, b)) STRICT, WITHOUT ROWID;",
)


@pytest.fixture(params=["embedded", "postgres"])
def engine(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Engine:
    return Embedded(tmp_path / "a.db", b"k" * 32) if request.param == "embedded" else server.empty_at(tmp_path)


@pytest.fixture
def session(engine: Engine) -> Iterator[apsw.Connection]:
    connection = engine.open(read_only=False)
    migrate(connection, [TABLES])
    yield connection
    connection.close()


def test_both_engines_give_the_same_rows_numbers_and_counts(session: apsw.Connection) -> None:
    session.execute("BEGIN IMMEDIATE")
    session.executemany("INSERT INTO shelf(name, load) VALUES(?,?)", [("Ế", b"\x00\xff"), ("ẫ%?", None)])
    assert session.last_insert_rowid() == 2
    assert session.execute("SELECT name, load FROM shelf ORDER BY id").fetchall() == [("Ế", b"\x00\xff"), ("ẫ%?", None)]
    assert session.execute("SELECT id FROM shelf WHERE name = 'ẫ%?'").fetchone() == (2,)
    assert session.execute("SELECT id FROM shelf WHERE name = ?", ("none",)).fetchone() is None
    assert list(session.executemany("SELECT id FROM shelf WHERE name = ?", [("Ế",), ("none",), ("ẫ%?",)])) == [
        (1,),
        (2,),
    ]
    session.execute("UPDATE shelf SET times = times + 4")
    assert session.changes() == 2
    total = session.execute("SELECT coalesce(sum(times), 0) FROM shelf").fetchone()
    assert total == (10,) and type(total[0]) is int
    session.execute("ROLLBACK")
    assert session.execute("SELECT count(*) FROM shelf").fetchone() == (0,)


def test_both_engines_order_text_by_code_point(session: apsw.Connection) -> None:
    session.executemany("INSERT INTO shelf(name) VALUES(?)", [("b",), ("Ă",), ("a",), ("Z",), ("đ",)])
    assert [name for (name,) in session.execute("SELECT name FROM shelf ORDER BY name")] == ["Z", "a", "b", "Ă", "đ"]


def test_both_engines_replace_ignore_and_take_words_of_an_enumeration(session: apsw.Connection) -> None:
    for c in (1, 2):
        session.execute("INSERT OR REPLACE INTO pair(a, b, c) VALUES(?,?,?)", (DossierState.RECEIVED, 1, c))
        session.execute("INSERT OR IGNORE INTO pair(a, b, c) VALUES(?,?,?)", ("x", True, c))
    assert session.execute("SELECT a, b, c FROM pair ORDER BY a").fetchall() == [("received", 1, 2), ("x", 1, 1)]


def test_both_engines_take_many_rows_in_their_order_and_find_them_under_many_keys(session: apsw.Connection) -> None:
    names = [f"ế%? {number:04d}" for number in range(250)]
    assert insert_many(session, "INSERT INTO shelf(name, load, times) VALUES(?,?,?)", [(n, n.encode(), True) for n in names]) == []
    assert session.last_insert_rowid() == len(names) and session.changes() > 0
    assert list(session.execute("SELECT name, load, times FROM shelf ORDER BY id")) == [(n, n.encode(), 1) for n in names]
    found = select_in(session, "SELECT id FROM shelf WHERE name IN (?)", [*names[5:155], "none"])
    assert sorted(number for (number,) in found) == list(range(6, 156))
    assert list(select_in(session, "SELECT id FROM shelf WHERE load IN (?)", [names[7].encode()])) == [(8,)]
    assert sorted(select_in(session, "SELECT id FROM shelf WHERE id IN (?)", [3, 2**40, 9])) == [(3,), (9,)]
    assert list(select_in(session, "SELECT id FROM shelf WHERE name IN (?)", [])) == []
    insert_many(session, "INSERT INTO pair(a, b, c) VALUES(?,?,?)", [(DossierState.RECEIVED, b, None) for b in range(9)])
    assert session.execute("SELECT a, max(b), max(c) FROM pair GROUP BY a").fetchall() == [("received", 8, None)]


def test_both_engines_ignore_and_answer_for_many_rows(session: apsw.Connection) -> None:
    insert_many(session, "INSERT OR IGNORE INTO pair(a, b, c) VALUES(?,?,?)", [("x", b // 2, b) for b in range(40)])
    assert session.execute("SELECT count(*), sum(c) FROM pair").fetchone() == (20, sum(range(0, 40, 2)))
    given = insert_many(
        session, "INSERT INTO pair(a, b, c) VALUES(?,?,?) ON CONFLICT DO NOTHING RETURNING b", [("x", b, b) for b in range(15, 30)]
    )  # fmt: skip
    assert sorted(given) == [(b,) for b in range(20, 30)]


@pytest.mark.parametrize("name", ["one", "with a \0 in it"])
def test_of_many_rows_one_that_cannot_be_kept_undoes_the_savepoint_only(server: Server, tmp_path: Path, name: str) -> None:
    session = server.empty_at(tmp_path).open(read_only=False)
    migrate(session, [TABLES])
    session.execute("BEGIN IMMEDIATE")
    session.execute("INSERT INTO shelf(name) VALUES('one')")
    session.execute("SAVEPOINT job")
    with pytest.raises(problems.StatementRejected):
        insert_many(session, "INSERT INTO shelf(name) VALUES(?)", [(f"{number}",) for number in range(20)] + [(name,)])
    session.execute("ROLLBACK TO job")
    insert_many(session, "INSERT INTO shelf(name) VALUES(?)", [(f"again {number}",) for number in range(20)])
    session.execute("COMMIT")
    assert session.execute("SELECT count(*) FROM shelf").fetchone() == (21,)
    session.close()


def test_both_engines_refuse_a_second_of_the_same_name_and_go_on(session: apsw.Connection) -> None:
    session.execute("INSERT INTO shelf(name) VALUES('one')")
    with pytest.raises((apsw.ConstraintError, problems.StatementRejected)):
        session.execute("INSERT INTO shelf(name) VALUES('one')")
    assert session.execute("SELECT count(*) FROM shelf").fetchone() == (1,)


def test_a_reader_sees_one_moment_and_cannot_write(server: Server, tmp_path: Path) -> None:
    store = HubStore(server.empty_at(tmp_path))

    def twice(connection: apsw.Connection) -> tuple[bytes | None, bytes | None]:
        before = read_state(connection, "k")
        store.writer.run(lambda c: write_state(c, "k", b"new"))
        return before, read_state(connection, "k")

    assert store.readers.run(twice) == (None, None)
    assert store.readers.run(lambda c: read_state(c, "k")) == b"new"
    with pytest.raises(problems.StorageProblem):
        store.readers.run(lambda c: write_state(c, "k", b"by a reader"))
    assert store.readers.run(lambda c: read_state(c, "k")) == b"new"
    store.close()


def test_after_the_server_broke_off_the_next_use_connects_anew(server: Server, tmp_path: Path) -> None:
    store = HubStore(server.empty_at(tmp_path))
    store.writer.run(lambda c: write_state(c, "k", b"1"))
    assert store.readers.run(lambda c: read_state(c, "k")) == b"1"
    server.drop_sessions()
    with pytest.raises(problems.DatabaseAway):
        store.writer.run(lambda c: write_state(c, "k", b"2"))
    with pytest.raises(problems.DatabaseAway):
        store.readers.run(lambda c: read_state(c, "k"))
    assert store.readers.run(lambda c: read_state(c, "k")) == b"1"
    store.writer.run(lambda c: write_state(c, "k", b"3"))
    assert store.readers.run(lambda c: read_state(c, "k")) == b"3"
    store.close()


def test_writers_of_several_workers_take_turns_and_lose_nothing(server: Server, tmp_path: Path) -> None:
    engine = server.empty_at(tmp_path)
    workers = [HubStore(engine) for _ in range(3)]

    def count_up(connection: apsw.Connection) -> None:
        held = read_state(connection, "n")
        write_state(connection, "n", str(int(held or b"0") + 1).encode())

    async def all_at_once() -> None:
        await asyncio.gather(*(worker.writer.run_async(count_up) for worker in workers for _ in range(20)))

    asyncio.run(all_at_once())
    assert workers[0].readers.run(lambda c: read_state(c, "n")) == b"60"
    for worker in workers:
        worker.close()


def test_one_failing_job_of_a_shared_transaction_costs_the_others_nothing(server: Server, tmp_path: Path) -> None:
    store = HubStore(server.empty_at(tmp_path))

    async def together() -> list[object]:
        jobs = [lambda c, n=n: write_state(c, f"k{n}", None if n == 3 else b"v") for n in range(8)]  # type: ignore[misc]
        return await asyncio.gather(*(store.writer.run_async(job) for job in jobs), return_exceptions=True)

    outcomes = asyncio.run(together())
    assert [type(one).__name__ for one in outcomes if one is not None] == ["StatementRejected"]
    assert store.readers.run(
        lambda c: c.execute("SELECT count(*) FROM hub_state WHERE key <> 'views_made_with'").fetchone()
    ) == (7,)
    store.close()


def test_a_text_that_no_postgres_keeps_is_a_refused_statement_not_a_lost_server(server: Server, tmp_path: Path) -> None:
    store = HubStore(server.empty_at(tmp_path))
    with pytest.raises(problems.StatementRejected):
        store.writer.run(lambda c: write_state(c, "a\x00b", b"v"))
    store.close()


def test_a_server_that_confirms_what_it_may_forget_is_not_used(server: Server, tmp_path: Path) -> None:
    engine = server.empty_at(tmp_path)
    server.configure("full_page_writes", "off")
    try:
        with pytest.raises(problems.PolicyNotKept):
            engine.open(read_only=False)
    finally:
        server.configure("full_page_writes", "on")
    engine.open(read_only=False).close()


def test_a_worker_that_stands_still_in_its_transaction_gives_the_order_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central_hub.store.postgres.session.STANDSTILL_MS", 100)
    frozen, other = (server.empty_at(tmp_path).open(read_only=False) for _ in range(2))
    frozen.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")  # comes back once the server has ended the first
    other.execute("COMMIT")
    with pytest.raises(problems.DatabaseAway):
        frozen.execute("SELECT 1")
    frozen.close()
    other.close()


@pytest.mark.parametrize("state", ["25P02", "25P03", "57014", "57P01", "53200", "58030", "XX000"])
def test_what_is_the_servers_trouble_means_later(state: str) -> None:
    with pytest.raises(problems.DatabaseAway), postgres_problems("trying"):
        raise psycopg.errors.lookup(state)()


@pytest.mark.parametrize("state", ["54000", "22021", "23505", "22003"])
def test_what_is_wrong_with_a_value_is_no_trouble_of_the_server(state: str) -> None:
    with pytest.raises(problems.StatementRejected), postgres_problems("trying"):
        raise psycopg.errors.lookup(state)()


def test_no_event_asks_for_its_lane_and_the_walk_finds_one_without(server: Server, tmp_path: Path) -> None:
    store = HubStore(server.empty_at(tmp_path))
    HubStore(server.empty_at(tmp_path)).close()  # once is enough
    event = make_event(
        node=NodeId("n00101a"), inc=Incarnation(bytes(16)), seq=1, prev=GENESIS, type="note.added", tv=1, rid=RecordId(bytes(16)), hlc=1,
        actor="cb01", body=b"\x80",
    )  # fmt: skip
    store.writer.run(lambda c: c.execute(
        "INSERT INTO event(lane, seq, id, rid, type, hlc, arrived_ms, header, body) VALUES(?,?,?,?,?,?,?,?,?)",
        (99, 1, event.id, bytes(16), "note.added", 1, 1, event.raw_header, event.body),
    ))  # fmt: skip
    assert [(one.where, one.code) for one in store.readers.run(walk_lanes)[2]] == [("99/1", "VER-103")]
    store.close()


def test_an_address_where_nobody_answers_is_said_as_such() -> None:
    with pytest.raises(problems.DatabaseAway):
        Postgres("postgresql://nobody@127.0.0.1:1/none").open(read_only=False)


def test_what_only_sqlite_understands_is_rewritten_outside_quotes_only() -> None:
    assert for_postgres("SELECT '?' WHERE a = ?", {}) == "SELECT '?' WHERE a = %s"
    assert (
        for_postgres("INSERT OR IGNORE INTO t(a) VALUES(?)", {}) == "INSERT INTO t(a) VALUES(%s) ON CONFLICT DO NOTHING"
    )
    assert "BYTEA" in for_postgres("CREATE TABLE t(a BLOB) STRICT, WITHOUT ROWID;", {})
