"""A lane: one connection to the hub kept alive for ever, by replacing it whenever it breaks.

    disconnected ──connect──▶ connected ──lost──▶ disconnected ──(jittered wait)──▶ …
         │                        │
         └──credentials, certificate or name refused──▶ refused ──(long wait, or new credentials)──▶ …

Invariant: at most one session exists at a time, and between two attempts there is always a wait: 700 offices that come
back together spread over the back-off, and a revoked key asks again every few minutes, not in a loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import structlog
from nats.aio.client import Client

from sync_protocol.adapters.bus.credentials import Credentials
from sync_protocol.adapters.bus.errors import (
    BusClosed,
    BusProblem,
    CredentialsRefused,
    NotConnected,
    NotPermitted,
    ServerNotTrusted,
    Unreachable,
)
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.bus.state import LaneState
from sync_protocol.adapters.task_ending import end_task

Clock = Callable[[], dt.datetime]
Chance = Callable[[], float]  # uniform in [0, 1)
OnOpen = Callable[[Client], Awaitable[None]]

_log = structlog.get_logger(__name__)
_REFUSALS = (CredentialsRefused, ServerNotTrusted, NotPermitted)


class Lane:
    """One supervised connection.

    Args:
        lane: its name in messages and in the server's monitoring.
        settings: where and who.
        inbox_prefix: where replies come back to.
        on_open: subscribes what this lane listens to; runs on every new connection before the lane counts as connected.
        clock: aware UTC now, for display only.
        chance: uniform random in [0, 1), for the jitter.
        on_change: told every new state.
        is_beating: each connection says every second that it is there, so that the hub knows within seconds when it is not.
    """

    def __init__(
        self,
        lane: str,
        settings: BusSettings,
        inbox_prefix: str,
        *,
        clock: Clock,
        chance: Chance,
        on_open: OnOpen | None = None,
        on_change: Callable[[LaneState], None] | None = None,
        is_beating: bool = False,
    ) -> None:
        self.lane = lane
        self._settings = settings
        self._inbox_prefix = inbox_prefix
        self._clock = clock
        self._chance = chance
        self._on_open = on_open
        self._on_change = on_change
        self._is_beating = is_beating
        self._session: Session | None = None
        self._state = LaneState("disconnected", clock(), problem=Unreachable(server="-", reason="not started"))
        self._changed = asyncio.Condition()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.connections = 0

    @property
    def state(self) -> LaneState:
        """The lane's state now; never "connected" with a session that is already lost."""
        session = self._session
        if self._state.is_connected and (session is None or session.lost.done()):
            lost = session.lost.result() if session is not None else None
            return LaneState("disconnected", self._clock(), self._state.server, lost)
        return self._state

    @property
    def client(self) -> Client:
        """The live client, for subscriptions and publishing.

        Raises:
            BusProblem: why there is none.
        """
        return self._live().client

    def start(self) -> None:
        """Begin to connect, and keep at it until `close`. Returns at once. Idempotent."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._supervise(), name=f"lane-{self.lane}")

    async def wait_until(self, wanted: Callable[[LaneState], bool], timeout_s: float) -> LaneState:
        """Wait for a state.

        Raises:
            BusProblem: the state did not come within `timeout_s` seconds; the present problem where there is one.
        """
        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(lambda: wanted(self.state)), timeout_s)
            except TimeoutError:
                raise self.state.problem or NotConnected(lane=self.lane, reason=self.state.kind) from None
        return self.state

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        """One question, one answer; see `Session.request` for what each problem means for resending."""
        return await self._live().request(subject, payload, timeout_s)

    def renew(self, credentials: Credentials) -> None:
        """Use other credentials from now on, and try them at once."""
        self._settings = msgspec.structs.replace(self._settings, credentials=credentials)
        self._wake.set()

    def reconnect(self) -> None:
        """Do not wait out the back-off (the clerk pressed the button, or the other lane just came up)."""
        if self._state.kind == "disconnected":
            self._wake.set()

    async def close(self) -> None:
        """Stop within the close time; requests in flight are failed. Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            await end_task(task)
        await self._become(LaneState("closed", self._clock(), problem=BusClosed()))

    def _live(self) -> Session:
        session = self._session
        if session is not None and self._state.is_connected and not session.lost.done():
            return session
        problem = self._state.problem
        if isinstance(problem, (BusClosed, *_REFUSALS)):
            raise problem
        raise NotConnected(lane=self.lane, reason=problem.code if problem else "lost just now")

    async def _supervise(self) -> None:
        failures = 0
        while True:
            self._wake.clear()
            server = self._settings.servers[(self.connections + failures) % len(self._settings.servers)]
            session = Session(self.lane, server, is_beating=self._is_beating)
            try:
                problem = await self._live_through(session)
                failures = 0
                wait_s = await self._lost(server, problem, failures)
            except Exception as failure:  # a lane that stops trying is worse than any error it could report
                failures += 1
                problem = failure if isinstance(failure, BusProblem) else _unforeseen(failure, server)
                wait_s = await self._lost(server, problem, failures)
            finally:
                await session.discard(self._settings.timing.close_s)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait_s)

    async def _lost(self, server: str, problem: BusProblem, failures: int) -> float:
        """Say so at once, before the old socket is cleared away; returns how long to wait before the next attempt."""
        self._session = None
        wait_s = self._wait_s(problem, failures)
        now = self._clock()
        kind: Literal["refused", "disconnected"] = "refused" if isinstance(problem, _REFUSALS) else "disconnected"
        await self._become(LaneState(kind, now, server, problem, now + dt.timedelta(seconds=wait_s)))
        return wait_s

    async def _live_through(self, session: Session) -> BusProblem:
        """Connect, serve until lost, and say why it was lost. Raises when there was no connection at all."""
        await session.open(self._settings, self._inbox_prefix)
        if self._on_open is not None:
            await self._on_open(session.client)
        self._session = session
        self.connections += 1
        await self._become(LaneState("connected", self._clock(), session.server, uses_bbr=session.uses_bbr))
        await session.watch_over(self._settings)
        return session.lost.result()

    def _wait_s(self, problem: BusProblem, failures: int) -> float:
        timing = self._settings.timing
        if isinstance(problem, _REFUSALS):
            return timing.refused_wait_s * (0.5 + self._chance())
        longest_s = min(timing.backoff_max_s, timing.backoff_first_s * float(1 << min(failures, 16)))
        return self._chance() * longest_s

    async def _become(self, state: LaneState) -> None:
        if state.kind == self._state.kind == "disconnected":
            state = LaneState(state.kind, self._state.since, state.server, state.problem, state.next_attempt_at)
        self._state = state
        if self._on_change is not None:
            self._on_change(state)
        async with self._changed:
            self._changed.notify_all()


def _unforeseen(failure: Exception, server: str) -> BusProblem:
    _log.error("bus.lane.unforeseen", server=server, kind=type(failure).__name__)
    return Unreachable(server=server, reason=type(failure).__name__)
