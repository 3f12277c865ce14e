"""The hub is put back twice, the second time to its first life: numbers that two of its lives gave to two desks are printed by one (I9)."""

from __future__ import annotations

from pathlib import Path

from central_hub.ingest.number_blocks import BLOCK_NUMBERS, block_for
from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import own_lane
from sync_protocol.ids import HubEpoch, Incarnation
from tests.offices import Clock, Hub, Office


def hub_and_desks(folder: Path) -> tuple[Clock, Hub, Office, Office]:
    """A hub, and two desks of one office that it has enrolled and never heard."""
    clock = Clock()
    hub = Hub(folder / "hub", clock)
    first, second = (Office(folder / letter, f"n00101{letter}", "00101", clock, seed=letter.encode()) for letter in "ab")
    for desk in (first, second):
        hub.enrol(desk)
    return clock, hub, first, second


def blocks(desk: Office) -> list[tuple[int, int]]:
    """The daily numbers that a desk holds."""
    rows = desk.store.readers.run(lambda c: c.execute("SELECT first, last FROM code_block ORDER BY first").fetchall())
    return [(int(first), int(last)) for first, last in rows]


def inc_of(desk: Office) -> Incarnation:
    return desk.store.readers.run(own_lane).inc


async def test_a_grant_that_its_desk_never_heard_of_is_none_in_the_next_life_of_the_hub(tmp_path: Path) -> None:
    clock, hub, first, second = hub_and_desks(tmp_path)
    hub.store.writer.run(lambda c: block_for(c, first.node, first.office, inc_of(first)))  # the answer with it was lost
    inc = inc_of(second)
    second.store.writer.run(  # what a life of the hub that is gone granted to the other desk
        lambda c: c.execute("INSERT INTO code_block(inc, office, first, last) VALUES(?,?,?,?)", (inc, "00101", 1, BLOCK_NUMBERS)).fetchone()
    )
    clock.ms += 60_000
    hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"f" * 16), clock.ms))
    hub.service.identity.epoch = HubEpoch(b"f" * 16)
    await first.join(hub).greet_once()
    assert blocks(first) == [], "until every desk of the office was heard nobody knows"
    await second.join(hub).greet_once()
    await first.join(hub).greet_once()
    await first.join(hub).greet_once()
    assert blocks(first) == [(BLOCK_NUMBERS + 1, 2 * BLOCK_NUMBERS)] and blocks(second) == [(1, BLOCK_NUMBERS)]
    for one in (first, second, hub):
        one.close()


async def test_numbers_that_a_copied_machine_holds_and_another_desk_was_granted_are_used_by_one(tmp_path: Path) -> None:
    _, hub, copy, other = hub_and_desks(tmp_path)
    inc = inc_of(copy)
    copy.store.writer.run(  # what a life of the hub that is gone granted to this copy; its name was heard from the other copy since
        lambda c: c.execute("INSERT INTO code_block(inc, office, first, last) VALUES(?,?,?,?)", (inc, "00101", 1, BLOCK_NUMBERS)).fetchone()
    )
    await other.join(hub).greet_once()
    assert blocks(other) == [(1, BLOCK_NUMBERS)]
    await copy.join(hub).greet_once()
    assert blocks(copy) == [(BLOCK_NUMBERS + 1, 2 * BLOCK_NUMBERS)] and blocks(other) == [(1, BLOCK_NUMBERS)]
    for one in (copy, other, hub):
        one.close()
