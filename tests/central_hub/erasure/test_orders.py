"""Orders to erase, from the first person to the last office: two people, one chain that holds, and no way back in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.erasure.errors import NothingToErase, OrderIncomplete, OrderSettled, SecondPersonNeeded
from central_hub.erasure.orders import approve, ask, erasable, order_of, orders, withdraw
from central_hub.ingest.courier import answer_courier
from central_hub.ingest.errors import UnknownRecord
from central_hub.ingest.feed import enter_scope
from central_hub.lookup import audit
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import NodeStore, write_number
from edge_node.sync import witness
from edge_node.sync.courier import export_courier
from edge_node.sync.page_keeping import OFFER_ALL
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.erasures import erasures
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.log_walk import walk_erased, walk_lanes, walk_views
from sync_protocol.bodies import CopyCaptured, DocumentCoded, NoteAdded
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, EventId, HubEpoch, OfficeCode
from sync_protocol.messages import Behind, BlobHave, Busy, OfferReply, Push, PushReply, Reply, Witness, WitnessReply
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.offices import Clock, Hub, Office, drained, on_line, reception, rid

RID = rid(1)
DOC, PART = DocumentId(b"d" * 16), ComponentId(b"c" * 16)
SECRET = "Ẵm bế 0911222333"
EPOCH = HubEpoch(b"e" * 16)


class Scene:
    """A hub that holds a dossier with a private note and a scanned paper, and the office that made it."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.office = Office(root / "node", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)
        pdf = b"%PDF " + SECRET.encode()
        self.digest = BlobDigest(bytes.fromhex(self.office.files.put(pdf)))
        copy = CopyCaptured(
            component_id=PART, document_id=DOC, pdf=self.digest, pdf_size=len(pdf), pages=1, images=1, officer="cb01", signer_name=SECRET,
            captured_ms=1,
        )  # fmt: skip
        coded = DocumentCoded(
            document_id=DOC,
            owner="001185012345",
            procedure="1",
            document_type="G1",
            number_symbol="7",
            code="001185012345.1.G1.7",
        )
        bodies = (reception(1, "00101"), NoteAdded(text=SECRET, officer="cb01", at_ms=1), copy, coded)
        self.saved = [self.office.ledger.save(Act("cb01", "intake", "x"), [Draft(RID, body)])[0] for body in bodies]
        asyncio.run(self.sync())

    async def sync(self) -> None:
        """Everything up, news down."""
        await self.office.exchange(self.hub, with_files=True)

    def erase(self, *wanted: EventId, number: str = "12/QĐ-BHXH") -> int:
        """Two people, one order."""
        return self.hub.store.writer.run(lambda c: self._erase(c, wanted, number))

    def _erase(self, c: apsw.Connection, wanted: tuple[EventId, ...], number: str) -> int:
        asked = ask(c, RID, wanted, number=number, reason="yêu cầu của chủ dữ liệu", officer="mai", now_ms=self.clock())
        return approve(c, asked, "hùng", EPOCH, self.clock())[0]

    def close(self) -> None:
        self.hub.close()
        self.office.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def bodies(connection: apsw.Connection) -> bytes:
    """Every stored body, view, key and quarantined frame, joined."""
    embedded, served = "SELECT name FROM sqlite_schema WHERE type = 'table'", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    tables = [name for (name,) in connection.execute(embedded if isinstance(connection, apsw.Connection) else served).fetchall()]
    found = b""
    for table in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            found += b"".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
    return found


def test_what_can_be_erased_names_acts_and_says_nothing_of_them(scene: Scene) -> None:
    found = scene.hub.store.readers.run(lambda c: erasable(c, RID))
    assert [one.type for one in found] == ["dossier.received", "note.added", "copy.captured", "document.coded"]
    assert SECRET not in repr(found)


def test_one_person_erases_nothing(scene: Scene) -> None:
    writer = scene.hub.store.writer
    asked = writer.run(lambda c: ask(c, RID, [scene.saved[1].id], number="12", reason="x", officer="mai", now_ms=1))
    assert SECRET.encode() in scene.hub.store.readers.run(bodies)
    for same in ("mai", " MAI "):
        with pytest.raises(SecondPersonNeeded):
            writer.run(lambda c, who=same: approve(c, asked, who, EPOCH, 2))  # type: ignore[misc]
    assert SECRET.encode() in scene.hub.store.readers.run(bodies)
    writer.run(lambda c: approve(c, asked, "hùng", EPOCH, 3))
    settled = scene.hub.store.readers.run(lambda c: order_of(c, asked))
    assert (settled.state, settled.asked_by, settled.settled_by) == ("carried_out", "mai", "hùng")
    assert SECRET.encode() not in [
        event.body for event in scene.hub.store.readers.run(lambda c: event_log.events_of(c, RID))
    ]


