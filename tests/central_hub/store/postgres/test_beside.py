"""Pushes of several offices at once end as if one had come after the other; what keeps them so is taken out once, and then they do not."""

from __future__ import annotations

import asyncio
from threading import Event as Signal

import apsw
import psycopg
import pytest

from central_hub.ingest import beside
from central_hub.ingest.beside import NotBeside
from central_hub.ingest.errors import ReceptionTaken
from central_hub.store.epoch_anchor import assess, mark_of
from central_hub.store.hub_store import read_state
from central_hub.store.postgres import connection
from central_hub.store.postgres.dialect import WRITER_LOCK
from central_hub.store.postgres.session import open_postgres
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.adapters.storage_errors import StorageProblem
from sync_protocol.messages import Push, PushReply, Refusal
from sync_protocol.wire import pack, unpack_reply
from tests.central_hub.ingest.frames import Desk
from tests.central_hub.store.postgres.side_by_side import PATIENCE_S, SideBySide
from tests.offices import reception, rid

PERSON = "001185099999"
SUSPICIONS = "SELECT count(*) FROM event WHERE type = 'duplicate.suspected'"


@pytest.fixture
def desks(both: SideBySide) -> list[Desk]:
    """Two offices."""
    made = [Desk("n00101a", "00101", b"A"), Desk("n00102a", "00102", b"B")]
    both.enrol(*made)
    return made


def receive(desk: Desk, number: int, person: str = "") -> None:
    desk.add(reception(number, desk.office, personal_id=person), rid(number))


async def answer(both: SideBySide, desk: Desk, *, at: int = 0, first: int = 1) -> object:
    reply = await both.workers[at].service.answer(desk.node, pack(Push(desk.batch(first))))
    return unpack_reply(reply)


def pushed(both: SideBySide, desk: Desk, *, at: int = 0, first: int = 1) -> object:
    return asyncio.run(answer(both, desk, at=at, first=first))


def committed_beside(both: SideBySide) -> int:
    return int.from_bytes(both.store.readers.run(lambda c: read_state(c, "committed_beside")) or b"", "big")


def is_seen_by_the_later(both: SideBySide, desks: list[Desk]) -> bool:
    """One person is received at two offices at once; whether the second to end finds the first."""
    for number, desk in enumerate(desks, start=1):
        receive(desk, number, PERSON)
    first, second = (both.push().write(desk, desk.lane) for desk in desks)
    first.settle()
    later = both.start(second.settle)
    both.until_waiting(later)
    first.commit()
    try:
        later.result(PATIENCE_S)
    except NotBeside:
        return True
    return False


def test_of_two_offices_that_receive_one_person_at_once_the_later_finds_the_other(both: SideBySide, desks: list[Desk]) -> None:
    assert is_seen_by_the_later(both, desks)


