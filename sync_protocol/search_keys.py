"""By what a dossier and its papers can be found: exact identifiers, or name with birth date; never a wildcard (domain.md E.2).

A key is `kind:value` with the value normalised the same way when it is stored and when it is asked for; one that no index takes is kept by its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from sync_protocol.bodies import Party
from sync_protocol.folding import digits, folded
from sync_protocol.ids import DocumentId
from sync_protocol.kept_text import KEY_CHARS_MAX, kept
from sync_protocol.view import DossierView

DIGIT_KINDS = {"personal_id": "personal_id", "bhxh_number": "bhxh_number"}
NUMBERS = (*DIGIT_KINDS, "org_id", "tax_code", "unit_number")
_numbers = attrgetter(*NUMBERS)

REUSES, REVOKED = "reuses", "revoked"  # under a paper's id: the dossiers that reuse it, and the one in which it is revoked
OWNER_KINDS = frozenset({"personal_id", "org_id", "tax_code", "unit_number"})  # by which somebody's papers are looked for before asking


def key_for(kind: str, value: str, birth_date: str = "") -> str:
    """The stored form of what somebody asks for.

    >>> key_for("personal_id", "001 185 012 345")
    'personal_id:001185012345'
    >>> key_for("name_birth", "Nguyễn Thị An", "1985-02-01")
    'name_birth:nguyen thi an|1985-02-01'
    """
    if kind in DIGIT_KINDS:
        told = digits(value)
    elif kind == "name_birth":
        told = f"{folded(value)}|{birth_date.strip()}"
    else:
        told = " ".join(value.split()).upper()
    return kept(f"{kind}:{told}", KEY_CHARS_MAX)


def keys_of(view: DossierView) -> Iterator[str]:
    """All keys under which a dossier is found, including values under dispute and the aliases of its code; some perhaps twice."""
    for code in (view.code, *view.other_codes, view.presented_as):
        if code:
            yield key_for("code", code)
    for field, number in view.former_numbers:
        yield key_for(field, number)
    names: list[str] = []
    births: list[str] = []
    for one in view.identity:
        if one.field in NUMBERS:
            for head in one.settled.heads:
                yield key_for(one.field, head.value)
        elif one.field == "name":
            names = [head.value for head in one.settled.heads]
        elif one.field == "birth_date":
            births = [head.value for head in one.settled.heads if head.value]
    for name in names:
        for birth in births:
            yield key_for("name_birth", name, birth)
    for document in view.documents:
        for code in document.codes:
            yield key_for("digitization_code", code)
        if document.owner:
            yield key_for(
                "personal_id" if len(document.owner) == 12 and document.owner.isdigit() else "org_id", document.owner
            )
        if document.revoked is not None:
            yield paper_in(REVOKED, document.document_id)
    for component in view.components:
        if component.source is not None and not component.withdrawn_reason:
            yield paper_in(REUSES, component.source.document_id)


def paper_in(kind: str, document_id: DocumentId) -> str:
    """The key under which dossiers stand by what became of one paper in them."""
    return key_for(kind, document_id.hex())


def keys_of_reception(code: str, applicant: Party) -> Iterator[str]:
    """`keys_of` where nothing but one reception is known; each once, since each is of another kind."""
    if code:
        yield key_for("code", code)
    for kind, value in zip(NUMBERS, _numbers(applicant), strict=True):
        if value:
            yield key_for(kind, value)
    if applicant.name and applicant.birth_date:
        yield key_for("name_birth", applicant.name, applicant.birth_date)


def owner_keys(party: Party) -> tuple[str, ...]:
    """The keys under which papers of a person or organisation are looked for; none where no number is known."""
    if party.kind == "person":
        return (key_for("personal_id", party.personal_id),) if party.personal_id else ()
    numbers = (("org_id", party.org_id), ("tax_code", party.tax_code), ("unit_number", party.unit_number))
    return tuple(key_for(kind, value) for kind, value in numbers if value)


def paper_key(owner: str, document_type: str, number_symbol: str, issuing_body: str, issue_date: str) -> str:
    """Tier 1 of "the same paper": owner, type, number, issuer and date (D.1). "" when too little is known to say so."""
    if not owner or not number_symbol:
        return ""
    parts = (owner, document_type, number_symbol, issuing_body, issue_date)
    return kept("|".join(folded(part) for part in parts), KEY_CHARS_MAX)


def near_key(owner: str, document_type: str, number_symbol: str, issue_date: str) -> str:
    """Tier 3, for papers that bear no number: owner, type and date. "" for those that have one, and where a part is missing."""
    if not owner or not document_type or not issue_date or number_symbol:
        return ""
    return kept("|".join(("near", *(folded(part) for part in (owner, document_type, issue_date)))), KEY_CHARS_MAX)
