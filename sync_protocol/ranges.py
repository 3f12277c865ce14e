"""Fingerprints of ranges of record ids: whether two replicas hold the same events, in one question when they do (sync.md 2.3, range).

A range is a prefix of record ids. Its fingerprint is the exclusive or of the ids of all events in it: any order, any grouping, and a set that
lacks one event or has one more shows it. Ids are SHA-256 hashes, so two different sets that meet do not happen by chance; a proof against
a forger is not wanted here, because only a node's own view of its own office is compared. Events are compared and not projections:
projections depend on the version of the program, and `verify` holds them against the events on each machine by itself.

Ids begin with their time, so equal replicas differ nowhere after one byte, and old ranges stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync_protocol.ids import EventId, RecordId

PREFIX_MAX = 7  # six bytes of time and one of chance: further questions would name single dossiers
_PRINT_BYTES = 32

Prints = tuple[tuple[bytes, bytes], ...]
"""(prefix one byte longer than what was asked, fingerprint), ascending; only ranges that hold something."""


def prints_of(events: Iterable[tuple[RecordId, EventId]], prefix: bytes) -> Prints:
    """Fingerprints of the ranges right below `prefix`; events outside it are left out.

    >>> prints_of([(RecordId(b"ab"), EventId(b"x" * 32))], b"a")[0][0]
    b'ab'
    """
    length = len(prefix) + 1
    sums: dict[bytes, int] = {}
    for rid, event in events:
        if rid.startswith(prefix):
            child = rid[:length]
            sums[child] = sums.get(child, 0) ^ int.from_bytes(event, "big")
    return tuple((child, sums[child].to_bytes(_PRINT_BYTES, "big")) for child in sorted(sums))


def differing(ours: Prints, theirs: Prints) -> tuple[bytes, ...]:
    """Prefixes under which the two do not hold the same, ascending."""
    here: Mapping[bytes, bytes] = dict(ours)
    there: Mapping[bytes, bytes] = dict(theirs)
    return tuple(sorted(child for child in here.keys() | there.keys() if here.get(child) != there.get(child)))
