"""What a hub that is put back has forgotten of an exit, or of the return after it, it learns again from the log of the desks."""

from __future__ import annotations

import pytest

from sync_protocol.adapters import event_log, exits
from tests.edge_node.letting_go.test_leaving_a_scope import ONE, Story, is_seen
from tests.edge_node.letting_go.test_leaving_a_scope import story as story


@pytest.mark.parametrize("epoch", [b"f" * 16, None])
def test_a_hub_that_was_put_back_to_before_the_exit_learns_it_again(story: Story, epoch: bytes | None) -> None:
    """With a new epoch, and unannounced, where only the desk can notice."""
    story.copy_hub()
    story.let_go(story.guest)
    story.level()
    story.put_hub_back(epoch)
    assert story.entitled(story.guest)
    for _ in range(3):
        story.level()
    assert not story.entitled(story.guest) and not is_seen(story.guest)
    assert story.hub.store.readers.run(lambda c: exits.has_left(c, ONE, story.guest.office))


def test_a_hub_that_was_put_back_to_before_the_return_learns_that_too(story: Story) -> None:
    story.let_go(story.guest)
    story.level()
    story.copy_hub()
    story.look_up()
    story.level()
    story.put_hub_back(b"f" * 16)
    for _ in range(3):
        story.level()
    assert story.entitled(story.guest) and is_seen(story.guest)


def test_an_event_that_went_is_never_offered_and_the_office_still_witnesses_the_rest(story: Story) -> None:
    story.copy_hub()
    story.let_go(story.guest)
    story.level()
    story.back_up()
    story.greet(story.guest)
    story.put_hub_back(b"f" * 16)
    for _ in range(3):
        story.level()
    events = story.hub.store.readers.run(lambda c: event_log.events_of(c, ONE))
    assert all(one.body is not None for one in events) and not story.entitled(story.guest)
