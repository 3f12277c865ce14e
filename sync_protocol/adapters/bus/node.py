"""The node's side of the bus: two connections to the hub, one for records and one for files.

Everything here is bytes; what they mean is the business of the core. The bus keeps no queue: while there is no line a
request is refused at once, because the outbox in the node's database is the only place where work waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Literal

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from sync_protocol.adapters.bus import sockets as bus_socket
from sync_protocol.adapters.bus.credentials import Credentials
from sync_protocol.adapters.bus.errors import BusProblem, ConnectionLost
from sync_protocol.adapters.bus.gate import RecordGate
from sync_protocol.adapters.bus.lane import Chance, Clock, Lane
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.bus.state import BusState, LaneState
from sync_protocol.subjects import Verb, check_node_name, hint_subject, inbox_prefix, request_subject

LaneName = Literal["records", "files"]
OnHint = Callable[[bytes], Awaitable[None]]

_log = structlog.get_logger(__name__)


class NodeBus:
    """Asks the hub in the name of one node.

    Args:
        node: the node's name; every subject is built from it.
        settings: servers, credentials, authority, patience.
        clock: aware UTC now (display only).
        chance: uniform random in [0, 1) for the reconnection jitter.

    Raises:
        NodeNameRefused: the name is not one plain token.
    """

    def __init__(self, node: str, settings: BusSettings, *, clock: Clock, chance: Chance) -> None:
        self.node = check_node_name(node)
        self.gate = RecordGate()
        self._settings = settings
        self._hint_callbacks: list[OnHint] = []
        self._state_callbacks: list[Callable[[BusState], None]] = []
        prefix = inbox_prefix(node)
        self._lanes: dict[str, Lane] = {
            "records": Lane(
                "records", settings, prefix, clock=clock, chance=chance,
                on_open=self._listen_for_hints, on_change=self._on_change, is_beating=True,
            ),
            "files": Lane("files", settings, prefix, clock=clock, chance=chance, on_change=self._on_change),
        }  # fmt: skip

    @property
    def state(self) -> BusState:
        """Connected, disconnected since, or refused with the reason, for each lane."""
        return BusState(self._lanes["records"].state, self._lanes["files"].state)

    async def connect(self, wait_s: float = 0.0) -> None:
        """Start connecting both lanes, for ever, in the background.

        Args:
            wait_s: how long to wait for the records lane; 0 returns at once, since a desk opens with or without a line.

        Raises:
            BusProblem: `wait_s` was given and the records lane did not come up within it. Connecting goes on.
        """
        for lane in self._lanes.values():
            lane.start()
        if wait_s > 0:
            await self.wait_connected(wait_s)

    async def wait_connected(self, timeout_s: float, lane: LaneName = "records") -> None:
        """Wait until requests can be sent on `lane`.

        Raises:
            BusProblem: why not, after `timeout_s` seconds.
        """
        await self._lanes[lane].wait_until(lambda state: state.is_connected, timeout_s)

    async def request(self, verb: Verb | str, payload: bytes, *, timeout: float, lane: LaneName = "records") -> bytes:
        """Ask the hub once and return its answer. Retrying is the caller's, from its outbox.

        On the files lane the request first waits while records are under way; that wait does not count against `timeout`
        (seconds).

        Raises:
            NotConnected: nothing was sent and nothing will be.
            ConnectionLost, RequestTimedOut: the hub may or may not have it; ask again, the hub is idempotent.
            NotPermitted, CredentialsRefused: waiting does not help; the node must be enrolled again.
            BusProblem: any other reason.
        """
        subject = request_subject(self.node, verb)
        if lane == "records":
            with self.gate.record():
                return await self._lanes[lane].request(subject, payload, timeout)
        await self.gate.files_may_go(self._settings.timing.files_pause_max_s)
        return await self._lanes[lane].request(subject, payload, timeout)

    def on_hint(self, callback: OnHint) -> None:
        """Have `await callback(payload)` called for every hint. Hints may be lost; a missed one is harmless."""
        self._hint_callbacks.append(callback)

    def on_state(self, callback: Callable[[BusState], None]) -> None:
        """Have `callback(state)` called at every change of a lane, from the event loop."""
        self._state_callbacks.append(callback)

    def renew(self, credentials: Credentials) -> None:
        """Go on with other credentials (rotation, or a new enrolment after a refusal)."""
        for lane in self._lanes.values():
            lane.renew(credentials)

    def reconnect(self) -> None:
        """Try again now instead of after the back-off."""
        for lane in self._lanes.values():
            lane.reconnect()

    async def close(self) -> None:
        """Close both lanes within a few seconds, whatever the line does. Idempotent."""
        await asyncio.gather(*(lane.close() for lane in self._lanes.values()))

    async def _listen_for_hints(self, client: Client) -> None:
        try:
            await client.subscribe(hint_subject(self.node), cb=self._on_hint)
            await bus_socket.settle(client)
        except (nats.errors.Error, OSError) as error:
            raise ConnectionLost(lane="records", reason=type(error).__name__) from None

    async def _on_hint(self, message: Msg) -> None:
        for callback in self._hint_callbacks:
            with contextlib.suppress(BusProblem):
                await callback(message.data)

    def _on_change(self, state: LaneState) -> None:
        problem = state.problem
        _log.info("bus.lane.changed", node=self.node, state=state.kind, code=problem.code if problem else None)
        for callback in self._state_callbacks:
            callback(self.state)
