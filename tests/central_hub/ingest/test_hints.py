"""After a push, the other nodes whose feeds grew hear of it, each with the head of its own feed; the sender does not."""

from __future__ import annotations

from central_hub.ingest.feed import enter_scope, feed_head
from central_hub.ingest.nodes import revoke_node
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import Hint
from sync_protocol.wire import unpack_reply
from tests.central_hub.ingest.frames import Desk, Window
from tests.offices import rid


def listen(window: Window) -> list[tuple[str, int]]:
    """(node, feed head) of every hint from now on."""
    heard: list[tuple[str, int]] = []

    async def tell(node: NodeId, frame: bytes) -> bool:
        hint = unpack_reply(frame)
        assert isinstance(hint, Hint)
        heard.append((node, hint.feed_head))
        return True

    window.hub.service.tell = tell
    return heard


async def test_the_other_node_of_the_same_office_hears_and_the_sender_does_not(window: Window) -> None:
    desk, beside = Desk(), Desk("n00101b", seed=b"B")
    window.enrol(desk)
    window.enrol(beside)
    heard = listen(window)
    desk.receive(3)
    await window.push(desk.node, desk.batch())
    assert heard == [("n00101b", 3)]
    window.hub.store.writer.run(lambda c: revoke_node(c, beside.node, 1))
    desk.receive()
    await window.push(desk.node, desk.batch(4))
    assert heard == [("n00101b", 3)]


async def test_a_node_alone_in_its_office_causes_no_hint_and_its_feed_grows(window: Window) -> None:
    desk = Desk()
    window.enrol(desk)
    heard = listen(window)
    desk.receive(2)
    await window.push(desk.node, desk.batch())
    assert heard == []
    assert window.hub.store.readers.run(lambda c: feed_head(c, OfficeCode("00101"))) == 2


async def test_another_office_in_scope_hears_with_the_head_of_its_own_feed_also_where_the_sender_is_alone(window: Window) -> None:
    desk, far = Desk(), Desk("n00202a", "00202", b"C")
    window.enrol(desk)
    window.enrol(far)
    heard = listen(window)
    desk.receive(2)
    await window.push(desk.node, desk.batch())
    window.hub.store.writer.run(lambda c: enter_scope(c, rid(2), OfficeCode("00202"), 1, "custody"))
    desk.note(rid(2))
    await window.push(desk.node, desk.batch(3))
    assert heard == [("n00202a", 2)]
