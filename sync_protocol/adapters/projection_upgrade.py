"""After an upgrade of the program: what an older version could only keep raw is folded, once, at the first start (sync.md 2.11).

A version that does not know an event type stores, chains and forwards it; its views count it as unknown. Whoever opens the database next compares
what the views were made with against what this program knows: new types, and types with other fields, cost a fold of the dossiers that hold them, another fold
costs them all.
"""

from __future__ import annotations

import apsw
import msgspec
import structlog

from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.projection_rows import keep_references
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import BESIDE_DOSSIERS, BODY_TYPES, EXITS
from sync_protocol.body_shapes import body_shapes
from sync_protocol.ids import RecordId
from sync_protocol.snapshot import fold_format

_log = structlog.get_logger(__name__)
VIEWS_MADE_WITH = "views_made_with"
"""Under which key both shells keep the answer of `bring_up`."""


class MadeWith(msgspec.Struct, frozen=True, array_like=True):
    """What the stored views were folded by: the fold, the event types it knew as (name, version), and which fields it read of each (none: a program
    before this was kept, whose fields are taken to be those of this one)."""

    fold: bytes
    types: tuple[tuple[str, int], ...]
    shapes: tuple[bytes, ...] = ()

    def reads_other(self, before: MadeWith) -> set[tuple[str, int]]:
        """The types that this program reads otherwise than the one before, or that are new to it."""
        known = dict(zip(before.types, before.shapes, strict=False))
        other = {one for one, shape in zip(self.types, self.shapes, strict=False) if known.get(one, shape) != shape}
        return other | (set(self.types) - set(before.types))


def this_program() -> MadeWith:
    """What this program folds by."""
    return MadeWith(fold_format(), tuple(sorted(BODY_TYPES)), body_shapes())


def is_up(held: bytes | None, program: MadeWith | None = None) -> bool:
    """Whether views kept with `held` are what this program would make."""
    return held == msgspec.msgpack.encode(this_program() if program is None else program)


def folds_all(held: bytes | None, program: MadeWith | None = None) -> bool:
    """Whether `bring_up` would make every view anew, and not only those that hold what this program newly understands."""
    program = this_program() if program is None else program
    return held is None or msgspec.msgpack.decode(held, type=MadeWith).fold != program.fold


def bring_up(connection: apsw.Connection, held: bytes | None, program: MadeWith | None = None) -> bytes | None:
    """Fold again what this program understands better than the one before; inside a transaction of the caller's.

    Returns the bytes to keep for the next start, or None when `held` says already that nothing is to be done.
    """
    program = this_program() if program is None else program
    if is_up(held, program):
        return None
    before = None if held is None else msgspec.msgpack.decode(held, type=MadeWith)
    if event_log.last_position(connection):
        if before is None or folds_all(held, program):
            folded = projection.rebuild(connection)
        else:
            folded = _fold_newly_known(connection, program.reads_other(before))
        _log.info("projection.brought_up", dossiers=folded)
    return msgspec.msgpack.encode(program)


def _fold_newly_known(connection: apsw.Connection, types: set[tuple[str, int]]) -> int:
    names = {name for name, _ in types}
    touched: dict[RecordId, None] = {}
    for name in sorted(names):
        for (raw,) in connection.execute("SELECT DISTINCT id FROM event WHERE type = ?", (name,)).fetchall():
            (event,) = event_log.read_events(connection, [as_bytes(raw)])  # type: ignore[list-item]
            keep_references(connection, [event])
            if name in BESIDE_DOSSIERS:
                projection.keep_beside(connection, event)
            # what the older program did not know it counted as unknown, also of what says nothing of a dossier
            if name not in BESIDE_DOSSIERS or (name in EXITS and projection.held_rids(connection, [event.header.rid])):
                touched[event.header.rid] = None
    for rid in touched:
        projection.refold(connection, rid)
    return len(touched)
