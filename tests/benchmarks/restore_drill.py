"""The restore drill with real processes: `python -m tests.benchmarks.restore_drill [--dossiers N] [--file-mb MB]`. Figures, and a check of RPO 0.

The hub is backed up while a node has more to say; the node goes on until everything is acknowledged; the hub's disk is lost; a new one is restored from
the backup and the node brings the rest. Then a new node takes an office's files from the hub over the real line.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import shutil
import tempfile
import time
from pathlib import Path

import structlog

from central_hub.store.hub_store import Embedded, HubStore
from edge_node.store.ledger import Draft
from sync_protocol import sender
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.keys import KeyFileOnDisk, unlock_keys
from sync_protocol.ids import BlobDigest, RecordId
from tests.benchmarks.stage import Stage, cpu_s, open_stage
from tests.benchmarks.sync_speed import driven, level, save_all
from tests.benchmarks.workload import dossiers

FILE_BYTES = 2_000_000


def _store(stage: Stage) -> tuple[HubStore, FilesOnDisk]:
    keys = unlock_keys(stage.files.keys, KeyFileOnDisk(stage.files.raw_key))
    return HubStore(Embedded(stage.files.database, keys.database_key)), FilesOnDisk(
        stage.files.files, Sealing(keys.files_key, keys.names_key)
    )


def _events_of(stage: Stage, node: str) -> int:
    store, _ = _store(stage)
    try:
        row = store.readers.run(
            lambda c: c.execute(
                "SELECT count(*) FROM event e JOIN lane l ON l.lane = e.lane WHERE l.node = ?", (node,)
            ).fetchone()
        )
    finally:
        store.close()
    return int(row[0]) if row else 0


async def hub_drill(stage: Stage, count: int) -> None:
    """Backup, more work, loss of the disk, restore, and the nodes bring the rest."""
    node = stage.node("n00101a", "00101")
    drafts = [Draft(rid, body) for rid, body in dossiers(0, count, "00101")]
    half = count * 4 // 5
    try:
        save_all(node, drafts[:half])
        async with driven(node) as driver:
            driver.tell(sender.LineUp())
            await level(driver, node.head())
            began = time.perf_counter()
            made = stage.hub.run("backup", "--to", stage.folder / "elsewhere", "--json")
            print(
                f"backup: {made['events']} events, {made['bytes'] / 1e6:.0f} MB in {time.perf_counter() - began:.1f} s, while serving"
            )
            save_all(node, drafts[half:])
            driver.tell(sender.Saved(node.head()))
            await level(driver, node.head())
        acknowledged = node.head()
        shutil.copy2(stage.files.raw_key, stage.folder / "unattended.key")  # with its mode
        stage.hub.kill()
        lost = time.perf_counter()
        shutil.rmtree(stage.folder / "hub")
        stage.hub.run("restore", stage.folder / "elsewhere", "--key", stage.folder / "unattended.key", "--json")
        restored = time.perf_counter()
        stage.start()
        serving = time.perf_counter()
        async with driven(node) as driver:
            driver.tell(sender.LineUp())
            await asyncio.sleep(0)
            while _events_of(stage, node.identity.node) < acknowledged:
                await asyncio.sleep(0.5)
        done = time.perf_counter()
        held = _events_of(stage, node.identity.node)
        print(
            f"restore {restored - lost:.1f} s, start {serving - restored:.1f} s, nodes' part ({acknowledged - half} events) {done - serving:.1f} s"
        )
        print(
            f"acknowledged before the loss {acknowledged}, held after it {held}: {'RPO 0' if held >= acknowledged else 'LOST'}; whole {done - lost:.1f} s"
        )
        assert held == acknowledged
    finally:
        node.close()


async def node_drill(stage: Stage, megabytes: int) -> None:
    """A new node of the office fetches the office's files."""
    store, files = _store(stage)
    wanted: list[BlobDigest] = []
    rid = RecordId(secrets.token_bytes(16))
    for _ in range(megabytes * 1_000_000 // FILE_BYTES):
        content = secrets.token_bytes(FILE_BYTES)
        wanted.append(BlobDigest(bytes.fromhex(files.put(content))))
    store.writer.run(
        lambda c: c.execute(
            "INSERT INTO scope(rid, office, since_ms, reason) VALUES(?,?,1,'acted')", (rid, "00101")
        ).fetchall()
    )
    store.writer.run(
        lambda c: c.executemany(
            "INSERT INTO blob_reference(digest, rid, size) VALUES(?,?,?)", [(one, rid, FILE_BYTES) for one in wanted]
        ).fetchall()
    )
    store.close()
    node = stage.node("n00101b", "00101")
    hub, began = cpu_s(stage.hub_pid), time.perf_counter()
    try:
        async with node.online() as (_, transfers):
            for one in wanted:
                await transfers.fetch(one, FILE_BYTES)
    finally:
        node.close()
    took, used = time.perf_counter() - began, cpu_s(stage.hub_pid) - hub
    print(
        f"{megabytes} MB of files to a new node: {took:.1f} s, {megabytes / took:.1f} MB/s, hub CPU {used:.1f} s; 20 GB at this rate: {20_000 / megabytes * took / 60:.1f} min"
    )


def main() -> None:
    asking = argparse.ArgumentParser()
    asking.add_argument("--dossiers", type=int, default=20_000)
    asking.add_argument("--file-mb", type=int, default=1_000)
    args = asking.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, open_stage(Path(folder)) as stage:
        asyncio.run(hub_drill(stage, args.dossiers))
        asyncio.run(node_drill(stage, args.file_mb))


if __name__ == "__main__":
    main()
