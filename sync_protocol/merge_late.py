"""Supplements that came after the end: an addition changes no state by itself, so it proposes that the authority reopen the dossier (D.6).

Whoever ends a dossier names in the base of the word what he had seen: its opening, and each supplement. A supplement is late where it was not seen: received
before the end on a cut line, or after it; scanned later, what was seen is not late. The authority reopens, or confirms what it decided; both are the words that close any proposal (custody.py).
Of an end that an older program wrote (its base is empty) only what was received later is late.

Source: domain.md D.6; NĐ 61/2018 Điều 19.4 (the limit counts from when the supplement was received at the counter), Điều 21.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sync_protocol.acts import Act
from sync_protocol.bodies import ComponentDeclared, CopyCaptured
from sync_protocol.cases import Proposal
from sync_protocol.clock import wall_ms
from sync_protocol.custody import End
from sync_protocol.ids import ActId, ComponentId, OfficeCode
from sync_protocol.lifecycle import DossierMove
from sync_protocol.limits import EVENT_BASE_MAX

Declared = Sequence[tuple[Act, ComponentDeclared]]
Captured = Sequence[tuple[Act, CopyCaptured]]


def late_supplements(end: End | None, declared: Declared, captured: Captured, withdrawn: frozenset[ComponentId]) -> list[Proposal]:
    """One proposal for each component of which whoever ended the dossier knew nothing; the last act about it stands for it. Pure."""
    if end is None:
        return []
    seen, ended = set(end.act.header.base), end.act.header
    found = []
    for acts in _supplements(declared, captured, withdrawn).values():
        earlier = [one for one, _, _ in acts if one.header.hlc <= ended.hlc]
        is_known = any(one.id in seen for one, _, _ in acts) or any(not seen or one.header.node == ended.node for one in earlier)
        if not is_known:
            act, office, officer = acts[-1]
            reason = "supplement_after" if act.header.hlc > ended.hlc else "supplement_before"
            found.append(Proposal(act.id, DossierMove.REOPEN.value, office, officer, reason, wall_ms(act.header.hlc)))
    return found


def seen_at_the_end(acts: Sequence[Act]) -> tuple[ActId, ...]:
    """What the base of the word names that ends a dossier of which these acts, in the agreed order, are known; the newest where there are too many. Pure."""
    declared = [(act, act.body) for act in acts if isinstance(act.body, ComponentDeclared)]
    captured = [(act, act.body) for act in acts if isinstance(act.body, CopyCaptured)]
    supplements = [act.id for part in _supplements(declared, captured, frozenset()).values() for act, _, _ in part]
    return (*(act.id for act in acts[:1]), *supplements[-(EVENT_BASE_MAX - 12) :])


def _supplements(
    declared: Declared, captured: Captured, withdrawn: frozenset[ComponentId]
) -> dict[ComponentId, list[tuple[Act, OfficeCode, str]]]:
    """The acts of each supplement that stands, in the agreed order, with office and officer as far as they say."""
    parts = {body.component_id for _, body in declared if body.is_supplement} - withdrawn
    office_of: dict[ComponentId, OfficeCode] = {}
    found: defaultdict[ComponentId, list[tuple[Act, OfficeCode, str]]] = defaultdict(list)
    for act, body in _in_order(declared, captured):
        if body.component_id in parts:
            office = body.office if isinstance(body, ComponentDeclared) else office_of.get(body.component_id, OfficeCode(""))
            office_of[body.component_id] = office
            found[body.component_id].append((act, office, act.header.actor))
    return found


def _in_order(declared: Declared, captured: Captured) -> Iterator[tuple[Act, ComponentDeclared | CopyCaptured]]:
    both: list[tuple[Act, ComponentDeclared | CopyCaptured]] = [*declared, *captured]
    yield from sorted(both, key=lambda one: (one[0].header.hlc, one[0].header.node, one[0].id))
