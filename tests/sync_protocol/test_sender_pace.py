"""Batches are as large as the line bears; nothing else of the engine depends on how long an answer took."""

from __future__ import annotations

import msgspec

from sync_protocol.batch import Acknowledgement
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId
from sync_protocol.limits import (
    BATCH_EVENTS_MAX,
    BATCHES_IN_FLIGHT,
    BATCHES_IN_FLIGHT_MAX,
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


def test_more_batches_are_under_way_while_full_ones_are_answered_quickly() -> None:
    state, sends = _greeted(SLOW_LINE_ROUND_TRIP_MS)
    assert len(sends) == len(state.in_flight) == BATCHES_IN_FLIGHT
    state = _acknowledged(state, BATCH_EVENTS_MAX, FAST_ANSWER_MS - 1)
    assert len(state.in_flight) == BATCHES_IN_FLIGHT_MAX
    slower = _acknowledged(state, 2 * BATCH_EVENTS_MAX, FAST_ANSWER_MS)
    assert len(slower.in_flight) == BATCHES_IN_FLIGHT_MAX - 1 and not slower.is_quick, "a hub that many drain into, or a thin line: no more than four again"
    assert not step(state, Answered(_welcome(), None, 1), 3)[0].is_quick


def test_small_batches_and_single_acts_that_are_answered_quickly_do_not_widen_the_window() -> None:
    small = _acknowledged(_greeted(SLOW_LINE_ROUND_TRIP_MS + 1)[0], SLOW_LINE_BATCH_EVENTS, FAST_ANSWER_MS - 1)
    assert not small.is_quick and len(small.in_flight) == BATCHES_IN_FLIGHT
    state, _ = step(SenderState(inc=INC, head=1), LineUp(), 0)
    state, _ = step(state, Answered(_welcome(), None, 1), 1)
    assert not _acknowledged(state, 1, 1).is_quick
