"""Correcting who the person is: one officer names the value and its proof, and it counts once a second person has settled it.

The correction is an event like any other: it travels, blocks the decision, and is one case at every office and at the hub (settling.py closes it).
Nothing signed is touched; who signs metadata next signs the new value.

Source: domain.md D.3; QĐ 1333/QĐ-BHXH Điều 13.3b (a correction is a separate act with its proof); design.md §5 (identity).
"""

from __future__ import annotations

from typing import Final

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.resolution.correcting_errors import CorrectionWaits, NothingCorrected, ProofMissing
from edge_node.resolution.service import require_custody
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import IdentityAsserted
from sync_protocol.identifiers import read_bhxh_number, read_personal_id, read_tax_code, read_unit_number
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.view import DossierView

CORRECTABLE: Final = {
    "person": ("personal_id", "name", "birth_date", "bhxh_number"),
    "organisation": ("unit_number", "name", "tax_code", "founded_year"),
}
"""What may be corrected, by the kind of applicant; the likeliest first."""


def correct(
    desk: Desk, officer: str, rid: RecordId, field: str, value: str, *, proof: str = "", paper: DocumentId | None = None
) -> None:
    """Say what a field ought to be, by which proof: words, a paper of the dossier, or both. Days are ISO. Durable when this returns.

    Raises:
        NotCustodian, ProofMissing, NothingCorrected, CorrectionWaits; UnreadableNumber: LAW-001.
    """
    desk.officers.get(officer, "resolving")

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        require_custody(desk, view)
        read, told = readable(field, value), _told(view, proof, paper)
        if field not in correctable(view) or not read or read == view.person(field):
            raise NothingCorrected()
        if any(one.field == field and one.document_id is None for one in view.conflicts):
            raise CorrectionWaits()
        body = IdentityAsserted(
            field=field, value=read, proof=told, officer=officer, awaits=True, former=view.person(field), paper=paper
        )  # fmt: skip
        return [Draft(rid, body)], None

    desk.ledger.act(Act(officer, "resolving", "correct_identity"), decide)


def correctable(view: DossierView) -> tuple[str, ...]:
    """The fields that may be corrected in this dossier."""
    return CORRECTABLE[view.applicant.kind] if view.applicant else ()


def readable(field: str, value: str) -> str:
    """The value as it is kept. Raises UnreadableNumber for a number of another shape."""
    text = " ".join(value.split())
    match field:
        case "personal_id":
            return read_personal_id(text, lambda code: None).number
        case "bhxh_number":
            return read_bhxh_number(text)
        case "unit_number":
            return read_unit_number(text)
        case "tax_code":
            found = read_tax_code(text)
            return f"{found.number}-{found.branch}" if found.branch else found.number
    return text


def _told(view: DossierView, proof: str, paper: DocumentId | None) -> str:
    """The proof in words: what was typed, then the paper's name and code. Raises ProofMissing."""
    document = view.document(paper) if paper is not None else None
    words = [" ".join(proof.split())]
    if document is not None:
        component = view.component(document.component_id)
        words.append(" ".join((component.name if component else document.document_type, *document.codes[-1:])))
    told = "; ".join(one for one in words if one)
    if not told or (paper is not None and document is None):
        raise ProofMissing()
    return told
