"""Reuse before ask: what of the needed papers is already on file. Offline the answer is local, and says so (R-6, R-10).

The search goes by owner and document type, never by the full code: the same paper has another code in another procedure (A.6 rule 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.bodies import ComponentDeclared, Party, PlannedComponent, ReuseSource
from sync_protocol.ids import DocumentId, OfficeCode, RecordId
from sync_protocol.search_keys import key_for
from sync_protocol.view import ComponentView, DocumentView, DossierView

ReuseCheck = Literal["local_only", "full"]
"""Whether every source was asked, or this machine alone and the rest is asked when there is a line (R-10)."""


class Reusable(msgspec.Struct, frozen=True):
    """A paper on file that need not be asked for again."""

    rid: RecordId
    document_id: DocumentId
    document_type: str
    code: str
    dossier_code: str
    number_symbol: str
    issue_date: str
    issuing_body: str
    has_legal_value: bool
    office: OfficeCode = OfficeCode("")  # that holds it; "" for this one
    is_superseded: bool = False  # another digitization of the same paper is current

    @property
    def order(self) -> tuple[bool, bool]:
        """What is offered first: a paper that nothing supersedes, then one with legal value (D.1)."""
        return self.is_superseded, not self.has_legal_value


def owner_of(party: Party) -> str:
    """Item b of Điều 9.2: the identifier by which papers of this person or organisation are coded; "" when there is none."""
    if party.kind == "person":
        return party.personal_id
    return party.org_id or party.tax_code or party.unit_number


def taken_instead(
    office: OfficeCode, officer: str, plan: PlannedComponent, paper: Reusable, checked: ReuseCheck
) -> ComponentDeclared:
    """The component as filled with a reference to what is on file: the person is not asked for it (Điều 5.1, 13.3b). Pure."""
    return ComponentDeclared(
        component_id=plan.component_id, document_type=plan.document_type, name=plan.name, decision="reused", rule="5.1",
        reason="đã có dữ liệu số hóa", decided_by=officer, reuse_check=checked,
        source=ReuseSource(paper.rid, paper.document_id, paper.code), office=office,
    )  # fmt: skip


def declared_again(part: ComponentView, office: OfficeCode) -> ComponentDeclared:
    """The same reuse, now checked with every office. Pure."""
    return ComponentDeclared(
        component_id=part.component_id, document_type=part.document_type, name=part.name, decision="reused", rule=part.rule,
        reason=part.reason, reuse_check="full", source=part.source, office=office,
    )  # fmt: skip


def on_file(connection: apsw.Connection, party: Party, document_type: str) -> list[Reusable]:
    """Coded papers of this type held here that belong to the party, or to a dossier of the party; current ones and those with legal value first."""
    found = [
        Reusable(
            view.rid, paper.document_id, document_type, paper.codes[-1], view.code, paper.number_symbol,
            paper.value("issue_date"), paper.value("issuing_body"), paper.has_legal_value,
            is_superseded=paper.is_superseded,
        )
        for view, paper in _held(connection, party, document_type)
        if view.stands(paper)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.order)


def revoked_on_file(connection: apsw.Connection, party: Party, document_type: str) -> list[DocumentView]:
    """Papers that would be on file, were they not revoked: why nothing is offered, for whoever knows of the paper."""
    return [paper for _, paper in _held(connection, party, document_type) if paper.revoked is not None]


def _held(connection: apsw.Connection, party: Party, document_type: str) -> Iterator[tuple[DossierView, DocumentView]]:
    """Each coded paper of this type that may be the party's, with its dossier.

    A birth certificate is coded under the child and was brought by the mother: both ways lead to it (holder ≠ applicant, domain.md A.5).
    """
    owner = owner_of(party)
    if not owner:
        return
    candidates = dict.fromkeys(projection.owned_papers(connection, owner, document_type))
    kind = "personal_id" if party.kind == "person" else "tax_code" if party.tax_code else "unit_number"
    for view in projection.find(connection, key_for(kind, owner)):
        for document in view.documents:
            if document.document_type == document_type:
                candidates[(view.rid, document.document_id)] = None
    for rid, document_id in candidates:
        view_held = projection.view_of(connection, rid)
        paper = view_held.document(document_id) if view_held else None
        if view_held is not None and paper is not None and paper.codes:
            yield view_held, paper
