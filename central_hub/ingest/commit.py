"""One batch, one judgement, one transaction: events, projection, scope, feeds, suspicions. Then, and only then, the promise.

Runs inside the hub's writer, which commits many nodes' batches at once (hub rule H1). Repeating a batch changes nothing and earns the
same acknowledgement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import apsw
import msgspec

from central_hub.ingest.duplicates import suspect
from central_hub.ingest.errors import OfficeMismatch, ReceptionTaken
from central_hub.ingest.feed import enter_scopes, feed_events
from central_hub.ingest.hub_lane import append_hub_events
from central_hub.ingest.leaving import decisions, heed
from central_hub.ingest.pairs import untold
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.bodies import DossierReceived, IntakeEnded, Revoked, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import EventId, HubEpoch, NodeId, OfficeCode, RecordId
from sync_protocol.receiver import Accept, Floor, Forked, Gap, judge

HUB_ONLY = (  # in any version
    "custody.granted", "duplicate.suspected", "body.erased", "document.examined", "application.arrived", "account.checked",
    "exit.judged", "exit.undone",
)  # fmt: skip


TELLINGS_MAX = 4  # a pair that is new in one dossier, then what was said of it


class Committed(msgspec.Struct, frozen=True):
    """What the transaction did. `news` are the offices whose feeds grew."""

    floor: Floor
    hubseq: int
    new_events: int
    backup_seq: int
    news: frozenset[OfficeCode]


def whole(outcomes: Sequence[Committed | Gap | Forked]) -> Committed | Gap | Forked:
    """What became of a batch whose steps had these outcomes in order: what the last of them says, or the first that was not stored.

    The promise is for the whole batch. Where it is cut off, what was stored before the cut is stored without a promise, as after an answer
    that was lost: the node sends it again, and it is recognised.
    """
    news: set[OfficeCode] = set()
    last, new_events = None, 0
    for outcome in outcomes:
        if not isinstance(outcome, Committed):
            return outcome
        news |= outcome.news
        last, new_events = outcome, new_events + outcome.new_events
    assert last is not None
    return msgspec.structs.replace(last, news=frozenset(news), new_events=new_events)


def check_office(node: NodeId, office: OfficeCode, events: Sequence[Event]) -> None:
    """No node acts for an office that is not its own, and none speaks as the hub.

    Raises:
        OfficeMismatch: an event says otherwise.
    """
    for event in events:
        body = decode_body(event)
        claimed = body.authority if isinstance(body, Revoked) else getattr(body, "office", office)
        if event.header.type in HUB_ONLY or (claimed and claimed != office):
            raise OfficeMismatch(node=node, event_id=event.id.hex()[:16])


def check_receptions(
    connection: apsw.Connection,
    node: NodeId,
    office: OfficeCode,
    events: Sequence[Event],
    fresh: Collection[RecordId] = (),
) -> None:
    """A dossier is opened once, by one office: a second opening would move its custody past the hub's grants.

    A reception or refusal with a fence is a move of a dossier whose intake had ended without a reception; whether it counts is for the
    fence to say, and a late one must not stop the log of an office that acted in good faith.

    Of the dossiers in `fresh` nothing is held, so nobody opened them.

    Raises:
        ReceptionTaken: another office opened it before, or it was received already.
    """
    receptions = [
        event
        for event in events
        if event.header.rid not in fresh and isinstance(decode_body(event), DossierReceived | IntakeEnded)
    ]
    known = projection.held_rids(connection, dict.fromkeys(event.header.rid for event in receptions))
    for event in receptions:
        if event.header.rid in known:
            view = projection.view_of(connection, event.header.rid)
            if view is None or not view.is_whole:
                continue
            opener = view.intakes[0].office if view.presented_ms else view.office
            if opener != office if event.header.fence is None else not view.presented_ms:
                raise ReceptionTaken(node=node, event_id=event.id.hex()[:16])


def commit_batch(
    connection: apsw.Connection,
    node: NodeId,
    office: OfficeCode,
    events: Sequence[Event],
    epoch: HubEpoch,
    now_ms: int,
    ahead: Mapping[RecordId, Folded] | None = None,
    behind: Collection[EventId] = (),
) -> Committed | Gap | Forked:
    """Judge and store one verified batch. The caller sends the acknowledgement after the COMMIT has returned.

    `ahead` is what `fold_ahead` made of these events before the transaction. `behind` are orders without which it is a gap:
    an event without a body is taken only where it can be said who took it.

    Raises:
        ReceptionTaken: a new event receives a dossier that another office received.
    """
    stored = store_batch(connection, node, office, events, now_ms, ahead, behind)
    if not isinstance(stored, Stored):
        return stored
    news = stored.news | _with_suspicions(connection, epoch, stored.changed, now_ms)
    return committed(connection, stored, news | _judge_wishes(connection, epoch, events[-stored.new_events :] if stored.new_events else (), now_ms))


class Stored(msgspec.Struct, frozen=True):
    """A batch whose rows are written, before anybody looked whom its dossiers resemble. `fresh`: of these nothing was held before."""

    lane: event_log.Lane
    new_events: int = 0
    news: frozenset[OfficeCode] = frozenset()
    changed: tuple[Folded, ...] = ()
    fresh: frozenset[RecordId] = frozenset()


def committed(connection: apsw.Connection, stored: Stored, news: Collection[OfficeCode]) -> Committed:
    """What may be promised of a stored batch once its transaction is committed."""
    backup = connection.execute("SELECT seq FROM backup_floor WHERE lane = ?", (stored.lane.lane,)).fetchone()
    return Committed(
        stored.lane.head, event_log.last_position(connection), stored.new_events, int(backup[0]) if backup else 0, frozenset(news)
    )


def store_batch(
    connection: apsw.Connection, node: NodeId, office: OfficeCode, events: Sequence[Event], now_ms: int,
    ahead: Mapping[RecordId, Folded] | None = None, behind: Collection[EventId] = (),
    admit: Callable[[Collection[RecordId]], None] = lambda _: None,
) -> Stored | Gap | Forked:  # fmt: skip
    """Judge one verified batch, write its rows, feed the offices that are entitled to its dossiers.

    `admit` is told the touched dossiers of which something is held, before anything of them is read; what it raises ends this.

    Raises:
        ReceptionTaken: as `commit_batch`.
    """
    lane = event_log.open_lane(connection, node, events[0].header.inc, "peer")
    verdict = judge(events, lane.head, lambda seq: event_log.held_id(connection, lane.lane, seq))
    if not isinstance(verdict, Accept):
        return verdict
    if not event_log.holds_all(connection, behind):
        return Gap(lane.head)
    new = events[verdict.skip :]
    if not new:
        return Stored(lane)
    touched = dict.fromkeys(event.header.rid for event in new)
    # asked once: nobody is in scope, nothing is projected
    fresh = touched.keys() - event_log.known_rids(connection, touched)
    admit(touched.keys() - fresh)
    check_receptions(connection, node, office, new, fresh)
    enter_scopes(connection, touched, office, now_ms, "acted", fresh)
    lane, placed = event_log.append(connection, lane, new, now_ms)
    news, changed = _feed_and_fold(connection, placed, now_ms, dict.fromkeys(fresh, office), ahead)
    return Stored(lane, len(new), frozenset(news), tuple(changed), frozenset(fresh))


def spread_events(connection: apsw.Connection, epoch: HubEpoch, placed: Sequence[tuple[int, Event]], now_ms: int) -> set[OfficeCode]:
    """Feed and project stored events given as (position, event), and look for duplicates; returns the offices with news."""
    news, changed = _feed_and_fold(connection, placed, now_ms)
    news |= _with_suspicions(connection, epoch, changed, now_ms)
    return news | _judge_wishes(connection, epoch, [event for _, event in placed], now_ms)


def _judge_wishes(connection: apsw.Connection, epoch: HubEpoch, events: Sequence[Event], now_ms: int) -> set[OfficeCode]:
    """Say of each wish to leave a scope what becomes of it; returns the offices with news."""
    news: set[OfficeCode] = set()
    for one in decisions(connection, events, now_ms):
        news |= place_hub_events(connection, epoch, [one], now_ms, "hub")
    return news


def _feed_and_fold(
    connection: apsw.Connection, placed: Sequence[tuple[int, Event]], now_ms: int,
    fresh: Mapping[RecordId, OfficeCode] | None = None, ahead: Mapping[RecordId, Folded] | None = None,
) -> tuple[set[OfficeCode], list[Folded]]:  # fmt: skip
    """`fresh` are dossiers of which nothing was held before, with the one office that has just entered their scope."""
    fresh = fresh or {}
    news = feed_events(connection, [(position, event.header.rid) for position, event in placed], fresh)
    changed = projection.project(connection, [event for _, event in placed], fresh, ahead)
    return news | heed(connection, placed, changed, now_ms), changed


def _with_suspicions(
    connection: apsw.Connection, epoch: HubEpoch, changed: Sequence[Folded], now_ms: int
) -> set[OfficeCode]:
    """Write whom the changed dossiers resemble, and what was said of such pairs; returns the offices with news of it."""
    news = _tell_pairs(connection, epoch, changed, now_ms)
    suspicions = suspect(connection, changed)
    return news | (place_hub_events(connection, epoch, suspicions, now_ms, "hub") if suspicions else set())


def _tell_pairs(connection: apsw.Connection, epoch: HubEpoch, changed: Sequence[Folded], now_ms: int) -> set[OfficeCode]:
    """Say in the other dossier of each pair what was said in one, until both know the same; returns the offices with news."""
    news: set[OfficeCode] = set()
    for _ in range(TELLINGS_MAX):
        said = untold(connection, changed)
        if not said:
            break
        placed: list[tuple[int, Event]] = []
        for one in said:
            placed += append_hub_events(connection, epoch, [(one.rid, one.body)], now_ms, "hub", one.base)
        more, changed = _feed_and_fold(connection, placed, now_ms)
        news |= more
    return news


def place_hub_events(
    connection: apsw.Connection,
    epoch: HubEpoch,
    bodies: Sequence[tuple[RecordId, msgspec.Struct]],
    now_ms: int,
    actor: str,
    base: Sequence[EventId] = (),
) -> set[OfficeCode]:
    """Append hub events, feed and project them; returns the offices with news. `base` are the acts that a decision had seen."""
    news, changed = _feed_and_fold(connection, append_hub_events(connection, epoch, bodies, now_ms, actor, base), now_ms)
    return news | _tell_pairs(connection, epoch, changed, now_ms)


def floors_of(connection: apsw.Connection, node: NodeId) -> list[tuple[bytes, int, EventId, int]]:
    """(incarnation, seq, id, backed-up seq) of every lane of a node."""
    rows = connection.execute(
        "SELECT l.inc, l.head_seq, l.head_id, coalesce(b.seq, 0) FROM lane l LEFT JOIN backup_floor b ON b.lane = l.lane"
        " WHERE l.node = ? AND l.kind = 'peer' ORDER BY l.lane",
        (node,),
    )
    return [(bytes(inc), int(seq), EventId(bytes(head)), int(backed)) for inc, seq, head, backed in rows]
