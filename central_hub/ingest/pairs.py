"""Pairs are told in both their dossiers: what a desk said in the one that it holds, the hub says in the other, so one judgement closes a case everywhere.

An office is entitled to its own dossier and may not write into the other's. So the hub carries the judgement over, in its own lane: which act it was,
what it said, by whom, upon what; never the reason, which stays where an order to erase reaches it. It is derived from what both views lack, whenever
one of them changes: repeated, restored or brought back by a witness it is written once or counts once (merge_pairs.py). A pair that a restored
hub knows from one side only is told in the other again. Source: sync.md 2.5 (one resolution closes everywhere), 2.15 I7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apsw
import msgspec

from central_hub.ingest.current_papers import unnamed
from central_hub.ingest.nodes import office_of_node
from central_hub.ingest.revoked_papers import revoked_reuses
from sync_protocol.adapters import projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.bodies import DuplicateJudged, DuplicateSuspected
from sync_protocol.cases import Judgement, Suspicion
from sync_protocol.ids import EventId, OfficeCode, RecordId
from sync_protocol.merge_pairs import key_of, seen_from_there
from sync_protocol.view import DossierView


class Said(msgspec.Struct, frozen=True):
    """What the hub has to say in a dossier. `base` are the acts that stand behind it."""

    rid: RecordId
    body: msgspec.Struct
    base: tuple[EventId, ...] = ()


def untold(connection: apsw.Connection, changed: Iterable[Folded]) -> list[Said]:
    """What is not yet said in one of two dossiers of a pair of which one is among the changed ones, nor of which paper of several is current,
    nor that a paper which a dossier reuses was revoked. Nothing where all know the same."""
    looked = [one for one in changed if one.whole is not None]
    told = [Said(rid, body, base) for rid, body, base in revoked_reuses(connection, looked)]
    return told + untold_in(connection, [one.whole for one in looked if one.whole is not None and one.whole.suspicions])


def untold_in(connection: apsw.Connection, views: Iterable[DossierView]) -> list[Said]:
    """As `untold`, of dossiers as they stand."""
    found: dict[Said, None] = {}
    looked = list(views)
    for view in looked:
        for pair in view.suspicions:
            other = view if pair.other_rid == view.rid else projection.view_of(connection, pair.other_rid)
            # not held after a restore: whoever brings it need not bring its side of the pair, and nothing else would look for it then
            found.update(dict.fromkeys(_between(connection, view, pair, other or DossierView(rid=pair.other_rid, is_whole=False))))
    found.update(dict.fromkeys(Said(rid, body) for rid, body in unnamed(connection, looked)))
    return list(found)


def _between(connection: apsw.Connection, view: DossierView, pair: Suspicion, other: DossierView) -> Iterator[Said]:
    there = seen_from_there(view.rid, pair)
    twin = next((one for one in other.suspicions if key_of(one) == there), None)
    if twin is None:
        yield Said(other.rid, DuplicateSuspected(
            kind=pair.kind, other_rid=view.rid, other_office=view.office, tier=pair.tier, key=pair.key, document_id=pair.other_document_id,
            other_document_id=pair.document_id, lead=pair.lead,
        ))  # fmt: skip
    elif not pair.judged or pair.judged != twin.judged:
        yield from _carried(connection, view.rid, pair, twin)
        yield from _carried(connection, other.rid, twin, pair)


def _carried(connection: apsw.Connection, rid: RecordId, here: Suspicion, there: Suspicion) -> Iterator[Said]:
    """The judgements known in dossier `rid` that the pair's other dossier has not heard of.

    A copy is carried back, too: a restored hub may hold it and have lost the judgement itself, whose author's machine is gone or cut off.
    """
    known = {one.act for one in there.judgements}
    for one in here.judgements:
        if one.act not in known:
            body = DuplicateJudged(
                kind=here.kind, other_rid=rid, same=one.same, reason="", officer=one.officer, document_id=here.other_document_id,
                other_document_id=here.document_id, office=_office(connection, one), of=one.act, reissue=one.reissue,
            )  # fmt: skip
            yield Said(here.other_rid, body, one.base)


def _office(connection: apsw.Connection, one: Judgement) -> OfficeCode:
    return one.office or office_of_node(connection, one.node)
