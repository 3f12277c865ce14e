"""What officers do with paper: capture a copy, give it its code, judge a suspected duplicate, revoke. The file itself goes into the node's store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import ComponentDeclared, CopyCaptured, DocumentCoded, DuplicateJudged, Revoked
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
    if view.documents and world.chance.random() < 0.1:
        world.counters["revoked_paper"] += 1
        paper = view.documents[0].document_id
        return officers.save(
            node,
            view.rid,
            Revoked(document_id=paper, authority=node.office, reason="x", officer="cb", at_ms=node.clock()),
        )
    return _capture(officers, node, view)


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
