"""Dossier codes at this desk: the next daily number of the incarnation's own block, taken in the transaction that promises it.

A block belongs to one incarnation, so a restored or cloned node can never print a number twice (I9; domain.md B.5, D.10). What a copy of this
node gave out before either knew of the other comes here as news: such a number is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import apsw

from edge_node.intake.errors import NoNumbers, NoNumbersLeft
from edge_node.store.ledger import own_lane
from sync_protocol.adapters.sqlite.rows import as_int, one_int
from sync_protocol.catalogue import Catalogue, in_force
from sync_protocol.codes import compose_dossier_code
from sync_protocol.ids import OfficeCode
from sync_protocol.law_problems import UnknownGrammar
from sync_protocol.search_keys import key_for

Reserve = Callable[[int, dt.date, int], None]


def next_code(
    connection: apsw.Connection, catalogue: Catalogue, office: OfficeCode, day: dt.date, reserve: Reserve
) -> str:
    """Take the next number of the day and write the code. `day` is the Vietnam date of receipt.

    `reserve` puts (block, day, how many used) on the anchor first, so that not even a restored database gives a number twice.

    Raises:
        NoNumbers: the hub has granted no block to this incarnation yet.
        NoNumbersLeft: the block's numbers of that day are used up.
    """
    lane = own_lane(connection)
    blocks = connection.execute(
        "SELECT first, last FROM code_block WHERE inc = ? AND office = ? ORDER BY first", (lane.inc, office)
    ).fetchall()
    if not blocks:
        raise NoNumbers()
    key = day.isoformat()
    for first, last in [(as_int(first), as_int(last)) for first, last in blocks]:
        row = connection.execute(
            "SELECT used FROM code_used WHERE inc = ? AND first = ? AND day = ?", (lane.inc, first, key)
        ).fetchone()
        for used in range(one_int(row), last - first + 1):
            code = _compose(catalogue, office, day, first + used)
            if _is_known(connection, code):
                continue
            reserve(first, day, used + 1)
            connection.execute(
                "INSERT OR REPLACE INTO code_used(inc, first, day, used) VALUES(?,?,?,?)",
                (lane.inc, first, key, used + 1),
            )
            return code
    raise NoNumbersLeft(day=f"{day:%d/%m/%Y}")


def _is_known(connection: apsw.Connection, code: str) -> bool:
    return connection.execute("SELECT 1 FROM search_key WHERE key = ?", (key_for("code", code),)).fetchone() is not None


def _compose(catalogue: Catalogue, office: OfficeCode, day: dt.date, number: int) -> str:
    unit = catalogue.unit(office, day)
    spoken = unit.identifier if unit is not None and unit.identifier else office
    problem: Exception | None = None
    for grammar in in_force(catalogue.grammars, day):
        if grammar.template:
            for name in (spoken, office):
                try:
                    return compose_dossier_code(grammar, name, day, number)
                except UnknownGrammar as error:
                    problem = error
    raise problem or UnknownGrammar(day=f"{day:%d/%m/%Y}", what="no composing grammar in force")
