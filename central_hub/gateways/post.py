"""The post: each open gateway sends what is due and fetches what is new, beside everything else and in nobody's way.

Invariant: an outside system's silence costs one attempt a minute, and its nonsense one letter; neither holds up the hub, another gateway, or the
letters behind. Nothing here raises for what the other side did.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import apsw
import msgspec
import structlog

from central_hub.directory.in_force import CatalogueInForce
from central_hub.gateways import arrivals, identity, mailbox, portal
from central_hub.gateways.client import Client
from central_hub.gateways.errors import ApplicationUnreadable, GatewayRefused, GatewayUnreadable, OfficeUnclear
from central_hub.gateways.gathering import StateTold, gather
from central_hub.gateways.mailbox import Gateway, Letter
from central_hub.ingest.commit import place_hub_events
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.translation import problem_for
from sync_protocol.adapters.storage_errors import StatementRejected, StorageProblem
from sync_protocol.bodies import AccountChecked
from sync_protocol.calendar import vietnam_date
from sync_protocol.catalogue import Catalogue
from sync_protocol.errors import Problem
from sync_protocol.ids import HubEpoch, OfficeCode

_log = structlog.get_logger(__name__)
SILENCE_MS = 60_000  # after a failure of the line nobody asks that system for so long, whatever is due
POLL = "poll:portal"
Spread = Callable[[set[OfficeCode]], Awaitable[None]]


class Post:
    """All gateways that are switched on, over one store. `chance` gives numbers in 0…1."""

    def __init__(
        self, store: HubStore, clients: Mapping[Gateway, Client], *, epoch: HubEpoch, now_ms: Callable[[], int], chance: Callable[[], float],
        spread: Spread, catalogue: CatalogueInForce, units: Mapping[str, str], poll_every_s: float = 60,
    ) -> None:  # fmt: skip
        self._store, self._clients, self._epoch, self._now_ms, self._chance = store, clients, epoch, now_ms, chance
        self._spread, self._catalogue, self._units = spread, catalogue, units
        self._poll_every_ms = int(poll_every_s * 1000)
        self._polled_ms = 0
        self._silent_until: dict[Gateway, int] = {}

    async def step(self) -> bool:
        """One look at every gateway; True when something moved, so that the next look may follow at once."""
        moved = False
        for gateway in self._clients:
            moved |= await self._alone(partial(self._gather, gateway))
            if self._silent_until.get(gateway, 0) <= self._now_ms():
                moved |= await self._send_next(gateway)
        if "portal" in self._clients and self._polled_ms + self._poll_every_ms <= self._now_ms():
            moved |= await self._alone(self._fetch)
        return moved

    async def _alone(self, work: Callable[[], Awaitable[bool]]) -> bool:
        """Do one part; what nobody foresaw in it is logged and looked at again next time, and the other parts have their turn."""
        try:
            return await work()
        except Problem:
            raise
        except Exception as error:
            _log.error("hub.gateways.broke", exc_info=error)
            return False

    async def _gather(self, gateway: Gateway) -> bool:
        return await self._store.follower.run_async(partial(gather, gateway=gateway, now_ms=self._now_ms())) > 0

    def listen_again(self) -> None:
        """A person asks to try now: no silence is kept."""
        self._silent_until.clear()
        self._polled_ms = 0

    async def _send_next(self, gateway: Gateway) -> bool:
        letter = await self._store.readers.run_async(lambda c: mailbox.due(c, gateway, self._now_ms()))
        if letter is None:
            return False
        try:
            await (self._tell_state(letter) if gateway == "portal" else self._check(letter))
        except Problem as problem:
            return await self._failed(letter, problem)
        except Exception as error:  # put off like an answer that nobody can read: those behind it have their turn
            _log.error("hub.gateways.broke", letter=letter.id, exc_info=error)
            return await self._failed(letter, GatewayUnreadable(gateway=gateway, what=type(error).__name__))
        return True

    async def _failed(self, letter: Letter, problem: Problem) -> bool:
        """Take a refused letter out of the way, put any other off; True when the one behind may follow at once."""
        _log.warning(problem.event, code=problem.code, letter=letter.id, detail=problem.operator_line)
        is_dead = isinstance(problem, GatewayRefused)
        if not isinstance(problem, GatewayRefused | GatewayUnreadable):
            self._silent_until[letter.gateway] = self._now_ms() + SILENCE_MS

        def keep(connection: apsw.Connection) -> None:
            if is_dead:
                mailbox.kill(connection, letter, problem.code, self._now_ms())
            else:
                mailbox.put_off(connection, letter, problem.code, self._now_ms(), self._chance())

        await self._store.writer.run_async(keep)
        return is_dead

    async def _tell_state(self, letter: Letter) -> None:
        view = await self._store.readers.run_async(lambda c: projection.view_of(c, letter.rid))
        if view is not None:
            told = msgspec.json.decode(letter.content, type=StateTold)
            content = portal.status_letter(view, told.state, told.at_ms)
            await self._clients["portal"].ask(portal.STATUS_PATH, content, number=f"lienthong-{letter.id}")
        await self._store.writer.run_async(lambda c: mailbox.sent(c, letter, self._now_ms()))

    async def _check(self, letter: Letter) -> None:
        view = await self._store.readers.run_async(lambda c: projection.view_of(c, letter.rid))
        if view is None or not identity.is_wanted(view):  # an officer asked meanwhile, or the person's data were erased
            await self._store.writer.run_async(lambda c: mailbox.sent(c, letter, self._now_ms()))
            return
        answer = await self._clients["identity"].ask(
            identity.CHECK_PATH, identity.question(view), number=f"lienthong-{letter.id}"
        )
        body = AccountChecked(outcome=identity.outcome_of(answer), at_ms=self._now_ms())

        def keep(connection: apsw.Connection) -> set[OfficeCode]:
            mailbox.sent(connection, letter, self._now_ms())
            return place_hub_events(connection, self._epoch, [(letter.rid, body)], self._now_ms(), "identity")

        await self._spread(await self._store.writer.run_async(keep))

    async def _fetch(self) -> bool:
        self._polled_ms = self._now_ms()
        cursor = await self._store.readers.run_async(lambda c: arrivals.cursor_of(c, POLL))
        try:
            items, following = portal.polled(await self._clients["portal"].ask(portal.POLL_PATH, portal.poll(cursor)))
        except Problem as problem:
            _log.warning(problem.event, code=problem.code, detail=problem.operator_line)
            return False

        catalogue = await asyncio.to_thread(self._catalogue.current)

        def keep(connection: apsw.Connection) -> set[OfficeCode]:
            news: set[OfficeCode] = set()
            for item in items:
                news |= self._place(connection, item, catalogue)
            arrivals.move_cursor(connection, POLL, following)
            return news

        await self._spread(await self._store.writer.run_async(keep))
        if len(items) == portal.POLL_MOST and following != cursor:
            self._polled_ms = 0  # more is waiting there
        return bool(items)

    def _place(self, connection: apsw.Connection, item: dict[str, Any], catalogue: Catalogue | None) -> set[OfficeCode]:
        """Place one application, or hold it for a person: whatever is wrong with it, the others are placed and the cursor moves on."""
        connection.execute("SAVEPOINT application")
        try:
            found = portal.application_of(item)
            office = office_of(portal.unit_of(item), self._units, catalogue, self._now_ms())
            news = arrivals.place(connection, found.arrived_at(office), self._epoch, self._now_ms())
        except Exception as error:
            met = problem_for(error, "placing an application") if isinstance(error, apsw.Error) else error
            if isinstance(met, StorageProblem) and not isinstance(met, StatementRejected):
                raise
            connection.execute("ROLLBACK TO application")
            self._hold(connection, item, met)
            news = set()
        connection.execute("RELEASE application")
        return news

    def _hold(self, connection: apsw.Connection, item: dict[str, Any], error: Exception) -> None:
        foreseen = isinstance(error, ApplicationUnreadable | OfficeUnclear)
        problem = error if isinstance(error, Problem) and foreseen else ApplicationUnreadable(field=type(error).__name__)
        _log.warning(problem.event, code=problem.code, detail=problem.operator_line)
        original = msgspec.json.encode(item)
        number = portal.number_of(item) or f"?{arrivals.record_of(original.decode()).hex()}"
        arrivals.hold(connection, number, original, problem.code, self._now_ms(), portal.unit_of(item))


def office_of(unit: str, units: Mapping[str, str], catalogue: Catalogue | None, now_ms: int) -> OfficeCode:
    """The office behind the portal's unit: as the settings name it, else our own code, followed to its one successor. Raises OfficeUnclear."""
    day = vietnam_date(dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC))
    found = catalogue.successors(units.get(unit, unit), day) if catalogue else ()
    if len(found) != 1:
        raise OfficeUnclear(unit=unit[:32])
    return OfficeCode(found[0].code)
