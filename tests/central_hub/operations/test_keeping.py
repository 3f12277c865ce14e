"""Beside its answers the hub keeps itself: backups when due, notices to systemd."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.operations.keeping import LOOK_S, RETRY_S, back_up_when_due
from sync_protocol.adapters.backup.manifest import finished
from sync_protocol.adapters.service_notice import notify, stay_alive
from tests.browser.desk import Clock
from tests.browser.hub import make_hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


def test_a_serving_hub_backs_itself_up_once_a_day(hub: Hub) -> None:
    begun = hub.now()
    assert back_up_when_due(hub) == LOOK_S and len(finished(hub.backups())) == 1
    hub.now = lambda: begun + dt.timedelta(hours=23)
    assert back_up_when_due(hub) == LOOK_S and len(finished(hub.backups())) == 1
    hub.now = lambda: begun + dt.timedelta(hours=24)
    assert back_up_when_due(hub) == LOOK_S and len(finished(hub.backups())) == 2


def test_a_backup_that_fails_is_tried_again_and_ends_nothing(hub: Hub) -> None:
    hub.backups().write_text("a file stands where the folder should be", encoding="utf-8")
    assert back_up_when_due(hub) == RETRY_S


async def test_systemd_hears_that_the_service_is_ready_and_alive(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "s"))
        manager.settimeout(5)
        told = {"NOTIFY_SOCKET": str(tmp_path / "s"), "WATCHDOG_USEC": "2000000"}
        assert notify(told, "READY=1") and manager.recv(64) == b"READY=1"
        alive = asyncio.create_task(stay_alive(told))
        assert await asyncio.to_thread(manager.recv, 64) == b"WATCHDOG=1"
        alive.cancel()
    assert not notify(told, "READY=1") and not notify({}, "READY=1")
    await stay_alive({})
