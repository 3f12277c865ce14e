"""Stamping: an accepted file gets validation data and a time stamp, as soon as the authority answers; before that stamp ends, a new one.

Invariant: the authority's silence costs a level and is asked again later; it never holds up a judgement, nor the next file for long.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import structlog

from central_hub.seals.preserved import Preserved, ending_before, keep_preserved
from central_hub.seals.renewal import described, renewal_limit_ms, renewed
from central_hub.seals.timestamping import preserve
from central_hub.seals.work import due_to_stamp, look_again
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.timestamps import Post
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest

_log = structlog.get_logger(__name__)
SILENCE = dt.timedelta(minutes=1)
"""After a failure nobody asks the authority for this long, whichever file is due."""


class Stamping:
    """Stamps one file per step."""

    def __init__(
        self,
        store: HubStore,
        files: FileStore,
        post: Post,
        *,
        now: Callable[[], dt.datetime],
        renew_before_days: int = 90,
    ) -> None:
        self._store, self._files, self._post, self._now = store, files, post, now
        self._renew_before_days = renew_before_days
        self._silent_until: dt.datetime | None = None

    async def step(self, trust: Trust) -> BlobDigest | None:
        """Stamp the next accepted file; returns it when it reached its lasting level, None when nothing was due or it failed."""
        digest = (
            None
            if self._is_silent()
            else await self._store.readers.run_async(lambda c: due_to_stamp(c, self._now_ms()))
        )
        if digest is None:
            return None
        try:
            entry, size = await asyncio.to_thread(self._stamp, digest, trust)
        except Problem as problem:
            await self._put_off(digest, problem)
            return None
        await self._keep(entry, size)
        await self._store.writer.run_async(
            lambda c: c.execute("DELETE FROM seal_work WHERE digest = ? AND kind = 'stamp'", (digest,)) and None
        )
        return digest

    async def renew_one(self, trust: Trust) -> bool:
        """Renew the stamp that ends first, if it ends soon; False when none does, or the authority is silent."""
        limit = renewal_limit_ms(self._now(), self._renew_before_days)
        ending = (
            []
            if self._is_silent()
            else await self._store.readers.run_async(lambda c: ending_before(c, limit, self._now_ms()))
        )
        if not ending:
            return False
        try:
            entry, size = await asyncio.to_thread(self._renew, ending[0], trust)
        except Problem as problem:
            self._fall_silent(problem)
            return False
        await self._keep(entry, size)
        return True

    def _stamp(self, digest: BlobDigest, trust: Trust) -> tuple[Preserved, int]:
        kept = preserve(self._files.get(digest.hex()), self._post, trust, now=self._now())
        if kept.problem is not None:
            raise kept.problem
        return self._stored(digest, kept.data)

    def _renew(self, former: Preserved, trust: Trust) -> tuple[Preserved, int]:
        data = renewed(self._files.get(former.preserved.hex()), self._post, trust, now=self._now())
        return self._stored(former.digest, data)

    def _stored(self, digest: BlobDigest, data: bytes) -> tuple[Preserved, int]:
        address = BlobDigest(bytes.fromhex(self._files.put(data)))
        return described(digest, address, data), len(data)

    async def _keep(self, entry: Preserved, size: int) -> None:
        await self._store.writer.run_async(lambda c: keep_preserved(c, entry, size, self._now_ms()))
        _log.info("seals.stamped", file=entry.digest.hex()[:16], stamps=entry.stamps)

    async def _put_off(self, digest: BlobDigest, problem: Problem) -> None:
        self._fall_silent(problem)
        await self._store.writer.run_async(lambda c: look_again(c, digest, "stamp", problem.code, self._now_ms()))

    def _fall_silent(self, problem: Problem) -> None:
        _log.warning(problem.event, code=problem.code, detail=problem.operator_line)
        self._silent_until = self._now() + SILENCE

    def _is_silent(self) -> bool:
        return self._silent_until is not None and self._now() < self._silent_until

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1000)
