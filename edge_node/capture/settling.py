"""When a file in a watched folder has settled: the decision, without a disk.

Multi-function printers write over SMB and FTP, open and close the same file several times, and leave temporary names
behind. A file is ready when its name is not temporary, its size and time have stood still for the settle time, nobody
has it open for writing, and it ends as its kind must end.

Invariant: nothing here asks for a deletion; a file that never becomes ready stays visible with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from edge_node.capture.untrusted import kind_of

WaitReason = Literal["changing", "being_written", "incomplete", "unknown_kind", "move_failed"]

SETTLE_MS = 5_000
TAIL_BYTES = 2_048
_TEMPORARY_STARTS = (".", "~", "_tmp", "tmp.")
_TEMPORARY_ENDS = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", ".lock", "~", ".!ut")


class Sighting(msgspec.Struct, frozen=True):
    """A file as one look at the folder saw it."""

    name: str
    size_bytes: int
    modified_ns: int


class Watched(msgspec.Struct, frozen=True):
    """A file the folder holds: how it looked last, since when it has looked so (node clock, ms), why it waits."""

    sighting: Sighting
    unchanged_since_ms: int
    reason: WaitReason = "changing"


def is_temporary(name: str) -> bool:
    """Whether the name belongs to a file that some program is still making.

    >>> is_temporary("~$scan.pdf"), is_temporary("scan0001.pdf.part"), is_temporary("scan0001.pdf")
    (True, True, False)
    """
    lowered = name.lower()
    return lowered.startswith(_TEMPORARY_STARTS) or lowered.endswith(_TEMPORARY_ENDS)


def observe(
    known: Mapping[str, Watched], sightings: Iterable[Sighting], *, now_ms: int, settle_ms: int = SETTLE_MS
) -> tuple[dict[str, Watched], tuple[str, ...]]:
    """Take in one look at the folder: (what is watched now, names that have stood still long enough).

    A clock that jumps back starts the waiting time anew and never shortens it.
    """
    watched: dict[str, Watched] = {}
    settled = []
    for sighting in sorted(sightings, key=lambda seen: seen.name):
        if is_temporary(sighting.name):
            continue
        before = known.get(sighting.name)
        if before is None or before.sighting != sighting or now_ms < before.unchanged_since_ms:
            watched[sighting.name] = Watched(sighting, now_ms)
            continue
        watched[sighting.name] = before
        if sighting.size_bytes > 0 and now_ms - before.unchanged_since_ms >= settle_ms:
            settled.append(sighting.name)
    return watched, tuple(settled)


def completeness(head: bytes, tail: bytes) -> WaitReason | None:
    """Look at the first and last bytes of a settled file: None when it ends as its kind must, else why it waits.

    Args:
        head: at least the first 16 bytes.
        tail: the last `TAIL_BYTES` bytes, or the whole file when it is shorter.
    """
    kind = kind_of(head)
    if kind is None:
        return "unknown_kind"
    ends: dict[str, bytes] = {"pdf": b"%%EOF", "jpeg": b"\xff\xd9", "png": b"IEND"}
    mark = ends.get(kind)
    return "incomplete" if mark is not None and mark not in tail else None
