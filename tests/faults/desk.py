"""The product's own ledger on the faulty disk: acts of a desk over the node's real, encrypted tables, through power losses.

What was shown as saved is there with its place in the lane, its dossier's view and its audit row, or the run is not clean.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable
from types import SimpleNamespace

import apsw

from edge_node.store.audit import broken_at
from edge_node.store.ledger import Act, Draft, Ledger
from edge_node.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.adapters.sqlite import Writer, close_quietly, full_read_check, migrate, open_database
from sync_protocol.adapters.storage_errors import StorageProblem
from sync_protocol.bodies import DossierReceived, NoteAdded, Party
from sync_protocol.ids import EventId, Incarnation, NodeId, OfficeCode, RecordId
from tests.faults.campaign import CHECKPOINT_PAGES, Plan, Tally, quiet
from tests.faults.disk import FaultyDisk, StoredFile
from tests.faults.vfs import FaultVfs

NODE, OFFICE, NAME = NodeId("n00101a"), OfficeCode("00101"), "/disk/node.db"


def desk_losses(seeds: Iterable[int], plan: Plan, *, losses_per_seed: int = 4) -> Tally:
    """Each seed: a node whose disk loses its power `losses_per_seed` times while its officer works."""
    tally = Tally()
    fresh = _fresh_database(plan)
    with quiet():
        for seed in seeds:
            desk = _Desk(seed, plan, tally, fresh)
            for _ in range(losses_per_seed):
                desk.disk.power_off_at = desk.disk.operations + desk.chance.randint(2, 160)
                desk.work()
                desk.disk.restart()
                tally.power_losses += 1
                if not desk.check():
                    break
            tally.operations += desk.disk.operations
            desk.vfs.unregister()
    return tally


def _fresh_database(plan: Plan) -> bytes:
    """The node's empty tables, made once on a disk that does not fail."""
    disk = FaultyDisk(0)
    vfs = FaultVfs(disk)
    connection = open_database(NAME, plan.key, vfs=vfs.name, exclusive=True)
    migrate(connection, MIGRATIONS)
    with connection:
        event_log.open_lane(connection, NODE, Incarnation(b"i" * 16), "own")
    connection.close()
    vfs.unregister()
    return bytes(disk.files[NAME].seen)


class _Desk:
    def __init__(self, seed: int, plan: Plan, tally: Tally, fresh: bytes) -> None:
        self.chance = random.Random(seed * 104_729 + 3)
        self.disk = FaultyDisk(seed, lying_sync=plan.lying_sync)
        self.disk.files[NAME] = StoredFile(bytearray(fresh), bytearray(fresh), [], True)
        self.vfs = FaultVfs(self.disk)
        self.plan, self.tally = plan, tally
        self.saved: set[EventId] = set()
        self.rids: list[RecordId] = []

    def open(self) -> apsw.Connection:
        connection = open_database(NAME, self.plan.key, vfs=self.vfs.name, exclusive=True)
        connection.pragma("synchronous", self.plan.synchronous)
        connection.wal_autocheckpoint(CHECKPOINT_PAGES)
        return connection

    def work(self) -> None:
        """Receive and note until the disk refuses; remembers what was shown as saved."""
        with contextlib.suppress(StorageProblem), Writer(self.open, group_limit=self.plan.group_limit) as writer:
            ledger = Ledger(SimpleNamespace(writer=writer), NODE, lambda: 1_795_000_000_000)  # type: ignore[arg-type]
            for _ in range(30):
                events = ledger.save(Act("cb", "intake", "work"), [self._draft()])
                self.saved |= {event.id for event in events}
                self.tally.acknowledged += 1
                if self.disk.is_off:
                    return

    def _draft(self) -> Draft:
        if self.rids and self.chance.random() < 0.6:
            return Draft(
                self.chance.choice(self.rids),
                NoteAdded(text="x" * self.chance.randint(1, 3_000), officer="cb", at_ms=1),
            )
        rid = RecordId(self.chance.randbytes(16))
        self.rids.append(rid)
        person = Party(kind="person", name="Nguyễn Thị Ẩn", personal_id=f"{self.chance.randrange(10**12):012d}")
        body = DossierReceived(
            code=rid.hex()[:12],
            procedure="1.014166",
            channel="in_person",
            office=OFFICE,
            applicant=person,
            received_ms=1,
            officer="cb",
        )
        return Draft(rid, body)

    def check(self) -> bool:
        """Open again and walk everything; False when the database is beyond reading."""
        try:
            connection = self.open()
            try:
                full_read_check(connection)
                held = {event.id for _, _, event in event_log.all_events(connection)}
                audited = connection.execute("SELECT count(*) FROM audit").get
                self.tally.half += (
                    len(walk_lanes(connection)[2]) + len(walk_views(connection)[1]) + abs(int(audited) - len(held))
                )
                self.tally.half += broken_at(connection) is not None
            finally:
                close_quietly(connection)
        except (StorageProblem, apsw.Error):
            self.tally.corrupt += 1
            return False
        self.tally.lost += len(self.saved - held)
        self.saved &= held
        return True
