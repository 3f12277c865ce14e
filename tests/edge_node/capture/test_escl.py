"""The eSCL client against a scanner double over real HTTP."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from edge_node.capture.escl import EsclScanner
from edge_node.capture.escl_messages import ScannerCapabilities, ScanProfile, nearest_dpi, read_capabilities
from edge_node.capture.source_errors import ScanInterrupted, ScannerBusy, ScannerNotUnderstood, ScannerUnreachable
from tests.doubles.escl_scanner import ScannerDouble, running

SHEETS = [b"\xff\xd8 first \xff\xd9", b"\xff\xd8 second \xff\xd9", b"\xff\xd8 third \xff\xd9"]


async def _at_once(seconds: float) -> None:
    """Waiting without time passing."""


def _scan(double: ScannerDouble, profile: ScanProfile | None = None) -> tuple[list[bytes], Exception | None]:
    async def run(base: str) -> tuple[list[bytes], Exception | None]:
        pages: list[bytes] = []
        async with httpx.AsyncClient(timeout=5) as client:
            try:
                async for page in EsclScanner(base, client=client, sleep=_at_once).scan(profile or ScanProfile("A4")):
                    pages.append(page)
            except (ScanInterrupted, ScannerBusy) as problem:
                return pages, problem
        return pages, None

    with running(double) as base:
        return asyncio.run(run(base))


def _capabilities(double: ScannerDouble) -> ScannerCapabilities:
    async def run(base: str) -> ScannerCapabilities:
        async with httpx.AsyncClient(timeout=5) as client:
            scanner = EsclScanner(base, client=client, sleep=_at_once)
            assert await scanner.state() == "Idle/ScannerAdfLoaded"
            return await scanner.capabilities()

    with running(double) as base:
        return asyncio.run(run(base))


def test_a_scanner_tells_what_it_can_do() -> None:
    told = _capabilities(ScannerDouble([]))
    assert told.name == "Double 1"
    assert (told.has_platen, told.has_feeder, told.has_duplex) == (True, True, True)
    assert told.resolutions == (200, 600)
    assert told.largest == (2550, 3508)
    assert nearest_dpi(told, 300) == 600
    assert nearest_dpi(told, 1200) == 600


def test_all_sheets_of_a_job_arrive_in_order_and_the_job_is_closed() -> None:
    double = ScannerDouble(SHEETS, not_ready_answers=3)
    pages, problem = _scan(double, ScanProfile("A4 hai mặt", is_duplex=True, dpi=200))
    assert (pages, problem) == (SHEETS, None)
    assert double.closed_jobs == 1
    assert b"<scan:XResolution>200" in double.settings[0]
    assert b"<scan:Duplex>true" in double.settings[0]
    assert b"RGB24" in double.settings[0]


def test_a_jam_keeps_the_pages_that_arrived_and_tells_their_number() -> None:
    double = ScannerDouble(SHEETS, jams_after=2)
    pages, problem = _scan(double)
    assert pages == SHEETS[:2]
    assert isinstance(problem, ScanInterrupted)
    assert "2 ảnh" in problem.clerk_sentence
    assert double.closed_jobs == 1


def test_a_connection_that_breaks_inside_a_page_never_gives_half_a_page() -> None:
    pages, problem = _scan(ScannerDouble(SHEETS, breaks_inside=1))
    assert pages == SHEETS[:1]
    assert isinstance(problem, ScanInterrupted)


def test_a_busy_scanner_is_told_apart_from_a_missing_one() -> None:
    assert isinstance(_scan(ScannerDouble(SHEETS, is_busy=True))[1], ScannerBusy)

    async def ask() -> None:
        async with httpx.AsyncClient(timeout=5) as client:
            await EsclScanner("http://127.0.0.1:9/eSCL", client=client, sleep=_at_once).capabilities()

    with pytest.raises(ScannerUnreachable):
        asyncio.run(ask())


def test_an_empty_feeder_is_an_interrupted_scan_of_no_pages() -> None:
    pages, problem = _scan(ScannerDouble([]))
    assert pages == []
    assert isinstance(problem, ScanInterrupted)


def test_a_page_that_is_never_ready_ends_the_waiting() -> None:
    assert isinstance(_scan(ScannerDouble(SHEETS, not_ready_answers=1000))[1], ScanInterrupted)


@pytest.mark.parametrize("document", [b"", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>" + b" " * 300_000])
def test_a_document_that_is_not_a_scanners_is_refused(document: bytes) -> None:
    with pytest.raises(ScannerNotUnderstood):
        read_capabilities(document)


def test_the_double_can_fail() -> None:
    """Canary: the harness notices a page that is missing."""
    pages, _ = _scan(ScannerDouble(SHEETS[:2]))
    assert pages != SHEETS
