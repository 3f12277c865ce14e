"""What the bus does when the line, or the server behind it, misbehaves. Every request ends: answered, or refused in words."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from sync_protocol.adapters.bus.errors import BusProblem, ConnectionLost, NotConnected
from sync_protocol.adapters.bus.sockets import settle
from sync_protocol.subjects import Verb
from tests.doubles.line import Line
from tests.nats.world import TIMING, echo, on_loop, until, world


@on_loop
async def test_a_server_killed_among_100_requests_leaves_none_hanging_and_none_sent_later(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        seen: list[bytes] = []
        first_ten, go_on = asyncio.Event(), asyncio.Event()

        async def handle(node: str, payload: bytes) -> bytes:
            seen.append(payload)
            if len(seen) == 10:
                first_ten.set()
            if len(seen) > 10:
                await go_on.wait()
            return payload

        hub = await w.hub({Verb.PUSH: handle})
        node = await w.node()
        asked = [asyncio.create_task(node.request(Verb.PUSH, b"%d" % number, timeout=20)) for number in range(100)]
        await first_ten.wait()
        pid = w.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        go_on.set()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        answered = [outcome for outcome in outcomes if isinstance(outcome, bytes)]
        raised = [outcome for outcome in outcomes if isinstance(outcome, (ConnectionLost, NotConnected))]
        assert len(answered) + len(raised) == 100 and raised
        refused_now = await asyncio.gather(node.request(Verb.PUSH, b"late", timeout=5), return_exceptions=True)
        assert isinstance(refused_now[0], NotConnected)
        await until(lambda: w.server.restarts == 1)
        await asyncio.gather(node.wait_connected(10), hub.wait_connected(10))
        assert await node.request(Verb.PUSH, b"after", timeout=5) == b"after"
        before_the_kill = {b"%d" % number for number in range(100)}
        assert seen[-1] == b"after" and b"late" not in seen
        assert len(seen) == len(set(seen)) and set(seen) - {b"after"} <= before_the_kill


@on_loop
async def test_a_cut_line_fails_what_is_under_way_and_comes_back_by_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        release = asyncio.Event()

        async def handle(node: str, payload: bytes) -> bytes:
            if payload == b"held":
                await release.wait()
            return payload

        await w.hub({Verb.PUSH: handle})
        node = await w.node(servers=(line.url,))
        held = asyncio.create_task(node.request(Verb.PUSH, b"held", timeout=20))
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"x"
        line.refuse()
        line.cut()
        with pytest.raises(ConnectionLost):
            await held
        await until(lambda: not node.state.is_connected and not node.state.files.is_connected)
        since = node.state.records.since
        attempts = line.accepted
        await until(lambda: line.accepted > attempts + 2)
        assert node.state.records.since == since  # "since" is the loss, not the last failed attempt
        line.refuse(False)
        await node.wait_connected(10)
        assert await node.request(Verb.PUSH, b"y", timeout=5) == b"y"
        release.set()


@pytest.mark.parametrize("directions", [("up", "down"), ("up",), ("down",)])
def test_a_frozen_peer_is_noticed_within_the_ping_budget(tmp_path: Path, directions: tuple[str, ...]) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path) as w, Line(w.server.port) as line:
            await w.hub({Verb.PUSH: echo})
            node = await w.node(servers=(line.url,))
            loop = asyncio.get_running_loop()
            line.freeze(*directions)  # type: ignore[arg-type]
            line.refuse()
            frozen_at = loop.time()
            with pytest.raises(ConnectionLost):
                await node.request(Verb.PUSH, b"x", timeout=20)
            # One interval until the next ping, the rest of the budget until it counts as lost; doubled for a busy machine.
            assert loop.time() - frozen_at < 2 * TIMING.silence_budget_s + 1
            line.cut()
            line.thaw()
            line.refuse(False)
            await node.wait_connected(10)
            assert await node.request(Verb.PUSH, b"y", timeout=5) == b"n0001:y"

    scenario()


@on_loop
async def test_a_slow_line_that_still_drains_is_not_taken_for_a_dead_one(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:

        async def count(node: str, payload: bytes) -> bytes:
            return str(len(payload)).encode()

        await w.hub({Verb.BLOB: count})
        node = await w.node(servers=(line.url,))
        line.bytes_per_s = 400_000
        size = 1_000_000  # 2.5 s at this rate: four times the ping budget
        assert await node.request(Verb.BLOB, bytes(size), timeout=20, lane="files") == str(size).encode()
        assert line.accepted == 2


@on_loop
async def test_records_overtake_a_file_of_2_megabytes(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        order: list[str] = []
        some_chunks = asyncio.Event()

        async def blob(node: str, payload: bytes) -> bytes:
            order.append("chunk")
            if len(order) == 4:
                some_chunks.set()
            return b"stored"

        async def push(node: str, payload: bytes) -> bytes:
            order.append("record")
            return b"receipt"

        await w.hub({Verb.BLOB: blob, Verb.PUSH: push})
        node = await w.node(servers=(line.url,))
        line.bytes_per_s = 4_000_000

        async def send_file() -> None:
            for _ in range(32):
                await node.request(Verb.BLOB, bytes(65_536), timeout=20, lane="files")

        sending = asyncio.create_task(send_file())
        await some_chunks.wait()
        for _ in range(20):
            assert await node.request(Verb.PUSH, b"r" * 400, timeout=10) == b"receipt"
        await sending
        assert order.count("chunk") == 32 and order.count("record") == 20
        last_record = len(order) - 1 - order[::-1].index("record")
        assert order[:last_record].count("chunk") < 32, "the records waited for the whole file"


@on_loop
async def test_a_chunk_waits_while_a_record_is_under_way(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        order: list[str] = []
        record_started, release = asyncio.Event(), asyncio.Event()

        async def push(node: str, payload: bytes) -> bytes:
            record_started.set()
            await release.wait()
            order.append("record")
            return b""

        async def blob(node: str, payload: bytes) -> bytes:
            order.append("chunk")
            return b""

        hub = await w.hub({Verb.BLOB: blob, Verb.PUSH: push})
        node = await w.node()
        record = asyncio.create_task(node.request(Verb.PUSH, b"r", timeout=10))
        await record_started.wait()
        chunk = asyncio.create_task(node.request(Verb.BLOB, b"c", timeout=10, lane="files"))
        await settle(node._lanes["files"].client)  # whatever the files lane had sent would be at the server now
        await settle(hub._lane.client)  # and here now
        assert order == [] and hub.stats.requests.get("blob", 0) == 0
        release.set()
        await asyncio.gather(record, chunk)
        assert order == ["record", "chunk"]


@on_loop
async def test_after_noise_on_the_line_the_node_is_soon_connected_and_answered_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        await w.hub({Verb.PUSH: echo})
        node = await w.node(servers=(line.url,))
        line.corrupt_next("up")
        outcome = (await asyncio.gather(node.request(Verb.PUSH, b"x" * 200, timeout=2), return_exceptions=True))[0]
        assert isinstance(outcome, (bytes, BusProblem))
        await node.wait_connected(10)
        assert await node.request(Verb.PUSH, b"y", timeout=5) == b"n0001:y"


@on_loop
async def test_closing_is_bounded_even_when_the_peer_is_frozen(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        await w.hub({Verb.PUSH: echo})
        node = await w.node(servers=(line.url,))
        line.freeze()
        asked = asyncio.create_task(node.request(Verb.PUSH, bytes(1_000_000), timeout=20))
        await until(lambda: node.gate.records_waiting == 1)
        async with asyncio.timeout(2 * TIMING.close_s + 3):
            await node.close()
        assert isinstance((await asyncio.gather(asked, return_exceptions=True))[0], BusProblem)
        assert node.state.records.kind == "closed"


@on_loop
async def test_a_line_that_freezes_again_and_again_is_not_locked_out_by_its_own_old_connections(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        await w.hub({Verb.PUSH: echo})
        node = await w.node(servers=(line.url,))
        for round_number in range(3):
            before = line.accepted
            line.freeze()  # the server keeps counting these connections: nothing tells it that they are dead
            await until(lambda: line.accepted >= before + 2)  # noqa: B023
            line.thaw()
            await node.wait_connected(10)
            assert await node.request(Verb.PUSH, b"%d" % round_number, timeout=5) == b"n0001:%d" % round_number


@on_loop
async def test_canary_the_line_double_really_stops_and_really_cuts(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        assert (await reader.readline()).startswith(b"INFO")
        line.freeze()
        writer.write(b"PING\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readline(), 0.1)
        line.cut()
        with pytest.raises(ConnectionResetError):
            assert await reader.readline() != b""
            raise ConnectionResetError
        writer.close()


def test_canary_a_hanging_test_fails_instead_of_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    timeout = asyncio.timeout
    monkeypatch.setattr(asyncio, "timeout", lambda seconds: timeout(0.05))

    @on_loop
    async def hangs() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        hangs()
