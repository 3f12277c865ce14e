"""A dossier that an office entered again comes back whole, also where the line broke between its past and the word that the exit is over."""

from __future__ import annotations

import asyncio

import apsw
import pytest

from central_hub.ingest.commit import place_hub_events
from central_hub.ingest.feed import feed_head
from edge_node.letting_go.tombstones import tombstone_of
from edge_node.sync import asking
from edge_node.sync.memory import keep_welcome
from edge_node.sync.pages import pages_from
from sync_protocol.adapters import projection
from sync_protocol.bodies import ExitUndone
from sync_protocol.ids import ActId, EventId
from sync_protocol.messages import HelloReply
from tests.edge_node.letting_go.test_leaving_a_scope import FIRST, ONE, Story, is_seen
from tests.edge_node.letting_go.test_leaving_a_scope import story as story
from tests.offices import Office, drained, on_line


def same_everywhere(story: Story) -> bool:
    views = [one.store.readers.run(lambda c: projection.view_of(c, ONE)) for one in (story.hub, story.home, story.guest)]
    return views[0] is not None and views[0] == views[1] == views[2]


async def some_pages(story: Story, office: Office, count: int) -> None:
    """The line breaks behind a greeting and so many pages of news."""
    driver = office.join(story.hub)
    await driver.greet_once()
    async for page in pages_from(driver.line, office.store.readers.run(asking.pull), driver._news._prove):  # type: ignore[arg-type]
        await driver._news._keep_page(page)
        count -= 1
        if not count:
            break


def test_what_came_of_it_is_not_let_go_once_more_by_a_greeting_before_the_rest(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.let_go(story.guest)
    story.level()
    story.back_up()
    story.greet(story.guest)
    for text in ("một", "hai", "ba"):
        story.say(story.home, text)
    story.level()
    story.look_up()
    story.back_up()
    monkeypatch.setattr(asking, "PULL_EVENTS_MAX", 1)
    asyncio.run(some_pages(story, story.guest, 3))
    assert not story.guest.store.readers.run(lambda c: tombstone_of(c, ONE)).is_bare  # type: ignore[union-attr]
    story.greet(story.guest)
    story.level()
    assert story.entitled(story.guest) and is_seen(story.guest) and same_everywhere(story)


async def _forgotten_exit_given_back(story: Story, *, late_answer: bool) -> None:
    """A hub that had forgotten the exit gave the office custody; its desk reads the feed of the new life, gives the exit back, and loses the line before the news of that."""
    driver = story.guest.join(story.hub)
    async with on_line(driver):
        await drained(driver)
    async for page in pages_from(driver.line, story.guest.store.readers.run(asking.pull), driver._news._prove):  # type: ignore[arg-type]
        await driver._news._keep_page(page)
    story.back_up()
    answer = await driver.line.expect(story.guest.store.readers.run(driver._hello), HelloReply)
    await driver._news._give_back(answer)
    if late_answer:
        story.guest.store.writer.run(lambda c: keep_welcome(c, answer, story.clock.ms))
    else:
        await driver.greet_once()


@pytest.mark.parametrize("late_answer", [False, True])
def test_what_a_hub_told_before_it_was_reminded_of_the_exit_is_there_when_it_says_that_the_exit_is_over(story: Story, late_answer: bool) -> None:
    """Also where the answer to a greeting was on its way while the exit was given back."""
    for text in ("một", "hai", "ba"):
        story.say(story.home, text)
    story.level()
    story.copy_hub()
    story.let_go(story.guest)
    story.level()
    story.back_up()
    story.greet(story.guest)
    story.put_hub_back(b"f" * 16)
    story.take_custody()
    asyncio.run(_forgotten_exit_given_back(story, late_answer=late_answer))
    for _ in range(3):
        story.level()
    assert story.entitled(story.guest) and is_seen(story.guest) and same_everywhere(story)


def test_the_word_of_a_return_that_a_witness_brings_tells_the_past_also_to_who_is_in_scope(story: Story) -> None:
    """The hub had forgotten exit and return; a desk that holds the exit alone may have let go what this hub told it before."""

    def feed(connection: apsw.Connection) -> list[str]:
        rows = connection.execute("SELECT e.type FROM feed f JOIN event e ON e.position = f.position WHERE f.office = '03401' AND f.n > ? ORDER BY f.n", (before,))
        return [str(kind) for (kind,) in rows]

    before = story.hub.store.readers.run(lambda c: feed_head(c, story.guest.office))
    over = ExitUndone(office=story.guest.office, of=(ActId(EventId(b"w" * 32)),))
    story.hub.store.writer.run(lambda c: place_hub_events(c, FIRST, [(ONE, over)], 1, "hub"))
    assert story.hub.store.readers.run(feed) == ["exit.undone", "dossier.received", "note.added", "exit.undone"]
    story.level()
    assert is_seen(story.guest) and same_everywhere(story)
