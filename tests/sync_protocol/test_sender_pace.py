"""Batches are as large as the line bears; nothing else of the engine depends on how long an answer took."""

from __future__ import annotations

import msgspec

from sync_protocol.batch import Acknowledgement
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId
from sync_protocol.limits import (
    BATCH_EVENTS_MAX,
    FAST_ANSWER_MS,
    SLOW_ANSWER_MS,
    SLOW_LINE_BATCH_EVENTS,
    SLOW_LINE_ROUND_TRIP_MS,
)
from sync_protocol.messages import HelloReply, PushReply
from sync_protocol.sender import Answered, LineUp, SendBatch, SenderState, step

INC, EPOCH, HEAD = Incarnation(b"i" * 16), HubEpoch(b"e" * 16), EventId(b"h" * 32)


def _welcome() -> HelloReply:
    given = {"epoch": EPOCH, "floors": ()}
    blank = {field.name: given.get(field.name) for field in msgspec.structs.fields(HelloReply)}
    return HelloReply(**blank)  # type: ignore[arg-type]  # the engine reads epoch and floors only


def _greeted(took_ms: int | None) -> tuple[SenderState, list[SendBatch]]:
    state, _ = step(SenderState(inc=INC, head=5_000), LineUp(), 0)
    state, effects = step(state, Answered(_welcome(), None, took_ms), 1)
    return state, [one for one in effects if isinstance(one, SendBatch)]


def _acknowledged(state: SenderState, upto: int, took_ms: int) -> SenderState:
    promise = Acknowledgement("hub", EPOCH, NodeId("n00101a"), INC, upto, HEAD, upto, 1, 0)
    return step(state, Answered(PushReply(promise), HEAD, took_ms), 2)[0]


def _sizes(sends: list[SendBatch]) -> set[int]:
    return {one.last - one.first + 1 for one in sends}


def test_a_quick_greeting_opens_with_full_batches_and_a_slow_one_with_small_ones() -> None:
    assert _sizes(_greeted(SLOW_LINE_ROUND_TRIP_MS)[1]) == {BATCH_EVENTS_MAX}
    assert _sizes(_greeted(None)[1]) == {BATCH_EVENTS_MAX}
    assert _sizes(_greeted(SLOW_LINE_ROUND_TRIP_MS + 1)[1]) == {SLOW_LINE_BATCH_EVENTS}


def test_quick_answers_double_the_batch_up_to_the_bound_and_a_slow_one_makes_it_small_again() -> None:
    state, _ = _greeted(SLOW_LINE_ROUND_TRIP_MS + 1)
    sizes = []
    for turn in range(1, 6):
        state = _acknowledged(state, turn * SLOW_LINE_BATCH_EVENTS, FAST_ANSWER_MS - 1)
        sizes.append(state.batch_events)
    assert sizes == [100, 200, 400, 500, 500]
    assert _acknowledged(state, 300, SLOW_ANSWER_MS).batch_events == BATCH_EVENTS_MAX
    assert _acknowledged(state, 300, SLOW_ANSWER_MS + 1).batch_events == SLOW_LINE_BATCH_EVENTS
