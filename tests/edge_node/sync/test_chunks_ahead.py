"""Fetching a file: several chunks under way on a quick line, one on a slow line, none left behind when the line fails."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from edge_node.sync import transfers as room
from edge_node.sync.errors import HubRefused
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.ids import BlobDigest
from sync_protocol.limits import CHUNK_BYTES
from sync_protocol.messages import BlobGet, BlobPart

CONTENT = bytes(range(256)) * (CHUNK_BYTES // 256) * 9 + b"end"
DIGEST = BlobDigest(hashlib.sha256(CONTENT).digest())


class HeldLine:
    """Answers chunks, and knows how many were under way at once; the chunk at `fails_at` is refused."""

    def __init__(self, fails_at: int = -1) -> None:
        self.under_way, self.most, self.asked, self._fails_at = 0, 0, 0, fails_at

    async def expect(self, request: BlobGet, kind: type) -> BlobPart:
        self.asked += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for _ in range(3):  # others are asked for meanwhile
                await asyncio.sleep(0)
            if request.offset == self._fails_at:
                raise HubRefused(refusal="SYN-020", detail="busy")
            chunk = CONTENT[request.offset : request.offset + request.length]
            return BlobPart(request.digest, request.offset, chunk, len(CONTENT))
        finally:
            self.under_way -= 1


def bringing(folder: Path, line: HeldLine) -> Transfers:
    async def run_async(work: Any) -> None:
        return None

    store = SimpleNamespace(writer=SimpleNamespace(run_async=run_async))
    return Transfers(store, FilesOnDisk(folder, Sealing(b"f" * 32, b"n" * 32)), line, lambda: 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("quick_s", "most"), [(3_600.0, room.CHUNKS_AHEAD), (0.0, 1)])
def test_a_quick_line_carries_several_chunks_at_once_and_a_slow_one_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_s: float, most: int
) -> None:
    monkeypatch.setattr(room, "QUICK_CHUNK_S", quick_s)
    line = HeldLine()
    found = asyncio.run(bringing(tmp_path, line).fetch(DIGEST, len(CONTENT)))
    assert found == CONTENT and line.most == most and line.asked == 10


def test_a_chunk_that_fails_ends_the_fetch_with_nothing_under_way_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "QUICK_CHUNK_S", 3_600.0)
    broken = HeldLine(fails_at=5 * CHUNK_BYTES)
    with pytest.raises(HubRefused):
        asyncio.run(bringing(tmp_path, broken).bring(DIGEST, len(CONTENT)))
    assert broken.under_way == 0
    again = HeldLine()
    assert asyncio.run(bringing(tmp_path, again).fetch(DIGEST, len(CONTENT))) == CONTENT
    assert again.asked <= 5
