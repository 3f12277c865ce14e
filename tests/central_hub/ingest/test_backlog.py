"""An office that was away for a year drains its queue; another one, where somebody has just pressed a button, is answered before it is through."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sync_protocol.messages import PushReply
from tests.central_hub.ingest.frames import Desk, Window
from tests.offices import reception, rid

BATCHES, EVENTS = 30, 50


def test_one_act_of_another_office_is_answered_before_a_backlog_is_through(tmp_path: Path) -> None:
    window = Window(tmp_path / "hub")
    away, present = Desk(), Desk("n07901a", "07901", b"B")
    for desk in (away, present):
        window.enrol(desk)
    away.receive(BATCHES * EVENTS)
    present.add(reception(9_999, present.office), rid(9_999))
    batches = [away.batch(at * EVENTS + 1, (at + 1) * EVENTS) for at in range(BATCHES)]
    answered: list[str] = []

    async def push(desk: Desk, batch: object, name: str) -> None:
        assert isinstance(await window.push(desk.node, batch), PushReply)  # type: ignore[arg-type]
        answered.append(name)

    async def scene() -> None:
        draining = [asyncio.create_task(push(away, batch, "away")) for batch in batches]
        while not answered:  # the queue is being drained
            await asyncio.sleep(0)
        await push(present, present.batch(), "present")
        await asyncio.gather(*draining)

    asyncio.run(scene())
    assert answered.index("present") < BATCHES and answered.count("away") == BATCHES
    window.hub.close()
