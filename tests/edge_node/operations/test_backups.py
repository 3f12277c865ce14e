"""A node from its backup: a new incarnation from the first event on, and the hub has every act once."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from edge_node.identity import StateFolder
from edge_node.incarnation import Lane, prepare
from edge_node.operations.backups import back_up, restore_node
from edge_node.store.ledger import Ledger, own_lane
from edge_node.store.node_store import NodeStore
from sync_protocol.adapters import event_log
from sync_protocol.adapters.anchor import AnchorFile
from sync_protocol.adapters.backup.manifest import Keep
from sync_protocol.adapters.backup.restore import check_backup
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.keys import KeyFileOnDisk, create_keys, create_raw_key_file, unlock_keys
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from tests.central_hub.operations.kept import moment
from tests.central_hub.operations.test_restore import RECEIVE, scan
from tests.offices import Clock, Hub, Office, rid


class KeptOffice(Office):
    """The office of `tests.offices` over a whole state folder, guarded by its anchor."""

    def __init__(self, folder: StateFolder, raw_key: Path, clock: Clock) -> None:
        self.root, self.clock, self.folder = folder.root, clock, folder
        self.node, self.office = NodeId("n00101a"), OfficeCode("00101")
        self.keys = unlock_keys(folder.keys, KeyFileOnDisk(raw_key))
        self.signer = self.keys.signer  # type: ignore[assignment]
        self.store = NodeStore(folder.database, self.keys.database_key)
        self.lane = Lane(self.store, AnchorFile(folder.anchor), secrets.token_bytes, clock)
        if not self.store.readers.run(event_log.lanes):
            self.store.writer.run(lambda c: event_log.open_lane(c, self.node, Incarnation(b"1" * 16), "own"))
            self.lane.anchor_to(self.store.writer.run(lambda c: prepare(c, b"d" * 16)))
        self.files = FilesOnDisk(folder.files, Sealing(self.keys.files_key, self.keys.names_key))
        self.ledger = Ledger(self.store, self.node, clock, self.lane.reserve)

    def _next_inc(self) -> None:
        self.lane.renew()

    def back_up(self, root: Path) -> None:
        back_up(self.folder, self.files, self.keys, self.node, None, root, Keep(), moment(self.clock()))


def make_office(root: Path, clock: Clock) -> KeptOffice:
    root.mkdir()
    folder = StateFolder(root)
    create_raw_key_file(folder.raw_key)
    create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])
    folder.settings.write_text('office_name = "Ba Đình"\n', encoding="utf-8")
    return KeptOffice(folder, folder.raw_key, clock)


async def test_a_restored_node_opens_a_new_incarnation_and_gets_its_later_work_back(tmp_path: Path) -> None:
    clock = Clock()
    hub = Hub(tmp_path / "hub", clock)
    office = make_office(tmp_path / "node", clock)
    hub.enrol(office)
    scan(office, 1, b"kept" * 100)
    office.back_up(tmp_path / "backups")
    scan(office, 2, b"after" * 100)
    await office.exchange(hub)
    before = office.store.readers.run(own_lane).inc
    key = tmp_path / "apart.key"
    shutil.copy(office.folder.raw_key, key)
    office.close()
    shutil.rmtree(office.root)
    clock.ms += 60_000
    folder = StateFolder(tmp_path / "new")
    done = restore_node(tmp_path / "backups", folder.root, KeyFileOnDisk(key), secrets.token_bytes, clock)
    assert (done.reason, done.lost, done.files) == ("anchor_missing", 0, 1)
    again = KeptOffice(folder, key, clock)
    assert again.store.readers.run(own_lane).inc != before and folder.settings.read_text("utf-8").startswith(
        "office_name"
    )
    scan(again, 3, b"third" * 100)
    await again.exchange(hub)
    acts = hub.store.readers.run(lambda c: {bytes(r) for (r,) in c.execute("SELECT DISTINCT rid FROM event")})
    assert acts == {rid(1), rid(2), rid(3)}
    held = again.store.readers.run(lambda c: {bytes(r) for (r,) in c.execute("SELECT DISTINCT rid FROM event")})
    assert rid(2) in held  # done after the backup, at the hub before the loss: it came back
    again.close()
    hub.close()


def test_a_backup_can_be_checked_without_restoring_it_and_the_check_can_fail(tmp_path: Path) -> None:
    from edge_node.operations.backups import named_files

    office = make_office(tmp_path / "node", Clock())
    scan(office, 1, b"x" * 1000)
    office.back_up(tmp_path / "backups")
    _, read, lacking = check_backup(tmp_path / "backups", "node", office.keys, named_files)
    assert read.rows > 2 and lacking == 0
    pool = next(
        p for p in (tmp_path / "backups" / "files" / "objects").rglob("*") if p.is_file() and p.stat().st_size > 1000
    )
    pool.write_bytes(pool.read_bytes()[:-1] + b"\0")
    assert check_backup(tmp_path / "backups", "node", office.keys, named_files)[2] == 1
    office.close()


def test_a_second_backup_costs_no_second_copy_of_files_and_names_no_signing_key(tmp_path: Path) -> None:
    clock = Clock()
    office = make_office(tmp_path / "node", clock)
    scan(office, 1, b"x" * 100_000)
    (office.root / "officer.p12").write_bytes(b"the officer's signing key")
    office.back_up(tmp_path / "backups")
    files = sorted((tmp_path / "backups" / "files" / "objects").rglob("*"))
    clock.ms += 86_400_000
    office.back_up(tmp_path / "backups")
    assert sorted((tmp_path / "backups" / "files" / "objects").rglob("*")) == files
    assert len(list((tmp_path / "backups").glob("*/backup.json"))) == 2
    everything = b"".join(path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())
    assert b"the officer's signing key" not in everything
    office.close()


def test_the_ledger_of_a_restored_node_saves_at_once(tmp_path: Path) -> None:
    clock = Clock()
    office = make_office(tmp_path / "node", clock)
    scan(office, 1, b"x")
    office.back_up(tmp_path / "backups")
    office.close()
    folder = StateFolder(tmp_path / "new")
    restore_node(tmp_path / "backups", folder.root, KeyFileOnDisk(office.folder.raw_key), secrets.token_bytes, clock)
    again = KeptOffice(folder, office.folder.raw_key, clock)
    assert RECEIVE.what == "receive"
    scan(again, 2, b"y")
    assert again.store.readers.run(own_lane).head.seq >= 4
    again.close()
