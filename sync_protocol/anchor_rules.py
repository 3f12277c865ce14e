"""Is this database still the one that wrote last? The pure rule behind the anchor file.

A database restored from an older copy, or copied to a second machine, would give out sequence and code numbers that were
given out before. The anchor stands outside the database and moves first; the database follows with the first commit of each
range. So a database that is behind its anchor, or that stands beside another machine's anchor, was rolled back or cloned, and
opens a new incarnation by itself.

Invariant: a false alarm is harmless (a new incarnation of the same data), a missed one is not; so every doubt is an alarm. A
rollback inside one range is not seen here; the hub's floors and the comparison of event ids catch it.
Source: sync.md 2.18.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

RANGE_SIZE = 256
"""Sequences reserved with one fsync of the anchor."""
CODE_DAYS_KEPT = 40
"""Days for which reserved code numbers stay in the anchor; a late registration is never older."""

Reason = Literal[
    "anchor_missing",
    "anchor_unreadable",
    "database_replaced",
    "machine_changed",
    "incarnation_differs",
    "database_rolled_back",
]


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the anchor file.

    Attributes:
        database_id: random id the database was created with.
        incarnation: the lane this node writes now.
        reserved_upto: own sequences up to and including this one may be used.
        boot_token: random for every start; tells two running copies apart.
        machine: fingerprint of the machine, as text.
        codes_reserved: highest code number reserved per series and Vietnam day, key `series|YYYY-MM-DD`.
    """

    database_id: str
    incarnation: str
    reserved_upto: int
    boot_token: str
    machine: str
    codes_reserved: dict[str, int] = {}


class DatabaseState(msgspec.Struct, frozen=True):
    """What the database itself says at the start."""

    database_id: str
    incarnation: str
    reserved_upto: int
    head_seq: int


class Continue(msgspec.Struct, frozen=True):
    """The database is the one that wrote last."""

    anchor: Anchor


class NewIncarnation(msgspec.Struct, frozen=True):
    """Open a new lane, for this reason; code numbers reserved before stay reserved."""

    reason: Reason
    codes_reserved: dict[str, int]


def assess(
    anchor: Anchor | None, database: DatabaseState, *, machine: str, is_readable: bool = True
) -> Continue | NewIncarnation:
    """Whether this node may go on in its incarnation. `machine` is the fingerprint of where it runs now."""
    if anchor is None:
        return NewIncarnation("anchor_missing" if is_readable else "anchor_unreadable", {})
    checks: tuple[tuple[bool, Reason], ...] = (
        (anchor.database_id != database.database_id, "database_replaced"),
        (anchor.machine != machine, "machine_changed"),
        (anchor.incarnation != database.incarnation, "incarnation_differs"),
        (anchor.reserved_upto != database.reserved_upto, "database_rolled_back"),
        (database.head_seq > anchor.reserved_upto, "database_rolled_back"),
    )
    for is_wrong, reason in checks:
        if is_wrong:
            return NewIncarnation(reason, dict(anchor.codes_reserved))
    return Continue(anchor)


def with_next_range(anchor: Anchor) -> Anchor:
    """The anchor with the next RANGE_SIZE sequences reserved; write it before the database uses the first of them."""
    return msgspec.structs.replace(anchor, reserved_upto=anchor.reserved_upto + RANGE_SIZE)


def with_codes_reserved(anchor: Anchor, series: str, day: dt.date, upto: int) -> Anchor:
    """The anchor with code numbers of `series` on `day` reserved up to `upto`; never lowered, old days dropped."""
    border = (day - dt.timedelta(days=CODE_DAYS_KEPT)).isoformat()
    kept = {key: number for key, number in anchor.codes_reserved.items() if key.rpartition("|")[2] >= border}
    key = f"{series}|{day.isoformat()}"
    return msgspec.structs.replace(anchor, codes_reserved={**kept, key: max(upto, kept.get(key, 0))})


def codes_reserved(anchor: Anchor, series: str, day: dt.date) -> int:
    """The highest code number reserved for `series` on `day`; 0 when none is."""
    return anchor.codes_reserved.get(f"{series}|{day.isoformat()}", 0)
