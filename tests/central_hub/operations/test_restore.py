"""The restore drill: a hub from its backup, and nodes that bring what the backup lacks. No acknowledged record may be missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.existence.publishing import files_in_force, newest_ms, publish
from central_hub.folder import HubFolder
from central_hub.operations.backups import restore_hub
from central_hub.seals import published_lists
from central_hub.store.epoch_anchor import EpochAnchor
from edge_node.store.ledger import Act, Draft
from edge_node.store.sync_words import SyncWord, dossier_state, file_state
from sync_protocol.adapters.backup.errors import BackupAbsent, BackupDamaged, RestoreTargetTaken
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, HubEpoch
from sync_protocol.messages import TrustOffer
from tests.central_hub.operations.kept import KeptHub, make_hub_folder
from tests.offices import Clock, Office, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[KeptHub]:
    folder = make_hub_folder(tmp_path / "hub")
    one = KeptHub(folder, folder.raw_key, clock, b"e" * 16)
    yield one
    one.close()


@pytest.fixture
def offices_of(tmp_path: Path, clock: Clock, hub: KeptHub) -> Iterator[list[Office]]:
    made = [
        Office(tmp_path / n, n, o, clock, seed=s)
        for n, o, s in (("n00101a", "00101", b"A"), ("n03401a", "03401", b"B"))
    ]
    for one in made:
        hub.enrol(one)
    yield made
    for one in made:
        one.close()


async def bring_everything(office: Office, hub: KeptHub) -> None:
    """Connect, push all records, all owed offers and all files."""
    await office.exchange(hub, with_files=True)


def scan(office: Office, number: int, content: bytes) -> BlobDigest:
    """Receive a dossier with one file."""
    digest = BlobDigest(bytes.fromhex(office.files.put(content)))
    captured = CopyCaptured(
        component_id=ComponentId(number.to_bytes(16, "big")), document_id=DocumentId(number.to_bytes(16, "big")), pdf=digest,
        pdf_size=len(content), pages=1, images=1, officer="cb01", signer_name="x", captured_ms=1,
    )  # fmt: skip
    office.ledger.save(RECEIVE, [Draft(rid(number), reception(number, office.office)), Draft(rid(number), captured)])
    return digest


def event_ids(hub: KeptHub) -> set[bytes]:
    return hub.store.readers.run(
        lambda c: {bytes(i) for (i,) in c.execute("SELECT id FROM event WHERE id IS NOT NULL")}
    )


def restored(tmp_path: Path, hub: KeptHub, clock: Clock, epoch: bytes = b"f" * 16) -> KeptHub:
    """The hub's machine is gone; another one restores the newest backup."""
    key = tmp_path / "kept-apart.key"
    shutil.copy(hub.folder.raw_key, key)
    hub.close()
    shutil.rmtree(hub.folder.root)
    folder = HubFolder(tmp_path / "new")
    restore_hub(
        tmp_path / "backups", folder.root, KeyFileOnDisk(key), lambda f: EpochAnchor(f.anchor), HubEpoch(epoch), clock()
    )
    return KeptHub(folder, key, clock, b"never")


def test_a_restored_hub_offers_no_file_that_no_backup_holds(tmp_path: Path, hub: KeptHub, clock: Clock) -> None:
    publish(hub.store, hub.files, clock(), lambda count: b"x" * count)
    lists = TrustOffer(1, BlobDigest(bytes.fromhex(hub.files.put(b"lists"))), 5, b"s" * 64)
    hub.store.writer.run(lambda c: published_lists.publish(c, lists, b"printed"))
    hub.back_up(tmp_path / "backups")
    new = restored(tmp_path, hub, clock)
    assert new.store.readers.run(newest_ms) == 0 and new.store.readers.run(published_lists.newest_offer) is None
    assert publish(new.store, new.files, clock(), lambda count: b"y" * count).is_base
    assert all(new.files.has(one.digest.hex()) for one in new.store.readers.run(files_in_force))
    new.close()


