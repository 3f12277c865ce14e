"""What a serving hub does for itself beside its answers: the mark outside the database every second, a backup when one is due."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import structlog

from central_hub.bootstrap.snapshots import LIFE_MS, forget_snapshots, remove_parts
from central_hub.existence.publishing import newest_ms, publish
from central_hub.ingest.lost_files import count_lost
from central_hub.operations import unnamed_files
from central_hub.operations.overview import totals
from central_hub.operations.scrubbing import round_of, scrub_files
from sync_protocol.adapters.backup.manifest import finished
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.scrubbing import is_due as is_scrub_due
from sync_protocol.adapters.files.scrubbing import time_for
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)
MARK_S = 1.0
LOOK_S = 60.0
RETRY_S = 900.0
TOTALS_S = 300.0
SCRUB_S = 4 * 3_600.0  # what a night has not ended, the next ones make up for


def is_due(newest_ms: int | None, every_hours: float, now_ms: int) -> bool:
    """Whether something that is made every so often is due now. Never when `every_hours` is 0.

    >>> is_due(None, 24, 0), is_due(0, 24, 23 * 3_600_000), is_due(0, 24, 24 * 3_600_000), is_due(None, 0, 0)
    (True, False, True, False)
    """
    return every_hours > 0 and (newest_ms is None or now_ms - newest_ms >= every_hours * 3_600_000)


async def keep_mark(hub: Hub) -> None:
    """Move the mark after the log, until cancelled. A disk that refuses is logged and tried again."""
    while True:
        try:
            await asyncio.to_thread(hub.mark)
        except Problem as problem:
            _log.error("hub.mark.unwritable", code=problem.code, detail=problem.operator_line)
        await asyncio.sleep(MARK_S)


async def keep_erased(hub: Hub) -> None:
    """Take files of erased bodies off the disk, until cancelled: also what a crash or a returned order left (erasure)."""
    while True:
        try:
            await asyncio.to_thread(remove_erased_files, hub.store.readers, hub.store.writer, hub.files.files)
            await asyncio.to_thread(_end_old_snapshots, hub)
        except Problem as problem:
            _log.error("hub.erasure.files", code=problem.code, detail=problem.operator_line)
        await asyncio.sleep(LOOK_S)


def _end_old_snapshots(hub: Hub) -> None:
    remove_parts(hub.files.files, hub.store.writer.run(lambda c: forget_snapshots(c, hub.now_ms() - LIFE_MS)))


async def keep_snapshots(hub: Hub) -> None:
    """Have the snapshots ready that enrolled nodes will begin from, until cancelled."""
    while True:
        try:
            await hub.service.snapshots.prepare()
        except Problem as problem:
            _log.error("hub.snapshot.unprepared", code=problem.code, detail=problem.operator_line)
        await asyncio.sleep(LOOK_S)


async def keep_existence(hub: Hub) -> None:
    """Publish the country-wide index whenever it is due, until cancelled."""
    while True:
        await asyncio.sleep(await asyncio.to_thread(publish_when_due, hub))


def publish_when_due(hub: Hub) -> float:
    """One look: what was coded since the last index file, if it is time; returns the seconds until the next look."""
    newest = hub.store.readers.run(newest_ms) or None
    if not is_due(newest, hub.settings.existence.every_hours, hub.now_ms()):
        return LOOK_S
    try:
        made = publish(hub.store, hub.files.files, hub.now_ms(), secrets.token_bytes)
    except Problem as problem:
        _log.error("hub.existence.failed", code=problem.code, detail=problem.operator_line)
        return RETRY_S
    _log.info("hub.existence.published", files=made.files, entries=made.entries, bytes=made.bytes, whole=made.is_base)
    return LOOK_S


async def keep_totals(hub: Hub) -> None:
    """Count what the hub holds every few minutes, until cancelled: a million papers take a second, which no scrape should wait for."""
    while True:
        try:
            hub.totals = await hub.store.readers.run_async(totals)
        except Problem as problem:
            _log.error("hub.totals.failed", code=problem.code, detail=problem.operator_line)
        await asyncio.sleep(TOTALS_S)


async def keep_files(hub: Hub) -> None:
    """Look through a seventh of the files every night, until cancelled; due by the tables, so that a hub that is begun anew each day looks too."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            if not is_scrub_due(await hub.store.readers.run_async(round_of), hub.now_ms()):
                continue
            with time_for(SCRUB_S) as goes_on:
                seen = await asyncio.to_thread(scrub_files, hub.store, hub.files.files, hub.now_ms(), goes_on=goes_on)
            missed = await hub.store.readers.run_async(count_lost)
            _log.info("hub.files.scrubbed", checked=seen.checked, lost=len(seen.lost), missed=missed, awaited=seen.awaited)
        except Problem as problem:
            _log.error("hub.files.unscrubbed", code=problem.code, detail=problem.operator_line)
            await asyncio.sleep(RETRY_S)


async def keep_unnamed(hub: Hub) -> None:
    """Take away once a day what no row names, until cancelled; due by the tables, so that a hub that is begun anew each day looks too."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await asyncio.to_thread(collect_when_due, hub)
        except Problem as problem:
            _log.error("hub.files.uncollected", code=problem.code, detail=problem.operator_line)
            await asyncio.sleep(RETRY_S)


def collect_when_due(hub: Hub) -> None:
    """One look, if it is time. Raises a Problem of the store."""
    if hub.store.readers.run(lambda c: unnamed_files.is_due(c, hub.now_ms())):
        gone = unnamed_files.collect_unnamed(hub.store, hub.files.files, hub.now_ms)
        _log.info("hub.files.collected", files=gone)


async def keep_backups(hub: Hub) -> None:
    """Make a backup whenever one is due, until cancelled; also right after a start when the newest is too old."""
    while True:
        await asyncio.sleep(await asyncio.to_thread(back_up_when_due, hub))


def back_up_when_due(hub: Hub) -> float:
    """One look: a backup if it is time; returns the seconds until the next look."""
    held = finished(hub.backups())
    newest = held[-1].manifest.made_ms if held else None
    if not is_due(newest, hub.settings.backup.every_hours, hub.now_ms()):
        return LOOK_S
    try:
        report = hub.back_up(hub.backups())
    except Problem as problem:
        _log.error("hub.backup.failed", code=problem.code, detail=problem.operator_line)
        return RETRY_S
    _log.info("hub.backup.made", events=report.events, files=report.files, lacking=report.lacking, pruned=report.pruned)
    return LOOK_S
