"""One paper digitized twice, in four tiers (domain.md D.1, D.2; sync.md 2.6). All of them only ask: a person says same, issued again or not same, and both scans stay.

1. The same paper by what is written on it: owner, type, number, issuer and date, confirmed by a person.
2. The same file: the bytes of what an officer signed, confirmed or not. Two scans of one paper never share them; a file brought in twice does.
3. Near, for papers without a number: owner, type and date, confirmed on both sides, in two dossiers, and nothing that both confirm differs.
4. One code, other content: owner, type and number are one, issuer or date are not, confirmed on both sides; often a paper that was issued again. Codes
   without an owner or a number say nothing: thousands of papers stand under one.

So that nobody drowns in cases, a paper is paired by tier 2, 3 or 4 with one other only, the one that was captured first: by its file if it is paired with
none of that file yet, by nearness if it is paired with nothing, by its code if it is paired with none of that code. So n alike are n - 1 cases, not n * n. What was judged once is never asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.bodies import DuplicateSuspected
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.register import normalise
from sync_protocol.search_keys import key_for, near_key, paper_key
from sync_protocol.view import DocumentView, DossierView

SAME_PAPER, SAME_FILE, NEAR, SAME_CODE = 1, 2, 3, 4
Told = tuple[RecordId, msgspec.Struct]
_KEYS_ONLY = {"issue_date"}  # equal by the key


class Alike:
    """What the changed dossiers' papers share with others: two questions for all of them together."""

    def __init__(self, connection: apsw.Connection, changed: Sequence[Folded]) -> None:
        self._connection = connection
        keys = [key for one in changed for paper in one.documents for key in (_number_key(paper), _near_key(paper)) if key]
        self._keyed = projection.same_papers(connection, keys) if keys else {}
        files = [paper.officer_pdf for one in changed for paper in one.documents]
        self._filed = projection.sharing_files(connection, files) if files else {}
        coded = [(key_for("digitization_code", code), one.rid) for one in changed for paper in one.documents if (code := _full_code(paper))]
        self._coded = projection.shared_keys(connection, coded) if coded else set()

    def may_meet(self, one: Folded) -> bool:
        """Whether a dossier's view is worth making."""
        return any(
            self._near_ones(paper) or len(self._filed.get(paper.officer_pdf, ())) > 1 or self._is_shared(paper) for paper in one.documents
        ) or _repeats(one.documents)

    def suspicions(self, view: DossierView) -> Iterator[Told]:
        """The pairs of a dossier's papers that nobody was told of, each in both dossiers."""
        for paper in view.documents:
            if paper.revoked_reason:
                continue  # what was called in is nobody's to compare any more
            paired = {one.other_document_id: one.tier for one in view.suspicions if one.kind == "document" and one.document_id == paper.document_id}
            for other, twin in self._by_number(paper):
                if twin.document_id not in paired:
                    paired[twin.document_id] = SAME_PAPER
                    yield from _pair(view, other, SAME_PAPER, paper, twin)
            of_file = list(self._by_file(view, paper))
            if not any(twin.document_id in paired for _, twin in of_file) and (found := _first(of_file)):
                paired[found[1].document_id] = SAME_FILE
                yield from _pair(view, found[0], SAME_FILE, paper, found[1])
            if not paired and (found := _first(self._by_nearness(view, paper))):
                paired[found[1].document_id] = NEAR
                yield from _pair(view, found[0], NEAR, paper, found[1])
            of_code = list(self._by_code(view, paper))
            if not any(twin.document_id in paired for _, twin in of_code) and (found := _first(of_code)):
                yield from _pair(view, found[0], SAME_CODE, paper, found[1])

    def _near_ones(self, paper: DocumentView) -> bool:
        return any(document != paper.document_id for key in (_number_key(paper), _near_key(paper)) for _, document in self._keyed.get(key, ()))

    def _by_number(self, paper: DocumentView) -> Iterator[tuple[DossierView, DocumentView]]:
        return self._held(paper, self._keyed.get(_number_key(paper), ()))

    def _by_file(self, view: DossierView, paper: DocumentView) -> Iterator[tuple[DossierView, DocumentView]]:
        for rid in self._filed.get(paper.officer_pdf, ()):
            other = view if rid == view.rid else projection.view_of(self._connection, rid)
            for twin in other.documents if other is not None else ():
                if other is not None and twin.officer_pdf == paper.officer_pdf and twin.document_id != paper.document_id and not twin.revoked_reason:
                    yield other, twin

    def _by_nearness(self, view: DossierView, paper: DocumentView) -> Iterator[tuple[DossierView, DocumentView]]:
        elsewhere = [one for one in self._keyed.get(_near_key(paper), ()) if one[0] != view.rid]
        for other, twin in self._held(paper, elsewhere):
            if twin.confirmed("issue_date") and not _differs(paper, twin):
                yield other, twin

    def _is_shared(self, paper: DocumentView) -> bool:
        return bool(code := _full_code(paper)) and key_for("digitization_code", code) in self._coded

    def _by_code(self, view: DossierView, paper: DocumentView) -> Iterator[tuple[DossierView, DocumentView]]:
        """Papers under the same code in this or another dossier; those that are one by what is written on them are paired before."""
        code = _full_code(paper)
        others = projection.find(self._connection, key_for("digitization_code", code)) if self._is_shared(paper) else [view] if code else []
        for other in others:
            for twin in other.documents:
                if twin.document_id != paper.document_id and _full_code(twin) == code and not twin.revoked_reason:
                    yield other, twin

    def _held(
        self, paper: DocumentView, where: Iterable[tuple[RecordId, DocumentId]]
    ) -> Iterator[tuple[DossierView, DocumentView]]:
        for rid, document in where:
            other = projection.view_of(self._connection, rid) if document != paper.document_id else None
            twin = other.document(document) if other is not None else None
            if other is not None and twin is not None and not twin.revoked_reason:
                yield other, twin


