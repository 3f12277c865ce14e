"""What a world's dossiers, files, index and clocks must show at rest: invariants I6 to I8, I13, I16, I19 and I26, worked out anew beside the product's own fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from sync_protocol.acts import Act, acts_of
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import (
    ConflictResolved,
    CustodyGranted,
    DecisionMade,
    DuplicateJudged,
    IdentityAsserted,
    Party,
    ProposalDismissed,
    StatusMoved,
)
from sync_protocol.cases import Suspicion
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, EventId, OfficeCode, RecordId
from sync_protocol.lifecycle import OVER
from sync_protocol.limits import CLOCK_TRUST_MS
from sync_protocol.merge_pairs import key_of, pair_id, seen_from_there
from sync_protocol.register import Rank
from sync_protocol.view import DossierView
from tests.simulation.hub import SimHub
from tests.simulation.node import SimNode


def dossiers(hub: SimHub) -> Iterator[str]:
    """I6 to I8 and I26 of every dossier that the hub holds whole and unerased."""
    connection = hub.store.connection
    assert connection is not None
    for (raw,) in connection.execute("SELECT rid FROM dossier ORDER BY rid").fetchall():
        rid = RecordId(as_bytes(raw))
        view = projection.view_of(connection, rid)
        if view is not None and view.is_whole and not view.erased:
            acts = acts_of(event_log.events_of(connection, rid))
            yield from _registers(view, acts)
            yield from _moves(view, acts)
            yield from _pairs(connection, view, acts)
            yield from _ends(view, acts)
            yield from _reuses(connection, view)


def _reuses(connection: apsw.Connection, view: DossierView) -> Iterator[str]:
    """I26: an open dossier that reuses a revoked paper was told, once for each component and revocation."""
    told = [(one.component_id, one.office, one.at_ms) for one in view.reuses]
    if len(told) != len(set(told)):
        yield f"I26 {view.rid.hex()[:8]} has one revocation as two cases"
    for part in view.components:
        source = projection.view_of(connection, part.source.rid) if part.source and not part.withdrawn_reason and view.state not in OVER else None
        paper = source.document(part.source.document_id) if source is not None and part.source is not None else None
        if paper is not None and paper.revoked is not None and (part.component_id, paper.revoked.office, paper.revoked.at_ms) not in told:
            yield f"I26 {view.rid.hex()[:8]} reuses a revoked paper and was not told"


def _registers(view: DossierView, acts: Sequence[Act]) -> Iterator[str]:
    """I6 and I7: what an officer asserted is to be seen until the word of a custodian, or of the hub's people, names it; what others settle counts for nothing."""
    held = {view.office, *_holders(acts).values()}
    said = [one for one in acts if isinstance(one.body, IdentityAsserted) or (isinstance(one.body, ConflictResolved) and one.body.office in held)]
    heads = {(one.field, head.id): head.value for one in view.identity for head in one.settled.heads}
    seen: dict[str, set[EventId]] = {}
    for one in said:
        assert isinstance(one.body, IdentityAsserted | ConflictResolved)
        if isinstance(one.body, IdentityAsserted):
            continue
        seen.setdefault(one.body.field, set()).update(one.header.base)
    for one in said:
        assert isinstance(one.body, IdentityAsserted | ConflictResolved)
        if one.id not in seen.get(one.body.field, ()) and heads.get((one.body.field, one.id)) != one.body.value:
            yield f"I6 {view.rid.hex()[:8]}: a value of {one.body.field} that nobody settled is not to be seen"
        if (
            isinstance(one.body, ConflictResolved)
            and one.header.base
            and one.body.conflict in {each.id for each in view.conflicts}
        ):
            yield f"I7 {view.rid.hex()[:8]}: a settled conflict is open again under the same name"
    counted = {one.id for one in said}
    for field in view.identity:
        if any(head.rank == Rank.SETTLED and head.id not in counted for head in field.settled.heads):
            yield f"I7 {view.rid.hex()[:8]}: {field.field} was settled by an office that never had custody"


def _holders(acts: Sequence[Act]) -> dict[int, OfficeCode]:
    """Who got each fence; two epochs of the hub may have granted under one: the smaller id counts, everywhere."""
    grants = sorted((one for one in acts if isinstance(one.body, CustodyGranted)), key=lambda one: one.id, reverse=True)
    return {one.body.fence: one.body.office for one in grants if isinstance(one.body, CustodyGranted)}


def _ends(view: DossierView, acts: Sequence[Act]) -> Iterator[str]:
    """I7 of decisions and answers: what counted is the decision or a former one; nobody closed another's move without its custody."""
    without_effect = {one.act for one in view.proposals}
    counted = sum(1 for one in acts if isinstance(one.body, DecisionMade) and one.id not in without_effect)
    if counted != sum(1 for one in view.reopenings if one.decision) + (view.decision is not None):
        yield f"I7 {view.rid.hex()[:8]}: a decision that counted is not to be seen"
    holder = {0: {view.office}}
    for one in acts:
        if isinstance(one.body, CustodyGranted):
            holder.setdefault(one.body.fence, set()).add(one.body.office)
    said = {(one.body.act, one.body.office) for one in acts if isinstance(one.body, ProposalDismissed) and one.body.office in holder.get(one.header.fence or 0, set())}
    for one in view.proposals:
        if one.settled == "dismissed" and (one.act, one.settled_office) not in said:
            yield f"I8 {view.rid.hex()[:8]}: a move was left without effect by who had no custody"


