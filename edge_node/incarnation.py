"""The node's incarnation: first one from the enrolment, a fresh one whenever the database turns out to be a copy of the past.

The anchor file moves before the database, so a database that is behind its anchor was restored or cloned (anchor_rules.py). No operator step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import apsw
import structlog

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore, read_number, read_state, write_number, write_state
from edge_node.sync.memory import open_incarnation
from sync_protocol.adapters.anchor import AnchorFile, machine_fingerprint
from sync_protocol.anchor_rules import Anchor, DatabaseState, NewIncarnation
from sync_protocol.ids import Incarnation

_log = structlog.get_logger(__name__)
_SAME_PLACE = {"database_rolled_back", "incarnation_differs"}


class Lane:
    """Guards the own lane with the anchor file."""

    def __init__(
        self, store: NodeStore, anchor: AnchorFile, entropy: Callable[[int], bytes], now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._anchor = anchor
        self._entropy = entropy
        self._now_ms = now_ms

    def check(self) -> str:
        """Compare database and anchor at the start; returns the reason of a new incarnation, or ""."""
        verdict = self._anchor.assess(self._store.readers.run(_state), machine=machine_fingerprint())
        if isinstance(verdict, NewIncarnation):
            here = verdict.reason in _SAME_PLACE
            self.renew(verdict.codes_reserved if here else None)
            _log.warning("node.incarnation.opened", reason=verdict.reason)
            return verdict.reason
        return ""

    def renew(self, codes_reserved: dict[str, int] | None = None) -> Incarnation:
        """Open a fresh incarnation now: the lane, then the anchor.

        Where the anchor of this very machine survived (`codes_reserved` given), the daily numbers go on above what it reserved, so a node
        that crashed at an unlucky moment keeps receiving dossiers offline. A clone or a lost anchor waits for a block of its own.
        """
        inc = Incarnation(self._entropy(16))

        def work(connection: apsw.Connection) -> DatabaseState:
            before = own_lane(connection).inc
            open_incarnation(connection, inc, self._now_ms())
            write_number(connection, "reserved_upto", 0)
            if codes_reserved is not None:
                _inherit_numbers(connection, before, inc, codes_reserved)
            return _state(connection)

        self.anchor_to(self._store.writer.run(work), codes_reserved or {})
        return inc

    def anchor_to(self, state: DatabaseState, codes_reserved: dict[str, int] | None = None) -> None:
        """Write the anchor for a lane that was just opened."""
        self._anchor.write(
            Anchor(
                state.database_id,
                state.incarnation,
                state.reserved_upto,
                self._entropy(16).hex(),
                machine_fingerprint(),
                dict(codes_reserved or {}),
            )
        )

    def reserve_code(self, first: int, day: dt.date, used: int) -> None:
        """Put a daily number on the anchor before it is promised to anybody."""
        self._anchor.reserve_codes(str(first), day, used)

    def reserve(self, connection: apsw.Connection, upto: int) -> None:
        """Make sure that own sequences up to `upto` are reserved; inside the transaction that will use them.

        The anchor is on the disk before this returns; a crash before the COMMIT leaves the anchor ahead: a harmless new incarnation.
        """
        reserved = read_number(connection, "reserved_upto")
        while reserved < upto:
            reserved = self._anchor.reserve_range().reserved_upto
            write_number(connection, "reserved_upto", reserved)


def _state(connection: apsw.Connection) -> DatabaseState:
    lane = own_lane(connection)
    identifier = read_state(connection, "database_id") or b""
    return DatabaseState(identifier.hex(), lane.inc.hex(), read_number(connection, "reserved_upto"), lane.head.seq)


def prepare(connection: apsw.Connection, database_id: bytes) -> DatabaseState:
    """First start of a database: give it its id."""
    write_state(connection, "database_id", database_id)
    write_number(connection, "reserved_upto", 0)
    return _state(connection)


def _inherit_numbers(
    connection: apsw.Connection, before: Incarnation, inc: Incarnation, reserved: dict[str, int]
) -> None:
    """Move the blocks of the retired lane to the new one, with at least what the anchor says was used."""
    connection.execute("UPDATE code_block SET inc = ? WHERE inc = ?", (inc, before))
    connection.execute("UPDATE OR REPLACE code_used SET inc = ? WHERE inc = ?", (inc, before))
    for key, used in reserved.items():
        first, _, day = key.partition("|")
        connection.execute(
            "INSERT INTO code_used(inc, first, day, used) VALUES(?,?,?,?)"
            " ON CONFLICT(inc, first, day) DO UPDATE SET used = max(used, excluded.used)",
            (inc, int(first), day, used),
        )