def test_an_order_needs_number_ground_and_something_that_is_there(scene: Scene) -> None:
    writer = scene.hub.store.writer
    note = scene.saved[1].id
    for number, reason, events in (("", "x", [note]), ("1", " ", [note]), ("1", "x", [])):
        with pytest.raises(OrderIncomplete):
            writer.run(
                lambda c, n=number, r=reason, e=events: ask(c, RID, e, number=n, reason=r, officer="a", now_ms=1)
            )  # type: ignore[misc]
    with pytest.raises(NothingToErase):
        writer.run(lambda c: ask(c, RID, [EventId(b"?" * 32)], number="1", reason="x", officer="a", now_ms=1))
    with pytest.raises(UnknownRecord):
        writer.run(lambda c: ask(c, rid(9), [note], number="1", reason="x", officer="a", now_ms=1))


def test_an_order_is_settled_once(scene: Scene) -> None:
    writer = scene.hub.store.writer
    note = scene.saved[1].id
    first, second = (
        writer.run(lambda c: ask(c, RID, [note], number="1", reason="x", officer="a", now_ms=1)) for _ in range(2)
    )
    writer.run(lambda c: approve(c, first, "b", EPOCH, 2))
    with pytest.raises(OrderSettled):
        writer.run(lambda c: approve(c, first, "b", EPOCH, 2))
    with pytest.raises(NothingToErase):
        writer.run(lambda c: approve(c, second, "b", EPOCH, 2))
    writer.run(lambda c: withdraw(c, second, "a", 3))
    assert [(one.id, one.state) for one in scene.hub.store.readers.run(orders)] == [
        (2, "withdrawn"),
        (1, "carried_out"),
    ]
    with pytest.raises(OrderSettled):
        writer.run(lambda c: withdraw(c, 77, "a", 3))
    rows = scene.hub.store.readers.run(lambda c: c.execute("SELECT what FROM audit ORDER BY id").fetchall())
    assert [what for (what,) in rows] == ["erasure:ask", "erasure:ask", "erasure:approve", "erasure:withdraw"]
    assert scene.hub.store.readers.run(audit.broken_at) is None


def test_an_erased_body_is_gone_from_every_table_of_hub_and_office_and_the_chains_hold(scene: Scene) -> None:
    assert scene.erase(*(event.id for event in scene.saved)) == 4
    asyncio.run(scene.sync())
    for store, files in ((scene.hub.store, scene.hub.service.files.files), (scene.office.store, scene.office.files)):
        held = store.readers.run(bodies)
        for secret in (SECRET, "Nguyễn Thị Ẩn", "0011850", "001185012345"):
            assert secret.encode() not in held, secret
        assert store.readers.run(walk_lanes)[2] == [] and store.readers.run(walk_views)[1] == []
        assert [(one.order, one.bodies) for one in store.readers.run(walk_erased)] == [("12/QĐ-BHXH", 4)]
        assert files.has(scene.digest.hex())
        assert remove_erased_files(store.readers, store.writer, files) == 1
        assert not files.has(scene.digest.hex())
        assert remove_erased_files(store.readers, store.writer, files) == 0
    here, there = (s.readers.run(lambda c: projection.view_of(c, RID)) for s in (scene.office.store, scene.hub.store))
    assert here == there and here is not None and here.code == "00101-261122-0001" and len(here.erased) == 4


def test_a_body_lost_without_an_order_is_damage_and_so_is_one_that_stayed(scene: Scene) -> None:
    scene.hub.store.writer.run(
        lambda c: c.execute("UPDATE event SET body = NULL WHERE id = ?", (scene.saved[1].id,)).fetchall()
    )
    assert [one.code for one in scene.hub.store.readers.run(walk_lanes)[2]] == ["VER-108"]
    scene.erase(scene.saved[2].id)
    body = scene.saved[2].body
    scene.hub.store.writer.run(
        lambda c: c.execute("UPDATE event SET body = ? WHERE id = ?", (body, scene.saved[2].id)).fetchall()
    )
    assert sorted(one.code for one in scene.hub.store.readers.run(walk_lanes)[2]) == ["VER-108", "VER-109"]


