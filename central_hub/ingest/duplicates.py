"""Duplicates seen on arrival: the same procedure for the same person elsewhere, the same paper, the same printed code.

The hub notifies; people decide (NĐ 30/2020 Phụ lục VI; domain.md D.1, D.2, D.5, D.10). A suspicion is a pair of hub events, one on each
dossier, so that both offices see it; the pair is looked for before it is written, so repeating a batch writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import apsw
import msgspec

from central_hub.ingest.same_papers import Alike
from sync_protocol.adapters import projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.bodies import DuplicateSuspected
from sync_protocol.ids import RecordId
from sync_protocol.lifecycle import OVER
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView

_TELLING = ("personal_id:", "code:")  # keys that two dossiers share when they may be one: with nobody else there, there is nothing to compare


def suspect(connection: apsw.Connection, changed: Iterable[Folded]) -> list[tuple[RecordId, msgspec.Struct]]:
    """New suspicions about the given dossiers, as bodies to append to the hub's lane."""
    found: list[tuple[RecordId, msgspec.Struct]] = []
    looked = list(changed)
    telling = [(key, one.rid) for one in looked for key in one.keys if key.startswith(_TELLING)]
    shared = projection.shared_keys(connection, telling)
    meeting = {rid for key, rid in telling if key in shared}
    papers = Alike(connection, looked)
    for one in looked:
        may_meet = bool(one.documents) and papers.may_meet(one)
        if one.rid in meeting or may_meet:  # nearly none: of the others nobody makes the view
            view = one.view
            if view.code:
                found += _same_procedure(connection, view)
                found += _same_code(connection, view)
            if may_meet:
                found += papers.suspicions(view)
    return list(dict.fromkeys(found))  # two new dossiers of one batch see each other: the pair is written once


def _same_procedure(connection: apsw.Connection, view: DossierView) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    """D.5: two offices accepted the same procedure for the same person; both receipts stand, both are told."""
    if view.state in OVER:
        return
    number = view.person("personal_id")
    if not number:
        return  # an employer files the same procedure again and again: that is its business, not a duplicate
    others = [
        other
        for other in projection.find(connection, key_for("personal_id", number))
        if other.rid != view.rid and other.procedure == view.procedure and other.state not in OVER and other.code
    ]
    if others:  # the earliest receipt is the natural lead; pairing with it alone keeps the list as long as the work
        lead = min(others, key=lambda one: (one.received_ms, one.rid))
        if not _known(view, "dossier", lead.rid):
            yield from _pair(view, lead, "dossier")


def _same_code(connection: apsw.Connection, view: DossierView) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    """D.10: one printed code on two dossiers, which only a lost code block can cause."""
    for other in projection.find(connection, key_for("code", view.code)):
        if other.rid != view.rid and not _known(view, "code", other.rid):
            lead = min((view, other), key=lambda one: (one.received_ms, one.rid))
            yield from _pair(view, other, "code", lead.rid)


def _known(view: DossierView, kind: str, other: RecordId) -> bool:
    return any(one.kind == kind and one.other_rid == other for one in view.suspicions)


def _pair(
    view: DossierView, other: DossierView, kind: Literal["dossier", "code"], lead: RecordId | None = None
) -> Iterator[tuple[RecordId, msgspec.Struct]]:
    for here, there in ((view, other), (other, view)):
        yield here.rid, DuplicateSuspected(kind=kind, other_rid=there.rid, other_office=there.office, tier=1, lead=lead)
