"""Reuse before ask: what of the needed papers is already on file. Offline the answer is local, and says so (R-6, R-10).

The search goes by owner and document type, never by the full code: the same paper has another code in another procedure (A.6 rule 6).
"""

from __future__ import annotations

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.bodies import Party
from sync_protocol.ids import DocumentId, RecordId


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


def owner_of(party: Party) -> str:
    """Item b of Điều 9.2: the identifier by which papers of this person or organisation are coded; "" when there is none."""
    if party.kind == "person":
        return party.personal_id
    return party.org_id or party.tax_code or party.unit_number


def on_file(connection: apsw.Connection, owner: str, document_type: str) -> list[Reusable]:
    """Coded papers of an owner and type held here, those with legal value first."""
    if not owner:
        return []
    found = []
    for rid, document_id in projection.owned_papers(connection, owner, document_type):
        view = projection.view_of(connection, rid)
        document = view.document(document_id) if view else None
        if view is None or document is None or not document.codes or document.revoked_reason:
            continue
        found.append(
            Reusable(
                rid, document_id, document_type, document.codes[-1], view.code, document.number_symbol,
                document.value("issue_date"), document.value("issuing_body"), document.has_legal_value,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: not one.has_legal_value)
