"""Requests of nodes reach the hub across accounts and are always answered or refused in words."""

from __future__ import annotations

import asyncio
import collections
from pathlib import Path

import pytest

from central_hub.enrolment.accounts import MAX_PAYLOAD_BYTES
from central_hub.enrolment.server_monitor import read_monitor
from sync_protocol.adapters.bus.errors import HubFailed, NobodyServes, NotConnected, PayloadTooLarge, RequestTimedOut
from sync_protocol.adapters.bus.hub import SMALL_BYTES, HubBus
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.subjects import Verb
from tests.nats.world import clock, echo, on_loop, until, world


@on_loop
async def test_a_request_crosses_from_the_nodes_account_to_the_hub_and_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001")
        assert await node.request(Verb.PUSH, b"x", timeout=10) == b"n0001:x"
        assert await node.request("push", b"y", timeout=2, lane="files") == b"n0001:y"


@on_loop
async def test_the_largest_allowed_message_passes_and_one_byte_more_is_refused_before_sending(tmp_path: Path) -> None:
    async with world(tmp_path) as w:

        async def count(node: str, payload: bytes) -> bytes:
            return str(len(payload)).encode()

        await w.hub({Verb.PUSH: count})
        node = await w.node()
        full = bytes(MAX_PAYLOAD_BYTES)
        assert await node.request(Verb.PUSH, full, timeout=5) == str(MAX_PAYLOAD_BYTES).encode()
        with pytest.raises(PayloadTooLarge):
            await node.request(Verb.PUSH, full + b"x", timeout=5)


