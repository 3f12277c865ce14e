"""A new code for the later of two dossiers that bear one: the only case in which a printed code is replaced (domain.md D.10).

Only the office that received the dossier gives it, from its own numbers of the day of receipt. The former code stays an alias, so both dossiers
are found under it; the same transaction says that the two are not one, which closes the case everywhere. The receipt is printed again by hand.
"""

from __future__ import annotations

import datetime as dt

import apsw

from edge_node.desk import Desk
from edge_node.intake.numbers import next_code
from edge_node.intake.service import dossier
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.settling import judgements, open_pair
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import DossierRecoded
from sync_protocol.calendar import vietnam_date
from sync_protocol.cases import Suspicion
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.merge_pairs import PairKey
from sync_protocol.view import DossierView


def may_give(office: OfficeCode, view: DossierView, pair: Suspicion) -> bool:
    """Whether this office is to give the dossier a new code because of this pair: it is the later one, and its own."""
    return pair.kind == "code" and not pair.judged and pair.lead not in (None, view.rid) and view.office == office and bool(view.code)


def give_new_code(desk: Desk, officer: str, rid: RecordId, pair: PairKey, *, reason: str) -> str:
    """Give the dossier a code of its own and close the pair; returns the code. Durable when this returns.

    Raises:
        NothingToSettle: it is settled, or another office's, or this dossier keeps its code. WhyMissing, NoNumbers, NoNumbersLeft.
    """
    desk.officers.get(officer, "resolving")
    open_pair(dossier(desk, rid), pair)
    if not reason.strip():
        raise WhyMissing()

    def decide(connection: apsw.Connection) -> tuple[list[Draft], str]:
        view = projection.view_of(connection, rid)  # as it stands now: two may press at once
        found = open_pair(view, pair) if view is not None else None
        if view is None or found is None or not may_give(desk.office, view, found):
            raise NothingToSettle()
        day = vietnam_date(dt.datetime.fromtimestamp(view.received_ms / 1000, dt.UTC))
        code = next_code(connection, desk.catalogue, desk.office, day, desk.reserve_code)
        body = DossierRecoded(
            former=view.code, code=code, office=desk.office, officer=officer, reason=reason.strip(), at_ms=desk.now_ms()
        )  # fmt: skip
        said = judgements(connection, desk.office, officer, rid, found, same=False, reason=reason)
        return [Draft(rid, body), *said], code

    return desk.ledger.act(Act(officer, "resolving", "new_code"), decide)[1]
