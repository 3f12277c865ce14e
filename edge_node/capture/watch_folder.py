"""The watched folder: files that scanners drop are moved, once settled, into `received/` and announced; once they
are sealed in the node they lie in `taken/`.

Thin shell around `settling`. Each direct subfolder is a counter or an officer, told with the arrival. A move is one
rename on the same file system; a name already taken gets a number; nothing is deleted or overwritten.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
from watchfiles import awatch

from edge_node.capture.settling import SETTLE_MS, TAIL_BYTES, Sighting, WaitReason, Watched, completeness, observe
from edge_node.capture.source_errors import WatchFolderUnreachable

RECEIVED = "received"
TAKEN = "taken"
_OURS = (RECEIVED, TAKEN)
RESCAN_MS = 2_000


class Arrival(msgspec.Struct, frozen=True):
    """A file now lying in `received/`; `counter` is the subfolder it came through, empty for the top."""

    path: Path
    counter: str
    original_name: str


class WatchFolder:
    """One folder with its memory of what is still settling. Not for use from two threads."""

    def __init__(self, folder: Path, *, clock_ms: Callable[[], int], settle_ms: int = SETTLE_MS) -> None:
        self._folder = folder
        self._clock_ms = clock_ms
        self._settle_ms = settle_ms
        self._watched: dict[str, Watched] = {}

    @property
    def waiting(self) -> tuple[Watched, ...]:
        """Files seen but not taken yet, each with its reason, for the clerk's screen."""
        return tuple(self._watched.values())

    def step(self) -> tuple[Arrival, ...]:
        """Look once, move what is ready, and return it. Safe to call at any time and as often as wanted.

        Raises:
            WatchFolderUnreachable: CAP-027, the folder is not there (network share gone); the memory is kept.
        """
        try:
            sightings = self._look()
        except OSError as cause:
            raise WatchFolderUnreachable(reason=cause.strerror or type(cause).__name__) from cause
        self._watched, settled = observe(self._watched, sightings, now_ms=self._clock_ms(), settle_ms=self._settle_ms)
        arrivals = []
        for name in settled:
            taken = self._take(name)
            if isinstance(taken, Arrival):
                del self._watched[name]
                arrivals.append(taken)
            else:
                self._watched[name] = msgspec.structs.replace(self._watched[name], reason=taken)
        return tuple(arrivals)

    def _look(self) -> list[Sighting]:
        found = []
        for directory in (self._folder, *sorted(self._folder.iterdir())):
            if directory.name in _OURS or directory.is_symlink() or not directory.is_dir():
                continue
            with os.scandir(directory) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        status = entry.stat(follow_symlinks=False)
                        name = str(Path(entry.path).relative_to(self._folder))
                        found.append(Sighting(name, status.st_size, status.st_mtime_ns))
        return found

    def _take(self, name: str) -> Arrival | WaitReason:
        source = self._folder / name
        try:
            reason = _why_not_ready(source)
            if reason is not None:
                return reason
            counter = source.parent.name if source.parent != self._folder else ""
            target = free_name(self._folder / RECEIVED / counter, source.name)
            source.rename(target)
        except OSError:
            # Disk, share or rights: the file stays where it is and is tried again at the next look.
            return "move_failed"
        return Arrival(target, counter, source.name)


async def watch(folder: Path, watched: WatchFolder, *, stop: asyncio.Event) -> AsyncIterator[Arrival]:
    """Announce arrivals until `stop` is set.

    Wakes at every change the kernel reports and every `RESCAN_MS` besides, because network mounts report nothing.

    Raises:
        WatchFolderUnreachable: CAP-027; the caller starts it again later.
    """
    try:
        async for _ in awatch(folder, stop_event=stop, rust_timeout=RESCAN_MS, yield_on_timeout=True):
            for arrival in await asyncio.to_thread(watched.step):
                yield arrival
    except (FileNotFoundError, OSError) as cause:
        raise WatchFolderUnreachable(reason=type(cause).__name__) from cause


def _why_not_ready(path: Path) -> WaitReason | None:
    with path.open("rb") as stream:
        if _has_writer(stream.fileno()):
            return "being_written"
        head = stream.read(TAIL_BYTES)
        stream.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return completeness(head, stream.read(TAIL_BYTES))


def _has_writer(descriptor: int) -> bool:
    """Ask the kernel for a read lease, which it refuses while anybody has the file open for writing."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        # Network file systems and foreign owners have no leases; size and time decide alone there.
        return False
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def free_name(directory: Path, name: str) -> Path:
    """A path in the directory, which is made, that no file has yet. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    target, number = directory / name, 2
    while target.exists():
        target = directory / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return target