def _pairs(connection: apsw.Connection, view: DossierView, acts: Sequence[Act]) -> Iterator[str]:
    """I7 and I18 of pairs: one case under one id from both sides, open or closed in both, with every judgement that anybody made."""
    for pair in view.suspicions:
        other = projection.view_of(connection, pair.other_rid)
        if other is None or other.erased:
            continue
        twin = next((one for one in other.suspicions if key_of(one) == seen_from_there(view.rid, pair)), None)
        if twin is None or twin.judged != pair.judged:
            yield f"I7 {view.rid.hex()[:8]}: a pair is {pair.judged or 'open'} here and {twin.judged or 'open' if twin else 'unknown'} there"
        elif not pair.judged and pair_id(view.rid, pair) != pair_id(other.rid, twin):
            yield f"I7 {view.rid.hex()[:8]}: one case has two ids"
        known = {one.act for one in pair.judgements}
        for one in acts:
            if _judges(one.body, pair) and one.id not in known:
                yield f"I18 {view.rid.hex()[:8]}: a judgement is not to be seen"


def _judges(body: object, pair: Suspicion) -> bool:
    return isinstance(body, DuplicateJudged) and body.of is None and (body.kind, body.other_rid, body.document_id, body.other_document_id) == key_of(pair)


def _moves(view: DossierView, acts: Sequence[Act]) -> Iterator[str]:
    # two epochs of the hub may have granted under one fence: the smaller id counts, everywhere
    grants = sorted((one for one in acts if isinstance(one.body, CustodyGranted)), key=lambda one: one.id, reverse=True)
    holder = {
        0: view.office,
        **{one.body.fence: one.body.office for one in grants if isinstance(one.body, CustodyGranted)},
    }
    until = {one.body.fence: one.body.until for one in grants if isinstance(one.body, CustodyGranted)}
    kept = {one.act for one in view.proposals}
    if any(one.header.node != HUB_NODE for one in grants):
        yield f"I8 {view.rid.hex()[:8]}: an office granted custody"
    for one in acts:
        if not isinstance(one.body, StatusMoved) or one.id in kept:
            continue
        if one.header.fence is None or holder.get(one.header.fence) != one.body.office:
            yield f"I8 {view.rid.hex()[:8]}: a move counts without its fence"
            continue
        later = [fence for fence in until if fence > one.header.fence]
        known = {inc: seq for node, inc, seq in until[min(later)] if node == one.header.node} if later else {}
        if later and not any(seq <= known.get(inc, 0) for inc, seq in one.places):
            yield f"I8 {view.rid.hex()[:8]}: a move counts that the hub did not know when the custody went on"


def clocks(nodes: Sequence[SimNode]) -> Iterator[str]:
    """I13: a node's logical clock never runs further ahead than its own wall clock was, plus what is trusted of others."""
    for node in nodes:
        assert node.store.connection is not None
        row = node.store.connection.execute("SELECT value FROM node_state WHERE key = 'hlc'").fetchone()
        ahead = (int.from_bytes(as_bytes(row[0]), "big") >> 16) - node.latest_ms if row else 0
        if ahead > CLOCK_TRUST_MS and not node.was_copied:
            yield f"I13 {node.node}: its clock was carried {ahead} ms ahead"


def files(hub: SimHub, nodes: Sequence[SimNode]) -> Iterator[str]:
    """I16 and I11 for files: what is called "at the hub" is there, whole; nothing waits."""
    for node in nodes:
        for digest, state, reason in _rows(
            node.store.connection, "SELECT digest, state, reason FROM blob ORDER BY digest"
        ):
            if state == "at_hub" and not _opens(hub, as_bytes(digest).hex()):
                yield f"I16 {node.node}: the hub does not hold {as_bytes(digest).hex()[:8]}"
            elif state in ("local", "refused") and node.files.has(as_bytes(digest).hex()):
                yield f"I11 {node.node}: file {as_bytes(digest).hex()[:8]} is {state} {reason}"
    yield from _held_back(hub, nodes)


def _held_back(hub: SimHub, nodes: Sequence[SimNode]) -> Iterator[str]:
    """I16: what the hub's dossiers refer to and lies on a disk in an office of their scope is at the hub, whatever that desk calls it."""
    query = "SELECT DISTINCT r.digest, s.office FROM blob_reference r JOIN scope s ON s.rid = r.rid ORDER BY r.digest, s.office"
    for digest, office in _rows(hub.store.connection, query):
        name = as_bytes(digest).hex()
        if not _opens(hub, name):
            for node in nodes:
                if node.office == office and node.files.has(name):
                    yield f"I16 {node.node}: has {name[:8]}, which the hub lacks, and keeps it"


def _opens(hub: SimHub, digest: str) -> bool:
    try:
        return bool(hub.file_store.get(digest))
    except Problem:
        return False


def index(hub: SimHub, nodes: Sequence[SimNode]) -> Iterator[str]:
    """I19: every coded paper is known at every desk, as of the index that it holds."""
    query = "SELECT d.owner, d.document_type, s.custodian FROM document d JOIN dossier s ON s.rid = d.rid WHERE d.owner <> '' ORDER BY d.rid"
    coded = _rows(hub.store.connection, query)
    for node in nodes:
        existence = node.existence()
        for owner, kind, custodian in coded:
            if custodian == node.office:
                continue
            known = existence.known(Party(kind="person", name="", personal_id=str(owner)), str(kind))
            if OfficeCode(str(custodian)) not in known.offices:
                yield f"I19 {node.node}: a paper at {custodian} is not known as of {known.as_of_ms}"
                break


def _rows(connection: apsw.Connection | None, query: str) -> list[tuple[apsw.SQLiteValue, ...]]:
    assert connection is not None
    return connection.execute(query).fetchall()
