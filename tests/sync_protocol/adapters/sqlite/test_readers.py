"""Reading connections: whoever asks after the store was closed is told so, and never waits for a connection that no longer comes."""

from __future__ import annotations

import threading
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.sqlite.readers import Readers
from sync_protocol.adapters.storage_errors import WriterStopped


def readers(tmp_path: Path, size: int = 2) -> Readers:
    return Readers(lambda: apsw.Connection(str(tmp_path / "a.db")), size=size)


def test_who_reads_from_a_closed_store_is_told_each_time(tmp_path: Path) -> None:
    store = readers(tmp_path)
    assert store.run(lambda c: c.execute("SELECT 1").fetchall()) == [(1,)]
    store.close()
    for _ in range(3):
        with pytest.raises(WriterStopped):
            store.run(lambda c: c.execute("SELECT 1").fetchall())


def test_closing_waits_for_who_reads_and_then_tells_who_comes(tmp_path: Path) -> None:
    store, entered, go_on = readers(tmp_path, 1), threading.Event(), threading.Event()

    def slow(connection: apsw.Connection) -> int:
        entered.set()
        go_on.wait(30)
        return len(connection.execute("SELECT 1").fetchall())

    found: list[int] = []
    reading = threading.Thread(target=lambda: found.append(store.run(slow)))
    reading.start()
    entered.wait(30)
    closing = threading.Thread(target=store.close)
    closing.start()
    go_on.set()
    reading.join(30)
    closing.join(30)
    assert found == [1] and not closing.is_alive()
    with pytest.raises(WriterStopped):
        store.run(slow)
