"""Safeguards that can be taken out, alone or in pairs, to prove that the invariants notice. Off only inside `without`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from central_hub.ingest import commit, pulling, service
from edge_node.sync import memory, witness
from sync_protocol import acts, merge, sender
from sync_protocol.adapters import event_log
from sync_protocol.receiver import Accept, judge

_off: set[str] = set()


def is_off(name: str) -> bool:
    """Whether the simulated shells leave this safeguard out."""
    return name in _off


def _judge_by_presence(events: Any, floor: Any, held_id: Any) -> Any:
    verdict = judge(events, floor, lambda seq: None)
    return verdict if not hasattr(verdict, "at") else Accept(len(events))


def _every_event_its_own_act(events: Any) -> Any:
    unique = {event.id: event for event in events}
    found = [msgspec.structs.replace(acts.acts_of([event])[0], id=event.id) for event in unique.values()]
    return sorted(found, key=lambda act: (act.header.hlc, act.header.node, act.id))


def _drop_on_conflict(connection: Any, lane: Any, event: Any, arrived_ms: int) -> Any:
    return lane


def _keep_any_promise(connection: Any, one: Any) -> bool:
    connection.execute(
        "INSERT OR REPLACE INTO acknowledgement(inc, upto, head, epoch, hubseq, at_ms, backup_seq, raw) VALUES(?,?,?,?,?,?,?,?)",
        (one.inc, one.upto, one.head, one.epoch, one.hubseq, one.at_ms, one.backup_seq, b""),
    )
    return True


def _believe(state: Any, one: Any, held_id: Any) -> bool:
    return bool(one.inc == state.inc)


SAFEGUARDS: dict[str, tuple[tuple[Any, str, Callable[..., Any] | Any], ...]] = {
    "epoch": (),  # the hub restores without a new one
    "witness": ((witness, "next_pages", lambda connection: None),),
    "retired lanes": ((witness, "retired_runs", lambda connection, floors: []),),
    "fork check": ((commit, "judge", _judge_by_presence),),
    "acts": ((merge, "acts_of", _every_event_its_own_act),),
    "aside": ((event_log, "_keep_beside_whole", _drop_on_conflict),),
    "promise names my event": ((memory, "keep_acknowledgement", _keep_any_promise), (sender, "_is_ours", _believe)),
    "cursor with its page": (),  # the cursor is written in a transaction before the events
    "promise after commit": (),  # the node takes a sent batch for delivered
    "feed of the other history": ((pulling, "_EVERYTHING", None),),
    "gap is not a batch": (),
}
del service


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """Run with safeguards taken out."""
    undo: list[tuple[Any, str, Any]] = []
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
