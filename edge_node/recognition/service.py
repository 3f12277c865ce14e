"""The reading service: pages in, readings or verdicts out, with the models kept in an expendable process.

A worker that crashes, hangs or eats too much costs the page one retry with a fresh worker and the node nothing. Nothing is
started before the first page. Safe to call from several threads: one worker reads one page at a time, so use one service
per worker that is wanted.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from edge_node.recognition.errors import ReadingProblem, WorkerLost, WorkerTooSlow
from edge_node.recognition.limits import (
    PAGE_CPU_SECONDS,
    PAGE_SECONDS,
    PAGE_TRIES,
    START_SECONDS,
    WORKER_ADDRESS_BYTES,
)
from edge_node.recognition.model import DEBIAN_TESSDATA, PageReading, RecogniserKind, Unreadable
from edge_node.recognition.worker import Answer, Finished, Refused, Setup, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ANSWER: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)

_WORKER_ENVIRONMENT = {
    # Two OpenMP threads on two busy cores made Tesseract thirty times slower.
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    # Large buffers go back to the system after each use: peak 517 MB instead of 598 on one page, at the same CPU.
    # Below 16 MiB page faults doubled the CPU of the first page (measured 2026-11-22).
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "16777216",
    "MALLOC_TRIM_THRESHOLD_": "16777216",
}


class ReadingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an office chooses about reading, and the limits of one page."""

    kind: RecogniserKind = RecogniserKind.TWO_READERS
    tessdata: str = DEBIAN_TESSDATA
    page_seconds: float = PAGE_SECONDS
    page_cpu_seconds: int = PAGE_CPU_SECONDS
    start_seconds: float = START_SECONDS
    address_bytes: int = WORKER_ADDRESS_BYTES


class ReadingService:
    """Reads pages in a worker process that is started lazily and replaced when it is lost."""

    def __init__(self, settings: ReadingSettings, worker_module: str = "edge_node.recognition.worker") -> None:
        self._settings = settings
        self._module = worker_module
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self.last_cpu_seconds = 0.0
        self.peak_bytes = 0

    def read_page(
        self, image: bytes | NDArray[Any], dpi: int, *, turns: int = 0, hurry: bool = False
    ) -> PageReading | Unreadable:
        """Read one page, given as file bytes or as a grey, BGR or BGRA array; `dpi` as stated at capture.

        Read is the page as it is shown after so many quarter `turns` clockwise.

        In a `hurry` two readers become the fast one: 0.4 times the CPU, nothing pre-confirmed by readers. Other readers do not change.

        Blocks; call it from a thread. Never raises for a bad page: the answer is then an `Unreadable` with the reason. May be
        repeated: nothing is stored.
        """
        from edge_node.imaging.errors import ImageProblem

        try:
            shape, picture = _sent(image)
            with self._turn:
                return self._with_retry(Task(dpi, shape, turns, hurry), picture)
        except (ImageProblem, ReadingProblem) as problem:
            return Unreadable(problem.code, problem.clerk_sentence, problem.clerk_next_step)

    def close(self) -> None:
        """End the worker. The service may be used again afterwards; it then starts a new one."""
        with self._turn:
            self._drop()

    def __enter__(self) -> Self:
        """Use as a context manager to be sure that the worker ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the worker."""
        self.close()

    def _with_retry(self, task: Task, picture: bytes) -> PageReading | Unreadable:
        lost: ReadingProblem = WorkerLost(tries=PAGE_TRIES, status="unknown")
        for _ in range(PAGE_TRIES):
            try:
                if self._worker is None:
                    self._worker = _Worker(self._module, self._settings)
                answer = self._worker.ask(task, picture, self._settings.page_seconds)
            except ReadingProblem as problem:
                self._drop()
                lost = problem
                continue
            if isinstance(answer, Finished):
                self.last_cpu_seconds, self.peak_bytes = answer.cpu_seconds, answer.peak_bytes
                return answer.reading
            self._drop()
            if isinstance(answer, Refused):
                return answer.verdict
        raise lost

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """One child process and the socket to it."""

    def __init__(self, module: str, settings: ReadingSettings) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # native libraries print what they see; a log must not hold a page's words
                env={"PYTHONPATH": str(Path(__file__).parents[2]), **_WORKER_ENVIRONMENT},
            )
        self._connection = Connection(ours.detach())
        self._settings = settings
        self._is_ready = False

    def ask(self, task: Task, picture: bytes, seconds: float) -> Answer:
        """Send a page, wait for the answer.

        Raises:
            WorkerTooSlow: it took longer than `seconds`; the worker is ended.
            WorkerLost: the worker died.
        """
        if not self._is_ready:
            setup = self._settings
            first = Setup(setup.kind, setup.tessdata, setup.address_bytes, setup.page_cpu_seconds)
            answer = self._exchange(setup.start_seconds, msgspec.msgpack.encode(first))
            if isinstance(answer, Refused):
                return answer
            self._is_ready = True
        return self._exchange(seconds, msgspec.msgpack.encode(task), picture)

    def _exchange(self, seconds: float, *messages: bytes) -> Answer:
        ran_out = threading.Event()

        def stop() -> None:
            ran_out.set()
            self._process.kill()

        watchdog = threading.Timer(seconds, stop)
        watchdog.start()
        try:
            for message in messages:
                self._connection.send_bytes(message)
            return _ANSWER.decode(self._connection.recv_bytes())
        except (OSError, EOFError, msgspec.DecodeError):
            self._process.kill()
            status = self._process.wait()
            if ran_out.is_set():
                raise WorkerTooSlow(seconds=f"{seconds:g}", tries=PAGE_TRIES) from None
            raise WorkerLost(tries=PAGE_TRIES, status=status) from None
        finally:
            watchdog.cancel()

    def end(self) -> None:
        """Close the socket and end the process; returns when it is gone."""
        self._connection.close()
        self._process.kill()
        self._process.wait()


def _sent(image: bytes | NDArray[Any]) -> tuple[tuple[int, int, int] | None, bytes]:
    """The shape of raw pixels, None for a file, and the bytes that go to the worker.

    Raises:
        StrangeArray, PictureTooLarge, PictureTooSmall: an array that is no page.
    """
    if isinstance(image, bytes):
        return None, image
    from edge_node.imaging.decode import page_from_array

    page = page_from_array(image)
    height, width, channels = page.shape
    return (height, width, channels), page.tobytes()
