"""A desk to be killed: opens a real node, connects it to its hub, saves one act after another and says each on standard output when it is durable.

`python -m tests.faults.desk_process ROOT [--drain]`: with `--drain` nothing new is saved; it ends when the hub has acknowledged everything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

import structlog

from edge_node.app import Node
from edge_node.identity import StateFolder
from edge_node.store.ledger import Act, Draft
from edge_node.sync import asking
from edge_node.sync.service import Synchroniser
from sync_protocol.adapters.bus_settings import BusTiming
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.bodies import DossierReceived, Party
from sync_protocol.ids import RecordId

HASTE = BusTiming(connect_timeout_s=3, ping_interval_s=1, backoff_first_s=0.1, backoff_max_s=0.5, refused_wait_s=1, close_s=1)


async def _save_for_ever(node: Node) -> None:
    while True:
        rid = RecordId(os.urandom(16))
        person = Party(kind="person", name="Nguyễn Thị Ẩn", personal_id=f"{int.from_bytes(rid[:5], 'big'):012d}"[:12])
        body = DossierReceived(
            code=rid.hex()[:16], procedure="1.014166", channel="in_person", office=node.identity.office, applicant=person, received_ms=1,
            officer="cb",
        )  # fmt: skip
        events = await asyncio.to_thread(node.desk.ledger.save, Act("cb", "intake", "receive"), [Draft(rid, body)])
        sys.stdout.write(events[0].id.hex() + "\n")
        sys.stdout.flush()
        await asyncio.sleep(0.005)


async def main(root: Path, drains: bool) -> None:
    """Until killed, or until everything is at the hub."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    node = Node(root, KeyFileOnDisk(StateFolder(root).raw_key))
    node.lane.check()
    bus = node.bus(HASTE)
    work = asyncio.create_task(Synchroniser(node, bus).run())
    await bus.connect()
    if not drains:
        await _save_for_ever(node)
    while node.store.readers.run(asking.promised) < node.head():
        await asyncio.sleep(0.05)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await bus.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), "--drain" in sys.argv))
