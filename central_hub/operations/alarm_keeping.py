"""The look every few seconds at what is wrong: nodes from the fleet, the hub from its own disk, backups, certificates and chains."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Final

import apsw
import structlog

from central_hub.app import Hub
from central_hub.enrolment.certificates import expires_at
from central_hub.figures.sums import position_of
from central_hub.gateways.mailbox import stuck_count
from central_hub.lookup.break_glass import waiting_count
from central_hub.operations.alarms import Condition, conditions_of, is_changed, open_alarms, settle
from central_hub.operations.fleet import LOW_DISK_BYTES, read_fleet
from central_hub.seals.errors import NoTrustFolder
from central_hub.seals.opening import trust_folder_of
from central_hub.seals.revocation_lists import states_of
from central_hub.seals.trust_folder import read_trust
from sync_protocol.adapters import event_log
from sync_protocol.adapters.backup.manifest import finished
from sync_protocol.adapters.disk import disk_state
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
LOOK_S: Final = 4.0
BACKUP_MS: Final = 48 * 3_600_000
BEHIND_EVENTS: Final = 10_000
DAY_MS: Final = 86_400_000
ENDING: Final = dt.timedelta(days=30)


async def keep_alarms(hub: Hub) -> None:
    """Open and close alarms, until cancelled. A database that does not answer is logged and looked at again."""
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            await asyncio.to_thread(look_once, hub)
        except Problem as problem:
            _log.error("hub.alarms.failed", code=problem.code, detail=problem.operator_line)


def look_once(hub: Hub) -> None:
    """One look. The log tells of every alarm that opened or ended."""
    outside = _outside_the_database(hub)
    held = hub.store.readers.run(lambda c: [*outside, *_inside(c, hub)])
    if not hub.store.readers.run(lambda c: is_changed(c, held)):
        return
    opened, ended = hub.store.writer.run(lambda c: settle(c, held, hub.now_ms()))
    for one in opened:
        _log.warning("hub.alarm.opened", kind=one.kind, subject=one.subject, amount=one.amount)
    for over in ended:
        _log.info("hub.alarm.ended", kind=over.kind, subject=over.subject)


def _inside(connection: apsw.Connection, hub: Hub) -> list[Condition]:
    now_ms = hub.now_ms()
    open_now = frozenset((one.kind, one.subject) for one in open_alarms(connection))
    found = conditions_of(read_fleet(connection, now_ms), open_now, hub.now())
    counts = {
        "emergency": waiting_count(connection),
        "gateways": stuck_count(connection, now_ms),
        "audit": one_int(connection.execute("SELECT count(*) FROM audit_doubt WHERE kind <> 'restored'").fetchone()),
        "looks": one_int(
            connection.execute("SELECT count(*) FROM look_alarm WHERE at_ms > ?", (now_ms - DAY_MS,)).fetchone()
        ),
    }
    lag = event_log.last_position(connection) - position_of(connection)
    if lag > BEHIND_EVENTS:
        counts["figures"] = lag
    return [*found, *(Condition(kind, "", count) for kind, count in counts.items() if count)]


def _outside_the_database(hub: Hub) -> list[Condition]:
    found = []
    free = disk_state(hub.folder.root).free_bytes
    if free < LOW_DISK_BYTES:
        found.append(Condition("hub_disk", "", free))
    held = finished(hub.backups())
    age = hub.now_ms() - held[-1].manifest.made_ms if held else -1
    if age < 0 or age > BACKUP_MS:
        found.append(Condition("hub_backup", "", age))
    if not hub.is_watching:
        found.append(Condition("hub_bus", "", 0))
    left = expires_at(hub.authority_pem) - hub.now()
    if left < ENDING:
        found.append(Condition("hub_certificate", "", left.days))
    found += _ending_lists(hub)
    return found


def _ending_lists(hub: Hub) -> list[Condition]:
    """A revocation list is missing, stale or near its end; the amount is the days left of the one that ends first."""
    folder = trust_folder_of(hub)
    try:
        states = states_of(read_trust(folder)) if folder is not None else []
    except (NoTrustFolder, ValueError):
        return []
    ending = [one for one in states if one.is_ending(hub.now())]
    days = [(one.next_update - hub.now()).days if one.next_update else -1 for one in ending]
    return [Condition("lists", "", min(days))] if days else []
