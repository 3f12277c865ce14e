"""The merge of pairs: which dossiers, papers or printed codes may be one, and what people said of each.

A judgement closes the pair that it names, by kind and both papers, and no other. It is known by its act: what the hub carries into the pair's
other dossier (bodies.DuplicateJudged.of) counts as the very same judgement there. Judgements that nobody's base names must agree, else the pair is
open again and all of them are shown: of two officers who did not know of each other neither is overruled by a clock.

Source: NĐ 30/2020 Phụ lục VI (notified, never settled silently); domain.md D.1, D.2, D.5, D.10; invariants I7 and I18.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import DuplicateJudged, DuplicateSuspected
from sync_protocol.cases import Judgement, Suspicion
from sync_protocol.clock import wall_ms
from sync_protocol.ids import HUB_NODE, ActId, DocumentId, RecordId

PairKey = tuple[str, RecordId, DocumentId | None, DocumentId | None]
"""Kind, the other dossier, this dossier's paper, the other one's."""
_DOMAIN = b"lienthong/case/1\0"


def fold_pairs(
    suspected: Sequence[tuple[Act, DuplicateSuspected]], judged: Sequence[tuple[Act, DuplicateJudged]]
) -> tuple[Suspicion, ...]:
    """The pairs of one dossier, sorted, each with its judgements. Pure; both given in the agreed order."""
    said: defaultdict[PairKey, dict[ActId, Judgement]] = defaultdict(dict)
    for act, body in judged:
        judgement = _judgement(act, body)
        for key in _meant(body):
            said[key].setdefault(judgement.act, judgement)
    found: dict[PairKey, Suspicion] = {}
    for act, one in suspected:
        key = (one.kind, one.other_rid, one.document_id, one.other_document_id)
        held = found.get(key)
        fresh = Suspicion(
            one.kind, one.other_rid, one.other_office, one.tier, one.key, "", one.document_id, one.other_document_id,
            tuple(said[key][one] for one in sorted(said[key])) if key in said else (), wall_ms(act.header.hlc), one.lead,
        )  # fmt: skip
        found[key] = fresh if held is None else msgspec.structs.replace(
            held, tier=min(held.tier, one.tier), lead=held.lead or one.lead
        )
    return tuple(_settled(found[key]) for key in sorted(found, key=_in_order))


def key_of(pair: Suspicion) -> PairKey:
    """By what a pair is told from every other of its dossier."""
    return pair.kind, pair.other_rid, pair.document_id, pair.other_document_id


def seen_from_there(rid: RecordId, pair: Suspicion) -> PairKey:
    """The key of a pair of dossier `rid` in the pair's other dossier."""
    return pair.kind, rid, pair.other_document_id, pair.document_id


def pair_id(rid: RecordId, pair: Suspicion) -> bytes:
    """The id of a pair's case: on every replica the same, and the same from both sides. Opened again by disagreement it is another case."""
    sides = sorted(((rid, pair.document_id or b""), (pair.other_rid, pair.other_document_id or b"")))
    disputed = b"".join(b"\0" + one.act for one in pair.heads) if pair.judgements and not pair.judged else b""
    return hashlib.sha256(
        _DOMAIN + pair.kind.encode() + b"".join(b"\0" + one + two for one, two in sides) + disputed
    ).digest()


def _meant(body: DuplicateJudged) -> Iterator[PairKey]:
    """The pairs that a judgement closes. Without a kind it is an older program's: of papers it named both, else it closed everything
    between the two dossiers that is not about papers, and still does."""
    papers = (body.document_id, body.other_document_id)
    if body.kind:
        yield body.kind, body.other_rid, *papers
    elif body.document_id is not None:
        yield "document", body.other_rid, *papers
    else:
        yield "dossier", body.other_rid, None, None
        yield "code", body.other_rid, None, None


def _judgement(act: Act, body: DuplicateJudged) -> Judgement:
    is_copy = body.of is not None and act.header.node == HUB_NODE
    return Judgement(
        act=body.of if is_copy and body.of is not None else act.id, same=body.same, officer=body.officer, office=body.office,
        node=act.header.node, hlc=act.header.hlc, base=act.header.base, is_copy=is_copy,
        reissue=body.reissue and not body.same and body.kind == "document",
    )  # fmt: skip


def _settled(pair: Suspicion) -> Suspicion:
    words = {one.word for one in pair.heads}
    return msgspec.structs.replace(pair, judged=words.pop()) if len(words) == 1 else pair


def _in_order(key: PairKey) -> tuple[str, RecordId, bytes, bytes]:
    kind, rid, mine, theirs = key
    return kind, rid, mine or b"", theirs or b""