def test_without_the_order_of_keys_neither_would_find_the_other(
    both: SideBySide, desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HOLD_KEYS", "SELECT 1")
    monkeypatch.setattr(connection, "COUNT_BESIDE", "SELECT 1")  # its row would be an order, too
    assert not is_seen_by_the_later(both, desks)


def test_one_person_at_two_offices_at_once_is_suspected_exactly_once(both: SideBySide, desks: list[Desk]) -> None:
    for number, desk in enumerate(desks, start=1):
        receive(desk, number, PERSON)
    first = both.push().write(desks[0], desks[0].lane).settle()
    other = both.start(lambda: pushed(both, desks[1], at=1))
    assert both.until_waiting(other)
    first.commit()
    assert isinstance(other.result(PATIENCE_S), PushReply)
    assert both.rows(SUSPICIONS) == [(2,)]  # the pair
    assert both.rows("SELECT office, count(*) FROM feed GROUP BY office ORDER BY office") == [("00101", 2), ("00102", 2)]
    assert isinstance(pushed(both, desks[1]), PushReply) and both.rows(SUSPICIONS) == [(2,)]


def test_a_dossier_that_two_offices_open_at_once_is_one_offices(both: SideBySide, desks: list[Desk]) -> None:
    for desk in desks:
        receive(desk, 7)
    first = both.push().write(desks[0], desks[0].lane)
    other = both.start(lambda: pushed(both, desks[1], at=1))
    assert both.until_waiting(other)
    first.settle().commit()
    reply = other.result(PATIENCE_S)
    assert isinstance(reply, Refusal) and reply.code == ReceptionTaken.code
    assert both.rows("SELECT office FROM scope") == [("00101",)] and len(both.events()) == 1


def is_fed_without_a_gap(both: SideBySide) -> bool:
    """Two desks of one office push at once; whether both are stored, one behind the other in the office's feed."""
    desks = [Desk("n00101a", "00101", b"A"), Desk("n00101b", "00101", b"B")]
    both.enrol(*desks)
    receive(desks[0], 1)
    receive(desks[1], 2)
    first, second = both.push(), both.push()
    first.write(desks[0], desks[0].lane)
    later = both.start(lambda: second.write(desks[1], desks[1].lane).settle().commit())
    assert both.until_waiting(later)
    first.settle().commit()
    try:
        later.result(PATIENCE_S)
    except StorageProblem:
        return False
    return both.rows("SELECT n FROM feed WHERE office = '00101' ORDER BY n") == [(1,), (2,)]


def test_two_desks_of_one_office_make_one_feed(both: SideBySide) -> None:
    assert is_fed_without_a_gap(both)


def test_without_the_order_of_an_office_its_feed_breaks(both: SideBySide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_HOLD_OFFICE", "SELECT %s::bigint")
    assert not is_fed_without_a_gap(both)


def test_what_stays_within_its_office_is_committed_beside_others_and_the_rest_alone(both: SideBySide, desks: list[Desk]) -> None:
    receive(desks[0], 1)
    pushed(both, desks[0])
    desks[0].note(rid(1))
    pushed(both, desks[0], first=2)
    assert committed_beside(both) == 2
    desks[1].note(rid(1))
    assert isinstance(pushed(both, desks[1]), PushReply)  # enters the scope of a dossier that is held
    desks[0].note(rid(1))
    assert isinstance(pushed(both, desks[0], first=3), PushReply)  # concerns the other's feed
    assert committed_beside(both) == 2
    assert both.rows("SELECT office, count(*) FROM feed GROUP BY office ORDER BY office") == [("00101", 4), ("00102", 4)]


def test_a_push_reads_no_table_from_end_to_end_however_young_the_database(both: SideBySide, desks: list[Desk]) -> None:
    def plan(session: apsw.Connection) -> str:
        own: psycopg.Connection[tuple[str]] = session._session  # type: ignore[attr-defined]
        return " ".join(line for (line,) in own.execute("EXPLAIN SELECT rid FROM event WHERE rid = ANY(%b)", ([bytes(16)] * 500,)))

    receive(desks[0], 1)
    assert "Index" in plan(both.push().write(desks[0], desks[0].lane).session)
    assert "Index" in plan(both.follower())
    other = open_postgres(both.url)  # a table of few pages is sooner read through, and a prepared question keeps to that when it has grown
    try:
        assert "Seq Scan" in plan(other)
    finally:
        other.close()


def test_a_push_calls_no_other_process_to_help(both: SideBySide, desks: list[Desk]) -> None:
    receive(desks[0], 1)
    asked = "SELECT current_setting('max_parallel_workers_per_gather')"
    pushing, other = both.push().write(desks[0], desks[0].lane).session, open_postgres(both.url)
    try:
        most = [int(one.execute(asked).fetchall()[0][0]) for one in (pushing, other)]
    finally:
        other.close()
    assert most[0] == 0 < most[1]


def test_a_database_that_lacks_an_early_position_committed_late_is_a_copy_of_the_past(both: SideBySide, desks: list[Desk]) -> None:
    for number, desk in enumerate(desks, start=1):
        receive(desk, number)
    slow = both.push().write(desks[0], desks[0].lane)
    both.push().write(desks[1], desks[1].lane).settle().commit()
    copied = both.store.readers.run(mark_of)
    slow.settle().commit()
    marked = both.store.readers.run(mark_of)
    assert copied.position == marked.position
    assert assess(marked, copied, lambda _: copied.event_id) == "database_behind"
    assert assess(marked, marked, lambda _: marked.event_id) == ""


def test_who_must_be_alone_is_overtaken_by_nobody(both: SideBySide, desks: list[Desk]) -> None:
    receive(desks[0], 1)
    under_way = both.push().write(desks[0], desks[0].lane)
    alone = both.start(lambda: both.store.writer.run(lambda c: None))
    assert both.until_waiting(alone)
    with psycopg.connect(both.url, autocommit=True) as another:
        may_share = another.execute("SELECT pg_try_advisory_lock_shared(%s)", (WRITER_LOCK,)).fetchone()
    assert may_share == (False,)
    under_way.settle().commit()
    alone.result(PATIENCE_S)


def test_who_waits_for_an_office_holds_none(both: SideBySide, desks: list[Desk]) -> None:
    """A worker's transaction that holds one office does not wait for another: two could wait for each other. Its batch comes again, first."""
    for number, desk in enumerate(desks, start=1):
        receive(desk, number)
    neighbour = Desk("n00102b", "00102", b"C")
    both.enrol(neighbour)
    receive(neighbour, 3)
    held = both.push().write(neighbour, neighbour.lane)
    pushes = both.store.pushes_with(beside.settle)
    assert pushes is not None
    is_busy, go_on = Signal(), Signal()
    busy = pushes.submit(lambda c: (is_busy.set(), go_on.wait(PATIENCE_S), beside.Beside(None, None))[2])  # type: ignore[arg-type]
    assert is_busy.wait(PATIENCE_S)

    async def push_all() -> list[object]:
        answers = []
        for desk in desks:  # both will be in the writer's next group, in this order
            answers.append(asyncio.create_task(answer(both, desk)))
            while pushes._jobs.qsize() < len(answers):
                await asyncio.sleep(0)
        go_on.set()
        own = await answers[0]  # committed while the other office is held
        held.settle().commit()
        return [own, await answers[1]]

    assert all(isinstance(one, PushReply) for one in asyncio.run(push_all()))
    assert busy.result(PATIENCE_S) and len(both.events()) == 3 and committed_beside(both) == 3


def test_many_offices_at_two_workers_end_as_if_one_had_come_after_the_other(both: SideBySide) -> None:
    desks = [Desk(f"n0010{number}a", f"0010{number}", bytes([64 + number])) for number in range(1, 6)]
    both.enrol(*desks)
    for at in range(40):  # every tenth person is known at each office
        for place, desk in enumerate(desks):
            receive(desk, at * 10 + place + 1, f"0011860000{at:02d}" if at % 10 == 0 else "")

    async def push_all() -> list[object]:
        parts = [(desk, first, number) for number, first in enumerate(range(1, 41, 5)) for desk in desks]
        replies = await asyncio.gather(
            *(
                both.workers[(number + int(desk.office)) % 2].service.answer(desk.node, pack(Push(desk.batch(first, first + 4))))
                for desk, first, number in parts
            )
        )
        return [unpack_reply(one) for one in replies]

    replies = asyncio.run(push_all())
    assert all(isinstance(one, PushReply) for one in replies)
    assert both.rows("SELECT count(*), count(DISTINCT rid) FROM event WHERE type = 'dossier.received'") == [(200, 200)]
    assert both.rows(SUSPICIONS) == [(4 * 4 * 2,)]  # four persons, each at four offices more than the first
    for desk in desks:
        fed = [n for (n,) in both.rows(f"SELECT n FROM feed WHERE office = '{desk.office}' ORDER BY n")]
        assert fed == list(range(1, len(fed) + 1))
        assert set(both.rows("SELECT position FROM event WHERE rid IN (SELECT rid FROM scope WHERE office = '" + desk.office + "')")) == set(
            both.rows(f"SELECT position FROM feed WHERE office = '{desk.office}'")
        )
    lanes, events, findings = both.store.readers.run(walk_lanes)
    assert (lanes, events, findings) == (6, 232, [])
    assert both.store.readers.run(walk_views)[1] == []
