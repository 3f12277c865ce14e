"""Safeguards that can be taken out, alone or in pairs, to prove that the invariants notice. Out only inside `without`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from central_hub.existence import publishing
from central_hub.ingest import asker, commit, feed, greeting, nodes, number_blocks, pairs, quarantine
from central_hub.ingest import leaving as hub_leaving
from central_hub.operations import scrubbing, unnamed_files
from edge_node.letting_go import tombstones
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, write_number, write_state
from edge_node.sync import asking, cut_off, memory, witness
from sync_protocol import acts, custody, leaving, merge, merge_identity, register, sender
from sync_protocol.adapters import event_log, exits
from sync_protocol.receiver import Accept, Forked, Gap, judge

_off: set[str] = set()
_real_open_incarnation = memory.open_incarnation
_real_find_node = nodes.find_node
_real_keep_pulled = memory.keep_pulled
_real_settle = register.settle


def is_off(name: str) -> bool:
    """Whether the simulated shells leave this safeguard out."""
    return name in _off


def _judge_by_presence(events: Any, floor: Any, held_id: Any) -> Any:
    verdict = judge(events, floor, lambda seq: None)
    return Accept(len(events)) if isinstance(verdict, Forked) else verdict


def _judge_without_gaps(events: Any, floor: Any, held_id: Any) -> Any:
    verdict = judge(events, floor, held_id)
    return Accept(0) if isinstance(verdict, Gap) else verdict


def _every_event_its_own_act(events: Any) -> Any:
    unique = {event.id: event for event in events}
    found = [msgspec.structs.replace(acts.acts_of([event])[0], id=event.id) for event in unique.values()]
    return sorted(found, key=lambda act: (act.header.hlc, act.header.node, act.id))


def _keep_any_promise(connection: Any, one: Any) -> bool:
    connection.execute(
        "INSERT OR REPLACE INTO acknowledgement(inc, upto, head, epoch, hubseq, at_ms, backup_seq, raw)"
        " VALUES(?,?,?,?,?,?,?,?)",
        (one.inc, one.upto, one.head, one.epoch, one.hubseq, one.at_ms, one.backup_seq, msgspec.msgpack.encode(one)),
    )
    return True


def _believe_old_promises(connection: Any, reply: Any) -> None:
    write_number(connection, "offers_owed", 1)
    write_number(connection, "offered_upto", 0)
    write_state(connection, "epoch", reply.epoch)
    write_number(connection, "cursor", 0)


def _keep_the_cursor(connection: Any, inc: Any, now_ms: int) -> int:
    cursor = read_number(connection, "cursor")
    again = _real_open_incarnation(connection, inc, now_ms)
    write_number(connection, "cursor", cursor)
    return again


def _never_revoked(connection: Any, node: Any) -> Any:
    return msgspec.structs.replace(_real_find_node(connection, node), revoked_ms=None)


def _keep_any_page(connection: Any, page: Any, asked: Any, *more: Any) -> Any:
    return _real_keep_pulled(connection, page, msgspec.structs.replace(asked, inc=own_lane(connection).inc), *more)


def _feed_everybody(connection: Any, placed: Any, fresh: Any = None) -> Any:
    offices = {row.office for row in nodes.all_nodes(connection)}
    for office in sorted(offices):
        feed._append(connection, office, [position for position, _ in placed])
    return offices


def _last_word(rid: Any, name: Any, entries: Any) -> Any:
    return _real_settle(rid, name, sorted(entries, key=lambda one: one.id)[-1:])


def _leave_in_place(connection: Any, lane: Any, first: int) -> Any:
    return event_log.read_lane(connection, lane.lane, first, lane.head.seq)


Change = tuple[Any, str, Any]
SAFEGUARDS: dict[str, tuple[Change, ...]] = {
    "remind": (),  # Talk.greet, pull_all: nobody tells a hub that it forgot
    "names cut off": ((cut_off, "reminder", lambda connection, told: None),),
    "epoch": (),  # SimHub.restore: an older copy speaks under the old epoch
    "promise after commit": (),  # SimHub.answer: a promise whose commit never reached the disk
    "signed promise": (),  # Talk.push: what was handed to the line counts as delivered
    "cursor with its page": (),  # Talk._keep_page: the cursor is written before the events
    "witness": ((witness, "next_pages", lambda connection: None),),
    "retired lanes": ((witness, "retired_runs", lambda connection, floors: []),),
    "fork check": ((commit, "judge", _judge_by_presence),),
    "gap check": ((commit, "judge", _judge_without_gaps),),
    "acts": ((merge, "acts_of", _every_event_its_own_act),),
    "aside": ((event_log, "_keep_beside_whole", lambda connection, lane, event, arrived_ms: lane),),
    "promise names my event": (
        (memory, "keep_acknowledgement", _keep_any_promise),
        (sender, "_is_ours", lambda state, one, held_id: bool(one.inc == state.inc)),
    ),
    "old promises end": ((memory, "enter_epoch", _believe_old_promises),),
    "feed of the other history": ((memory, "open_incarnation", _keep_the_cursor),),
    "blocks heard again": ((number_blocks, "knows_all_blocks", lambda connection, office: True),),
    "superseded": ((event_log, "supersede", _leave_in_place),),
    "erased stays erased": (
        (event_log, "without_erased", lambda connection, events: list(events)),
        (quarantine, "without_erased", lambda connection, events: list(events)),
    ),
    "orders first": ((witness, "orders_over", lambda connection, run: []),),
    "behind its orders": ((witness, "heard", lambda order, reply: []),),
    "page of this incarnation": ((memory, "keep_pulled", _keep_any_page),),
    "signature earned again": ((asking, "promised", lambda connection: 1 << 40),),
    "lost files asked again": ((greeting, "lost_of", lambda connection, office: ()),),
    "absent files asked for": ((greeting, "awaited_of", lambda connection, office, now_ms: ()),),
    "made files looked for": ((scrubbing, "_MADE", "SELECT digest FROM catalogue"),),
    "every file that is named": ((unnamed_files, "NAMING", ("catalogue", "snapshot_part")),),
    "views of the new program": (),  # SimNode.start: an upgraded program believes the views of the older one
    "scope": ((commit, "feed_events", _feed_everybody),),
    "fence": ((custody, "why_not_custodian", lambda act, office, by_fence: ""),),
    "distrust of clocks": ((memory, "is_untrusted", lambda hlc, arrival_ms: False),),
    "index of all papers": ((publishing, "entries_since", lambda connection, hasher, position: iter(())),),
    "let go means gone": ((tombstones, "_clear", lambda connection, rid: False),),
    "who left stays away": ((exits, "has_left", lambda connection, rid, office: False),),
    "answered before leaving": (
        (leaving, "awaits_answer", lambda view, office: False),
        (hub_leaving, "awaits_answer", lambda view, office: False),
    ),
    "told in both": ((commit, "untold", lambda connection, changed: []),),
    "told of a revoked paper": ((pairs, "revoked_reuses", lambda connection, changed: iter(())),),
    "register of all values": ((merge_identity, "settle", _last_word),),
    "settled by who may": ((merge, "of_hub_or_custodians", lambda said, holders, acts: list(said)),),
    "alone means waiting": ((merge_identity, "waits", lambda act, said: said.awaits),),
    "revocation": (
        (nodes, "find_node", _never_revoked),
        (asker, "_ASKED", asker._ASKED.replace("n.revoked_ms", "NULL")),
    ),
}


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """Run with safeguards taken out."""
    undo: list[Change] = []
    for name in names:
        _off.add(name)
        for place, attribute, other in SAFEGUARDS[name]:
            undo.append((place, attribute, getattr(place, attribute)))
            setattr(place, attribute, other)
    try:
        yield
    finally:
        for place, attribute, former in reversed(undo):
            setattr(place, attribute, former)
        _off.difference_update(names)
