"""The hub names which digitization of a paper is current, in every dossier that holds one of them (domain.md D.1; the rule is merge_current.py's).

Derived from the dossiers' views whenever one of them changes, as pairs are (pairs.py): repeated, restored or brought back by a witness it is named once.
Nothing is named while a dossier of the group is not held, or does not know yet that two of its papers are one: whoever brings it changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.bodies import CurrentCopy, DuplicateSuspected
from sync_protocol.cases import Suspicion
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.merge_current import Copy, current_of, is_same_paper
from sync_protocol.view import DossierView

Place = tuple[RecordId, DocumentId]


def unnamed(connection: apsw.Connection, views: Iterable[DossierView]) -> Iterator[tuple[RecordId, DuplicateSuspected]]:
    """What is to be said, and in which dossier, so that all know the current one of each paper of these dossiers. Nothing where they do."""
    held: dict[RecordId, DossierView | None] = {one.rid: one for one in views}
    looked: set[Place] = set()
    for start in [place for one in held.values() if one is not None for place, _ in _same(one)]:
        if start not in looked:
            group = _group(connection, held, start)
            looked |= group.keys()
            yield from _named(group)


def _same(view: DossierView) -> Iterator[tuple[Place, Suspicion]]:
    """A dossier's papers that people called one with another, each with the pair that says so."""
    for pair in view.suspicions:
        if pair.document_id is not None and is_same_paper(pair):
            yield (view.rid, pair.document_id), pair


def _group(
    connection: apsw.Connection, held: dict[RecordId, DossierView | None], start: Place
) -> dict[Place, tuple[Copy, Suspicion]]:
    """All digitizations that people called one with this one, each with a pair that says so; empty where not all of it is known here."""
    found: dict[Place, tuple[Copy, Suspicion]] = {}
    said: set[tuple[Place, Place]] = set()
    todo = {start}
    while todo:
        place = todo.pop()
        rid, document = place
        if rid not in held:
            held[rid] = projection.view_of(connection, rid)
        view = held[rid]
        paper = view.document(document) if view is not None else None
        pairs = [pair for here, pair in _same(view) if here == place] if view is not None else []
        if view is None or paper is None or not pairs:
            return {}
        found[place] = Copy(rid, view.office, paper), pairs[0]
        for pair in pairs:
            there = pair.other_rid, cast(DocumentId, pair.other_document_id)
            said.add((place, there))
            if there not in found:
                todo.add(there)
    return found if all((there, here) in said for here, there in said) else {}


def _named(group: dict[Place, tuple[Copy, Suspicion]]) -> Iterator[tuple[RecordId, DuplicateSuspected]]:
    if not group:
        return
    one = current_of(copy for copy, _ in group.values())
    known = [copy.paper.current for copy, _ in group.values() if copy.paper.current is not None]
    turn = 1 + max((current.turn for current in known), default=0)
    current = CurrentCopy(one.rid, one.paper.document_id, one.office, turn)
    for copy, pair in group.values():
        before = copy.paper.current
        if before is None or msgspec.structs.replace(before, turn=turn) != current:
            yield copy.rid, DuplicateSuspected(
                kind="document", other_rid=pair.other_rid, other_office=pair.other_office, tier=pair.tier, key=pair.key,
                document_id=pair.document_id, other_document_id=pair.other_document_id, lead=pair.lead, current=current,
            )  # fmt: skip
