"""One connection to the hub, from its first byte to its last. It is never repaired: a broken one is replaced.

The client library's own reconnection is switched off on purpose. It keeps commands of the broken connection in a buffer and
sends them minutes later, waits a fixed time without jitter, stops for good after sixty attempts, and treats a revoked key
like a bad line. With one client per connection, what was not sent before the end is never sent.

Invariant: `lost` is resolved exactly once, and from then on every request in flight has been failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import nats.errors
from nats.aio.client import Client, RawCredentials

from sync_protocol.adapters.bus import sockets as bus_socket
from sync_protocol.adapters.bus.errors import (
    BusProblem,
    ConnectionLost,
    HubFailed,
    NobodyServes,
    NotConnected,
    NotPermitted,
    PayloadTooLarge,
    RequestTimedOut,
    Unreachable,
)
from sync_protocol.adapters.bus.faults import connection_problem, denied_subject
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.bus.tls import client_context

_NEVER_S = 86_400  # the library's own pings: ours tell a slow line from a dead one, so its are out of the way
BEATING = ".beat"  # ends the name of a connection that says every second that it is there
_BEAT_BYTES = 64  # at most, TLS framing included; the peer's kernel acknowledges them also when its server is frozen
_PING_BYTES = 64  # a ping's own acknowledgement, TLS framing included, is no sign of life of the server behind it
_SERVICE_ERROR = "Nats-Service-Error-Code"


class Session:
    """A connected client and the requests under way on it."""

    def __init__(self, lane: str, server: str, *, is_beating: bool = False) -> None:
        self.lane = lane
        self.server = server
        self._is_beating = is_beating
        self._beats = 0
        self.client = Client()
        self.lost: asyncio.Future[BusProblem] = asyncio.get_running_loop().create_future()
        self.uses_bbr = False
        self._refusals: dict[str, set[asyncio.Future[BusProblem]]] = {}
        self._last_error: Exception | None = None
        self._waiting = 0
        self._unanswered_since_s: float | None = None

    async def open(self, settings: BusSettings, inbox_prefix: str) -> None:
        """Connect, authenticate and tune the socket.

        Raises:
            BusProblem: why it could not be done; nothing is left open.
        """
        timing = settings.timing
        tls = None if settings.ca_pem is None else client_context(settings.ca_pem)
        try:
            await asyncio.wait_for(
                self.client.connect(
                    servers=[self.server],
                    name=f"{settings.name}.{self.lane}{BEATING if self._beats_of(settings) else ''}",
                    user_credentials=RawCredentials(settings.credentials.text),
                    inbox_prefix=inbox_prefix,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    connect_timeout=timing.connect_timeout_s,  # type: ignore[arg-type]
                    ping_interval=_NEVER_S,
                    pending_size=-1,
                    tls=tls,
                    tls_hostname=settings.server_name if tls else None,
                    tls_handshake_first=tls is not None,
                    error_cb=self._on_error,
                    closed_cb=self._on_closed,
                ),
                timing.connect_timeout_s * 2,
            )
        except (OSError, nats.errors.Error, TimeoutError) as error:
            await bus_socket.discard(self.client, timing.close_s)
            known = self._last_error if isinstance(error, nats.errors.NoServersError) else error
            raise connection_problem(known, self.server) from None
        except BaseException:
            await bus_socket.discard(self.client, timing.close_s)
            raise
        if not self.client.is_connected:  # the library takes a connection that ends before the server's answer for a good one
            await bus_socket.discard(self.client, timing.close_s)
            raise connection_problem(self._last_error, self.server)
        self.uses_bbr = bus_socket.tune(self.client, timing.silence_budget_s)
        bus_socket.watch(self.client, self._on_end)

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        """One question, one answer, within `timeout_s` seconds.

        Raises:
            BusProblem: `NotConnected` when nothing was sent; any other means that the outcome is unknown or refused.
        """
        if self.lost.done():
            raise NotConnected(lane=self.lane, reason=self.lost.result().code)
        if len(payload) > self.client.max_payload:
            raise PayloadTooLarge(size_bytes=len(payload), limit_bytes=self.client.max_payload)
        loop = asyncio.get_running_loop()
        verb = subject.rpartition(".")[2]
        refused: asyncio.Future[BusProblem] = loop.create_future()
        self._refusals.setdefault(subject, set()).add(refused)
        self._waiting += 1
        if self._unanswered_since_s is None:
            self._unanswered_since_s = loop.time()
        answer = loop.create_task(self.client.request(subject, payload, timeout=timeout_s + 1))
        try:
            watched: set[asyncio.Future[Any]] = {answer, refused, self.lost}
            await asyncio.wait(watched, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if refused.done():
                raise refused.result()
            if answer.done():
                return self._answer(answer, verb, timeout_s)
            if self.lost.done():
                raise ConnectionLost(lane=self.lane, reason=self.lost.result().code)
            raise RequestTimedOut(verb=verb, seconds=timeout_s)
        finally:
            answer.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                answer.exception() if answer.done() else None
            self._waiting -= 1
            self._refusals[subject].discard(refused)
            if not self._refusals[subject]:
                del self._refusals[subject]

    async def watch_over(self, settings: BusSettings) -> None:
        """Ping, and end the session when the peer is silent or requests wait without a single answer (the watchdog).

        Returns once `lost` is resolved. A ping that waits behind bytes which still move is no silence. A beating session beats meanwhile.
        """
        beating = asyncio.create_task(self._beat_on(self._beats_of(settings)))
        try:
            await self._watch(settings)
        finally:
            beating.cancel()

    async def _watch(self, settings: BusSettings) -> None:
        timing = settings.timing
        while not self.lost.done():
            await asyncio.wait({self.lost}, timeout=timing.ping_interval_s)
            if self.lost.done():
                return
            if self._stalled(timing.stall_s):
                self._end(Unreachable(server=self.server, reason="no answer while requests wait"))
                return
            await self._ping(timing.ping_interval_s, max(1, timing.pings_unanswered - 1), timing.stall_s)

    def _beats_of(self, settings: BusSettings) -> float:
        return settings.timing.beat_s if self._is_beating else 0.0

    async def _beat_on(self, every_s: float) -> None:
        while every_s and not self.lost.done():
            await asyncio.wait({self.lost}, timeout=every_s)
            self._beats += bus_socket.beat(self.client)

    def _carried(self) -> int | None:
        """Bytes carried both ways, without what our own beats may be of them."""
        carried = bus_socket.bytes_carried(self.client)
        return None if carried is None else carried - self._beats * _BEAT_BYTES

    async def discard(self, timeout_s: float) -> None:
        """End the session and forget what was not sent. Idempotent."""
        self._end(Unreachable(server=self.server, reason="closed here"))
        await bus_socket.discard(self.client, timeout_s)

    async def _ping(self, interval_s: float, patience: int, at_most_s: float) -> None:
        loop = asyncio.get_running_loop()
        pong = loop.create_task(self.client.flush(timeout=_NEVER_S))
        watched: set[asyncio.Future[Any]] = {pong, self.lost}
        carried = self._carried()
        began, silent = loop.time(), 0
        try:
            while silent < patience and loop.time() - began < at_most_s:
                await asyncio.wait(watched, timeout=interval_s, return_when=asyncio.FIRST_COMPLETED)
                if pong.done() or self.lost.done():
                    break
                before, carried = carried, self._carried()
                moved = before is not None and carried is not None and carried - before > _PING_BYTES
                silent = 0 if moved else silent + 1
            if not pong.done() or pong.cancelled() or pong.exception() is not None:
                self._end(Unreachable(server=self.server, reason="silent beyond the ping budget"))
        finally:
            pong.cancel()

    def _stalled(self, stall_s: float) -> bool:
        if not self._waiting or self._unanswered_since_s is None:
            return False
        return asyncio.get_running_loop().time() - self._unanswered_since_s > stall_s

    def _answer(self, answer: asyncio.Task[object], verb: str, timeout_s: float) -> bytes:
        try:
            message = answer.result()
        except nats.errors.NoRespondersError:
            self._unanswered_since_s = None
            raise NobodyServes(verb=verb) from None
        except nats.errors.MaxPayloadError:
            raise PayloadTooLarge(size_bytes=0, limit_bytes=self.client.max_payload) from None
        except (nats.errors.OutboundBufferLimitError, nats.errors.ConnectionClosedError):
            raise NotConnected(lane=self.lane, reason="closed before sending") from None
        except TimeoutError:
            raise RequestTimedOut(verb=verb, seconds=timeout_s) from None
        except (nats.errors.Error, OSError, asyncio.CancelledError) as error:
            raise ConnectionLost(lane=self.lane, reason=type(error).__name__) from None
        self._unanswered_since_s = None
        headers = getattr(message, "headers", None) or {}
        if _SERVICE_ERROR in headers:
            raise HubFailed(verb=verb, reason=headers[_SERVICE_ERROR][:20])
        return bytes(getattr(message, "data", b""))

    async def _on_error(self, error: Exception) -> None:
        self._last_error = error
        denied = denied_subject(error)
        if denied is None:
            return
        action, subject = denied
        waiting = self._refusals.get(subject, set())
        if action == "subscription" and subject.startswith("_inbox"):
            waiting = {future for futures in self._refusals.values() for future in futures}
        for future in waiting:
            if not future.done():
                future.set_result(NotPermitted(action=action, subject=subject))

    async def _on_closed(self) -> None:
        self._on_end()

    def _on_end(self) -> None:
        self._end(connection_problem(self.client.last_error or self._last_error, self.server))

    def _end(self, problem: BusProblem) -> None:
        if not self.lost.done():
            self.lost.set_result(problem)
