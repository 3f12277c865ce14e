"""A hub and an office that keep everything a real state folder does: key files, settings, marks outside the database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from central_hub.folder import HubFolder
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.service import HubIdentity, HubService
from central_hub.operations.backups import back_up
from central_hub.settings import HubSettings
from central_hub.store.epoch_anchor import EpochAnchor, mark_of, open_epoch
from central_hub.store.file_store import file_store_of
from central_hub.store.hub_store import Embedded, HubStore
from sync_protocol.adapters.backup.manifest import BackupReport, Keep
from sync_protocol.adapters.keys import KeyFileOnDisk, create_keys, create_raw_key_file, unlock_keys
from sync_protocol.adapters.settings import load_settings
from sync_protocol.ids import HubEpoch
from tests import offices

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


def moment(ms: int) -> dt.datetime:
    """An aware time from milliseconds."""
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


def make_hub_folder(root: Path) -> HubFolder:
    """Keys and settings, as `central-hub init` leaves them."""
    root.mkdir(parents=True)
    folder = HubFolder(root)
    create_raw_key_file(folder.raw_key)
    create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])
    folder.settings.write_text('name = "hub-test"\n', encoding="utf-8")
    folder.trust.mkdir()
    (folder.trust / "operator.seed").write_bytes(b"a secret of the message server")
    return folder


class KeptHub(offices.Hub):
    """The hub of `tests.offices` over a whole state folder. `reason` says why its epoch is new, or ""."""

    def __init__(self, folder: HubFolder, raw_key: Path, clock: offices.Clock, fresh: bytes) -> None:
        self.folder, self.clock, self.is_closed = folder, clock, False
        self.keys = unlock_keys(folder.keys, KeyFileOnDisk(raw_key))
        self.signer = self.keys.signer  # type: ignore[assignment]
        self.store = HubStore(Embedded(folder.database, self.keys.database_key))
        self.files = file_store_of(folder, load_settings(HubSettings, folder.settings, {}).values.files, self.keys)
        self.anchor = EpochAnchor(folder.anchor)
        epoch, self.reason = self.store.writer.run(lambda c: open_epoch(c, self.anchor, HubEpoch(fresh), clock()))
        self.epoch = epoch
        self.service = HubService(
            HubIdentity(offices.HUB_NAME, epoch), self.store, HubFiles(self.store, self.files, clock), self.signer, now_ms=clock
        )  # fmt: skip
        self.mark()

    def close(self) -> None:
        """Idempotent, as a machine can only burn down once."""
        if not self.is_closed:
            self.store.close()
        self.is_closed = True

    def mark(self) -> None:
        """What the serving hub does every second."""
        self.anchor.write(self.store.readers.run(mark_of))

    def back_up(self, root: Path, keep: Keep | None = None) -> BackupReport:
        """A backup now."""
        now = moment(self.clock())
        return back_up(self.folder, self.store, self.files, self.keys, "hub-test", root, keep or Keep(), now)
