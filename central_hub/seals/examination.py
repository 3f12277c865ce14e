"""Examination: in the background of the serving hub every received file is judged, stamped and, in time, stamped anew.

Never on the way of ingest: a file is acknowledged when its bytes are proven, and judged after that. One step takes one file from the work
list to its end, so that whatever a file does, the next one follows. What is found is an event of the hub in the dossier and the
state of the file, in one transaction.

Invariant: nothing is accepted without having been judged; without a trust folder nothing is judged.

Source: signing.md §4; QĐ 1333/QĐ-BHXH Điều 8.2đ, 11.1; domain.md E.3 (hash and check at receipt).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

import apsw
import structlog

from central_hub.ingest.commit import place_hub_events
from central_hub.seals.claims import Claim, claims_on
from central_hub.seals.errors import NoTrustFolder, SealProblem
from central_hub.seals.judgement import Outcome, judge
from central_hub.seals.published_lists import fingerprint, is_published, prepare, publish
from central_hub.seals.revocation_lists import stale_names
from central_hub.seals.stamping import Stamping
from central_hub.seals.trust_folder import read_trust
from central_hub.seals.work import Due, Level, ask_for_stamp, due_to_judge, look_again, news_of, settle
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sandbox.sandbox import Sandbox
from sync_protocol.adapters.verification.errors import RevocationUnknown
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, HubEpoch, OfficeCode

_log = structlog.get_logger(__name__)
PAUSE_S = 1.0
PUBLISH_EVERY = dt.timedelta(minutes=1)
Spread = Callable[[set[OfficeCode]], Awaitable[None]]


class Examiner:
    """The background worker. `stamping` is None where no time stamp authority is named."""

    def __init__(
        self,
        store: HubStore,
        files: FileStore,
        epoch: HubEpoch,
        sandbox: Sandbox,
        trust_folder: Path,
        *,
        now: Callable[[], dt.datetime],
        spread: Spread,
        stamping: Stamping | None = None,
        pause_s: float = PAUSE_S,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._store, self._files, self._epoch, self._sandbox = store, files, epoch, sandbox
        self._trust_folder, self._now, self._spread = trust_folder, now, spread
        self._stamping, self._pause_s, self._sign = stamping, pause_s, sign
        self._published_at: dt.datetime | None = None

    async def run(self) -> None:
        """Work for as long as the hub serves; the caller cancels it. No failure ends it."""
        while True:
            try:
                was_busy = await self.step()
            except Problem as problem:
                _log.warning(problem.event, code=problem.code, detail=problem.operator_line)
                was_busy = False
            except Exception as error:  # the worker outlives whatever one file or one moment brings
                _log.error("seals.step.failed", exception=type(error).__name__)
                was_busy = False
            if not was_busy:
                await asyncio.sleep(self._pause_s)

    async def step(self) -> bool:
        """Judge one file, or else stamp one, or else renew one stamp; False when nothing was due.

        Raises:
            Problem: the trust folder or the database failed.
        """
        await self._publish_lists()
        due = await self._store.readers.run_async(lambda c: due_to_judge(c, self._now_ms()))
        if due is not None:
            await self._examine(due, await asyncio.to_thread(read_trust, self._trust_folder))
            return True
        if self._stamping is None:
            return False
        try:
            trust = await asyncio.to_thread(read_trust, self._trust_folder)
        except NoTrustFolder:
            return False
        stamped = await self._stamping.step(trust)
        if stamped is not None:
            await self._tell_level(stamped)
        return stamped is not None or await self._stamping.renew_one(trust)

    async def _publish_lists(self) -> None:
        """Every minute: what lies in the trust folder now is what offices are offered."""
        if self._sign is None or (self._published_at and self._now() - self._published_at < PUBLISH_EVERY):
            return
        self._published_at = self._now()
        try:
            trust = await asyncio.to_thread(read_trust, self._trust_folder)
        except NoTrustFolder:
            return
        printed = fingerprint(trust)
        if not await self._store.readers.run_async(lambda c: is_published(c, printed)):
            offer, _ = await asyncio.to_thread(prepare, trust, self._files, self._sign, self._now_ms())
            await self._store.writer.run_async(lambda c: publish(c, offer, printed))
            _log.info("seals.lists.published", lists=len(trust.crls))

    async def _examine(self, due: Due, trust: Trust) -> None:
        digest = due.digest
        claims: list[Claim] = []
        try:
            claims = await self._store.readers.run_async(lambda c: claims_on(c, digest))
            if not claims:
                raise SealProblem(digest=digest.hex()[:16], found="no event yet")
            content = await asyncio.to_thread(self._files.get, digest.hex())
            arrived = dt.datetime.fromtimestamp(due.arrived_ms / 1000, dt.UTC)
            outcomes = await asyncio.to_thread(self._judge_all, content, claims, trust, arrived)
        except Problem as problem:
            await self._postpone(digest, problem.code)
            return
        except Exception as error:  # hostile input reached our own code: quarantine with its kind, never a stop
            _log.error("seals.examination.failed", file=digest.hex()[:16], exception=type(error).__name__)
            outcomes = {place: Outcome("quarantined", (SealProblem.code,)) for place in range(len(claims))}
        waiting = [one for one in outcomes.values() if one.verdict == "waiting"]
        if not outcomes or (waiting and not any(one.verdict == "accepted" for one in outcomes.values())):
            if any(RevocationUnknown.code in one.codes for one in waiting):
                _log.warning("seals.lists.stale", authorities=stale_names(trust, self._now()))
            await self._postpone(digest, waiting[0].codes[0] if waiting else SealProblem.code)
            return
        await self._conclude(digest, claims, outcomes)

    def _judge_all(self, content: bytes, claims: list[Claim], trust: Trust, arrived: dt.datetime) -> dict[int, Outcome]:
        now = self._now()
        return {
            place: judge(self._sandbox, content, claim, trust, now=now, arrived=arrived)
            for place, claim in enumerate(claims)
        }

    async def _conclude(self, digest: BlobDigest, claims: list[Claim], outcomes: dict[int, Outcome]) -> None:
        now_ms = self._now_ms()

        def work(connection: apsw.Connection) -> tuple[str, set[OfficeCode]]:
            state = settle(connection, digest, outcomes)
            if state == "accepted" and self._stamping is not None:
                ask_for_stamp(connection, digest, now_ms)
            news = news_of(connection, digest, claims, outcomes, "B-B")
            return state, place_hub_events(connection, self._epoch, news, now_ms, "hub") if news else set()

        state, offices = await self._store.writer.run_async(work)
        codes = sorted({code for one in outcomes.values() for code in one.codes})
        _log.info("seals.examined", file=digest.hex()[:16], state=state, codes=codes)
        await self._spread(offices)

    async def _tell_level(self, digest: BlobDigest) -> None:
        """A file reached its lasting level: the dossiers in which it was accepted hear of it."""

        def work(connection: apsw.Connection) -> set[OfficeCode]:
            claims = claims_on(connection, digest)
            level: Level = "B-LTA"
            news = [
                one for one in news_of(connection, digest, claims, {n: Outcome("accepted") for n in range(len(claims))}, level)
                if _was_accepted(connection, one[0], digest)
            ]  # fmt: skip
            return place_hub_events(connection, self._epoch, news, self._now_ms(), "hub") if news else set()

        await self._spread(await self._store.writer.run_async(work))

    async def _postpone(self, digest: BlobDigest, reason: str) -> None:
        _log.info("seals.postponed", file=digest.hex()[:16], reason=reason)
        await self._store.writer.run_async(lambda c: look_again(c, digest, "judge", reason, self._now_ms()))

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1000)


def _was_accepted(connection: apsw.Connection, rid: bytes, digest: BlobDigest) -> bool:
    from sync_protocol.adapters.projection import view_of
    from sync_protocol.ids import RecordId

    view = view_of(connection, RecordId(rid))
    return view is not None and any(one.pdf == digest and one.examined == "accepted" for one in view.documents)
