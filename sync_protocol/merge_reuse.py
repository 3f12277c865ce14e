"""The merge of reuses whose paper was revoked: one case per component and revocation, open until a resolving officer decides (domain.md D.4).

A dossier names the paper that it reuses and does not hold the other dossier, so it is told of a revocation by an event of its own (SourceRevoked).
The case's id follows from the two dossiers, the component and the revocation, so it is one on every replica whoever told it, and told again
it is the same. It closes when the officer keeps the reuse with a reason (ReuseKept), when the component is withdrawn, or when it is filled otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import ReuseKept, ReuseSource, Revoked, SourceRevoked
from sync_protocol.cases import RevokedReuse
from sync_protocol.clock import wall_ms
from sync_protocol.custody import Holders, custodians
from sync_protocol.ids import HUB_NODE, DocumentId, OfficeCode, RecordId
from sync_protocol.lifecycle import OVER
from sync_protocol.merge_revoked import REASON_GONE
from sync_protocol.view import ComponentView, DossierView

_DOMAIN = b"lienthong/reuse/1\0"


def fold_reuses(
    rid: RecordId,
    components: Iterable[ComponentView],
    told: Sequence[tuple[Act, SourceRevoked]],
    kept: Sequence[tuple[Act, ReuseKept]],
    holders: Holders,
) -> tuple[RevokedReuse, ...]:
    """The cases of one dossier, sorted by id; `kept` are words of custodians. Pure; acts in the agreed order."""
    own = custodians(holders)
    found: dict[bytes, RevokedReuse] = {}
    for act, body in told:
        if act.header.node != HUB_NODE and (body.office != body.authority or body.office not in own):
            continue  # an office tells of its own revocations only, in dossiers in its own hands; of all else the hub, which has both
        for one in components:
            if one.source is None or not _is_of(one, body.source, body.document_id):
                continue
            case = _case_id(rid, one, body)
            found.setdefault(case, RevokedReuse(
                case, one.component_id, one.source, body.authority, body.officer, body.reason or REASON_GONE, body.at_ms, wall_ms(act.header.hlc)
            ))  # fmt: skip
    for _, word in kept:
        case_held = found.get(word.case)
        if case_held is not None and case_held.is_open:
            found[word.case] = msgspec.structs.replace(
                case_held, kept_office=word.office, kept_by=word.officer, kept_reason=word.reason or REASON_GONE, kept_ms=word.at_ms
            )
    return tuple(found[one] for one in sorted(found))


def with_sources(components: Iterable[ComponentView], reuses: Iterable[RevokedReuse]) -> tuple[ComponentView, ...]:
    """The components, those whose paper is called in and undecided as revoked. Pure."""
    waiting = {one.component_id for one in reuses if one.is_open}
    return tuple(msgspec.structs.replace(one, state="revoked") if one.component_id in waiting else one for one in components)


def untold(view: DossierView, source: RecordId, revoked: Iterable[Revoked], office: OfficeCode) -> Iterator[SourceRevoked]:
    """What is yet to be said in a dossier that is not over, of revocations in the dossier `source`; `office` says it, "" is the hub. Pure."""
    if view.state in OVER:
        return
    for body in revoked:
        using = {one.component_id for one in view.components if _is_of(one, source, body.document_id)}
        known = {one.component_id for one in view.reuses if (one.office, one.at_ms) == (body.authority, body.at_ms)}
        if using - known:
            yield SourceRevoked(
                source=source, document_id=body.document_id, authority=body.authority, officer=body.officer, reason=body.reason,
                at_ms=body.at_ms, office=office,
            )  # fmt: skip


def revocations_of(view: DossierView) -> Iterator[Revoked]:
    """What stands revoked in a dossier, as it was said there."""
    for paper in view.documents:
        if paper.revoked is not None:
            yield Revoked(
                document_id=paper.document_id, authority=paper.revoked.office, reason=paper.revoked_reason, officer=paper.revoked.officer,
                at_ms=paper.revoked.at_ms,
            )  # fmt: skip


def _is_of(component: ComponentView, source: RecordId, document_id: DocumentId) -> bool:
    held: ReuseSource | None = component.source
    return held is not None and (held.rid, held.document_id) == (source, document_id) and not component.withdrawn_reason


def _case_id(rid: RecordId, component: ComponentView, body: SourceRevoked) -> bytes:
    parts = (rid, component.component_id, body.source, body.document_id, body.authority.encode(), str(body.at_ms).encode())
    return hashlib.sha256(_DOMAIN + b"\0".join(parts)).digest()
