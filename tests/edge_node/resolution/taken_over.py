"""One office received a dossier, the other took it over while the first, on a cut line, still worked on it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from edge_node.desk import Desk
from edge_node.people.officers import Officer, Officers
from edge_node.store.ledger import Act, Draft
from sync_protocol import sender
from sync_protocol.adapters import event_log, stored_views
from sync_protocol.bodies import DossierReceived, IntakeEnded
from sync_protocol.envelope import Event
from sync_protocol.ids import ActId
from sync_protocol.messages import CustodyTaken, Opened, OpenRecord, Purpose, TakeCustody
from sync_protocol.view import DossierView
from tests.edge_node.resolution.settling_desk import desk_of
from tests.offices import Office, drained, rid
from tests.two_offices import TwoOffices

PURPOSE = Purpose("00101-261122-0001", "giải quyết hồ sơ", "cb02", "resolving")
EVERY_ROLE = Officers((Officer("cb02", "Lò Thị Ửng", ("intake", "resolving", "leader")), Officer("cb03", "Đỗ Văn Ẩn", ("intake",))))


class Scene(TwoOffices):
    """Hà Nội received the dossier; Hưng Yên took it over while Hà Nội, without a line, still moved it."""

    def __init__(self, root: Path, opening: DossierReceived | IntakeEnded, late: msgspec.Struct | None = None, *, first: msgspec.Struct | None = None) -> None:
        super().__init__(root)
        self.hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), opening)])
        if first is not None:
            self.say(self.hanoi, first, fence=0)
        asyncio.run(self.hanoi.exchange(self.hub))
        asyncio.run(self.take_over())
        if late is not None:
            self.say(self.hanoi, late, fence=0)
            self.exchange()

    async def take_over(self) -> None:
        driver = self.hungyen.join(self.hub)
        task = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await asyncio.wait_for(driver.welcomed.wait(), 10)
        await driver.line.expect(OpenRecord(rid(1), PURPOSE), Opened)
        await driver.line.expect(TakeCustody(rid(1), PURPOSE), CustodyTaken)
        await driver.pull_all()
        await drained(driver)
        task.cancel()

    def say(self, office: Office, *bodies: msgspec.Struct, fence: int | None = None) -> None:
        """An office writes this into the dossier, as it has it."""
        office.ledger.save(Act("cb01", "intake", "work"), [Draft(rid(1), body, fence=fence) for body in bodies])

    @property
    def desk(self) -> Desk:
        """Hưng Yên's."""
        made = desk_of(self.hungyen, "cb02")
        made.officers = EVERY_ROLE
        made.current_catalogue = lambda: cast(Any, SimpleNamespace(procedure_version=lambda code, version: None))  # knows no procedure
        return made

    def view(self) -> DossierView:
        """As all three hold it, byte by byte."""
        stores = (self.hub.store, self.hanoi.store, self.hungyen.store)
        held = {one.readers.run(lambda c: stored_views.fingerprints(c, [rid(1)])[rid(1)]) for one in stores}
        assert len(held) == 1
        return self.at(self.hub, rid(1))

    def events(self) -> list[Event]:
        """What the hub holds of it."""
        return list(self.hub.store.readers.run(lambda c: event_log.events_of(c, rid(1))))

    @property
    def act(self) -> ActId:
        (one,) = self.view().open_proposals
        return one.act
