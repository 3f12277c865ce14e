"""What follows the log (figures, letters to gateways) is made beside pushes, of what is settled, once; what keeps it so is taken out once, and then it is not."""

from __future__ import annotations

import asyncio

import pytest

from central_hub.erasure.orders import approve, ask, erasable
from central_hub.figures.sums import catch_up, position_of, recount
from central_hub.figures.waiting_days import catch_up_waiting
from central_hub.gateways.gathering import gather
from central_hub.store.postgres.connection import PostgresConnection
from central_hub.store.postgres.dialect import FOLLOW_LOCK, FOLLOWING, SHARING, WRITER_LOCK
from sync_protocol.adapters import event_log
from sync_protocol.messages import Push, PushReply
from sync_protocol.wire import pack, unpack_reply
from tests.central_hub.ingest.frames import Desk
from tests.central_hub.store.postgres.side_by_side import PATIENCE_S, SideBySide
from tests.offices import reception, rid

SUMS = "SELECT office, measure, month, n FROM figure ORDER BY office, measure, month, n"


@pytest.fixture
def desks(both: SideBySide) -> list[Desk]:
    """Two offices, each with one dossier to send."""
    made = [Desk("n00101a", "00101", b"A"), Desk("n00102a", "00102", b"B")]
    both.enrol(*made)
    for number, desk in enumerate(made, start=1):
        desk.add(reception(number, desk.office), rid(number))
    return made


def pushed(both: SideBySide, desk: Desk) -> None:
    reply = asyncio.run(both.workers[1].service.answer(desk.node, pack(Push(desk.batch()))))
    assert isinstance(unpack_reply(reply), PushReply)


def count_all(both: SideBySide) -> int:
    total = 0
    while counted := both.store.follower.run(catch_up):
        total += counted
    return total


def is_as_counted_anew(both: SideBySide) -> bool:
    """Whether the sums are those of the whole log."""
    assert both.store.readers.run(position_of) == both.store.readers.run(event_log.last_position)
    counted = both.rows(SUMS)
    both.store.writer.run(recount)
    return bool(counted) and both.rows(SUMS) == counted


def is_counted_though_later_ones_were_committed_first(both: SideBySide, desks: list[Desk]) -> bool:
    slow = both.push().write(desks[0], desks[0].lane)  # has the smaller position
    both.push().write(desks[1], desks[1].lane).settle().commit()
    count_all(both)
    slow.settle().commit()
    count_all(both)
    return is_as_counted_anew(both)


def test_an_early_event_that_is_committed_late_is_counted(both: SideBySide, desks: list[Desk]) -> None:
    assert is_counted_though_later_ones_were_committed_first(both, desks)


def test_without_marks_an_early_event_that_is_committed_late_would_never_be_counted(
    both: SideBySide, desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresConnection, "settled_position", event_log.last_position)
    assert not is_counted_though_later_ones_were_committed_first(both, desks)


def test_figures_letters_and_cursors_wait_for_no_push_and_go_to_where_all_is_settled(both: SideBySide, desks: list[Desk]) -> None:
    tell = lambda c: gather(c, "portal", 1)  # noqa: E731
    third = Desk("n00103a", "00103", b"C")
    both.enrol(third)
    third.add(reception(3, third.office), rid(3))
    pushed(both, third)
    assert both.store.follower.run(tell) == 0  # begins with what comes from now on
    slow = both.push().write(desks[0], desks[0].lane)
    pushed(both, desks[1])
    assert both.store.follower.run(catch_up) == 1 and both.store.follower.run(catch_up) == 0
    assert both.store.follower.run(tell) == 0 and both.workers[1].store.settled_position() == 1
    slow.settle().commit()
    assert both.store.follower.run(catch_up) == 2 and both.workers[1].store.settled_position() == 3
    assert both.store.follower.run(tell) == 2


def test_a_push_waits_for_no_figures(both: SideBySide, desks: list[Desk]) -> None:
    pushed(both, desks[0])
    counting = both.follower()
    assert catch_up(counting) == 1
    pushed(both, desks[1])
    assert catch_up(counting) == 0  # drawn after this transaction had begun
    counting.execute("COMMIT")
    assert count_all(both) == 1 and is_as_counted_anew(both)


def test_what_was_drawn_and_undone_keeps_nobody_behind(both: SideBySide, desks: list[Desk]) -> None:
    pushed(both, desks[0])
    both.push().write(desks[1], desks[1].lane).undo()
    assert count_all(both) == 1
    assert both.store.settled_position() == both.store.readers.run(position_of) == both.store.readers.run(event_log.last_position) == 1