def _number_key(paper: DocumentView) -> str:
    if not paper.is_confirmed:
        return ""
    return paper_key(paper.owner, paper.document_type, paper.number_symbol, paper.value("issuing_body"), paper.value("issue_date"))


def _full_code(paper: DocumentView) -> str:
    """The paper's code in force, where it names an owner and a number and people stand for what it says; "" else."""
    return paper.codes[-1] if paper.codes and paper.owner and paper.number_symbol and paper.is_confirmed else ""


def _near_key(paper: DocumentView) -> str:
    return near_key(paper.owner, paper.document_type, paper.number_symbol, paper.confirmed("issue_date"))


def _differs(one: DocumentView, other: DocumentView) -> bool:
    """Whether something that people confirmed on both papers is not the same: then they are two papers (D.2)."""
    theirs = {field.field: field.settled.value for field in other.fields if field.is_confirmed}
    return any(
        field.is_confirmed and field.field in theirs and normalise(field.settled.value) != normalise(theirs[field.field])
        for field in one.fields
        if field.field not in _KEYS_ONLY
    )


def _first(found: Iterable[tuple[DossierView, DocumentView]]) -> tuple[DossierView, DocumentView] | None:
    """The one captured first."""
    return min(found, key=lambda one: (one[1].captured_ms, one[0].rid, one[1].document_id), default=None)


def _repeats(papers: Sequence[DocumentView]) -> bool:
    files: set[BlobDigest] = {one.officer_pdf for one in papers}
    return len(files) < len(papers)


def _pair(view: DossierView, other: DossierView, tier: int, paper: DocumentView, twin: DocumentView) -> Iterator[Told]:
    for (here, mine), (there, theirs) in (((view, paper), (other, twin)), ((other, twin), (view, paper))):
        yield here.rid, DuplicateSuspected(
            kind="document", other_rid=there.rid, other_office=there.office, tier=tier, document_id=mine.document_id,
            other_document_id=theirs.document_id,
        )  # fmt: skip
