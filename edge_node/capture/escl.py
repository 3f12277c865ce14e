"""Network scanners without drivers: the eSCL (AirScan) client over HTTP.

Invariant: a page that arrived whole is handed on before the next is asked for, so an interrupted scan loses no page and
the Problem says how many there are. Bytes are not opened here: they go to `decode` like any file from outside.

Source: Mopria eSCL specification 2.97 (ScannerCapabilities, ScannerStatus, ScanJobs, NextDocument).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NoReturn
from urllib.parse import urlsplit

import httpx

from edge_node.capture.escl_messages import (
    ScannerCapabilities,
    ScanProfile,
    read_capabilities,
    read_state,
    write_settings,
)
from edge_node.capture.source_errors import ScanInterrupted, ScannerBusy, ScannerNotUnderstood, ScannerUnreachable

PAGE_BYTES_MAX = 128 << 20
PAGES_MAX = 400
# A feeder warms up and moves paper between pages; 60 tries at one second were enough for what the threads report.
WAIT_TRIES_MAX = 60
WAIT_S = 1.0
_GONE = (404, 410)
_NOT_YET = (409, 503)


class EsclScanner:
    """One scanner at a base address such as `http://192.0.2.9:8080/eSCL`.

    `client` is the caller's (timeouts, TLS); `sleep` is its clock.
    """

    def __init__(self, base_url: str, *, client: httpx.AsyncClient, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._base = base_url.rstrip("/")
        self._client = client
        self._sleep = sleep

    async def capabilities(self) -> ScannerCapabilities:
        """Ask what the scanner can do.

        Raises:
            ScannerUnreachable, ScannerNotUnderstood: CAP-030, CAP-033.
        """
        return read_capabilities(await self._document("ScannerCapabilities"))

    async def state(self) -> str:
        """Ask how the scanner is: `Idle`, `Processing`, `Idle/ScannerAdfEmpty`….

        Raises:
            ScannerUnreachable, ScannerNotUnderstood: CAP-030, CAP-033.
        """
        return read_state(await self._document("ScannerStatus"))

    async def scan(self, profile: ScanProfile) -> AsyncIterator[bytes]:
        """Run one job and yield its documents as they come (one per side for JPEG, one in all for PDF).

        Raises:
            ScannerBusy: CAP-031, another job is running; nothing was scanned.
            ScanInterrupted: CAP-032 with the number of pages already yielded; the rest must be scanned again.
            ScannerUnreachable, ScannerNotUnderstood: CAP-030, CAP-033.
        """
        job = await self._start(profile)
        pages = 0
        try:
            while pages < PAGES_MAX:
                page = await self._next(job, pages)
                if page is None:
                    break
                pages += 1
                yield page
        finally:
            await self._finish(job)
        if pages == 0:
            raise ScanInterrupted(pages=0, why="the job ended without a page")

    async def _document(self, name: str) -> bytes:
        try:
            answer = await self._client.get(f"{self._base}/{name}")
        except httpx.HTTPError as cause:
            raise ScannerUnreachable(why=type(cause).__name__) from cause
        if answer.status_code != 200:
            raise ScannerUnreachable(why=f"status {answer.status_code}")
        return answer.content

    async def _start(self, profile: ScanProfile) -> str:
        headers = {"Content-Type": "text/xml"}
        try:
            answer = await self._client.post(f"{self._base}/ScanJobs", content=write_settings(profile), headers=headers)
        except httpx.HTTPError as cause:
            raise ScannerUnreachable(why=type(cause).__name__) from cause
        if answer.status_code in _NOT_YET:
            raise ScannerBusy(status=answer.status_code)
        place = urlsplit(answer.headers.get("Location", "")).path
        if answer.status_code != 201 or "/ScanJobs/" not in place:
            raise ScannerNotUnderstood(what=f"ScanJobs answered {answer.status_code}")
        # Scanners put their own idea of their address into Location; only the path is taken, the host stays ours.
        return f"{self._base}/ScanJobs/{place.rpartition('/ScanJobs/')[2]}"

    async def _next(self, job: str, pages: int) -> bytes | None:
        """The next document, None at the end of the job."""
        for _ in range(WAIT_TRIES_MAX):
            try:
                async with self._client.stream("GET", f"{job}/NextDocument") as answer:
                    if answer.status_code == 200:
                        return await _body(answer, pages)
                    status = answer.status_code
            except httpx.HTTPError as cause:
                raise ScanInterrupted(pages=pages, why=type(cause).__name__) from cause
            if status in _GONE:
                return None
            if status not in _NOT_YET:
                _interrupted(pages, f"status {status}")
            await self._sleep(WAIT_S)
        _interrupted(pages, "waited too long for the next page")

    async def _finish(self, job: str) -> None:
        """Tell the scanner the job is over; one that is gone already needs no telling."""
        try:
            await self._client.delete(job)
        except httpx.HTTPError:
            return


async def _body(answer: httpx.Response, pages: int) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > PAGE_BYTES_MAX:
            _interrupted(pages, "page larger than the limit")
    return bytes(body)


def _interrupted(pages: int, why: str) -> NoReturn:
    raise ScanInterrupted(pages=pages, why=why)