def test_neither_a_restored_node_nor_a_courier_file_brings_an_erased_body_back(scene: Scene, tmp_path: Path) -> None:
    stick = export_courier(
        _before_any_acknowledgement(scene), scene.office.files, "hub-test", scene.office.signer.sign, scene.office.node
    )
    scene.erase(scene.saved[1].id, scene.saved[2].id)
    asyncio.run(answer_courier(scene.hub.service, stick.content))
    assert SECRET.encode() not in scene.hub.store.readers.run(bodies)
    asyncio.run(scene.sync())
    assert SECRET.encode() not in scene.office.store.readers.run(bodies)
    # the file itself is nobody's any more: the hub does not take it again
    remove_erased_files(scene.hub.store.readers, scene.hub.store.writer, scene.hub.service.files.files)
    answer = asyncio.run(scene.hub.service.answer(scene.office.node, pack(BlobHave(scene.digest, 9))))
    assert b"HUB-005" in answer and not scene.hub.service.files.files.has(scene.digest.hex())


def _before_any_acknowledgement(scene: Scene) -> NodeStore:
    scene.office.store.writer.run(lambda c: c.execute("DELETE FROM acknowledgement").fetchall())
    scene.office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'local'").fetchall())
    return scene.office.store


def _sent_alone(scene: Scene, hub: Hub) -> None:
    """Own events go up, and nothing else happens before this office is gone."""

    async def send() -> None:
        driver = scene.office.join(hub)
        async with on_line(driver):
            await drained(driver)

    asyncio.run(send())


def _carried(scene: Scene, hub: Hub) -> None:
    store, files = scene.office.store, scene.office.files
    store.writer.run(lambda c: c.execute("DELETE FROM acknowledgement").fetchall())
    stick = export_courier(store, files, "hub-test", scene.office.signer.sign, scene.office.node)
    asyncio.run(answer_courier(hub.service, stick.content))


@pytest.mark.parametrize("bring", [_sent_alone, _carried])
def test_what_lost_its_body_comes_to_a_hub_that_was_put_back_behind_its_order(
    scene: Scene, tmp_path: Path, bring: Callable[[Scene, Hub], None]
) -> None:
    scene.erase(scene.saved[1].id)
    asyncio.run(scene.sync())
    old = Hub(tmp_path / "older", scene.clock, epoch=b"f" * 16)
    try:
        old.enrol(scene.office)
        bring(scene, old)
        assert [one.bodies for one in old.store.readers.run(walk_erased)] == [1]
        assert old.store.readers.run(walk_lanes)[2] == []
    finally:
        old.close()


