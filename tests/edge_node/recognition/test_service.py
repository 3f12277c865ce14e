"""A worker is expendable: whatever it does costs one page a retry, never the node."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edge_node.recognition.model import PageReading, RecogniserKind, Unreadable
from edge_node.recognition.service import ReadingService, ReadingSettings

UNRULY = "tests.edge_node.recognition.unruly_worker"


def service(**settings: object) -> ReadingService:
    return ReadingService(ReadingSettings(page_seconds=20, **settings), UNRULY)  # type: ignore[arg-type]


def code_of(answer: PageReading | Unreadable) -> str:
    assert isinstance(answer, Unreadable)
    return answer.code


def test_nothing_is_started_before_the_first_page() -> None:
    with service() as reading:
        assert reading._worker is None


@pytest.mark.parametrize("order", [b"die", b"babble", b"eat"])
def test_a_page_that_kills_its_worker_twice_goes_to_a_person(order: bytes) -> None:
    with service() as reading:
        assert code_of(reading.read_page(order, 200)) == "OCR-002"
        assert isinstance(reading.read_page(b"fine", 200), PageReading)


def test_a_worker_that_dies_once_costs_one_retry(tmp_path: Path) -> None:
    with service() as reading:
        before = reading.read_page(b"fine", 200)
        after = reading.read_page(f"die-once:{tmp_path / 'died'}".encode(), 200)
    assert isinstance(before, PageReading) and isinstance(after, PageReading)
    assert before.width_px != after.width_px, "another process answered"


def test_a_hanging_worker_is_ended_after_its_time() -> None:
    with ReadingService(ReadingSettings(page_seconds=0.2), UNRULY) as reading:
        answer = reading.read_page(b"hang", 200)
    assert code_of(answer) == "OCR-003"
    assert isinstance(answer, Unreadable) and "0.2 giây" in answer.sentence


def test_the_kernel_ends_a_worker_that_spins() -> None:
    with service(page_cpu_seconds=0) as reading:
        assert code_of(reading.read_page(b"spin", 200)) == "OCR-002"


def test_one_worker_reads_page_after_page() -> None:
    with service() as reading:
        pages = [reading.read_page(b"fine", 200) for _ in range(3)]
    assert len({page.width_px for page in pages if isinstance(page, PageReading)}) == 1


def test_a_strange_array_never_reaches_the_worker() -> None:
    with service() as reading:
        assert code_of(reading.read_page(np.zeros((4, 50, 50, 3), np.uint8), 200)) == "IMG-005"
        assert reading._worker is None


def test_a_worker_without_its_models_says_so_once() -> None:
    settings = ReadingSettings(kind=RecogniserKind.LINES, tessdata="/nowhere")
    with ReadingService(settings) as reading:
        assert code_of(reading.read_page(b"anything", 200)) == "OCR-005"


def test_an_ended_service_leaves_no_process_and_starts_anew() -> None:
    reading = service()
    reading.read_page(b"fine", 200)
    assert reading._worker is not None
    process = reading._worker._process
    reading.close()
    assert process.returncode is not None
    assert isinstance(reading.read_page(b"fine", 200), PageReading)
    reading.close()
