"""What a hub that is put back has forgotten of an exit, or of the return after it, it learns again from the log of the desks."""

from __future__ import annotations

import pytest

from central_hub.ingest.commit import place_hub_events
from central_hub.ingest.feed import is_in_scope
from edge_node.store.ledger import Draft
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, exits, projection
from sync_protocol.bodies import CustodyGranted, ExitJudged
from sync_protocol.ids import RecordId
from tests.edge_node.letting_go.test_leaving_a_scope import FIRST, ONE, WORK, Story, is_seen
from tests.edge_node.letting_go.test_leaving_a_scope import story as story
from tests.offices import reception


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


def test_who_took_custody_from_a_hub_that_had_forgotten_its_exit_stays(story: Story) -> None:
    """It is entitled already when the exit comes back: the log has to say all the same that the exit is over (seed 1740123)."""
    story.copy_hub()
    story.let_go(story.guest)
    story.level()
    story.put_hub_back(b"f" * 16)
    story.take_custody()
    for _ in range(3):
        story.level()
    assert story.entitled(story.guest) and is_seen(story.guest)
    assert not story.hub.store.readers.run(lambda c: exits.has_left(c, ONE, story.guest.office))


def test_a_grant_that_comes_before_the_reception_gives_custody_when_the_reception_comes(story: Story) -> None:
    """Without its reception nobody knows of the dossier who has it; whose exit came first is out of its scope until then."""
    story.let_go(story.guest)
    story.level()
    grant = CustodyGranted(office=story.guest.office, fence=1, previous_office=story.home.office, reason="x", officer="a", until=())
    wish = next(one for one in story.hub.store.readers.run(lambda c: event_log.events_of(c, ONE)) if one.header.type == "exit.asked")
    judged = ExitJudged(office=story.guest.office, of=act_id(wish.header), at_ms=1, obstacle="", reason="looked_up", code="", procedure="")
    late = RecordId(b"l" * 16)
    for body in (judged, grant):
        story.hub.store.writer.run(lambda c, one=body: place_hub_events(c, FIRST, [(late, one)], 1, "hub"))  # type: ignore[misc]
    story.home.ledger.save(WORK, [Draft(late, reception(2, "00101", "Lò Văn Ửng", "001185020002"))])
    story.level()
    assert story.hub.store.readers.run(lambda c: is_in_scope(c, late, story.guest.office))
    view = story.guest.store.readers.run(lambda c: projection.view_of(c, late))
    assert view is not None and view.is_whole and view.custody.office == story.guest.office
