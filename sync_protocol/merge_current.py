"""Which of the digitizations of one paper is current: a rule over all of them, and the hub's word for whoever holds only one.

Two scans that people called the same both stay, and both are lawful; one is *current*, which is what a paper is reused by. The agency's signature
outranks none, else the complete one that was captured first; what was called in, or is kept apart by the hub, comes last (D.1, P6; D.4: a
revocation beats all). An office holds its own dossier and not the other, so the hub, which sees both, names the current one in each.

The hub's words are a register: the highest turn counts, and of two words in one turn the greater, whatever order they come in. A hub that was put back and
names again takes a turn behind all that its dossiers know. A word counts only while a pair of its paper stands as the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import CurrentCopy, DuplicateSuspected
from sync_protocol.cases import Suspicion
from sync_protocol.ids import DocumentId, OfficeCode, RecordId
from sync_protocol.view import DocumentView


class Copy(msgspec.Struct, frozen=True):
    """One digitization of a paper, and the dossier and office where it lies."""

    rid: RecordId
    office: OfficeCode
    paper: DocumentView


def current_of(copies: Iterable[Copy]) -> Copy:
    """The current one of the digitizations of one paper; there is at least one. The same for any order of them. Pure."""
    return min(copies, key=_rank)


def is_same_paper(pair: Suspicion) -> bool:
    """Whether people called the two papers of a pair one, and nobody's word against it stands."""
    return pair.kind == "document" and pair.judged == "same" and pair.document_id is not None and pair.other_document_id is not None


def with_current(
    papers: Sequence[DocumentView], told: Iterable[tuple[Act, DuplicateSuspected]], pairs: Iterable[Suspicion]
) -> tuple[DocumentView, ...]:
    """The papers of one dossier, each with what the hub last named as current for it. Pure."""
    same = {one.document_id for one in pairs if is_same_paper(one)}
    named: dict[DocumentId, CurrentCopy] = {}
    for _, body in told:
        paper, word = body.document_id, body.current
        if paper is not None and paper in same and word is not None:
            named[paper] = max(named.get(paper, word), word, key=_turn)
    return tuple(
        msgspec.structs.replace(one, current=named[one.document_id]) if one.document_id in named else one for one in papers
    )


def _rank(one: Copy) -> tuple[bool, bool, bool, int, RecordId, DocumentId]:
    paper = one.paper
    is_out = bool(paper.revoked_reason) or paper.examined == "quarantined"
    is_complete = bool(paper.codes) and paper.is_confirmed
    return is_out, not paper.agency_form, not is_complete, paper.captured_ms, one.rid, paper.document_id


def _turn(one: CurrentCopy) -> tuple[int, RecordId, DocumentId, OfficeCode]:
    return one.turn, one.rid, one.document_id, one.office
