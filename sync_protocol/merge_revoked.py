"""The merge of revocations: a paper that its authority called in stays called in, whatever else is said of it (domain.md D.4).

Two may revoke: the office whose node digitized the paper, always, and the dossier's custodian, under its fence like every move of a custodian
(custody.py). Anybody else's revocation changes nothing and is kept as a proposal, which is settled as those of moves are: by a revocation whose base
names it, or by the custodian's word. Of several that count the first in the agreed order is shown.

Which office a node belongs to is read from what that node wrote in this dossier: the hub takes no event in which a node speaks for another office.

Source: domain.md D.4 (a revocation always wins over later edits), "Who may decide": revocation → issuing authority only; design.md §5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import Revoked
from sync_protocol.cases import Proposal
from sync_protocol.clock import wall_ms
from sync_protocol.custody import Dismissal, Holders, settled, why_not_custodian
from sync_protocol.ids import DocumentId, NodeId, OfficeCode
from sync_protocol.merge_authority import offices_of_nodes
from sync_protocol.view import DocumentView, DossierView, Revocation

REVOKE: Final = "revoke"
"""How a proposal of this kind is called."""
REASON_GONE: Final = "–"
"""The reason of a revocation whose reason was erased by order, or never written."""


def with_revocations(
    papers: Sequence[DocumentView], acts: Sequence[Act], revoked: Sequence[tuple[Act, Revoked]], dismissals: Sequence[Dismissal], fences: Holders
) -> tuple[tuple[DocumentView, ...], list[Proposal]]:
    """The papers with the office that digitized each and what was revoked of them, and the revocations that do not count. Pure; acts in the agreed order."""
    if not papers:
        return (), []
    offices = offices_of_nodes(acts)
    homes = dict(sorted(offices, reverse=True))  # of two offices under one node's name the lesser
    views = {
        one.document_id: msgspec.structs.replace(one, office=homes.get(one.node, OfficeCode(""))) for one in papers
    }
    refused: list[Proposal] = []
    for act, body in revoked:
        paper = views.get(body.document_id)
        if paper is None:
            continue  # its capture has not arrived: what counts is said when it has
        why_not = "" if (paper.node, body.authority) in offices else why_not_custodian(act, body.authority, fences)
        if why_not:
            refused.append(Proposal(act.id, REVOKE, body.authority, body.officer, why_not, wall_ms(act.header.hlc), document_id=body.document_id))
        elif paper.revoked is None:
            views[body.document_id] = msgspec.structs.replace(
                paper, revoked_reason=body.reason.strip() or REASON_GONE,
                revoked=Revocation(body.authority, body.officer, body.at_ms, act.id),
            )  # fmt: skip
    closed: list[Proposal] = []
    for paper_id in dict.fromkeys(one.document_id for one in refused):  # a word about another paper closes nothing
        again = [(act, REVOKE, body.authority, body.officer) for act, body in revoked if body.document_id == paper_id]
        closed += settled([one for one in refused if one.document_id == paper_id], again, dismissals, fences)
    return tuple(views.values()), closed


def may_revoke(view: DossierView, document_id: DocumentId, office: OfficeCode, node: NodeId) -> bool:
    """Whether a revocation by this office, written at this node now, would count."""
    paper = view.document(document_id)
    return paper is not None and (paper.node == node or office in (paper.office, view.custody.office))
