"""Officers answer moves without effect, end dossiers and take that back, bring supplements late, and take components back."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sync_protocol.acts import act_id, acts_of
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import (
    ComponentDeclared,
    ComponentWithdrawn,
    DecisionMade,
    DecisionReopened,
    ProposalDismissed,
    StatusMoved,
    decode_body,
)
from sync_protocol.envelope import Event
from sync_protocol.ids import ActId, ComponentId, EventId
from sync_protocol.lifecycle import DossierMove, DossierState, moves_from
from sync_protocol.merge_late import seen_at_the_end
from sync_protocol.view import DossierView
from tests.simulation.node import SimNode
from tests.simulation.officers import Officers

NEWER = frozenset({"proposal.dismissed", "decision.reopened", "source.revoked", "reuse.kept"})
"""Words that the program of the day before did not know."""


def work(officers: Officers, node: SimNode) -> Sequence[Event]:
    """One such act at one desk, if there is anything to do."""
    chance, counters = officers.world.answers, officers.world.counters
    views = node.store.readers.run(lambda c: projection.newest(c, 30))
    if not views:
        return ()
    counters["answers"] += 1
    waiting = [one for one in views if one.open_proposals and one.custody.office == node.office]
    view = chance.choice(waiting if waiting and chance.random() < 0.5 else views)
    if view.custody.office != node.office or chance.random() < 0.2:
        counters["supplemented"] += 1
        body = ComponentDeclared(
            component_id=ComponentId(bytes([chance.randrange(3)]) * 16), document_type="GKS", name="Giấy", decision="digitize", is_supplement=True,
            office=node.office,
        )  # fmt: skip
        return officers.save(node, view.rid, body)
    if view.components and chance.random() < 0.1:
        counters["taken_back"] += 1
        part = chance.choice(view.components)
        return officers.save(node, view.rid, ComponentWithdrawn(component_id=part.component_id, reason="nhầm", officer="cb", office=node.office))
    if view.open_proposals and not node.store.hides & NEWER:
        return _answer(officers, node, view)
    return _end_or_reopen(officers, node, view)


def _answer(officers: Officers, node: SimNode, view: DossierView) -> Sequence[Event]:
    chance, counters = officers.world.answers, officers.world.counters
    one = chance.choice(view.open_proposals)
    made = next((body for body in _bodies(node, view, one.act) if isinstance(body, StatusMoved)), None)
    if made is not None and chance.random() < 0.5:
        counters["accepted"] += 1
        again = msgspec.structs.replace(made, office=node.office)
        return officers.save(node, view.rid, again, (one.act,), view.custody.fence)
    if one.is_supplement and chance.random() < 0.5:
        return _reopen(officers, node, view, (one.act,))
    counters["dismissed"] += 1
    body = ProposalDismissed(act=one.act, office=node.office, officer="cb", reason=f"x{chance.randrange(9)}", at_ms=1)
    return officers.save(node, view.rid, body, (one.act,), view.custody.fence)


def _end_or_reopen(officers: Officers, node: SimNode, view: DossierView) -> Sequence[Event]:
    allowed = moves_from(DossierState(view.state))
    if DossierMove.REOPEN in allowed and not node.store.hides & NEWER and officers.world.answers.random() < 0.4:
        return _reopen(officers, node, view, ())
    if DossierMove.DECIDE not in allowed:
        return ()
    seen = node.store.readers.run(lambda c: seen_at_the_end(acts_of(event_log.events_of(c, view.rid))))
    officers.world.counters["decided"] += 1
    body = DecisionMade(outcome="granted", office=node.office, officer="cb", decided_ms=officers.world.now)
    return officers.save(node, view.rid, body, seen, view.custody.fence)


def _reopen(officers: Officers, node: SimNode, view: DossierView, base: tuple[ActId, ...]) -> Sequence[Event]:
    officers.world.counters["reopened"] += 1
    body = DecisionReopened(office=node.office, officer="cb", reason="sai", at_ms=1)
    return officers.save(node, view.rid, body, base, view.custody.fence)


def _bodies(node: SimNode, view: DossierView, act: ActId) -> list[msgspec.Struct | None]:
    events = node.store.readers.run(lambda c: event_log.events_of(c, view.rid))
    return [decode_body(one) for one in events if EventId(act_id(one.header)) == act]