async def test_a_restored_hub_gets_back_every_acknowledged_record_and_file(
    tmp_path: Path, hub: KeptHub, offices_of: list[Office], clock: Clock
) -> None:
    first, second = offices_of
    early = scan(first, 1, b"early" * 9000)
    await bring_everything(first, hub)
    hub.back_up(tmp_path / "backups")
    late = scan(first, 2, b"late" * 9000)
    scan(second, 3, b"other" * 9000)
    await bring_everything(first, hub)
    await bring_everything(second, hub)
    acknowledged = event_ids(hub)
    assert first.store.readers.run(lambda c: dossier_state(c, rid(2))).word is SyncWord.AT_HUB
    clock.ms += 60_000
    new = restored(tmp_path, hub, clock)
    assert not acknowledged <= event_ids(new)  # the canary: without the nodes something is missing
    assert new.files.has(early.hex()) and not new.files.has(late.hex())
    for office in offices_of:
        await bring_everything(office, new)
    assert acknowledged <= event_ids(new)
    assert new.files.get(late.hex()) == b"late" * 9000
    assert first.store.readers.run(lambda c: file_state(c, late)).word is SyncWord.AT_HUB
    lanes, _, wrong = new.store.readers.run(walk_lanes)
    assert lanes >= 2 and wrong == [] and new.store.readers.run(walk_views)[1] == []
    new.close()


async def test_a_restore_mints_a_new_epoch_and_the_old_mark_stays_behind(
    tmp_path: Path, hub: KeptHub, offices_of: list[Office], clock: Clock
) -> None:
    scan(offices_of[0], 1, b"x" * 100)
    await bring_everything(offices_of[0], hub)
    before = hub.epoch
    hub.back_up(tmp_path / "backups")
    new = restored(tmp_path, hub, clock)
    assert before == b"e" * 16 and new.epoch == b"f" * 16 and new.reason == ""
    assert (new.folder.trust / "operator.seed").read_bytes() == b"a secret of the message server"
    new.close()


async def test_a_database_put_back_in_silence_opens_a_new_epoch_at_the_next_start(
    tmp_path: Path, hub: KeptHub, offices_of: list[Office], clock: Clock
) -> None:
    scan(offices_of[0], 1, b"x" * 100)
    await bring_everything(offices_of[0], hub)
    hub.mark()
    report = hub.back_up(tmp_path / "backups")
    scan(offices_of[0], 2, b"y" * 100)
    await bring_everything(offices_of[0], hub)
    hub.mark()
    acknowledged = event_ids(hub)
    hub.close()
    for beside in hub.folder.root.glob("hub.db*"):
        beside.unlink()
    shutil.copy(Path(report.path) / "hub.db", hub.folder.database)
    clock.ms += 60_000
    again = KeptHub(hub.folder, hub.folder.raw_key, clock, b"g" * 16)
    assert again.reason == "database_behind" and again.epoch == b"g" * 16
    await bring_everything(offices_of[0], again)
    assert acknowledged <= event_ids(again)
    again.close()


def test_an_ordinary_restart_keeps_its_epoch(hub: KeptHub, clock: Clock) -> None:
    hub.close()
    again = KeptHub(hub.folder, hub.folder.raw_key, clock, b"z" * 16)
    assert (again.reason, again.epoch) == ("", b"e" * 16)
    again.close()
    again.folder.anchor.unlink()
    third = KeptHub(hub.folder, hub.folder.raw_key, clock, b"z" * 16)
    assert (third.reason, third.epoch) == ("mark_missing", b"z" * 16)
    third.close()


def test_a_restore_writes_over_nothing_and_refuses_a_changed_copy(tmp_path: Path, hub: KeptHub, clock: Clock) -> None:
    hub.store.writer.run(lambda c: c.execute("SELECT 1").fetchone())
    report = hub.back_up(tmp_path / "backups")

    def attempt(state: Path) -> None:
        opening = KeyFileOnDisk(hub.folder.raw_key)
        restore_hub(tmp_path / "backups", state, opening, lambda f: EpochAnchor(f.anchor), HubEpoch(b"h" * 16), clock())

    with pytest.raises(RestoreTargetTaken):
        attempt(hub.folder.root)
    with pytest.raises(BackupAbsent):
        restore_hub(
            tmp_path / "nothing", tmp_path / "x", KeyFileOnDisk(hub.folder.raw_key), lambda f: EpochAnchor(f.anchor),
            HubEpoch(b"h" * 16), clock(),
        )  # fmt: skip
    copy = Path(report.path) / "hub.db"
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    with pytest.raises(BackupDamaged):
        attempt(tmp_path / "y")
    assert not (tmp_path / "y").exists()


async def test_nothing_in_a_backup_is_readable_without_the_keys(
    tmp_path: Path, hub: KeptHub, offices_of: list[Office]
) -> None:
    scan(offices_of[0], 1, b"Nguyen Thi An 001185000001")
    await bring_everything(offices_of[0], hub)
    hub.back_up(tmp_path / "backups")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())
    for marker in (b"Nguyen", b"001185000001", "Nguyễn Thị Ẩn".encode(), b"a secret of the message server"):
        assert marker not in everything
    assert hub.folder.raw_key.read_bytes() not in everything
