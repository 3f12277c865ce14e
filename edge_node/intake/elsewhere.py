"""Papers on file at another office: asked for once per intake form, for a purpose, and remembered here until the form is sent.

Invariant: what is kept are references and codes, never a file; it lives in memory only and is gone with the process. Without a line the
answer is this machine's alone and says so (R-10).

Source: QĐ 1333/QĐ-BHXH Điều 13.3b (R-6: existing data are not asked for again); domain.md E.2 (purpose, minimal answer).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Literal

import msgspec

from edge_node.intake.reuse import Reusable, owner_of
from sync_protocol.bodies import Party
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.messages import Find, FindReply, Purpose

REMEMBERED_FORMS = 200
REASON = "Kiểm tra dữ liệu đã có trước khi yêu cầu nộp giấy tờ (QĐ 1333/QĐ-BHXH Điều 13.3b)"


class Answered(msgspec.Struct, frozen=True):
    """What every office holds of one person, as of `as_of_ms` (hub time, UTC).

    `papers` are those of dossiers that are not held here, `known` every paper of the answer: what is held here as well is confirmed by it.
    """

    owner: str
    as_of_ms: int
    papers: tuple[Reusable, ...]
    known: frozenset[tuple[RecordId, DocumentId]] = frozenset()

    def of_type(self, document_type: str) -> list[Reusable]:
        """Papers of one type, current ones and those with legal value first."""
        return sorted((one for one in self.papers if one.document_type == document_type), key=lambda one: one.order)


class FoundElsewhere:
    """Answers by form. Used from the event loop only."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answered] = OrderedDict()

    def keep(self, form: str, answer: Answered) -> None:
        """Remember an answer; the oldest forms are forgotten first."""
        self._answers[form] = answer
        while len(self._answers) > REMEMBERED_FORMS:
            self._answers.popitem(last=False)

    def of(self, form: str, party: Party) -> Answered | None:
        """The answer for this form, as long as it is about the same person."""
        held = self._answers.get(form)
        return held if held is not None and held.owner == owner_of(party) else None


def question(party: Party, dossier: str, officer: str, procedure: str = "") -> Find | None:
    """What to ask the hub about a person or organisation; None where nothing exact is known of them. Pure."""
    owner = owner_of(party)
    if not owner:
        return None
    kind: Literal["personal_id", "org_id", "tax_code", "unit_number"] = (
        "personal_id"
        if party.kind == "person"
        else "org_id"
        if party.org_id
        else "tax_code"
        if party.tax_code
        else "unit_number"
    )
    return Find(kind, owner, "", Purpose(dossier, REASON, officer, "intake", procedure))


def papers_in(reply: FindReply, held: Collection[RecordId]) -> tuple[Reusable, ...]:
    """The coded papers of a reply that other offices have and this one does not hold. Pure."""
    return tuple(
        Reusable(
            found.rid, paper.document_id, paper.document_type, paper.code, found.code, paper.number_symbol, paper.issue_date,
            paper.issuing_body, paper.agency_signed, found.office, paper.is_superseded,
        )
        for found in reply.found
        if found.rid not in held
        for paper in found.documents
    )  # fmt: skip


def answer_of(ask: Find, reply: FindReply, held: Collection[RecordId]) -> Answered:
    """A reply as it is remembered; `held` are the dossiers of the reply that this office holds. Pure."""
    known = frozenset((found.rid, paper.document_id) for found in reply.found for paper in found.documents)
    return Answered(ask.value, reply.as_of_ms, papers_in(reply, held), known)
