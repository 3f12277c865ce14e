"""Acts that are the custodian's alone and carry no fence: of an office that never had custody they change nothing and stay a line of the history.

The hub takes no event in which a node speaks for another office (central_hub/ingest/commit.py), but it does not ask whether that office may say it: a
faulty or hostile node of any office could otherwise close the custodian's cases. Which offices had custody is told by reception and grants, so every replica
decides alike, and an office that did it in good faith just before custody went on is heard.

Source: design.md §5 (other offices may add, never decide); domain.md D, "Who may decide".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import ComponentDeclared, Revoked
from sync_protocol.custody import Holders, custodians
from sync_protocol.ids import HUB_NODE, NodeId, OfficeCode


class _OfAnOffice(Protocol):
    @property
    def office(self) -> OfficeCode: ...


B = TypeVar("B", bound=_OfAnOffice)
Offices = frozenset[tuple[NodeId, OfficeCode]]


def offices_of_nodes(acts: Iterable[Act]) -> Offices:
    """(node, office) as the nodes' own acts in one dossier say it. Pure."""
    said = ((act.header.node, _office(act.body)) for act in acts if act.header.node != HUB_NODE)
    return frozenset((node, office) for node, office in said if office)


def of_custodians(said: Sequence[tuple[Act, B]], holders: Holders, acts: Sequence[Act]) -> list[tuple[Act, B]]:
    """Those of `said` whose office has or had custody. A body without an office is its node's, as that node's other acts in `acts` tell it. Pure."""
    if not said:
        return []
    held = custodians(holders)
    offices = offices_of_nodes(acts) if any(not body.office for _, body in said) else frozenset()
    return [
        (act, body)
        for act, body in said
        if (body.office in held if body.office else any((act.header.node, office) in offices for office in held))
    ]


def of_hub_or_custodians(said: Sequence[tuple[Act, B]], holders: Holders, acts: Sequence[Act]) -> list[tuple[Act, B]]:
    """Those of `said` that the hub's people say, or an office that has or had custody (`of_custodians`). Pure; the order stays."""
    own = {act.id for act, _ in of_custodians(said, holders, acts)}
    return [(act, body) for act, body in said if act.header.node == HUB_NODE or act.id in own]


def standing_declarations(
    said: Sequence[tuple[Act, ComponentDeclared]], holders: Holders, acts: Sequence[Act]
) -> list[tuple[Act, ComponentDeclared]]:
    """Those of `said` that count: what custodians declared, and of others what adds a component or says what no custodian has said of it. Pure; the order stays."""
    own = {act.id for act, _ in of_custodians(said, holders, acts)}
    theirs = {body.component_id for act, body in said if act.id in own}
    return [(act, body) for act, body in said if act.id in own or body.component_id not in theirs]


def _office(body: msgspec.Struct | None) -> OfficeCode:
    if isinstance(body, Revoked):
        return body.authority
    said: OfficeCode = getattr(body, "office", OfficeCode(""))
    return said
