"""What officers do with paper: capture a copy, give it its code, judge a suspected duplicate, revoke, reuse and keep. The file itself goes into the node's store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import (
    ComponentDeclared,
    ComponentWithdrawn,
    CopyCaptured,
    DocumentCoded,
    DuplicateJudged,
    ReuseKept,
    ReuseSource,
    Revoked,
)
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.view import DossierView

if TYPE_CHECKING:
    from tests.simulation.node import SimNode
    from tests.simulation.officers import Officers

TYPE = "CCCD"


def work(officers: Officers, node: SimNode) -> Sequence[Event] | None:
    """One thing about a paper; None where there is nothing to do."""
    world = officers.world
    views = [one for one in node.store.readers.run(lambda c: projection.newest(c, 12)) if one.is_whole]
    if not views:
        return None
    undecided = next((one for one in views if one.open_reuses and one.custody.office == node.office), None)
    if undecided is not None and world.weather.has("papers"):
        return _decide(officers, node, undecided)
    view = world.chance.choice(views)
    if world.weather.has("judged") and (open_ones := [one for one in view.suspicions if not one.judged]):
        one = open_ones[0]
        world.counters["judged"] += 1
        same = world.chance.random() < 0.5
        body = DuplicateJudged(
            other_rid=one.other_rid, same=same, reason="x", officer="cb", document_id=one.document_id,
            other_document_id=one.other_document_id, kind=one.kind, office=node.office,
        )  # fmt: skip
        return officers.save(node, view.rid, body, tuple(said.act for said in one.heads))
    if not world.weather.has("papers") or view.office != node.office:
        return None
    if view.documents and (world.chance.random() < 0.1 or _is_called_in(view, views)):
        world.counters["revoked_paper"] += 1
        paper = view.documents[0].document_id
        return officers.save(
            node,
            view.rid,
            Revoked(document_id=paper, authority=node.office, reason="x", officer="cb", at_ms=node.clock()),
        )
    source = next((one for one in views if one.rid != view.rid and one.documents and one.documents[0].codes), None)
    # no draw of chance: worlds that are known by their seed stay what they are
    if source is not None and view.rid[-1] % 3 == 0 and all(one.source is None for one in view.components):
        return _reuse(officers, node, view, source)
    return _capture(officers, node, view)


def _is_called_in(view: DossierView, held: Sequence[DossierView]) -> bool:
    """Whether the first paper of every other dossier is revoked because somebody here reuses it."""
    is_reused = any(one.source is not None and one.source.rid == view.rid for other in held for one in other.components)
    return is_reused and view.rid[-2] % 2 == 0 and view.documents[0].revoked is None


def _reuse(officers: Officers, node: SimNode, view: DossierView, source: DossierView) -> Sequence[Event]:
    """A component filled with a paper of another dossier that is held here, revoked or not: the desk may not know yet."""
    officers.world.counters["reused"] += 1
    paper = source.documents[0]
    body = ComponentDeclared(
        component_id=ComponentId(hashlib.sha256(view.rid + paper.document_id).digest()[:16]), document_type=TYPE, name="CCCD", decision="reused",
        office=node.office, source=ReuseSource(source.rid, paper.document_id, paper.codes[-1]),
    )  # fmt: skip
    return officers.save(node, view.rid, body)


def _decide(officers: Officers, node: SimNode, view: DossierView) -> Sequence[Event]:
    """Keep a reuse whose paper was revoked, or take it out."""
    officers.world.counters["reuse_decided"] += 1
    case = view.open_reuses[0]
    if case.id[0] % 2:
        return officers.save(node, view.rid, ComponentWithdrawn(component_id=case.component_id, reason="x", officer="cb", office=node.office))
    body = ReuseKept(case=case.id, component_id=case.component_id, reason="x", officer="cb", office=node.office, at_ms=node.clock())
    return officers.save(node, view.rid, body)


def _capture(officers: Officers, node: SimNode, view: DossierView) -> Sequence[Event]:
    """One component, its file and its code, in one act, as the desk does at the end of a capture."""
    world = officers.world
    content = world.paper.choice((b"one and the same paper", world.paper.randbytes(world.paper.randrange(1, 3_000))))
    size = world.paper.random()
    if size < 0.05:
        content = world.paper.randbytes(300_000)  # more than one chunk
    node.files.put(content)
    component, paper = ComponentId(world.paper.randbytes(16)), DocumentId(world.paper.randbytes(16))
    digest = BlobDigest(hashlib.sha256(content).digest())
    owner = view.applicant.personal_id if view.applicant else ""
    bodies = (
        ComponentDeclared(component_id=component, document_type=TYPE, name="CCCD", decision="digitize", office=node.office),
        CopyCaptured(
            component_id=component, document_id=paper, pdf=digest, pdf_size=len(content), pages=1, images=1, officer="cb", signer_name="CB",
            captured_ms=node.clock(),
        ),
        DocumentCoded(document_id=paper, owner=owner, procedure=view.procedure, document_type=TYPE, number_symbol="", code=f"{owner}.{TYPE}"),
    )  # fmt: skip
    world.counters["captured"] += 1
    return node.ledger.save(Act("cb", "intake", "capture"), [Draft(view.rid, body) for body in bodies])
