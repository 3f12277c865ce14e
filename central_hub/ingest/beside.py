"""Pushes beside each other: a batch that stays within its office shares the order of all that is written with other offices' batches.

Where the engine lets several write at once (PostgreSQL), a batch first tries it so: in the shared order, holding its office's order, it writes
everything that is the office's own: lanes, events, dossiers, keys, scope, feed. Then, one transaction after another (`settle`), it is looked for
what the new dossiers share with others', and committed. Whoever comes later sees all that was committed before, so of two that meet one finds the
other. What leaves the office (somebody else is entitled to a dossier, a suspicion, a dossier that two open at once), and whatever fails but for the
database itself, is undone and done again alone in the order, which alone decides, refuses and writes what concerns others.

Invariant: a shared transaction writes no row that another office's could write, but for a dossier that both take for new; those wait for each other at
its row and one of them is refused. Decision 0011 has the whole argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, cast

import apsw
import msgspec

from central_hub.ingest.asker import Asker, same_asker
from central_hub.ingest.commit import Committed, Stored, committed, store_batch
from central_hub.ingest.duplicates import suspect
from central_hub.ingest.leaving import WISH
from central_hub.ingest.pairs import untold
from sync_protocol.adapters.folded import Folded
from sync_protocol.adapters.sqlite import Turn, Writer
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.storage_errors import StatementRejected, StorageBusy, StorageProblem
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, OfficeCode, RecordId
from sync_protocol.receiver import Forked, Gap

TRIES = 3  # where another worker holds the office and this one a second office; then alone


class SharedOrder(Protocol):
    """What a connection knows that shares the order (`PostgresConnection`)."""

    def hold_office(self, office: str) -> bool:
        """Stand in an office's order; False where another does and this one holds an office already."""

    def hold_keys(self) -> None:
        """From here to the COMMIT nobody else looks for what it shares with others."""


class NotBeside(Exception):
    """This batch cannot be committed beside others."""


class OfficeHeld(NotBeside):
    """The office is held elsewhere, and this transaction holds another one: to wait could be for ever."""


class Beside(msgspec.Struct, frozen=True):
    """What a batch wrote in its transaction, for who ends it. `changed` are its dossiers, `fresh` those of which it knew nothing before."""

    asker: Asker
    outcome: Committed | Gap | Forked
    changed: tuple[Folded, ...] = ()
    fresh: frozenset[RecordId] = frozenset()


async def commit_beside(
    pushes: Writer, known: Asker, events: Sequence[Event], ahead: Mapping[RecordId, Folded], behind: Sequence[EventId], now_ms: int, turn: Turn
) -> tuple[Asker, Committed | Gap | Forked] | None:
    """Commit beside others, and say who pushed at that moment; None where it must be done alone.

    Raises:
        StorageProblem: the database is away, or full.
    """
    store = partial(_store, known=known, events=events, ahead=ahead, behind=behind, now_ms=now_ms)
    for _ in range(TRIES):
        try:
            done = await pushes.run_async(store, turn=turn)
        except OfficeHeld:
            continue
        except NotBeside:
            return None
        except Problem as problem:  # a refusal is said where nobody else writes
            if isinstance(problem, StorageProblem) and not isinstance(problem, StatementRejected | StorageBusy):
                raise
            return None
        return done.asker, done.outcome
    return None


def _store(
    connection: apsw.Connection, known: Asker, events: Sequence[Event], ahead: Mapping[RecordId, Folded], behind: Sequence[EventId], now_ms: int
) -> Beside:
    """Everything of a batch that is its office's own.

    Raises:
        NotBeside: it is more than that.
    """
    if any(event.header.type == WISH for event in events):  # the hub's own lane answers it
        raise NotBeside
    if not cast(SharedOrder, connection).hold_office(known.office):
        raise OfficeHeld
    now = same_asker(connection, known)
    stored = store_batch(connection, now.node, now.office, events, now_ms, ahead, behind, partial(_admit, connection, now.office))
    if not isinstance(stored, Stored):
        return Beside(now, stored)
    if any(one.is_erased for one in stored.changed) or stored.news - {now.office}:  # its files may be others', too; who had left is told again
        raise NotBeside
    return Beside(now, committed(connection, stored, stored.news), stored.changed, stored.fresh)


def _admit(connection: apsw.Connection, office: OfficeCode, held: Collection[RecordId]) -> None:
    """Of dossiers of which something is held only their own office may be entitled to them: to enter one that is held one stands alone in the order."""
    entitled: dict[bytes, set[str]] = {rid: set() for rid in held}
    for rid, other in select_in(connection, "SELECT rid, office FROM scope WHERE rid IN (?)", held):
        entitled[as_bytes(rid)].add(str(other))
    if any(offices != {office} for offices in entitled.values()):
        raise NotBeside


def settle(connection: apsw.Connection, done: Sequence[Any]) -> None:
    """The end of a shared transaction: one at a time from here to the COMMIT, everything that was committed before is seen.

    Raises:
        NotBeside: something is shared with somebody.
    """
    stored: list[Beside] = [one for one in done if one.changed or one.fresh]
    if not stored:
        return
    cast(SharedOrder, connection).hold_keys()
    newest = {made.rid: made for one in stored for made in one.changed}
    if untold(connection, newest.values()) or suspect(connection, newest.values()):
        raise NotBeside
    # two who open one dossier meet at its row; where there is no such row (a visit), here
    bare = {rid for one in stored for rid in one.fresh} - newest.keys()
    if any(True for _ in select_in(connection, "SELECT rid FROM scope WHERE rid IN (?) GROUP BY rid HAVING count(*) > 1", bare)):
        raise NotBeside
