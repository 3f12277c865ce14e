"""A node's database is replaced by an older copy: it goes on under a fresh incarnation, loses nothing that survives, doubles nothing."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.errors import ActTooLong
from edge_node.store.ledger import Act, Draft, own_lane
from edge_node.store.sync_words import SyncWord, dossier_state
from edge_node.sync import memory
from edge_node.sync.driver import SyncDriver
from sync_protocol import sender
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import NoteAdded
from sync_protocol.ids import Incarnation
from sync_protocol.limits import EVENT_BODY_BYTES_MAX
from sync_protocol.view import DossierView
from tests.offices import Clock, Hub, Office, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


class Desk:
    """One office whose disk can be copied and put back."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root, Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.incs = itertools.count(1)
        self.office = self._open()
        self.hub.enrol(self.office)

    def _open(self) -> Office:
        office = Office(self.root / "a", "n00101a", "00101", self.clock)
        office._incs = self.incs  # a machine never draws the same incarnation twice
        return office

    def note(self, text: str) -> None:
        self.clock.ms += 1_000
        self.office.ledger.save(RECEIVE, [Draft(rid(1), NoteAdded(text=text, officer="cb01", at_ms=1))])

    def copy(self) -> None:
        self.office.close()
        shutil.copytree(self.root / "a", self.root / "copy")
        self.office = self._open()

    def put_back(self) -> None:
        self.office.close()
        shutil.rmtree(self.root / "a")
        shutil.copytree(self.root / "copy", self.root / "a")
        self.office = self._open()

    async def online(self) -> SyncDriver:
        """On line until the newest own lane is through and the news are in."""
        driver = self.office.join(self.hub)
        task = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        done = asyncio.Event()

        def look() -> None:
            lane = self.office.store.readers.run(own_lane)
            if driver.state.phase == "open" and driver.state.inc == lane.inc and driver.state.floor == lane.head.seq:
                done.set()

        driver.on_change = look
        await asyncio.wait_for(done.wait(), 30)
        await driver.pull_all()
        task.cancel()
        return driver

    def both(self) -> tuple[DossierView | None, DossierView | None]:
        """The dossier here and at the hub."""
        here = self.office.store.readers.run(lambda c: projection.view_of(c, rid(1)))
        return here, self.hub.store.readers.run(lambda c: projection.view_of(c, rid(1)))

    def close(self) -> None:
        self.office.close()
        self.hub.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    one.office.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101"))])
    yield one
    one.close()


async def test_what_the_hub_has_comes_back_and_what_was_done_since_goes_on(desk: Desk) -> None:
    desk.note("trước bản sao")
    desk.copy()
    desk.note("sau bản sao")
    await desk.online()
    desk.put_back()
    desk.note("sau khi khôi phục")
    await desk.online()
    here, there = desk.both()
    assert here == there and here is not None
    assert here.notes == ("trước bản sao", "sau bản sao", "sau khi khôi phục") and here.other_codes == ()
    lanes = desk.office.store.readers.run(event_log.lanes)
    assert sorted(lane.kind for lane in lanes if lane.node == "n00101a") == ["own", "retired", "superseded"]
    assert desk.office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.AT_HUB


async def test_a_tail_that_the_hub_already_had_is_counted_once(desk: Desk) -> None:
    desk.note("một")
    desk.copy()
    await desk.online()
    desk.put_back()  # the acknowledgement is forgotten: everything is issued again
    desk.office.store.writer.run(lambda c: memory.open_incarnation(c, Incarnation(b"z" * 16), desk.clock.ms))
    await desk.online()
    here, there = desk.both()
    assert here == there and here is not None and here.notes == ("một",)
    assert len(here.history) == 2
    stored = desk.hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").fetchone())
    assert stored is not None and stored[0] == 4  # both copies are kept as evidence


async def test_a_promise_for_another_history_is_not_kept(desk: Desk) -> None:
    desk.copy()
    desk.note("bản gốc")
    await desk.online()
    promise = desk.office.store.readers.run(lambda c: c.execute("SELECT raw FROM acknowledgement").fetchone())
    assert promise is not None
    import msgspec

    from sync_protocol.batch import Acknowledgement

    one = msgspec.msgpack.decode(bytes(promise[0]), type=Acknowledgement)
    desk.put_back()
    assert desk.office.store.writer.run(lambda c: memory.keep_acknowledgement(c, one)) is False
    desk.note("bản khác")
    assert desk.office.store.writer.run(lambda c: memory.keep_acknowledgement(c, one)) is False


def test_what_the_hub_would_refuse_is_refused_before_it_is_saved(desk: Desk) -> None:
    head = desk.office.store.readers.run(own_lane).head
    with pytest.raises(ActTooLong):
        desk.note("x" * (EVENT_BODY_BYTES_MAX + 1))
    assert desk.office.store.readers.run(own_lane).head == head
