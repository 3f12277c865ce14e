"""A desk whose disk is full: the queue waits its turn, and what cannot be written on the screen's behalf is written later."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import read_state
from edge_node.sync import memory, shown_line
from sync_protocol import sender
from sync_protocol.adapters.storage_errors import StorageFull
from tests.offices import Hub, Office, drained, on_line, reception, rid

INPUTS_MAX = 20


class FullDisk:
    """A disk without room for what other processes of the desk are told about the line."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = True
        self.refused = 0
        write = shown_line.write_state

        def written(connection: Any, name: str, value: bytes) -> None:
            if self.is_full and name == "line":
                self.refused += 1
                assert self.refused < INPUTS_MAX, "tried again and again without a pause"
                raise StorageFull(sqlite_code=13)
            write(connection, name, value)

        monkeypatch.setattr(shown_line, "write_state", written)


async def test_a_line_that_cannot_be_shown_on_a_full_disk_is_no_failure_of_the_line(
    hub: Hub, hanoi: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    monkeypatch.setattr(shown_line, "SHOW_AGAIN_S", 3_600.0)
    driver = hanoi.join(hub)
    async with on_line(driver):
        await drained(driver)
        for _ in range(50):  # whatever the driver may have told itself gets its turns
            await asyncio.sleep(0)
        assert driver.state.phase == "open" and driver.state.failures == 0
        assert disk.refused < 5  # each word of the hub is one try, not thousands


async def test_the_line_is_shown_as_soon_as_there_is_room_again(
    hub: Hub, hanoi: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    monkeypatch.setattr(shown_line, "SHOW_AGAIN_S", 0.0)
    driver = hanoi.join(hub)
    shown = asyncio.Event()

    def look() -> None:
        disk.is_full = disk.refused == 0
        if hanoi.store.readers.run(lambda c: read_state(c, "line")) == b"open":
            shown.set()

    driver.on_change = look
    async with on_line(driver):
        await asyncio.wait_for(shown.wait(), 10)
    assert disk.refused


async def test_what_nobody_foresaw_while_an_answer_is_kept_makes_the_queue_wait_and_go_on(
    hub: Hub, hanoi: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    keep, broke = memory.keep_acknowledgement, []

    def breaks_once(connection: Any, one: Any) -> None:
        if not broke:
            broke.append(one)
            raise OSError(errno.EIO, "input/output error")
        keep(connection, one)

    monkeypatch.setattr(memory, "keep_acknowledgement", breaks_once)
    driver = hanoi.join(hub)
    waits = asyncio.Event()
    driver.on_change = lambda: waits.set() if driver.state.phase == "waiting" else None
    async with on_line(driver) as running:
        await asyncio.wait_for(waits.wait(), 10)
        assert broke and not running.done() and driver.state.reason == "SYN-001"
        driver.tell(sender.LineUp())  # its time has come
        await drained(driver)
        assert driver.state.phase == "open"