def is_counted_once_by_two(both: SideBySide, desks: list[Desk], opening: str) -> bool:
    for desk in desks:
        pushed(both, desk)
    both.store.follower.run(lambda c: catch_up_waiting(c, 2, 2))  # else the row of its place would be an order, too
    first = both.follower(opening)
    assert catch_up(first) == 2

    def count_too() -> int:
        second = both.follower(opening)
        counted = catch_up(second)
        second.execute("COMMIT")
        return counted

    other = both.start(count_too)
    both.until_waiting(other)
    first.execute("COMMIT")
    other.result(PATIENCE_S)
    return is_as_counted_anew(both)


def test_two_who_count_at_once_count_once(both: SideBySide, desks: list[Desk]) -> None:
    assert is_counted_once_by_two(both, desks, FOLLOWING)


def test_without_an_order_of_their_own_two_would_count_twice(both: SideBySide, desks: list[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    opening = FOLLOWING.replace(f"SELECT pg_advisory_xact_lock({FOLLOW_LOCK})", "SELECT 1")
    monkeypatch.setattr("central_hub.store.postgres.connection.FOLLOWING", opening)
    assert opening != FOLLOWING and not is_counted_once_by_two(both, desks, opening)


def test_an_erasure_waits_for_a_step_that_counts_and_the_next_step_counts_without_the_body(both: SideBySide, desks: list[Desk]) -> None:
    pushed(both, desks[0])
    counting = both.follower()
    assert catch_up(counting) == 1

    def erase() -> None:
        named = [one.event for one in both.store.readers.run(lambda c: erasable(c, rid(1)))]
        order = both.store.writer.run(lambda c: ask(c, rid(1), named, number="12/QĐ", reason="Điều 14", officer="a", now_ms=1))
        both.store.writer.run(lambda c: approve(c, order, "b", both.workers[0].service.identity.epoch, 2))

    erasing = both.start(erase)
    assert both.until_waiting(erasing)
    counting.execute("COMMIT")
    erasing.result(PATIENCE_S)
    assert both.rows("SELECT count(*) FROM event WHERE body IS NULL") == [(1,)]
    assert count_all(both) == 1 and is_as_counted_anew(both)


def test_beside_a_worker_of_a_release_without_marks_nothing_is_taken_for_settled(both: SideBySide, desks: list[Desk]) -> None:
    pushed(both, desks[0])
    older = both.follower(f"BEGIN; SELECT pg_advisory_xact_lock_shared({WRITER_LOCK})")
    assert both.store.follower.run(catch_up) == 0 and both.store.settled_position() == 0
    older.execute("COMMIT")
    assert both.store.follower.run(catch_up) == 1


def test_before_the_first_event_and_after_a_move_the_mark_is_the_last_position_drawn(both: SideBySide, desks: list[Desk]) -> None:
    assert both.store.settled_position() == 0
    slow = both.push().write(desks[0], desks[0].lane)
    pushed(both, desks[1])
    assert both.store.settled_position() == 0  # the very first position is under way
    slow.settle().commit()
    both.store.writer.run(lambda c: both.store.engine.number_on(c, "event", "position"))
    assert both.store.settled_position() == 2


def test_sums_of_offices_that_push_while_they_are_counted_are_those_of_a_full_count(both: SideBySide) -> None:
    desks = [Desk(f"n0010{number}a", f"0010{number}", bytes([64 + number])) for number in range(1, 6)]
    both.enrol(*desks)
    for at in range(30):
        for place, desk in enumerate(desks):
            desk.add(reception(at * 10 + place + 1, desk.office), rid(at * 10 + place + 1))

    async def push_and_count() -> None:
        parts = [(desk, first, number) for number, first in enumerate(range(1, 31, 5)) for desk in desks]
        pushing = asyncio.gather(
            *(
                both.workers[(number + int(desk.office)) % 2].service.answer(desk.node, pack(Push(desk.batch(first, first + 4))))
                for desk, first, number in parts
            )
        )
        while not pushing.done():
            await both.workers[0].store.follower.run_async(lambda c: catch_up(c, 7))
        assert all(isinstance(unpack_reply(one), PushReply) for one in await pushing)

    asyncio.run(push_and_count())
    count_all(both)
    assert both.rows("SELECT sum(n) FROM figure WHERE measure = 'received'") == [(150,)] and is_as_counted_anew(both)


def test_who_shares_the_order_has_a_mark(both: SideBySide) -> None:
    assert "event_position_seq" in SHARING and FOLLOWING.startswith(SHARING)
