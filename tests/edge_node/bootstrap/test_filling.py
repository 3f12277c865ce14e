"""A new node from a snapshot: the same bytes as one that pulled, taken up after every cut, and complete only when it is."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.bootstrap.snapshots import LIFE_MS, Snapshots, forget_snapshots, remove_parts
from central_hub.erasure.carrying_out import carry_out
from central_hub.erasure.orders import ask
from central_hub.ingest.backup_cover import cover_feeds, feed_heads
from central_hub.ingest.nodes import find_node
from central_hub.lookup.service import open_record
from central_hub.store.epoch import begin_epoch
from edge_node.bootstrap import filling
from edge_node.bootstrap.filling import Filling
from edge_node.bootstrap.loading import load_part
from edge_node.bootstrap.progress import read_progress
from edge_node.letting_go.tombstones import tombstone_of
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import BULK_CACHE_KIB, read_number
from edge_node.sync.driver import SyncDriver
from edge_node.sync.errors import HubRefused, NoLine
from edge_node.sync.pushing import HubKnown
from sync_protocol import snapshot
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.key_errors import SignatureRejected
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.adapters.sqlite.connection import SYNCHRONOUS_FULL, WRITER_CACHE_KIB
from sync_protocol.bodies import CopyCaptured, ExitAsked, NoteAdded
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, HubEpoch
from sync_protocol.messages import OpenRecord, Purpose, SnapshotOffer
from tests.offices import HUB_NAME, Clock, Hub, Office, drained, on_line, reception, rid

DOSSIERS = 23
FOLLOWED = rid(0)  # in the first part


class Scene:
    """A hub with the work of one node of an office, and a new node of the same office."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root, Clock()
        self.hub = self.new_hub(b"e" * 16)
        self.old = self.office("n00101a", b"A")
        self.new = self.office("n00101b", b"B")
        drafts = [Draft(rid(n), reception(n, "00101")) for n in range(1, DOSSIERS + 1)]
        drafts += [Draft(rid(n), NoteAdded(text=f"ghi {n}", officer="cb", at_ms=1)) for n in range(1, DOSSIERS + 1, 2)]
        self.saved = self.old.ledger.save(Act("cb", "intake", "x"), drafts)
        asyncio.run(self.sync(self.old))

    def new_hub(self, epoch: bytes) -> Hub:
        """The hub over what its folder holds, with small snapshots."""
        hub = Hub(self.root / "hub", self.clock, epoch)
        hub.service.__dict__["snapshots"] = Snapshots(
            hub.store, hub.service.files.files, hub.service.identity, hub.signer.sign, self.clock, from_events=5, part_dossiers=4
        )  # fmt: skip
        return hub

    def begin_epoch(self, epoch: bytes) -> None:
        """The hub is put back from a backup that held everything."""
        self.hub.close()
        self.hub = self.new_hub(epoch)
        self.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(epoch), self.clock.ms))

    def office(self, node: str, seed: bytes) -> Office:
        made = Office(self.root / node, node, "00101", self.clock, seed=seed)
        self.hub.enrol(made)
        return made

    async def sync(self, office: Office) -> SyncDriver:
        return await office.exchange(self.hub)

    async def fill(self, office: Office, cut_after: int = 10_000) -> int:
        """Greet, wait for the snapshot to be made, and fill; the line is cut after so many requests."""
        driver = office.join(self.hub)
        await driver.greet_once()
        assert driver.welcome is not None and office.carrier is not None
        filling = Filling(
            office.store,
            driver.line,
            office.transfers,
            HubKnown(HUB_NAME, self.hub.signer.public_key),
            office.office,
            self.clock,
        )
        real, left = office.carrier.request, itertools.count()

        async def request(verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
            if next(left) >= cut_after:
                raise NoLine()
            return await real(verb, payload, timeout=timeout, lane=lane)

        office.carrier.request = request  # type: ignore[method-assign]
        while True:
            try:
                done = await filling.fill(driver.welcome, from_events=5)
                break
            except HubRefused:
                await asyncio.gather(*self.hub.service.snapshots._making.values())
        await driver.pull_all()
        await filling.finish()
        return done

    def close(self) -> None:
        for one in (self.hub, self.old, self.new):
            one.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def content(connection: apsw.Connection) -> dict[str, list[object]]:
    """What two nodes of one office must agree on."""
    queries = {
        "events": "SELECT id, header, body FROM event ORDER BY id", "keys": "SELECT key, rid FROM search_key ORDER BY key, rid",
        "dossiers": "SELECT * FROM dossier ORDER BY rid", "documents": "SELECT * FROM document ORDER BY document_id",
        "cursor": "SELECT value FROM node_state WHERE key = 'cursor'",
    }  # fmt: skip
    return {name: list(connection.execute(query)) for name, query in queries.items()}


def test_a_filled_node_holds_what_a_node_that_pulled_holds_byte_by_byte(scene: Scene) -> None:
    puller = scene.office("n00101c", b"C")
    asyncio.run(scene.sync(puller))
    assert asyncio.run(scene.fill(scene.new)) == 6
    assert scene.new.store.readers.run(content) == puller.store.readers.run(content)
    for walk in (walk_lanes, walk_views):
        assert scene.new.store.readers.run(walk)[-1] == []
    assert scene.new.store.readers.run(read_progress) == msgspec.structs.replace(
        scene.new.store.readers.run(read_progress), phase="complete", done=6, parts=6
    )
    puller.close()


@pytest.mark.parametrize("is_older", [False, True])
def test_a_filled_node_knows_the_files_of_its_dossiers_also_where_it_folds_them_itself(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, is_older: bool
) -> None:
    copy = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(b"p" * 32), pdf_size=7, pages=1, images=1,
        officer="cb", signer_name="CB", captured_ms=1,
    )  # fmt: skip
    scene.old.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), copy)])
    asyncio.run(scene.sync(scene.old))
    if is_older:
        monkeypatch.setattr(filling, "view_format", lambda: b"an older fold")
    asyncio.run(scene.fill(scene.new))
    rows = scene.new.store.readers.run(lambda c: c.execute("SELECT digest, size, state FROM blob").fetchall())
    assert rows == [(b"p" * 32, 7, "remote")]


