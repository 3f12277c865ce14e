"""The hub is restored from an older copy: everybody's work comes back, also of offices that are gone, and nobody can add to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest

from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.witness import recovered
from edge_node.store.ledger import Act, Draft
from edge_node.store.sync_words import SyncWord, dossier_state
from edge_node.sync import witness
from edge_node.sync.witness import OfferedPages
from sync_protocol.adapters import stored_views
from sync_protocol.bodies import NoteAdded
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import Offer, OfferReply, Opened, OpenRecord, Purpose, Refusal, Witness
from sync_protocol.page_proof import PageProof, sign_page
from sync_protocol.wire import pack, unpack_reply
from tests.offices import HUB_NAME, reception, rid
from tests.two_offices import TwoOffices

RECEIVE = Act("cb01", "intake", "receive")
PURPOSE = Purpose("03401-261122-0001", "giải quyết hồ sơ", "cb02", "resolving")


class Scene(TwoOffices):
    """Hanoi wrote, Hưng Yên pulled, then the hub lost everything since its last copy."""

    async def told(self) -> None:
        """Hanoi's dossier reaches the hub and Hưng Yên."""
        self.hanoi.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101"))])
        await self.hanoi.exchange(self.hub)
        driver = self.hungyen.join(self.hub)
        await driver.greet_once()
        await driver.line.expect(OpenRecord(rid(1), PURPOSE), Opened)
        await driver.pull_all()

    def views(self) -> list[bytes | None]:
        """The dossier at the hub and at Hưng Yên."""
        return [
            store.readers.run(lambda c: stored_views.fingerprints(c, [rid(1)]).get(rid(1)))
            for store in (self.hub.store, self.hungyen.store)
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


async def test_work_of_an_office_that_is_gone_comes_back_from_a_witness(scene: Scene) -> None:
    await scene.told()
    scene.restore_hub()
    assert scene.views()[0] is None
    await scene.hungyen.exchange(scene.hub)
    views = scene.views()
    assert views[0] is not None and views[0] == views[1]
    assert scene.hub.store.readers.run(recovered) == []


async def test_an_office_is_entitled_again_also_where_the_author_comes_between_its_offer_and_its_witness(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.told()
    scene.restore_hub()
    driver = scene.hungyen.join(scene.hub)
    really, overtaken = driver.line.expect, []

    async def overtaken_by_the_author(request: Any, kind: Any) -> Any:
        if isinstance(request, Witness) and not overtaken:
            overtaken.append(request)
            await scene.hanoi.exchange(scene.hub)
        return await really(request, kind)

    monkeypatch.setattr(driver.line, "expect", overtaken_by_the_author)
    await driver.greet_once()
    await driver.pull_all()
    assert overtaken
    assert scene.hub.store.readers.run(lambda c: is_in_scope(c, rid(1), OfficeCode("03401")))


async def test_an_offer_overtaken_by_another_restore_ends_and_is_made_again_after_the_next_greeting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.told()
    scene.restore_hub()
    driver = scene.hungyen.join(scene.hub)
    await driver.greet_once()
    really, offers = witness.keep_progress, 0

    def while_yet_another_epoch_begins(connection: apsw.Connection, offered: OfferedPages, epoch: HubEpoch) -> bool:
        nonlocal offers
        offers += 1
        return really(connection, offered, HubEpoch(b"g" * 16))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(witness, "keep_progress", while_yet_another_epoch_begins)
        await asyncio.wait_for(driver.pull_all(), 60)
    assert offers == 1 and scene.hungyen.store.readers.run(witness.is_owed)
    await scene.hungyen.exchange(scene.hub)
    assert not scene.hungyen.store.readers.run(witness.is_owed) and scene.views()[0] == scene.views()[1] is not None


async def test_without_the_witness_that_work_would_be_lost(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "next_pages", lambda connection: None)
    await scene.told()
    scene.restore_hub()
    await scene.hungyen.exchange(scene.hub)
    assert scene.views()[0] is None


async def test_a_promise_of_the_lost_state_is_no_longer_shown(scene: Scene) -> None:
    await scene.told()
    assert scene.hanoi.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.AT_HUB
    scene.restore_hub()
    driver = scene.hanoi.join(scene.hub)
    await driver.greet_once()
    assert scene.hanoi.store.readers.run(lambda c: dossier_state(c, rid(1))).word is not SyncWord.AT_HUB
    await scene.hanoi.exchange(scene.hub)
    assert scene.hanoi.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.AT_HUB


async def test_a_witness_without_the_beginning_of_a_lane_is_kept_aside_until_its_author_returns(scene: Scene) -> None:
    scene.hanoi.ledger.save(RECEIVE, [Draft(rid(7), reception(7, "00101"))])
    await scene.told()
    scene.restore_hub()
    await scene.hungyen.exchange(scene.hub)
    aside = scene.hub.store.readers.run(recovered)
    assert [(one.node, one.events) for one in aside] == [("n00101a", 1)]
    assert scene.views()[0] == scene.views()[1]
    await scene.hanoi.exchange(scene.hub)
    assert scene.hub.store.readers.run(recovered) == []
    count = scene.hub.store.readers.run(
        lambda c: c.execute("SELECT count(*), count(DISTINCT id) FROM event").fetchone()
    )
    assert count is not None and count[0] == count[1]


async def test_no_node_can_bring_an_event_in_anothers_name(scene: Scene) -> None:
    await scene.told()
    forged = make_event(
        node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type="note.added", tv=1, rid=rid(1), hlc=1,
        actor="cb01", body=msgspec.msgpack.encode(NoteAdded(text="giả", officer="cb01", at_ms=1)),
    )  # fmt: skip
    raw = scene.hungyen.store.readers.run(
        lambda c: c.execute("SELECT epoch, office, ids, signature FROM page_proof").fetchone()
    )
    assert raw is not None
    true = PageProof(HubEpoch(bytes(raw[0])), OfficeCode(str(raw[1])), bytes(raw[2]), bytes(raw[3]))
    own = sign_page(HUB_NAME, true.epoch, true.office, [forged.id], scene.hungyen.signer.sign)
    pair = ((forged.raw_header, forged.body),)
    for message, code in (
        (Witness(true, pair), "HUB-011"),
        (Witness(own, pair), "KEY-005"),
        (Offer((own,)), "KEY-005"),
        (Witness(msgspec.structs.replace(true, ids=forged.id), pair), "KEY-005"),
        (Witness(msgspec.structs.replace(true, office=OfficeCode("00101")), ()), "KEY-005"),
        (Witness(true, ((b"\xc1", None),)), "SYN-002"),
        (Offer((msgspec.structs.replace(true, ids=b"short"),)), "SYN-002"),
    ):
        reply = unpack_reply(await scene.hub.service.answer("n03401a", pack(message)))
        assert isinstance(reply, Refusal) and reply.code == code, (message, reply)
    held = scene.hub.store.readers.run(lambda c: c.execute("SELECT 1 FROM event WHERE id = ?", (forged.id,)).fetchone())
    assert held is None


async def test_offering_again_asks_for_nothing(scene: Scene) -> None:
    await scene.told()
    raw = scene.hungyen.store.readers.run(
        lambda c: c.execute("SELECT epoch, office, ids, signature FROM page_proof").fetchone()
    )
    assert raw is not None
    page = PageProof(HubEpoch(bytes(raw[0])), OfficeCode(str(raw[1])), bytes(raw[2]), bytes(raw[3]))
    reply = unpack_reply(await scene.hub.service.answer("n03401a", pack(Offer((page,)))))
    assert isinstance(reply, OfferReply) and reply.wanted == ((),)
