"""Scans under way: one job per scanner, its pages sealed as they come, its end told in the pile.

Invariant: a page that arrived is in the tray before the next one is asked for; how a scan ended stands in its pile, also after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import apsw
import httpx
import msgspec
import structlog

from edge_node.capture.errors import CaptureBroke, CaptureProblem
from edge_node.capture.escl import EsclScanner
from edge_node.capture.escl_messages import ScannerCapabilities, ScanProfile, nearest_dpi
from edge_node.capture.landing import take
from edge_node.capture.piles import any_pile, open_pile, put_pile
from edge_node.capture.source_errors import FeederEmpty, PaperJam, ScanInterrupted, ScannerBusy, ScannerUnknown
from edge_node.desk import Desk
from edge_node.settings import ScannerSettings
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
PROFILES: dict[str, ScanProfile] = {
    "a4": ScanProfile("a4"),
    "a4_duplex": ScanProfile("a4_duplex", is_duplex=True),
    "glass": ScanProfile("glass", source="platen"),
    "card": ScanProfile("card", source="platen", size_units=(1240, 1748)),  # A6: both sides of a card fit beside each other
}
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
Sleep = Callable[[float], Awaitable[None]]


class ScannerFound(msgspec.Struct, frozen=True):
    """A configured scanner as it answers now, or why it does not."""

    number: int
    name: str
    capabilities: ScannerCapabilities | None = None
    state: str = ""
    problem: str = ""
    next_step: str = ""

    def can(self, profile: str) -> bool:
        """Whether it has what a profile needs; one that did not answer may still be tried."""
        wanted, told = PROFILES[profile], self.capabilities
        if told is None:
            return True
        return (told.has_feeder if wanted.source == "feeder" else told.has_platen) and (
            told.has_duplex or not wanted.is_duplex
        )


class Scans:
    """The scans of this process. Used on the event loop that serves the pages."""

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep
        self._running: dict[int, asyncio.Task[None]] = {}

    async def start(
        self, desk: Desk, officer: str, scanners: Sequence[ScannerSettings], number: int, profile: str, pile: bytes
    ) -> None:
        """Begin a scan into a pile; returns at once, pages and the end show in the pile.

        Raises:
            ScannerUnknown, ScannerBusy, PileGone: CAP-036, CAP-031, CAP-028. UploadsRefused, StorageReadOnly: the disk is short of room.
        """
        desk.require_room()
        if not 0 <= number < len(scanners) or profile not in PROFILES:
            raise ScannerUnknown(number=number)
        running = self._running.get(number)
        if running is not None and not running.done():
            raise ScannerBusy(status="scanning here")
        await desk.store.writer.run_async(
            lambda c: put_pile(
                c, msgspec.structs.replace(open_pile(c, pile), is_scanning=True, tail=None, problem="", sentence="", place=scanners[number].name),
                desk.now_ms(),
            )
        )  # fmt: skip
        self._running[number] = asyncio.create_task(self._run(desk, officer, scanners[number], PROFILES[profile], pile))

    async def settled(self) -> None:
        """Wait until no scan is under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, desk: Desk, officer: str, scanner: ScannerSettings, profile: ScanProfile, pile: bytes) -> None:
        ended: Problem | None = None
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
            device = EsclScanner(scanner.address, client=client, sleep=self._sleep)
            pages = 0
            try:
                dpi = nearest_dpi(await device.capabilities(), profile.dpi)
                async for page in device.scan(msgspec.structs.replace(profile, dpi=dpi)):
                    pages += 1
                    name = f"{scanner.name} {pages}"
                    await asyncio.to_thread(
                        take, desk, officer, "scanner", [(name, page)], place=scanner.name, pile=pile
                    )
            except CaptureProblem as problem:
                ended = await _explained(device, scanner.name, problem, pages)
            except Problem as problem:  # the store refused; the scanner is told that the job is over
                ended = problem
            except Exception as error:  # nobody foresaw it: what arrived is there, and the pile is not "scanning" for ever
                ended = CaptureBroke(kind=type(error).__name__)
                _log.error(ended.event, code=ended.code, exc_info=error)
        if ended is not None:
            _log.warning(ended.event, code=ended.code, pages=pages)
        # a full disk refuses this too: the end is told as soon as there is room
        await keep_on("end of a scan", partial(asyncio.to_thread, _end, desk, pile, ended), sleep=self._sleep)


async def look_up(scanners: Sequence[ScannerSettings], sleep: Sleep = asyncio.sleep) -> list[ScannerFound]:
    """Ask every configured scanner how it is, all at once; none that is off holds up the others."""

    async def ask(number: int, scanner: ScannerSettings) -> ScannerFound:
        async with httpx.AsyncClient(timeout=httpx.Timeout(4.0), trust_env=False) as client:
            device = EsclScanner(scanner.address, client=client, sleep=sleep)
            try:
                return ScannerFound(number, scanner.name, await device.capabilities(), await device.state())
            except CaptureProblem as problem:
                return ScannerFound(
                    number, scanner.name, problem=problem.clerk_sentence, next_step=problem.clerk_next_step
                )

    return list(await asyncio.gather(*(ask(number, one) for number, one in enumerate(scanners))))


async def _explained(device: EsclScanner, name: str, problem: CaptureProblem, pages: int) -> CaptureProblem:
    """The problem in the words of what the scanner itself says of its paper, where it still answers."""
    if not isinstance(problem, ScanInterrupted):
        return problem
    try:
        state = await device.state()
    except CaptureProblem:
        return problem
    if "Jam" in state:
        return PaperJam(scanner=name, pages=pages)
    if "Empty" in state:
        return FeederEmpty(scanner=name, pages=pages)
    return problem


def _end(desk: Desk, pile_id: bytes, problem: Problem | None) -> None:
    said = f"{problem.clerk_sentence} {problem.clerk_next_step}" if problem else ""

    def work(connection: apsw.Connection) -> None:
        pile = any_pile(connection, pile_id)
        if pile is not None:
            ended = msgspec.structs.replace(
                pile, is_scanning=False, problem=problem.code if problem else "", sentence=said
            )
            put_pile(connection, ended, desk.now_ms())

    desk.store.writer.run(work)