def test_wherever_the_line_is_cut_it_goes_on_at_that_part_and_ends_the_same(scene: Scene) -> None:
    whole = scene.office("n00101c", b"C")
    asyncio.run(scene.fill(whole))
    loaded, cuts = 0, 0
    for cut in itertools.count(1):
        before = scene.new.store.readers.run(read_progress)
        try:
            loaded += asyncio.run(scene.fill(scene.new, cut_after=3 if cut < 40 else 10_000))
            break
        except Problem:
            cuts += 1
            after = scene.new.store.readers.run(read_progress)
            assert after.phase == "running" and after.done >= before.done
            assert scene.new.store.readers.run(walk_lanes)[2] == [] and scene.new.store.readers.run(walk_views)[1] == []
    assert cuts >= 2
    assert scene.new.store.readers.run(content) == whole.store.readers.run(content)
    assert scene.new.store.readers.run(read_progress).phase == "complete"
    whole.close()


def test_what_came_after_the_snapshot_is_pulled_behind_it(scene: Scene) -> None:
    asyncio.run(scene.fill(scene.office("n00101c", b"C")))
    scene.old.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), NoteAdded(text="sau", officer="cb", at_ms=2))])
    asyncio.run(scene.sync(scene.old))
    asyncio.run(scene.fill(scene.new))
    assert scene.new.store.readers.run(lambda c: len(event_log.events_of(c, rid(1)))) == 3


def test_work_done_before_the_filling_stays_and_meets_what_comes(scene: Scene) -> None:
    scene.new.ledger.save(Act("cb", "intake", "x"), [Draft(rid(2), NoteAdded(text="tại chỗ", officer="cb", at_ms=2))])
    assert asyncio.run(scene.fill(scene.new)) == 6
    assert scene.new.store.readers.run(walk_views)[1] == []
    texts = scene.new.store.readers.run(lambda c: {e.header.node for e in event_log.events_of(c, rid(2))})
    assert texts == {"n00101a", "n00101b"}


