"""A node's backups, and its restore, which goes on in a new incarnation by itself: nothing is written twice under one number.

Copied are the database, the files held here, settings, accounts, identity, trust and catalogues. Not copied are the machine's unattended
key and the officers' signing keys: they are kept apart, and a backup is worthless to whoever finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec

from edge_node.capture.jobs import stopped_jobs, waiting_jobs
from edge_node.capture.piles import tray_files
from edge_node.identity import StateFolder
from edge_node.incarnation import Lane
from edge_node.store.node_store import NodeStore
from sync_protocol.adapters.anchor import AnchorFile
from sync_protocol.adapters.backup.making import Place, make_backup, prune, small_files
from sync_protocol.adapters.backup.manifest import BackupReport, Keep
from sync_protocol.adapters.backup.restore import restore
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.key_slots import Opening
from sync_protocol.adapters.keys import Keys

SMALL = ("identity.json", "node.toml", "officers.passwords", "catalogues")
LOST = "BAK-006"


class NodeRestore(msgspec.Struct, frozen=True):
    """What was restored, and why it goes on in a new incarnation. `lost` files were here only and are for a person to scan again."""

    backup: str
    made_ms: int
    events: int
    files: int
    lost: int
    reason: str


def back_up(
    folder: StateFolder,
    files: FileStore,
    keys: Keys,
    name: str,
    trust: str | None,
    root: Path,
    keep: Keep,
    now: dt.datetime,
) -> BackupReport:
    """One verified backup below `root`; old ones go. `trust` is the folder of trusted certificates, relative to the state folder.

    Raises:
        BackupProblem, StorageProblem: no backup was made.
    """
    place = Place(
        kind="node", name=name, database=folder.database, database_key=keys.database_key, keys_file=folder.keys,
        sealing=Sealing(keys.files_key, keys.names_key), files=files, digests=named_files,
        small=small_files(folder.root, (*SMALL, *([trust] if trust else []))),
    )  # fmt: skip
    made = make_backup(place, root, now)
    pruned = prune(place, root, keep, now)
    size = made.manifest.database_bytes + made.manifest.file_bytes
    return BackupReport(
        str(made.folder), made.manifest.events, made.manifest.files, size, made.manifest.lacking, pruned
    )


def restore_node(
    backup: Path, state: Path, opening: Opening, entropy: Callable[[int], bytes], now_ms: Callable[[], int]
) -> NodeRestore:
    """A node in the new folder `state` from a backup, in a new incarnation from its first event on.

    Raises:
        BackupProblem: see `restore`. KeyProblem: `opening` is not this backup's.
    """
    restored = restore(backup, state, "node", opening, named_files)
    folder = StateFolder(state)
    store = NodeStore(folder.database, restored.keys.database_key)
    try:
        lost = store.writer.run(lambda c: _forget(c, restored.lacking))
        reason = Lane(store, AnchorFile(folder.anchor), entropy, now_ms).check()
    finally:
        store.close()
    manifest = restored.held.manifest
    return NodeRestore(restored.held.folder.name, manifest.made_ms, manifest.events, restored.files, lost, reason)


def named_files(connection: apsw.Connection) -> list[bytes]:
    """Every file that a node's database says is held here: copies, scans that wait to be read and signed, all that came into the tray."""
    rows = connection.execute(
        "SELECT digest FROM blob WHERE state IN ('local', 'at_hub', 'here', 'refused') ORDER BY digest"
    )
    kept = {bytes(digest) for (digest,) in rows}
    kept |= {one.digest for job in (*waiting_jobs(connection), *stopped_jobs(connection)) for one in job.task.originals}
    is_known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tray_file'").fetchone()
    if is_known is not None:  # a backup of a release that had no tray is restored before its tables are brought up to date
        kept |= tray_files(connection)
    return sorted(kept)


def _forget(connection: apsw.Connection, lacking: tuple[bytes, ...]) -> int:
    """Files that did not come along: the hub's are fetched when needed, the others are lost and say so. Returns how many are lost."""
    lost = 0
    for digest in lacking:
        connection.execute(
            "UPDATE blob SET state = 'remote' WHERE digest = ? AND state IN ('at_hub', 'here')", (digest,)
        )
        connection.execute(
            "UPDATE blob SET state = 'lost', reason = ? WHERE digest = ? AND state IN ('local', 'refused')",
            (LOST, digest),
        )
        lost += connection.changes()
    return lost