def test_a_late_message_brings_nothing_without_a_body_to_a_hub_that_was_put_back_since(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.erase(scene.saved[1].id)
    asyncio.run(scene.sync())
    put_back, put_back_again = (Hub(tmp_path / name, scene.clock, epoch=name.encode() * 8) for name in ("b1", "b2"))
    sent: list[bytes] = []
    answer = put_back.service.answer

    async def overheard(node: str, frame: bytes) -> bytes:
        sent.append(frame)
        return await answer(node, frame)

    monkeypatch.setattr(put_back.service, "answer", overheard)
    try:
        for hub in (put_back, put_back_again):
            hub.enrol(scene.office)
        _sent_alone(scene, put_back)
        (late,) = [frame for frame in sent if isinstance(unpack_request(frame), Push)]
        assert isinstance(unpack_reply(asyncio.run(put_back_again.service.answer(scene.office.node, late))), Behind)
        assert put_back_again.store.readers.run(event_log.last_position) == 0
        assert isinstance(unpack_reply(asyncio.run(answer(scene.office.node, late))), PushReply), "said twice, it changes nothing"
    finally:
        put_back.close()
        put_back_again.close()


def test_a_witness_brings_the_order_before_what_lost_its_body_and_is_taken_only_behind_it(scene: Scene, tmp_path: Path) -> None:
    other = Office(tmp_path / "other", "n03401a", "03401", scene.clock)
    scene.hub.enrol(other)
    scene.hub.store.writer.run(lambda c: enter_scope(c, RID, OfficeCode("03401"), 1, "granted"))
    asyncio.run(other.exchange(scene.hub))
    scene.erase(scene.saved[1].id)
    asyncio.run(other.exchange(scene.hub))
    other.store.writer.run(lambda c: write_number(c, OFFER_ALL, 1))
    offered = other.store.readers.run(witness.next_pages)
    assert offered is not None
    everything = OfferReply(tuple(((0, len(page.event_ids) - 1),) for page in offered.pages))
    messages = other.store.readers.run(lambda c: witness.wanted(c, offered, everything))
    bare = next(one for one in messages if any(body is None for _, body in one.events))
    old = Hub(tmp_path / "older", scene.clock, epoch=b"f" * 16)

    def said(message: Witness) -> Reply:
        return unpack_reply(asyncio.run(old.service.answer(other.node, pack(message))))

    try:
        old.enrol(other)
        assert isinstance(said(bare), Busy) and old.store.readers.run(event_log.last_position) == 0
        for message in messages[: messages.index(bare) + 1]:
            assert isinstance(said(message), WitnessReply)
        assert old.store.readers.run(walk_lanes)[2] == []
    finally:
        old.close()
        other.close()


def test_a_hub_that_lost_the_order_takes_it_back_from_the_office_and_obeys(scene: Scene, tmp_path: Path) -> None:
    scene.erase(scene.saved[1].id)
    asyncio.run(scene.sync())
    old = Hub(tmp_path / "older", scene.clock, epoch=b"f" * 16)
    try:
        old.enrol(scene.office)
        scene.hub, former = old, scene.hub
        asyncio.run(scene.sync())
        asyncio.run(scene.sync())
        assert [one.number for one in old.store.readers.run(erasures)] == ["12/QĐ-BHXH"]
        assert old.store.readers.run(walk_lanes)[2] == []
    finally:
        former.close()


def test_a_quarantined_frame_loses_the_body_and_keeps_its_signature(scene: Scene) -> None:
    from central_hub.ingest.quarantine import hold
    from sync_protocol.adapters import signatures
    from sync_protocol.batch import open_batch, seal_batch
    from sync_protocol.wire import unpack_request

    frame = pack(Push(seal_batch("hub-test", scene.saved, scene.office.signer.sign)))
    scene.hub.store.writer.run(lambda c: hold(c, scene.office.node, frame, "SYN-012", "fork", 1))
    scene.erase(scene.saved[1].id)
    scene.hub.store.writer.run(lambda c: hold(c, scene.office.node, frame, "SYN-012", "fork", 2))
    rows = scene.hub.store.readers.run(lambda c: c.execute("SELECT frame, times FROM quarantine").fetchall())
    assert len(rows) == 1 and rows[0][1] == 2
    request = unpack_request(bytes(rows[0][0]))  # type: ignore[arg-type]
    assert isinstance(request, Push)
    key = scene.office.signer.public_key
    events = open_batch(
        request.batch, hub="hub-test", verify=lambda message, mark: signatures.verify(key, message, mark)
    )
    assert [event.body is None for event in events] == [False, True, False, False]
    assert [event.id for event in events] == [event.id for event in scene.saved]


def test_two_people_approving_at_once_write_one_order(scene: Scene) -> None:
    writer = scene.hub.store.writer
    asked = writer.run(lambda c: ask(c, RID, [scene.saved[1].id], number="1", reason="x", officer="a", now_ms=1))
    outcomes: list[object] = []
    for who in ("b", "c"):
        try:
            outcomes.append(writer.run(lambda c, w=who: approve(c, asked, w, EPOCH, 2)))  # type: ignore[misc]
        except OrderSettled as problem:
            outcomes.append(problem)
    assert outcomes[0] == (1, {OfficeCode("00101")}) and isinstance(outcomes[1], OrderSettled)
    assert len(scene.hub.store.readers.run(erasures)) == 1


def test_the_search_for_secrets_finds_them_before_the_order(scene: Scene) -> None:
    """The canary of `bodies`."""
    for store in (scene.hub.store, scene.office.store):
        assert SECRET.encode() in store.readers.run(bodies) and b"001185012345" in store.readers.run(bodies)
    assert msgspec.structs.asdict(scene.saved[1])["body"]
