"""The hub's side of the bus: answers every node's request, as one of any number of workers in one queue group.

The node's name is taken from the subject, which the server has checked against the account: never from the payload.
Who goes next is a matter of turns (`turns.py`): what people wait for at a counter does not stand behind queues that are drained.
Where there are several workers, a node's long pushes go to one of them (`handing_on.py`).
A request is always answered: by the handler, or by what the caller's `error_reply` makes of the handler's exception, or
by "busy" when all places are taken. Silence would look like a bad line at the desk.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping

import msgspec
import nats.errors
import nats.micro
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.micro.request import Request
from nats.micro.service import Service

from sync_protocol.adapters.bus import sockets as bus_socket
from sync_protocol.adapters.bus.crew import Crew
from sync_protocol.adapters.bus.errors import BusProblem, ConnectionLost, HubTooBusy
from sync_protocol.adapters.bus.handing_on import HandingOn
from sync_protocol.adapters.bus.lane import Chance, Clock, Lane
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.bus.state import LaneState
from sync_protocol.adapters.bus.turns import Turns
from sync_protocol.errors import Problem
from sync_protocol.subjects import (
    QUEUE_GROUP,
    SERVICE_NAME,
    Verb,
    hint_subject,
    node_and_verb,
    node_of_handed,
    service_subject,
)

Handler = Callable[[str, bytes], Awaitable[bytes]]
ErrorReply = Callable[[str, Verb, Exception], bytes]

SMALL_BYTES = 8_192  # a button pressed; a drained queue comes in pieces of a hundred events and more

_log = structlog.get_logger(__name__)


class HubStats(msgspec.Struct):
    """What this worker has done since it started (counts)."""

    requests: dict[str, int] = msgspec.field(default_factory=dict)
    failures: dict[str, int] = msgspec.field(default_factory=dict)
    long_pushes: int = 0  # received from nodes
    handed_on: int = 0  # long pushes that another worker answered
    handed_here: int = 0  # long pushes that another worker received
    answered_busy: int = 0
    replies_lost: int = 0
    malformed: int = 0
    hints_sent: int = 0
    hints_dropped: int = 0
    in_flight: int = 0
    waiting: int = 0


class HubBus:
    """One hub worker.

    Args:
        settings: servers, the worker's credentials in the hub's account, authority, patience.
        error_reply: makes the answer to a failed request; called with the node, the verb and the exception.
        places: handlers that run at once.
        small_places: handlers of small requests that run beside them.
        waiting_max: requests of either kind that may wait for a place, or for another worker's answer, before the rest is answered busy.
        crew: the workers over the same store, where there may be several; without it nothing is handed on.
        on_queue: told of each long push that was received here, whoever answers it.
    """

    def __init__(
        self,
        settings: BusSettings,
        *,
        error_reply: ErrorReply,
        clock: Clock,
        chance: Chance,
        places: int = 32,
        small_places: int = 8,
        waiting_max: int = 512,
        crew: Crew | None = None,
        on_queue: Callable[[], None] = lambda: None,
    ) -> None:
        self.stats = HubStats()
        self._settings = settings
        self._error_reply = error_reply
        self._places = places
        self._waiting_max = waiting_max
        self._on_queue = on_queue
        self._turns = Turns(places, small_places)
        self._long_pushes: Counter[str] = Counter()  # under way or waiting here, by node
        self._handlers: dict[Verb, Handler] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._service: Service | None = None
        self._lane = Lane("hub", settings, "_INBOX", clock=clock, chance=chance, on_open=self._offer_service)
        self._handing = None if crew is None else HandingOn(crew, self._lane, self._accept_handed)

    @property
    def state(self) -> LaneState:
        """The worker's connection."""
        return self._lane.state

    @property
    def client(self) -> Client:
        """The connection itself, for what the hub keeps at the server (the event feed). Raises BusProblem while there is none."""
        return self._lane.client

    async def serve(self, handlers: Mapping[Verb, Handler], wait_s: float = 0.0) -> None:
        """Start answering `handlers`' verbs, on this and on every later connection.

        Raises:
            SubjectRefused: a verb that a node cannot ask.
            BusProblem: `wait_s` was given and there was no connection within it. Connecting goes on.
        """
        for verb in handlers:
            service_subject(verb)
        self._handlers = dict(handlers)
        self._lane.start()
        if wait_s > 0:
            await self.wait_connected(wait_s)

    async def wait_connected(self, timeout_s: float) -> None:
        """Wait until requests arrive here.

        Raises:
            BusProblem: why not, after `timeout_s` seconds.
        """
        await self._lane.wait_until(lambda state: state.is_connected, timeout_s)

    async def send_hint(self, node: str, payload: bytes) -> bool:
        """Tell `node` that there is news. Not kept for later; returns whether it was handed to the server.

        Raises:
            NodeNameRefused: the name is not one plain token.
        """
        subject = hint_subject(node)
        try:
            await self._lane.client.publish(subject, payload)
        except (BusProblem, nats.errors.Error, OSError):
            self.stats.hints_dropped += 1
            return False
        self.stats.hints_sent += 1
        return True

    async def close(self, grace_s: float = 5.0) -> None:
        """Take no new requests, let running handlers answer for `grace_s` seconds, then close. Idempotent."""
        if self._handing is not None:
            await self._handing.close()
        service, self._service = self._service, None
        if service is not None:
            with contextlib.suppress(nats.errors.Error, OSError, TimeoutError):
                await asyncio.wait_for(service.stop(), self._settings.timing.close_s)
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
            with contextlib.suppress(BusProblem, nats.errors.Error, OSError, TimeoutError):
                await asyncio.wait_for(bus_socket.settle(self._lane.client), self._settings.timing.close_s)
        for task in list(self._running):
            task.cancel()
        await self._lane.close()

    async def _offer_service(self, client: Client) -> None:
        try:
            service = await nats.micro.add_service(
                client, name=SERVICE_NAME, version="1.0.0", queue_group=QUEUE_GROUP, stats_handler=lambda _: self._crew_stats()
            )
            for verb in self._handlers:
                await service.add_endpoint(name=verb.value, subject=service_subject(verb), handler=self._accept)
            if self._handing is not None and Verb.PUSH in self._handlers:
                await self._handing.open(client)
            await bus_socket.settle(client)
        except (nats.errors.Error, OSError) as error:
            raise ConnectionLost(lane="hub", reason=type(error).__name__) from None
        self._service = service

    def _crew_stats(self) -> dict[str, int]:
        """What `nats service stats` shows beside the counts of the service itself."""
        return {"handed_on": self.stats.handed_on, "handed_here": self.stats.handed_here, "long_pushes": self.stats.long_pushes}

    async def _accept(self, request: Request) -> None:
        """Called by the service one request at a time; the work itself runs beside it."""
        self._begin(self._answer(request))

    async def _accept_handed(self, message: Msg) -> None:
        self._begin(self._answer_handed(Request(message)))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer_handed(self, request: Request) -> None:
        self.stats.handed_here += 1
        node = node_of_handed(request.subject)
        reply, code = await self._work(node, Verb.PUSH, request.data, is_handed=True)
        await self._send(request, node, Verb.PUSH, reply, code)

    async def _answer(self, request: Request) -> None:
        try:
            node, verb = node_and_verb(request.subject)
        except Problem as problem:
            self.stats.malformed += 1
            await self._send(request, "?", "?", b"", problem.code)
            return
        self.stats.requests[verb] = self.stats.requests.get(verb, 0) + 1
        reply, code = await self._work(node, verb, request.data)
        await self._send(request, node, verb, reply, code)

    async def _work(self, node: str, verb: Verb, payload: bytes, *, is_handed: bool = False) -> tuple[bytes, str]:
        try:
            is_small = _is_small(verb, payload) and not (verb is Verb.PUSH and self._long_pushes[node])
            is_long_push = verb is Verb.PUSH and not is_small
            with self._noted(node, is_long_push=is_long_push):
                if is_long_push and not is_handed and (answer := await self._by_owner(node, payload)) is not None:
                    return answer, ""
                self._refuse_beyond(self._turns.waiting(is_small=is_small))
                return await self._in_a_place(node, verb, payload, is_small), ""
        except Exception as failure:  # the node must hear about every failure
            self.stats.failures[verb] = self.stats.failures.get(verb, 0) + 1
            code = failure.code if isinstance(failure, Problem) else type(failure).__name__
            _log.warning("bus.request.failed", node=node, verb=verb.value, code=code)
            return self._failure_reply(node, verb, failure)

    async def _by_owner(self, node: str, payload: bytes) -> bytes | None:
        """The answer of the worker to whom this node's queue belongs; None where it is to be found here."""
        if self._handing is None:
            return None
        self.stats.long_pushes += 1
        self._on_queue()
        self._refuse_beyond(self._handing.under_way)
        answer = await self._handing.by_owner(node, payload)
        self.stats.handed_on += answer is not None
        return answer

    def _refuse_beyond(self, waiting: int) -> None:
        if waiting >= self._waiting_max:
            self.stats.answered_busy += 1
            raise HubTooBusy(waiting=waiting, places=self._places)

    @contextlib.contextmanager
    def _noted(self, node: str, *, is_long_push: bool) -> Iterator[None]:
        """Remember for the length of the block that pieces of this node's queue are here."""
        self._long_pushes[node] += is_long_push
        try:
            yield
        finally:
            self._long_pushes[node] -= is_long_push
            if not self._long_pushes[node]:
                del self._long_pushes[node]

    async def _in_a_place(self, node: str, verb: Verb, payload: bytes, is_small: bool) -> bytes:
        self.stats.waiting += 1
        is_waiting = True
        try:
            async with self._turns.turn(node, is_small=is_small):
                self.stats.waiting -= 1
                is_waiting = False
                self.stats.in_flight += 1
                try:
                    return await self._handlers[verb](node, payload)
                finally:
                    self.stats.in_flight -= 1
        finally:
            self.stats.waiting -= is_waiting

    def _failure_reply(self, node: str, verb: Verb, failure: Exception) -> tuple[bytes, str]:
        try:
            return self._error_reply(node, verb, failure), ""
        except Exception as second:  # a broken error reply must not become silence
            _log.error("bus.error_reply.failed", verb=verb.value, kind=type(second).__name__)
            return b"", "HUB-ERROR-REPLY"

    async def _send(self, request: Request, node: str, verb: str, reply: bytes, code: str) -> None:
        try:
            if code:
                await request.respond_error(code, "failed", reply)
            else:
                await request.respond(reply)
        except (nats.errors.Error, OSError, ValueError) as error:
            self.stats.replies_lost += 1
            _log.warning("bus.reply.lost", node=node, verb=str(verb), reason=type(error).__name__)


def _is_small(verb: Verb, payload: bytes) -> bool:
    """Whether somebody stands at a counter and waits for this, or it costs next to nothing.

    The last piece of a queue is small as well; it must not overtake the pieces before it, so the caller looks whether any is under way.
    """
    return verb in (Verb.HELLO, Verb.LOOKUP) or (verb is Verb.PUSH and len(payload) <= SMALL_BYTES)
