"""Hub and node are put back on one day: what another desk held of the node's own work comes to the node while its line is up."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from central_hub.ingest.nodes import enrol_node
from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import Act, Draft, own_lane
from sync_protocol.adapters import projection
from sync_protocol.bodies import NoteAdded
from sync_protocol.ids import HubEpoch
from tests.offices import Clock, Hub, Office, drained, on_line, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


class Scene:
    """Two desks of one office. Both hold the first one's work; then the hub has lost all of it, and the first desk all but the beginning."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root, Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.first, self.second = self._desk("a"), self._desk("b")
        self.enrol()

    def _desk(self, letter: str) -> Office:
        return Office(self.root / letter, f"n00101{letter}", "00101", self.clock, seed=letter.encode())

    def enrol(self) -> None:
        for desk in (self.first, self.second):
            self.hub.store.writer.run(lambda c, one=desk: enrol_node(c, one.node, one.office, one.signer.public_key, 1))  # type: ignore[misc]

    def note(self, text: str) -> None:
        self.clock.ms += 1_000
        self.first.ledger.save(RECEIVE, [Draft(rid(1), NoteAdded(text=text, officer="cb01", at_ms=1))])

    async def both_put_back(self) -> None:
        self.first.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101"))])
        self.first.close()
        shutil.copytree(self.root / "a", self.root / "copy")
        self.first = self._desk("a")
        for text in ("một", "hai", "ba"):
            self.note(text)
        await self.first.exchange(self.hub)
        await self.second.exchange(self.hub)
        for one in (self.first, self.hub):
            one.close()
        shutil.rmtree(self.root / "a")
        shutil.copytree(self.root / "copy", self.root / "a")
        self.first = self._desk("a")
        shutil.rmtree(self.root / "hub")
        self.clock.ms += 60_000
        self.hub = Hub(self.root / "hub", self.clock, epoch=b"f" * 16)
        self.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"f" * 16), self.clock.ms))
        self.enrol()

    def notes(self) -> tuple[str, ...]:
        """What the first desk shows."""
        view = self.first.store.readers.run(lambda c: projection.view_of(c, rid(1)))
        return view.notes if view else ()

    async def what_the_first_desk_finds(self, within_s: float) -> tuple[str, ...]:
        """On line before the second desk gives back what it holds, and told of the news afterwards; the next greeting is five minutes away."""
        driver = self.first.join(self.hub)
        async with on_line(driver):
            await drained(driver)
            await driver.pull_all()
            assert self.notes() == ()
            await self.second.exchange(self.hub)
            begun = self.first.store.readers.run(own_lane).inc
            changed = asyncio.Event()
            driver.on_change = lambda: changed.set() if self.first.store.readers.run(own_lane).inc != begun else None
            await driver.pull_all()
            await asyncio.wait_for(changed.wait(), within_s)
            await drained(driver)
            await driver.pull_all()
        return self.notes()

    def close(self) -> None:
        for one in (self.first, self.second, self.hub):
            one.close()


async def test_own_work_that_another_desk_gave_back_comes_without_waiting_for_the_next_greeting(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    await scene.both_put_back()
    assert await scene.what_the_first_desk_finds(within_s=30) == ("một", "hai", "ba")
    scene.close()