def test_a_node_that_folds_otherwise_folds_for_itself(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(scene.fill(scene.office("n00101c", b"C")))
    monkeypatch.setattr("edge_node.bootstrap.filling.view_format", lambda: b"another")
    monkeypatch.setattr("edge_node.bootstrap.loading._take_rows", _takes_nothing)
    assert asyncio.run(scene.fill(scene.new)) == 6
    assert scene.new.store.readers.run(walk_views) == (DOSSIERS, [])


def _takes_nothing(connection: apsw.Connection, part: object, takes: set[bytes], now_ms: int) -> None:
    assert takes == set()


def test_a_filled_node_can_witness_what_a_restored_hub_lost(scene: Scene, tmp_path: Path) -> None:
    asyncio.run(scene.fill(scene.new))
    empty = Hub(tmp_path / "empty", scene.clock, epoch=b"f" * 16)
    for office in (scene.old, scene.new):
        empty.enrol(office)
    former, scene.hub = scene.hub, empty
    asyncio.run(scene.sync(scene.new))
    held = empty.store.readers.run(lambda c: {event.id for _, _, event in event_log.all_events(c)})
    assert {event.id for event in scene.saved} <= held
    former.close()


def test_an_order_to_erase_ends_every_snapshot_and_reaches_a_node_that_was_half_filled(scene: Scene) -> None:
    with pytest.raises(Problem):
        asyncio.run(scene.fill(scene.new, cut_after=4))
    assert 0 < scene.new.store.readers.run(read_progress).done < 6
    wanted = [scene.saved[0].id, scene.saved[DOSSIERS].id]
    store, files = scene.hub.store, scene.hub.service.files.files
    asked = store.writer.run(lambda c: ask(c, rid(1), wanted, number="7", reason="x", officer="a", now_ms=1))
    asyncio.run(carry_out(store, scene.hub.service, files, asked, "b", scene.clock()))
    assert store.readers.run(lambda c: c.execute("SELECT count(*) FROM snapshot_part").fetchone()) == (0,)
    scene.clock.ms += 1
    asyncio.run(scene.fill(scene.new))
    for one in scene.new.store.readers.run(lambda c: event_log.events_of(c, rid(1))):
        assert (one.body is None) == (one.id in wanted)
    assert scene.new.store.readers.run(walk_lanes)[2] == [] and scene.new.store.readers.run(walk_views)[1] == []


def test_a_short_feed_and_a_node_that_knows_something_are_pulled(scene: Scene) -> None:
    asyncio.run(scene.sync(scene.new))
    assert asyncio.run(scene.fill(scene.new)) == 0
    lonely = Office(scene.root / "lonely", "n00999a", "00999", scene.clock, seed=b"L")
    scene.hub.enrol(lonely)
    assert asyncio.run(scene.fill(lonely)) == 0
    assert lonely.store.readers.run(read_progress).phase == "complete"
    lonely.close()


def test_a_snapshot_of_another_office_a_forged_one_and_a_foreign_event_are_refused(scene: Scene) -> None:
    made = scene.hub.service.snapshots.make(scene.new.office)
    verify = HubKnown(HUB_NAME, scene.hub.signer.public_key).verify
    mark = scene.hub.signer.sign(snapshot.manifest_message(HUB_NAME, made))
    snapshot.check_manifest(made, mark, hub=HUB_NAME, office=scene.new.office, verify=verify)
    with pytest.raises(RemoteProtocolError):
        snapshot.check_manifest(made, mark, hub=HUB_NAME, office="07901", verify=verify)  # type: ignore[arg-type]
    with pytest.raises(SignatureRejected):
        snapshot.check_manifest(
            msgspec.structs.replace(made, feed_head=1), mark, hub=HUB_NAME, office=scene.new.office, verify=verify
        )
    part = snapshot.read_part(scene.hub.service.files.files.get(made.parts[0].digest.hex()))
    snapshot.events_in(part, hub=HUB_NAME, verify=verify)
    other = snapshot.read_part(scene.hub.service.files.files.get(made.parts[1].digest.hex()))
    with pytest.raises(RemoteProtocolError):
        snapshot.events_in(msgspec.structs.replace(part, events=other.events), hub=HUB_NAME, verify=verify)
    for damaged in (b"", b"LTS1", b"LTS1" + b"\xff" * 40):
        with pytest.raises(RemoteProtocolError):
            snapshot.read_part(damaged)


def test_a_snapshot_ends_with_its_day_and_takes_its_files_along(scene: Scene) -> None:
    files = scene.hub.service.files.files
    made = scene.hub.service.snapshots.make(scene.new.office)
    assert files.has(made.parts[0].digest.hex())
    scene.clock.ms += LIFE_MS + 1
    remove_parts(files, scene.hub.store.writer.run(lambda c: forget_snapshots(c, scene.clock() - LIFE_MS)))
    assert not any(files.has(one.digest.hex()) for one in made.parts)


def test_only_the_office_itself_may_read_its_parts(scene: Scene) -> None:
    made = scene.hub.service.snapshots.make(scene.new.office)
    stranger = Office(scene.root / "stranger", "n00999a", "00999", scene.clock, seed=b"L")
    scene.hub.enrol(stranger)

    async def steal() -> None:
        driver = stranger.join(scene.hub)
        await driver.greet_once()
        await stranger.transfers.fetch(made.parts[0].digest, made.parts[0].size)

    with pytest.raises(HubRefused):
        asyncio.run(steal())
    stranger.close()


def test_the_cursor_moves_only_with_the_last_part(scene: Scene) -> None:
    """The canary: whoever moved it earlier would lose everything behind it."""
    for cut in range(3, 30):
        try:
            asyncio.run(scene.fill(scene.new, cut_after=cut))
        except Problem:
            progress = scene.new.store.readers.run(read_progress)
            moved = scene.new.store.readers.run(lambda c: read_number(c, "cursor")) > 0
            assert moved == (progress.parts > 0 and progress.done == progress.parts)


def test_the_next_part_is_fetched_and_proven_while_the_writer_has_its_hands_full(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fetch that waited for the writer waited for the part before it: nothing went on side by side."""
    bring, proven, loaded = Filling._bring, asyncio.Event(), 0

    async def noting(filling: Filling, manifest: snapshot.Manifest, number: int) -> object:
        part = await bring(filling, manifest, number)
        proven.set()
        return part

    run_async = scene.new.store.writer.run_async

    async def run(function: object) -> object:
        nonlocal loaded
        if getattr(function, "func", None) is load_part:
            loaded += 1
            if loaded == 1:  # the first is taken up only when the second is here
                proven.clear()
                await asyncio.wait_for(proven.wait(), 60)
        elif loaded == 1 and not proven.is_set():
            raise AssertionError("the fetch of a part asks for the writer")
        return await run_async(function)  # type: ignore[arg-type]

    monkeypatch.setattr(Filling, "_bring", noting)
    monkeypatch.setattr(scene.new.store.writer, "run_async", run)
    assert asyncio.run(scene.fill(scene.new)) == 6


def test_the_writer_has_more_room_while_a_node_is_filled_and_gives_it_back(scene: Scene) -> None:
    writer = scene.new.store.writer

    def room() -> tuple[int, int]:
        return writer.run(lambda c: (int(c.pragma("cache_size")), int(c.pragma("synchronous"))))

    async def look() -> tuple[int, int]:
        async with scene.new.store.in_bulk():
            return await asyncio.to_thread(room)

    before = room()
    assert asyncio.run(look()) == (-BULK_CACHE_KIB, SYNCHRONOUS_FULL)
    assert room() == before == (-WRITER_CACHE_KIB, SYNCHRONOUS_FULL)


def test_an_older_hub_is_never_asked(scene: Scene) -> None:
    async def work() -> bool:
        driver = scene.new.join(scene.hub)
        await driver.greet_once()
        assert driver.welcome is not None
        old = msgspec.structs.replace(driver.welcome, capabilities=())
        filling = Filling(
            scene.new.store, driver.line, scene.new.transfers, HubKnown(HUB_NAME, b""), scene.new.office, scene.clock
        )
        return await filling.fill(old, from_events=5) == 0

    assert asyncio.run(work()) and SnapshotOffer


def test_what_the_office_let_go_while_the_desk_was_filled_goes_from_it_too(scene: Scene) -> None:
    """The snapshot is made anew without the dossier, and the feed is taken up behind the word that the office left (simulation)."""
    guest = Office(scene.root / "g", "n03401a", "03401", scene.clock, seed=b"G")
    scene.hub.enrol(guest)
    guest.ledger.save(Act("cb", "intake", "x"), [Draft(FOLLOWED, reception(100, "03401"))])
    asyncio.run(scene.sync(guest))
    purpose = Purpose("00101-1", "x", "cb", "resolving")
    scene.hub.store.writer.run(lambda c: open_record(c, find_node(c, scene.old.node), OpenRecord(FOLLOWED, purpose), scene.clock.ms))
    asyncio.run(scene.sync(scene.old))
    with contextlib.suppress(Problem):
        asyncio.run(scene.fill(scene.new, cut_after=4))
    assert not scene.new.store.readers.run(lambda c: read_number(c, "cursor"))
    assert scene.new.store.readers.run(lambda c: projection.view_of(c, FOLLOWED)) is not None
    scene.old.ledger.save(Act("cb", "intake", "x"), [Draft(FOLLOWED, ExitAsked(office="00101", reason="looked_up", officer="cb", at_ms=1))])
    asyncio.run(scene.sync(scene.old))
    another = scene.office("n00101c", b"C")
    for office in (another, scene.new):  # the other one has the snapshot made anew
        asyncio.run(scene.fill(office))
    for office in (scene.new, another):
        assert office.store.readers.run(lambda c: projection.view_of(c, FOLLOWED)) is None
        assert office.store.readers.run(lambda c: tombstone_of(c, FOLLOWED)) is not None


def test_what_was_let_go_before_the_hub_was_put_back_goes_from_a_desk_that_then_begins_from_a_snapshot(scene: Scene) -> None:
    """The snapshot tells the exit in the new epoch as a page would; else what others wrote would stay here for ever (seed 2950019)."""
    guest = Office(scene.root / "c", "n03401a", "03401", scene.clock, seed=b"G")
    scene.hub.enrol(guest)
    guest.ledger.save(Act("cb", "intake", "x"), [Draft(FOLLOWED, reception(100, "03401"))])
    asyncio.run(scene.sync(guest))
    purpose = Purpose("00101-1", "x", "cb", "resolving")
    scene.hub.store.writer.run(lambda c: open_record(c, find_node(c, scene.old.node), OpenRecord(FOLLOWED, purpose), scene.clock.ms))
    asyncio.run(scene.sync(scene.new))  # by pages; its program ended before it noted that it was complete
    scene.old.ledger.save(Act("cb", "intake", "x"), [Draft(FOLLOWED, ExitAsked(office="00101", reason="looked_up", officer="cb", at_ms=1))])
    for office in (scene.old, scene.new):
        asyncio.run(scene.sync(office))
    scene.begin_epoch(b"f" * 16)
    scene.new.store.writer.run(lambda c: c.execute("DELETE FROM page_proof"))  # as behind a backup that covered all of the feed
    assert asyncio.run(scene.fill(scene.new)) > 0
    scene.hub.store.writer.run(lambda c: cover_feeds(c, feed_heads(c)))
    asyncio.run(scene.sync(scene.new))
    left = scene.new.store.readers.run(lambda c: tombstone_of(c, FOLLOWED))
    assert left is not None and left.is_bare
    assert {one.header.type for one in scene.new.store.readers.run(lambda c: event_log.events_of(c, FOLLOWED))} == {"exit.judged"}
    guest.close()


def test_a_desk_whose_office_has_no_other_work_than_its_own_asks_for_no_snapshot_of_it(tmp_path: Path, scene: Scene) -> None:
    """Its first line broke behind the queue and before the news: it passes over its own work, a hundred megabytes of which came back to it."""
    alone = Office(tmp_path / "c", "n03401a", "03401", scene.clock, seed=b"C")
    scene.hub.enrol(alone)
    alone.ledger.save(Act("cb", "intake", "x"), [Draft(rid(n), reception(n, "03401")) for n in range(100, 120)])

    async def push() -> None:
        driver = alone.join(scene.hub)
        async with on_line(driver):
            await drained(driver)

    asyncio.run(push())
    assert asyncio.run(scene.fill(alone)) == 0
    assert alone.carrier is not None and alone.carrier.requests == 2  # the greeting and one page
    alone.close()
