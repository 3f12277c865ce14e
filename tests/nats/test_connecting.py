"""How a lane connects and comes back: a server that takes the connection and says nothing, and many lanes that lost the same server."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import socket
from pathlib import Path

import msgspec
import pytest

from sync_protocol.adapters.bus import sockets
from sync_protocol.adapters.bus.credentials import Credentials
from sync_protocol.adapters.bus.errors import ConnectionLost, Unreachable
from sync_protocol.adapters.bus.lane import Chance, Lane
from sync_protocol.adapters.bus.settings import BusSettings, BusTiming
from sync_protocol.subjects import Verb
from tests.doubles.line import Line
from tests.nats.world import TIMING, on_loop, until, world

NOW = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)


@on_loop
async def test_a_server_that_says_nothing_is_given_up_and_tried_again(tmp_path: Path) -> None:
    quick = msgspec.structs.replace(TIMING, connect_timeout_s=0.2)
    async with world(tmp_path) as w, Line(w.server.port) as line:
        line.freeze()
        node = await w.node(wait_s=0, servers=(line.url,), timing=quick)
        await until(lambda: line.accepted >= 3)
        line.thaw()
        await node.wait_connected(10)


def test_connecting_waits_long_enough_for_a_bad_line() -> None:
    """At 20 % loss and 300 ms two seconds failed 14 of 40 times, fifteen once (transport.md §3)."""
    assert BusTiming().connect_timeout_s >= 10


SETTINGS = BusSettings(name="n0001", servers=("nats://127.0.0.1:1",), credentials=Credentials("x", "y", "n0001", None))


def pause(chance: Chance, failures: int) -> float:
    """Seconds until the next attempt after so many failures."""
    lane = Lane("records", SETTINGS, "_INBOX.n0001", clock=lambda: NOW, chance=chance)
    return lane._wait_s(Unreachable(server="x", reason="y"), failures)


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.99])
def test_the_pause_before_an_attempt_is_drawn_between_nothing_and_a_bound_that_grows_to_its_end(chance: float) -> None:
    timing = BusTiming()
    bounds = [timing.backoff_first_s, 2 * timing.backoff_first_s, 4 * timing.backoff_first_s]
    assert [pause(lambda: chance, failures) for failures in range(3)] == [chance * bound for bound in bounds]
    assert pause(lambda: chance, 10_000) == chance * timing.backoff_max_s


def test_seven_hundred_lanes_that_lost_one_server_come_back_spread_over_the_bound() -> None:
    """No tenth of the first two seconds brings more than twice its share (transport.md §8, trap 12)."""
    draw = random.Random(1).random
    pauses = [pause(draw, 0) for _ in range(700)]
    tenths = [sum(1 for one in pauses if at * 0.2 <= one < (at + 1) * 0.2) for at in range(10)]
    assert sum(tenths) == 700 and max(tenths) < 140


def socket_of(lane: object) -> socket.socket:
    """The socket under a lane's client, as the client keeps it."""
    found: socket.socket = sockets._socket(lane._session.client)  # type: ignore[attr-defined]
    return found


@on_loop
async def test_both_lanes_speak_at_once_give_up_a_silent_peer_and_use_bbr_where_the_kernel_has_it(tmp_path: Path) -> None:
    offered = Path("/proc/sys/net/ipv4/tcp_available_congestion_control").read_text(encoding="ascii").split()
    async with world(tmp_path) as w:
        node = await w.node()
        for lane in node._lanes.values():
            sock = socket_of(lane)
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == int(TIMING.silence_budget_s * 1000)
            chosen = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).rstrip(b"\0").decode()
            assert (chosen == "bbr") == ("bbr" in offered) == lane._session.uses_bbr  # type: ignore[union-attr]


@on_loop
async def test_a_hub_that_answers_pings_and_no_request_is_left_and_met_again(tmp_path: Path) -> None:
    """The watchdog: the line is well, so nothing else would end a request before its own time is over."""
    deaf = asyncio.Event()

    async def handle(node: str, payload: bytes) -> bytes:
        if payload == b"x":
            await deaf.wait()
        return payload

    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: handle})
        node = await w.node(timing=msgspec.structs.replace(TIMING, stall_s=0.5))
        with pytest.raises(ConnectionLost):
            await node.request(Verb.PUSH, b"x", timeout=60)
        await node.wait_connected(10)
        assert await node.request(Verb.PUSH, b"y", timeout=10) == b"y"
        deaf.set()
