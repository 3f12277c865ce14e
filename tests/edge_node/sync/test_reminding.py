"""A hub that was put back together with its mark does not know it: the first node that misses something shows it the hub's own signature."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from central_hub.ingest.feed import enter_scope, is_in_scope
from central_hub.ingest.nodes import find_node
from central_hub.ingest.reminding import take_reminder
from central_hub.store.epoch import EPOCH, begin_epoch
from central_hub.store.hub_store import read_state
from edge_node.sync import asking, reminding
from sync_protocol.adapters import event_log
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, HubEpoch
from sync_protocol.messages import Busy, HelloReply, Remind
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.edge_node.sync.test_comparing import level, save
from tests.offices import HUB_NAME, Clock, Hub, Office, copy_hub, lose_hub, rid

FIRST = HubEpoch(b"e" * 16)


class Story:
    """A hub with two machines of one office; yesterday's copy knows the first dossier only."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.hub = Hub(folder / "hub", self.clock)
        self.hub.store.writer.run(lambda c: begin_epoch(c, FIRST, 1))
        self.a = Office(folder / "a", "n00101a", "00101", self.clock)
        self.b = Office(folder / "b", "n00101b", "00101", self.clock, seed=b"B")
        for office in (self.a, self.b):
            self.hub.enrol(office)
        save(self.a, 1)
        self.level(self.a, self.b)
        self.hub.close()
        copy_hub(folder / "hub", folder / "copy")
        self.hub = Hub(folder / "hub", self.clock)

    def level(self, *offices: Office) -> None:
        asyncio.run(level(self.hub, *offices))

    def put_back(self) -> None:
        """The whole machine as it was yesterday: nothing tells it."""
        self.hub.close()
        lose_hub(self.folder / "hub")
        copy_hub(self.folder / "copy", self.folder / "hub")
        self.hub = Hub(self.folder / "hub", self.clock)

    def epoch(self) -> bytes | None:
        return self.hub.store.readers.run(lambda c: read_state(c, EPOCH))

    def held(self) -> int:
        return len(self.hub.store.readers.run(lambda c: list(event_log.all_events(c))))

    def close(self) -> None:
        for one in (self.hub, self.a, self.b):
            one.close()


@pytest.fixture
def story(tmp_path: Path):  # type: ignore[no-untyped-def]
    one = Story(tmp_path)
    yield one
    one.close()


def test_the_author_of_what_is_missing_reminds_the_hub_by_its_promise(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a)
    story.put_back()
    story.level(story.a)
    assert story.epoch() != FIRST and story.hub.service.identity.epoch == story.epoch() and story.held() == 2


def test_who_was_told_of_what_is_missing_reminds_the_hub_by_its_page(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    story.level(story.b)
    story.level(story.b)
    assert story.epoch() != FIRST and story.held() == 2


def test_a_feed_that_has_grown_again_with_other_news_is_noticed(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    save(story.b, 3)  # takes the place in the feed that the lost dossier had
    story.level(story.b)
    story.level(story.b)
    assert story.epoch() != FIRST and story.held() == 3


def test_a_reminder_that_the_hub_was_too_busy_to_hear_is_told_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    save(story.b, 3)
    answer, heard = story.hub.service.answer, list[bytes]()

    async def busy_twice(node: str, frame: bytes) -> bytes:
        if isinstance(unpack_request(frame), Remind):
            heard.append(frame)
        return pack(Busy(1)) if frame in heard[:2] and len(heard) < 3 else await answer(node, frame)

    monkeypatch.setattr(story.hub.service, "answer", busy_twice)
    for _ in range(3):
        story.level(story.b)
    assert story.epoch() != FIRST and story.held() == 3


def test_a_hub_that_speaks_again_in_an_epoch_it_had_left_gets_back_what_it_told_there(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    other = HubEpoch(b"f" * 16)  # somebody reminded it, and it was put back again before anything was brought
    story.hub.store.writer.run(lambda c: begin_epoch(c, other, story.clock.ms))
    story.hub.service.identity.epoch = other
    asyncio.run(story.b.join(story.hub).greet_once())
    story.b.store.writer.run(asking.forget_seen)  # its place is one of the other epoch by now
    story.put_back()
    assert story.epoch() == FIRST
    story.level(story.b)
    story.level(story.b)
    assert story.held() == 2


def test_an_office_that_is_not_entitled_any_more_reminds_the_hub_although_no_event_is_missing(story: Story) -> None:
    other = Office(story.folder / "c", "n03401a", "03401", story.clock, seed=b"C")
    try:
        story.hub.enrol(other)
        story.hub.store.writer.run(lambda c: enter_scope(c, rid(1 << 80), other.office, 1, "granted"))
        story.level(other)
        story.put_back()
        story.hub.enrol(other)
        for _ in range(2):
            story.level(other)
        assert story.epoch() != FIRST
        assert story.hub.store.readers.run(lambda c: is_in_scope(c, rid(1 << 80), other.office))
    finally:
        other.close()


async def test_a_copied_machine_that_went_on_in_the_same_lane_does_not_hide_what_the_hub_forgot(story: Story) -> None:
    save(story.a, 2)
    await level(story.hub, story.a)
    key = story.a.signer.public_key
    hello = story.a.store.readers.run(lambda c: asking.hello(c, office=story.a.office, floor=0, public_key=key, now_ms=story.clock.ms))
    reply = unpack_reply(await story.hub.service.answer(story.a.node, pack(hello)))
    assert isinstance(reply, HelloReply)
    assert story.a.store.readers.run(lambda c: reminding.reminder(c, reply)) is None
    (own,) = [floor for floor in reply.floors if floor.seq == 2]
    others = msgspec.structs.replace(reply, floors=(msgspec.structs.replace(own, seq=3, id=EventId(b"x" * 32)),))
    remind = story.a.store.readers.run(lambda c: reminding.reminder(c, others))
    assert remind is not None and remind.acknowledgement is not None and remind.acknowledgement.upto == 2


def test_a_hub_that_holds_everything_believes_no_reminder(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    remind = story.b.store.readers.run(reminding.newest_page)
    assert remind is not None
    assert not _taken(story, "n00101b", remind) and story.epoch() == FIRST


def test_a_reminder_counts_only_under_the_hubs_own_signature(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    remind = story.b.store.readers.run(reminding.newest_page)
    assert remind is not None and remind.page is not None
    forged = msgspec.structs.replace(remind.page, ids=remind.page.ids + b"x" * 32)
    with pytest.raises(Problem):
        _taken(story, "n00101b", Remind(page=forged))
    assert story.epoch() == FIRST


def test_the_same_reminder_twice_begins_one_epoch(story: Story) -> None:
    save(story.a, 2)
    story.level(story.a, story.b)
    story.put_back()
    remind = story.b.store.readers.run(reminding.newest_page)
    assert remind is not None
    assert _taken(story, "n00101b", remind) and not _taken(story, "n00101b", remind)


def _taken(story: Story, node: str, remind: Remind) -> bool:
    def work(c):  # type: ignore[no-untyped-def]
        key = story.hub.signer.public_key
        return take_reminder(c, find_node(c, node), remind, HUB_NAME, key, HubEpoch(b"f" * 16), 2)  # type: ignore[arg-type]

    return bool(story.hub.store.writer.run(work))