@on_loop
async def test_when_one_of_two_workers_dies_every_request_is_still_answered(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        served: collections.Counter[str] = collections.Counter()

        def worker(name: str) -> object:
            async def handle(node: str, payload: bytes) -> bytes:
                served[name] += 1
                return payload

            return handle

        first = await w.hub({Verb.PUSH: worker("first")})  # type: ignore[dict-item]
        await w.hub({Verb.PUSH: worker("second")})  # type: ignore[dict-item]
        node = await w.node()
        for number in range(60):
            await node.request(Verb.PUSH, b"%d" % number, timeout=10)
        assert min(served.values()) > 0 and len(served) == 2
        standing = (await read_monitor(w.server.monitor_url, "connz"))["num_connections"]
        await first._lane.close()  # the worker vanishes without saying goodbye
        async with asyncio.timeout(10):  # until the server has noticed, a request may still be given to the dead one
            while (await read_monitor(w.server.monitor_url, "connz"))["num_connections"] >= standing:
                await asyncio.sleep(0.01)
        before = served["second"]
        for number in range(50):
            assert await node.request(Verb.PUSH, b"%d" % number, timeout=10) == b"%d" % number
        assert served["second"] == before + 50


@on_loop
async def test_one_slow_request_does_not_hold_up_the_next_ones(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        release = asyncio.Event()

        async def handle(node: str, payload: bytes) -> bytes:
            if payload == b"slow":
                await release.wait()
            return payload

        await w.hub({Verb.PUSH: handle})
        node = await w.node()
        slow = asyncio.create_task(node.request(Verb.PUSH, b"slow", timeout=10))
        assert await node.request(Verb.PUSH, b"quick", timeout=5) == b"quick"
        assert not slow.done()
        release.set()
        assert await slow == b"slow"


@on_loop
async def test_a_failing_handler_answers_with_the_callers_error_reply(tmp_path: Path) -> None:
    async with world(tmp_path) as w:

        async def handle(node: str, payload: bytes) -> bytes:
            raise ZeroDivisionError

        hub = await w.hub({Verb.PUSH: handle})
        node = await w.node()
        assert await node.request(Verb.PUSH, b"x", timeout=10) == b"error:ZeroDivisionError"
        assert hub.stats.failures == {"push": 1}


@on_loop
async def test_even_a_failing_error_reply_is_not_silence(tmp_path: Path) -> None:
    async with world(tmp_path) as w:

        async def handle(node: str, payload: bytes) -> bytes:
            raise ZeroDivisionError

        hub = await w.hub({Verb.PUSH: handle})
        hub._error_reply = lambda node, verb, failure: bytes(int("x"))
        node = await w.node()
        with pytest.raises(HubFailed):
            await node.request(Verb.PUSH, b"x", timeout=2)


@on_loop
async def test_requests_beyond_the_places_are_answered_busy_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        release = asyncio.Event()

        async def handle(node: str, payload: bytes) -> bytes:
            await release.wait()
            return b"done"

        hub = await w.hub({Verb.PUSH: handle}, places=1, small_places=1, waiting_max=1)
        node = await w.node()
        held = [asyncio.create_task(node.request(Verb.PUSH, b"x", timeout=10)) for _ in range(3)]
        await until(lambda: hub.stats.waiting == 1 and hub.stats.in_flight == 2)
        assert await node.request(Verb.PUSH, b"x", timeout=10) == b"error:BUS-030"
        release.set()
        assert await asyncio.gather(*held) == [b"done"] * 3
        assert (hub.stats.in_flight, hub.stats.waiting, hub.stats.answered_busy) == (0, 0, 1)


@on_loop
async def test_a_button_pressed_does_not_wait_for_drained_queues_and_a_queues_end_overtakes_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        release, long = asyncio.Event(), b"x" * (SMALL_BYTES + 1)
        began: list[tuple[str, int]] = []

        async def handle(node: str, payload: bytes) -> bytes:
            began.append((node, len(payload)))
            if len(payload) > SMALL_BYTES:
                await release.wait()
            return b"done"

        hub = await w.hub({Verb.PUSH: handle}, places=1, small_places=1)
        back, there = await w.node("n0001"), await w.node("n0002")
        queue = [asyncio.create_task(back.request(Verb.PUSH, piece, timeout=10)) for piece in (long, long, b"end")]
        await until(lambda: hub.stats.waiting == 2 and hub.stats.in_flight == 1)
        assert await there.request(Verb.PUSH, b"button", timeout=10) == b"done"
        assert began == [("n0001", len(long)), ("n0002", 6)]
        release.set()
        await asyncio.gather(*queue)
        assert began[2:] == [("n0001", len(long)), ("n0001", 3)]


@on_loop
async def test_a_verb_nobody_serves_is_said_at_once_instead_of_timing_out(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node()
        with pytest.raises(NobodyServes):
            await node.request(Verb.LOOKUP, b"x", timeout=20)


@on_loop
async def test_a_hub_that_takes_too_long_is_a_time_out_with_unknown_outcome(tmp_path: Path) -> None:
    async with world(tmp_path) as w:

        async def handle(node: str, payload: bytes) -> bytes:
            await asyncio.Event().wait()
            return b""

        await w.hub({Verb.PUSH: handle})
        node = await w.node()
        with pytest.raises(RequestTimedOut):
            await node.request(Verb.PUSH, b"x", timeout=0.2)
        assert node.gate.records_waiting == 0


@on_loop
async def test_a_hint_reaches_its_node_and_no_other(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        heard: dict[str, list[bytes]] = {"n0001": [], "n0002": []}
        hub = await w.hub({Verb.PUSH: echo})
        nodes = [await w.node(name) for name in heard]
        for node in nodes:

            async def listen(payload: bytes, name: str = node.node) -> None:
                heard[name].append(payload)

            node.on_hint(listen)
        for payload, name in ((b"a", "n0001"), (b"b", "n0002"), (b"c", "n0001")):
            assert await hub.send_hint(name, payload)
        await until(lambda: len(heard["n0001"]) == 2 and len(heard["n0002"]) == 1)
        assert heard == {"n0001": [b"a", b"c"], "n0002": [b"b"]}


@on_loop
async def test_without_a_line_a_request_and_a_hint_are_refused_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        credentials = await w.enrol("n0001")
        nowhere = {"servers": ("nats://127.0.0.1:1",)}
        node = NodeBus("n0001", w.settings("n0001", credentials, **nowhere), clock=clock, chance=w.chance)
        hub = HubBus(
            w.settings("n0001", credentials, **nowhere), error_reply=lambda *_: b"", clock=clock, chance=w.chance
        )
        try:
            await node.connect()
            with pytest.raises(NotConnected):
                await node.request(Verb.PUSH, b"x", timeout=5)
            await until(lambda: node.state.problem is not None and node.state.problem.code == "BUS-020")
            assert not await hub.send_hint("n0001", b"x")
            assert hub.stats.hints_dropped == 1
        finally:
            await node.close()
            await hub.close()


@on_loop
async def test_closing_the_hub_lets_running_handlers_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        started, release = asyncio.Event(), asyncio.Event()

        async def handle(node: str, payload: bytes) -> bytes:
            started.set()
            await release.wait()
            return b"still answered"

        hub = await w.hub({Verb.PUSH: handle})
        node = await w.node()
        asked = asyncio.create_task(node.request(Verb.PUSH, b"x", timeout=10))
        await started.wait()
        closing = asyncio.create_task(hub.close())
        release.set()
        assert await asked == b"still answered"
        await closing
        with pytest.raises(NobodyServes):
            await node.request(Verb.PUSH, b"x", timeout=2)
