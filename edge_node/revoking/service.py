"""Revoking a paper as its authority: an event of this desk's own lane, saved without a line, which no later edit undoes.

The same transaction tells the open dossiers in this office's own hands that reuse the paper; all others are told by the hub
(central_hub/ingest/revoked_papers.py). Who may is decided again by every replica (sync_protocol/merge_revoked.py).

Source: domain.md D.4; NĐ 30/2020 Phụ lục VI (recall: the copy is frozen, the data about the recall are kept); NĐ 61/2018 Điều 21.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.people.officers import Role
from edge_node.review.service import document_of
from edge_node.revoking.errors import NotItsAuthority, RevokedAlready, WhyAndSure
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import Revoked
from sync_protocol.ids import DocumentId, EventId, RecordId
from sync_protocol.merge_reuse import untold
from sync_protocol.merge_revoked import REVOKE, may_revoke
from sync_protocol.search_keys import REUSES, paper_in
from sync_protocol.view import DossierView

REUSES_MAX: Final = 10_000
REVOKERS: Final[tuple[Role, ...]] = ("leader", "resolving")


def revoke(desk: Desk, officer: str, rid: RecordId, paper: DocumentId, *, reason: str, sure: bool) -> None:
    """Call a paper in, and with it whatever others proposed to. Durable when this returns; said once, whoever presses again.

    Raises:
        RevokedAlready: it changes nothing; NotItsAuthority; WhyAndSure; UnknownDossier, UnknownDocument; a Problem of officer or store.
    """
    role = desk.officers.acting(officer, REVOKERS)

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        document = document_of(view, paper)
        if document.revoked is not None:
            raise RevokedAlready(office=document.revoked.office)
        if not may_revoke(view, paper, desk.office, desk.node):
            raise NotItsAuthority(office=document.office or view.custody.office)
        if not reason.strip() or not sure:
            raise WhyAndSure()
        body = Revoked(document_id=paper, authority=desk.office, reason=reason.strip(), officer=officer, at_ms=desk.now_ms())
        fence = view.custody.fence if view.custody.office == desk.office else None
        told = [Draft(one.rid, said) for one in reusing(connection, rid, paper) if one.custody.office == desk.office
                for said in untold(one, rid, [body], desk.office)]  # fmt: skip
        proposed = tuple(EventId(one.act) for one in view.open_proposals if one.move == REVOKE and one.document_id == paper)
        return [Draft(rid, body, base=proposed, fence=fence), *told], None

    desk.ledger.act(Act(officer, role, "revoke"), decide)


def reusing(connection: apsw.Connection, source: RecordId, paper: DocumentId) -> Iterator[DossierView]:
    """The dossiers held here that reuse a paper of the dossier `source`, the newest first."""
    for view in projection.find(connection, paper_in(REUSES, paper), REUSES_MAX):
        if any(one.source is not None and (one.source.rid, one.source.document_id) == (source, paper) for one in view.components):
            yield view


def revokable(desk: Desk, view: DossierView) -> frozenset[DocumentId]:
    """The papers of a dossier that this office may revoke and nobody has."""
    return frozenset(
        one.document_id for one in view.documents if one.revoked is None and may_revoke(view, one.document_id, desk.office, desk.node)
    )
