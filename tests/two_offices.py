"""Two offices and their hub, as tests begin in which one hears of what the other did. Whoever needs more of a story builds on this."""

from __future__ import annotations

import asyncio
from pathlib import Path

from central_hub.store.epoch import begin_epoch
from sync_protocol.adapters import projection
from sync_protocol.ids import HubEpoch, RecordId
from sync_protocol.view import DossierView
from tests.offices import Clock, Hub, Office, lose_hub


class TwoOffices:
    """A hub, Hà Nội and Hưng Yên, let in and under one clock."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root, Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.hanoi = Office(root / "a", "n00101a", "00101", self.clock)
        self.hungyen = Office(root / "b", "n03401a", "03401", self.clock, seed=b"B")
        for office in self.offices:
            self.hub.enrol(office)

    @property
    def offices(self) -> tuple[Office, Office]:
        return self.hanoi, self.hungyen

    def exchange(self, *offices: Office) -> None:
        """Everybody is on line until all is told; twice, because the first to come hears of the second only later."""
        for office in (offices or self.offices) * 2:
            self.clock.ms += 1_000
            asyncio.run(office.exchange(self.hub))

    def at(self, place: Hub | Office, record: RecordId) -> DossierView:
        """The dossier as it is seen there."""
        view = place.store.readers.run(lambda c: projection.view_of(c, record))
        assert view is not None
        return view

    def restore_hub(self) -> None:
        """An older copy of the hub from before anything happened, under a new epoch; the signing key survives."""
        self.hub.close()
        lose_hub(self.root / "hub")
        self.clock.ms += 60_000
        self.hub = Hub(self.root / "hub", self.clock, epoch=b"f" * 16)
        self.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"f" * 16), self.clock.ms))
        for office in self.offices:
            self.hub.enrol(office)

    def close(self) -> None:
        for one in (self.hub, *self.offices):
            one.close()
