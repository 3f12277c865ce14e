"""Look-up: find (minimal answer), open (the dossier enters the office's scope), take custody (the fence moves).

No answer without a dossier and a reason; no wildcard, no listing; the audit row is in the transaction of the answer (E.2).
"""

from __future__ import annotations

import apsw

from central_hub.ingest.commit import place_hub_events
from central_hub.ingest.errors import PurposeMissing, UnknownRecord
from central_hub.ingest.feed import enter_scope, feed_head
from central_hub.ingest.nodes import NodeRow
from central_hub.lookup import audit
from central_hub.lookup.errors import PostalMayNotLook
from central_hub.lookup.rate import require_pace
from central_hub.lookup.sensitive import require_open, withheld_types
from central_hub.numbers.aliases import numbers_now
from sync_protocol.adapters import projection
from sync_protocol.bodies import CustodyGranted
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import (
    CustodyTaken,
    Find,
    FindReply,
    Found,
    FoundDocument,
    Opened,
    OpenRecord,
    Purpose,
    TakeCustody,
)
from sync_protocol.search_keys import key_for
from sync_protocol.view import DocumentView, DossierView


def find(connection: apsw.Connection, node: NodeRow, ask: Find, now_ms: int, law: Catalogue | None = None) -> FindReply:
    """First step: what exists under an exact key; of sensitive papers only how many are withheld (`law` says which types are)."""
    check_purpose(node, ask.purpose)
    require_pace(connection, node.node, ask.purpose.officer, now_ms)
    keys = numbers_now(connection, ask.value) if ask.key == "personal_id" else (ask.value,)
    found = [view for one in keys for view in projection.find(connection, key_for(ask.key, one, ask.birth_date))]
    views = list({view.rid: view for view in found}.values())  # under its number of today and under a former one
    shown: list[RecordId | None] = [view.rid for view in views]
    for rid in shown or [None]:  # one row for each dossier shown: the person may ask who looked
        audit.record(
            connection, at_ms=now_ms, node=node.node, office=node.office, purpose=ask.purpose, what=f"find:{ask.key}", rid=rid,
            outcome=f"{len(views)} found",
        )  # fmt: skip
    return FindReply(
        tuple(_minimal(view, withheld_types(connection, law, view, node.office, ask.purpose)) for view in views), now_ms
    )


def open_record(
    connection: apsw.Connection, node: NodeRow, ask: OpenRecord, now_ms: int, law: Catalogue | None = None
) -> Opened:
    """Second step: the dossier's events and files become readable to this office. Raises UnknownRecord, SensitiveWithheld."""
    check_purpose(node, ask.purpose)
    require_pace(connection, node.node, ask.purpose.officer, now_ms)
    view = projection.view_of(connection, ask.rid)
    if view is None:
        raise UnknownRecord()
    require_open(connection, law, view, node.office, ask.purpose)
    enter_scope(connection, ask.rid, node.office, now_ms, "lookup")
    audit.record(
        connection, at_ms=now_ms, node=node.node, office=node.office, purpose=ask.purpose, what="open", rid=ask.rid,
        outcome="opened",
    )  # fmt: skip
    return Opened(ask.rid, feed_head(connection, node.office))


def take_custody(
    connection: apsw.Connection, node: NodeRow, ask: TakeCustody, epoch: HubEpoch, now_ms: int
) -> tuple[CustodyTaken, set[OfficeCode]]:
    """Move the fence to the asking office; returns the answer and the offices with news. Repeating it changes nothing."""
    check_purpose(node, ask.purpose)
    view = projection.view_of(connection, ask.rid)
    if view is None or not view.is_whole:
        raise UnknownRecord()
    enter_scope(connection, ask.rid, node.office, now_ms, "custody")
    news: set[OfficeCode] = set()
    fence = view.custody.fence
    if view.custody.office != node.office:
        fence += 1
        news = grant_custody(
            connection,
            view,
            node.office,
            reason=ask.purpose.reason,
            officer=ask.purpose.officer,
            epoch=epoch,
            now_ms=now_ms,
        )
        audit.record(
            connection, at_ms=now_ms, node=node.node, office=node.office, purpose=ask.purpose, what="custody", rid=ask.rid,
            outcome=f"fence {fence}",
        )  # fmt: skip
    return CustodyTaken(ask.rid, fence, feed_head(connection, node.office)), news


def grant_custody(
    connection: apsw.Connection,
    view: DossierView,
    office: OfficeCode,
    *,
    reason: str,
    officer: str,
    epoch: HubEpoch,
    now_ms: int,
) -> set[OfficeCode]:
    """Move a dossier's fence to an office that has entered its scope; returns the offices with news. The caller audits.

    Nothing printed changes: the dossier keeps its code and the office that issued the receipt.
    """
    grant = CustodyGranted(
        office=office, fence=view.custody.fence + 1, previous_office=view.custody.office, reason=reason, officer=officer,
        until=_heads_of(connection, view.custody.office),
    )  # fmt: skip
    return place_hub_events(connection, epoch, [(view.rid, grant)], now_ms, officer)


def check_purpose(node: NodeRow, purpose: Purpose) -> None:
    """Let nobody look without a dossier and a reason, and no postal agent at all. Raises PurposeMissing (HUB-006), PostalMayNotLook."""
    if purpose.role == "postal":
        raise PostalMayNotLook(node=node.node)
    if not purpose.dossier.strip() or not purpose.reason.strip() or not purpose.officer.strip():
        raise PurposeMissing(node=node.node)


def _heads_of(connection: apsw.Connection, office: OfficeCode) -> tuple[tuple[NodeId, bytes, int], ...]:
    rows = connection.execute(
        "SELECT l.node, l.inc, l.head_seq FROM lane l JOIN node n ON n.node = l.node WHERE n.office = ? ORDER BY l.node, l.inc",
        (office,),
    )
    return tuple((NodeId(node), Incarnation(bytes(inc)), int(seq)) for node, inc, seq in rows)


def _minimal(view: DossierView, withheld: frozenset[str]) -> Found:
    papers = [one for one in view.documents if one.codes and view.stands(one)]
    told = tuple(_paper(one) for one in papers if one.document_type not in withheld)
    return Found(
        view.rid,
        view.reference,
        view.office,
        view.custody.office,
        view.state,
        view.procedure,
        told,
        len(papers) - len(told),
    )


def _paper(one: DocumentView) -> FoundDocument:
    return FoundDocument(
        one.document_id, one.document_type, one.codes[-1], one.number_symbol, one.value("issue_date"),
        one.value("issuing_body"), one.value("valid_until"), bool(one.agency_form), one.is_superseded,
    )  # fmt: skip
