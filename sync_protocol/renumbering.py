"""New codes for coded papers whose owner's number changed: the parts say the new number, the old code stays an alias (domain.md A.6 rule 5, D.3).

Written once for all who settle a number: the hub's numbers room, the hub's cases, an office's desk. Signed files and records are never touched.
"""

from __future__ import annotations

from collections.abc import Collection

from sync_protocol.bodies import DocumentCoded
from sync_protocol.codes import DigitizationCode, compose
from sync_protocol.search_keys import OWNER_KINDS
from sync_protocol.view import DossierView


def recoded(view: DossierView, former: Collection[str], number: str) -> list[DocumentCoded]:
    """A new code for each coded paper of one of the former numbers ("" for papers without an owner); papers of others keep theirs. Pure."""
    bodies = []
    for one in view.documents:
        if one.codes and one.owner in former and one.owner != number:
            procedure = None if one.is_result else view.procedure
            code = compose(DigitizationCode(number, procedure, one.document_type, one.number_symbol))
            bodies.append(DocumentCoded(
                document_id=one.document_id, owner=number, procedure=procedure or "", document_type=one.document_type,
                number_symbol=one.number_symbol, code=code, is_result=one.is_result,
            ))  # fmt: skip
    return bodies


def recoded_by(view: DossierView, field: str, number: str) -> list[DocumentCoded]:
    """As `recoded`, when a person settles the register of a number: every other value that stood there is a former one. Pure."""
    settled = next((one.settled for one in view.identity if one.field == field), None)
    if settled is None or not number or field not in OWNER_KINDS:
        return []
    return recoded(view, {settled.value, *(head.value for head in settled.heads)}, number)
