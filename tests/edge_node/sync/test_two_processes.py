"""A command works beside the serving process of its node: both take pages of the same feed, and one of them drops the other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_node.repository.service import open_dossier, take_custody
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import write_number
from sync_protocol.adapters import projection
from sync_protocol.messages import Purpose
from tests.offices import Clock, DirectLine, Hub, Office, reception, rid

PURPOSE = Purpose("00101-261122-0001", "giải quyết hồ sơ", "cb02", "resolving")


class Beaten(DirectLine):
    """A line on which, while pages are under way, the other process was first: the cursor has moved when they arrive."""

    def __init__(self, office: Office, hub: Hub, times: int) -> None:
        super().__init__(office.node, hub)
        self._store, self.times = office.store, times

    async def request(self, verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
        answer = await super().request(verb, payload, timeout=timeout, lane=lane)
        if verb == "pull" and self.times:
            self.times -= 1
            await self._store.writer.run_async(lambda c: write_number(c, "cursor", self.times and 1))
        return answer


@pytest.mark.parametrize("times", [1, 3])
async def test_a_grant_is_here_when_custody_was_taken_whoever_moved_the_cursor(hub: Hub, hanoi: Office, tmp_path: Path, times: int) -> None:
    hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    await hanoi.exchange(hub)
    hungyen = Office(tmp_path / "b", "n03401a", "03401", Clock(), seed=b"B")
    try:
        hub.enrol(hungyen)
        driver = hungyen.join(hub)
        await driver.greet_once()
        await open_dossier(driver, rid(1), PURPOSE)
        driver.line._carrier = Beaten(hungyen, hub, times)
        await take_custody(driver, rid(1), PURPOSE)
        view = hungyen.store.readers.run(lambda c: projection.view_of(c, rid(1)))
        assert view is not None and view.custody.office == "03401"
    finally:
        hungyen.close()
