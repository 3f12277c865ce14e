"""A hub whose files lie in an S3-compatible store: offices, backup, restore, scrub and check-up work as on its own disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.folder import HubFolder
from central_hub.ingest.lost_files import count_lost
from central_hub.operations.backups import restore_hub
from central_hub.operations.scrubbing import scrub_files
from central_hub.settings import FilesChoice, HubSettings
from central_hub.store.epoch_anchor import EpochAnchor
from central_hub.store.file_store import copy_files, file_store_of
from edge_node.sync.errors import HubRefused
from sync_protocol.adapters.files.errors import FileStoreUnavailable
from sync_protocol.adapters.files.object_store import FilesInObjectStore
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.settings_errors import SettingsRejected, SettingsUnreadable
from sync_protocol.ids import HubEpoch
from tests.central_hub.operations.kept import KeptHub, make_hub_folder
from tests.central_hub.operations.test_restore import bring_everything, scan
from tests.doubles.s3_server import BUCKET, KEY_ID, SECRET, S3Double, s3_server
from tests.offices import Clock, Office

PAPER = b"a paper" * 9_000


@pytest.fixture
def s3() -> Iterator[S3Double]:
    with s3_server() as one:
        yield one


def hub_on(s3: S3Double, root: Path, clock: Clock, *, secret: str = SECRET) -> KeptHub:
    folder = make_hub_folder(root)
    with folder.settings.open("a", encoding="utf-8") as settings:
        settings.write(f'\n[files]\ns3 = "s3://{BUCKET}/hub"\nendpoint = "{s3.endpoint}"\n')
    (root / "s3.toml").write_text(f'access_key_id = "{KEY_ID}"\nsecret_access_key = "{secret}"\n')
    return KeptHub(folder, folder.raw_key, clock, b"e" * 16)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(tmp_path: Path, s3: S3Double, clock: Clock) -> Iterator[KeptHub]:
    one = hub_on(s3, tmp_path / "hub", clock)
    yield one
    one.close()


@pytest.fixture
def office(tmp_path: Path, hub: KeptHub, clock: Clock) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(one)
    yield one
    one.close()


async def test_a_file_goes_to_the_bucket_sealed_into_the_backup_and_back_into_a_restored_folder(
    tmp_path: Path, s3: S3Double, hub: KeptHub, office: Office, clock: Clock
) -> None:
    digest = scan(office, 1, PAPER)
    await bring_everything(office, hub)
    assert isinstance(hub.files, FilesInObjectStore) and hub.files.get(digest.hex()) == PAPER
    assert all(PAPER[:20] not in one and digest.hex() not in path for path, one in s3.objects.items()) and s3.objects
    report = hub.back_up(tmp_path / "backups")
    assert (report.files, report.lacking) == (1, 0)
    shutil.copy(hub.folder.raw_key, tmp_path / "kept.key")
    restore_hub(
        tmp_path / "backups",
        tmp_path / "new",
        KeyFileOnDisk(tmp_path / "kept.key"),
        lambda f: EpochAnchor(f.anchor),
        HubEpoch(b"f" * 16),
        clock(),
    )
    new = KeptHub(HubFolder(tmp_path / "new"), tmp_path / "kept.key", clock, b"never")
    assert not isinstance(new.files, FilesInObjectStore) and new.files.get(digest.hex()) == PAPER
    new.close()


async def test_a_damaged_object_is_found_and_comes_again_from_the_office(
    s3: S3Double, hub: KeptHub, office: Office
) -> None:
    digest = scan(office, 1, PAPER)
    await bring_everything(office, hub)
    (path,) = (one for one in s3.objects if "/objects/" in one)
    s3.store(path, s3.objects[path][:-1] + b"?")
    assert scrub_files(hub.store, hub.files, 2).lost == (digest,)
    await bring_everything(office, hub)
    assert hub.files.get(digest.hex()) == PAPER and hub.store.readers.run(count_lost) == 0


async def test_a_store_that_is_busy_is_asked_again_and_one_that_is_away_costs_no_record(
    s3: S3Double, hub: KeptHub, office: Office
) -> None:
    digest = scan(office, 1, PAPER)
    s3.fail_next = 2
    await bring_everything(office, hub)
    assert hub.files.has(digest.hex())
    s3.is_down = True
    later = scan(office, 2, PAPER + b"2")
    with pytest.raises(HubRefused) as later_please:
        await bring_everything(office, hub)  # records are through; the file waits
    assert later_please.value.is_busy
    assert hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").get) == 4
    s3.is_down = False
    await bring_everything(office, hub)
    assert hub.files.get(later.hex()) == PAPER + b"2"


def test_a_wrong_secret_is_a_clear_problem(tmp_path: Path, s3: S3Double, clock: Clock) -> None:
    hub = hub_on(s3, tmp_path / "other", clock, secret="guessed")
    with pytest.raises(FileStoreUnavailable):
        hub.files.put(b"x")
    assert s3.refused and not s3.objects
    hub.close()


def test_files_are_copied_into_the_bucket_and_back(hub: KeptHub) -> None:
    here = file_store_of(hub.folder, FilesChoice(), hub.keys)
    digests = [bytes.fromhex(here.put(bytes([number]) * 999)) for number in range(3)]
    assert copy_files(here, hub.files, [*digests, b"?" * 32]) == (3, [b"?" * 32])
    here.remove(digests[0].hex())
    assert copy_files(hub.files, here, digests) == (3, []) and here.get(digests[0].hex()) == b"\0" * 999


def test_credentials_that_are_not_there_and_addresses_without_tls_are_named(tmp_path: Path, hub: KeptHub) -> None:
    (hub.folder.root / "s3.toml").unlink()
    with pytest.raises(SettingsUnreadable):
        file_store_of(hub.folder, load_settings(HubSettings, hub.folder.settings, {}).values.files, hub.keys)
    for wrong in ('s3 = "files"', 's3 = "s3://abc"\nendpoint = "http://10.0.0.1:9000"'):
        (tmp_path / "wrong.toml").write_text(f'name = "h"\n[files]\n{wrong}\n')
        with pytest.raises(SettingsRejected):
            load_settings(HubSettings, tmp_path / "wrong.toml", {})
