"""The event feed for other systems over a real message server: in the hub's order, without content, durable, and filled on after a break."""

from __future__ import annotations

from pathlib import Path

import msgspec

from central_hub.enrolment.event_feed import FEED_STREAM, ensure_feed
from central_hub.enrolment.feed_filling import FeedMessage, fed_upto, fill
from central_hub.enrolment.server_monitor import check_feed_durable
from edge_node.store.ledger import Act, Draft
from sync_protocol.batch import seal_batch
from sync_protocol.ids import HubEpoch
from sync_protocol.messages import Push, PushReply
from sync_protocol.subjects import Verb
from sync_protocol.wire import pack, unpack_reply
from tests.nats.world import echo, on_loop, world
from tests.offices import HUB_NAME, Clock, Hub, Office, reception, rid

EPOCH = HubEpoch(b"e" * 16)
ROOM = 4 * 2**20


async def received(hub: Hub, office: Office, number: int) -> None:
    """A dossier reaches the hub."""
    events = office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(number), reception(number, "00101"))])
    assert isinstance(
        unpack_reply(
            await hub.service.answer(office.node, pack(Push(seal_batch(HUB_NAME, events, office.signer.sign))))
        ),
        PushReply,
    )


@on_loop
async def test_the_feed_holds_every_event_once_in_the_hubs_order_and_no_person(tmp_path: Path) -> None:
    hub, office = Hub(tmp_path / "hub", Clock()), Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(office)
    async with world(tmp_path, feed_bytes=ROOM) as w:
        await check_feed_durable(w.server.monitor_url)
        worker = await w.hub({Verb.PUSH: echo})
        await ensure_feed(worker.client, ROOM // 2)
        await received(hub, office, 1)
        assert await fill(worker.client, hub.store, EPOCH) == 1
        await received(hub, office, 2)
        # a crash before the place was kept
        hub.store.writer.run(lambda c: c.execute("DELETE FROM hub_state WHERE key = 'feed_upto'").fetchone())
        assert await fill(worker.client, hub.store, EPOCH) == 2 and await fill(worker.client, hub.store, EPOCH) == 0
        reader = await worker.client.jetstream().subscribe("feed.>", ordered_consumer=True)
        told = [msgspec.json.decode((await reader.next_msg(5)).data, type=FeedMessage) for _ in range(2)]
        held = (await worker.client.jetstream().stream_info(FEED_STREAM)).state.messages
    assert held == 2 and [one.position for one in told] == [1, 2] and told[0].epoch == EPOCH.hex()
    assert [one.dossier for one in told] == [rid(1).hex(), rid(2).hex()] and told[0].type == "dossier.received"
    assert "Nguyễn" not in msgspec.json.encode(told).decode() and hub.store.readers.run(fed_upto) == 2
    office.close()
    hub.close()
