"""The node's outbox engine: (state, input, now) → (state, effects). No clock, no socket, no database.

What it keeps true: at most `BATCHES_IN_FLIGHT_MAX` batches are under way; nothing counts as delivered before a verified
acknowledgement; after any doubt (a lost line, a `behind`, a new hub epoch) it starts again from the hub's own floor, so a lost
answer costs a repetition that the hub recognises, never a duplicate and never a gap. With events waiting and a line up there is always
either a request under way or a time at which the next one starts (liveness, I11).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.batch import Acknowledgement
from sync_protocol.ids import EventId, HubEpoch, Incarnation
from sync_protocol.limits import (
    BATCH_BYTES_MAX,
    BATCH_EVENTS_MAX,
    BATCHES_IN_FLIGHT,
    BATCHES_IN_FLIGHT_MAX,
    FAST_ANSWER_MS,
    HELLO_INTERVAL_MS,
    RETRY_FIRST_MS,
    RETRY_MAX_MS,
    SLOW_ANSWER_MS,
    SLOW_LINE_BATCH_EVENTS,
    SLOW_LINE_BYTES_IN_FLIGHT,
    SLOW_LINE_ROUND_TRIP_MS,
)
from sync_protocol.messages import Behind, Busy, Fork, HelloReply, PushReply, Refusal

FRUITLESS_MAX = 2 * BATCHES_IN_FLIGHT_MAX  # so many may be under way together; a hub that goes on like that is asked with a rest

Phase = Literal["offline", "greeting", "open", "waiting", "refused"]


class SenderState(msgspec.Struct, frozen=True):
    """Everything the engine remembers. `floor` is the hub's, `sent` what is under way beyond it."""

    inc: Incarnation
    head: int  # last event of the own lane, saved here
    phase: Phase = "offline"
    floor: int = 0
    backup_seq: int = 0
    sent: int = 0
    in_flight: tuple[tuple[int, int], ...] = ()  # (first, last) of each batch under way
    failures: int = 0
    wake_at_ms: int | None = None
    epoch: HubEpoch | None = None
    fruitless: int = 0  # answers in a row that moved nothing and were asked about at once
    reason: str = ""  # stable code of what holds the queue, "" when nothing does
    batch_events: int = BATCH_EVENTS_MAX
    is_quick: bool = False  # the hub answered the last full batch at once: line and hub bear more of them


class LineUp(msgspec.Struct, frozen=True, tag=True):
    """The connection stands."""


class LineDown(msgspec.Struct, frozen=True, tag=True):
    """The connection is gone, or was refused: `code` says which."""

    code: str = "BUS-001"


class Saved(msgspec.Struct, frozen=True, tag=True):
    """The own lane grew."""

    head: int


class Woken(msgspec.Struct, frozen=True, tag=True):
    """The time asked for has come, or an officer pressed "try now"."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A request got no answer."""

    code: str


class Answered(msgspec.Struct, frozen=True, tag=True):
    """An answer, already verified where it is signed.

    With a greeting, `promised` is how far the hub's signature over the own lane is held in the database: its floor is only its word.
    `took_ms` only sets the size of the next batches. `held_id` is our own id at the sequence number that the answer names as the hub's floor or head of this lane (None: we lack it).
    """

    reply: HelloReply | PushReply | Behind | Fork | Busy | Refusal
    held_id: EventId | None = None
    took_ms: int | None = None  # from question to answer, where the shell measured it
    promised: int | None = None


Input = LineUp | LineDown | Saved | Woken | Failed | Answered


class SayHello(msgspec.Struct, frozen=True, tag=True):
    """Greet the hub."""


class SendBatch(msgspec.Struct, frozen=True, tag=True):
    """Seal and send the own events `first … last` (the shell may end earlier when bytes run out, and must say so)."""

    first: int
    last: int


class KeepAcknowledgement(msgspec.Struct, frozen=True, tag=True):
    """Store this, durably, before showing "the hub has it"."""

    acknowledgement: Acknowledgement


class OpenIncarnation(msgspec.Struct, frozen=True, tag=True):
    """This log was restored or cloned: retire the lane, continue under a fresh incarnation."""

    reason: str


class EpochChanged(msgspec.Struct, frozen=True, tag=True):
    """The hub was restored: reset the pull cursor, offer what we hold of others."""

    epoch: HubEpoch


Effect = SayHello | SendBatch | KeepAcknowledgement | OpenIncarnation | EpochChanged


def step(state: SenderState, what: Input, now_ms: int) -> tuple[SenderState, tuple[Effect, ...]]:
    """Advance the engine by one input. Pure and total: every input is allowed in every state."""
    match what:
        case LineUp():
            return _greet(state, now_ms)
        case LineDown(code=code):
            return _replace(
                state, phase="offline", in_flight=(), sent=state.floor, wake_at_ms=None, reason=code
            ), ()
        case Saved(head=head):
            return _fill(_replace(state, head=max(state.head, head)))
        case Woken():
            return _wake(state, now_ms)
        case Failed(code=code):
            return _back_off(state, now_ms, code), ()
        case Answered(reply=HelloReply() as reply, held_id=held_id, took_ms=took_ms, promised=promised) if (
            state.phase != "offline"
        ):
            return _welcomed(_paced(state, reply, took_ms), reply, held_id, now_ms, promised)
        case Answered(reply=reply, held_id=held_id, took_ms=took_ms):
            return _answer(_paced(state, reply, took_ms), reply, held_id, now_ms)


def waiting(state: SenderState) -> int:
    """Events saved here and not yet acknowledged."""
    return state.head - state.floor


def run_bytes(state: SenderState) -> int:
    """Plain bytes that one message of a batch may weigh on this line; with the window it bounds what is under way and in memory."""
    return SLOW_LINE_BYTES_IN_FLIGHT if state.batch_events <= SLOW_LINE_BATCH_EVENTS else BATCH_BYTES_MAX


def _replace(state: SenderState, **changes: object) -> SenderState:
    return msgspec.structs.replace(state, **changes)


def _paced(state: SenderState, reply: msgspec.Struct, took_ms: int | None) -> SenderState:
    """Batches as large as the line bears: what a lost packet or a cut line costs is a batch again.

    Measured on 256 kbit/s, 300 ms, 20 % loss: 1,000 records in batches of 500 took 19 to 53 s, because one cut sent 168 kB again.
    """
    is_quick = False
    if isinstance(reply, HelloReply):
        size = SLOW_LINE_BATCH_EVENTS if (took_ms or 0) > SLOW_LINE_ROUND_TRIP_MS else BATCH_EVENTS_MAX
    elif took_ms is None:
        return state
    elif took_ms > SLOW_ANSWER_MS:
        size = SLOW_LINE_BATCH_EVENTS
    elif took_ms < FAST_ANSWER_MS:
        size = min(2 * state.batch_events, BATCH_EVENTS_MAX)
        is_quick = state.is_quick or _answers_full_batch(state, reply)
    else:
        size = state.batch_events
    return _replace(state, batch_events=size, is_quick=is_quick)


def _answers_full_batch(state: SenderState, reply: msgspec.Struct) -> bool:
    """A single act that is answered at once says nothing about what the line bears."""
    upto = reply.acknowledgement.upto if isinstance(reply, PushReply) else 0
    return any(last == upto and last - first + 1 == BATCH_EVENTS_MAX for first, last in state.in_flight)


def _greet(state: SenderState, now_ms: int) -> tuple[SenderState, tuple[Effect, ...]]:
    greeting = _replace(state, phase="greeting", in_flight=(), sent=state.floor, wake_at_ms=now_ms + RETRY_MAX_MS)
    return greeting, (SayHello(),)


def _ask(state: SenderState, now_ms: int) -> tuple[SenderState, tuple[Effect, ...]]:
    """An answer that only a greeting can explain: at once, but where that has not helped again and again, after a rest."""
    if state.fruitless >= FRUITLESS_MAX:
        return _back_off(state, now_ms, "SYN-031"), ()
    return _greet(_replace(state, fruitless=state.fruitless + 1), now_ms)


def _wake(state: SenderState, now_ms: int) -> tuple[SenderState, tuple[Effect, ...]]:
    if state.phase == "offline":
        return state, ()
    if state.phase == "open" and state.in_flight and state.wake_at_ms is not None and now_ms < state.wake_at_ms:
        return state, ()  # somebody pressed "try now" while it is being tried
    return _greet(state, now_ms)


def _back_off(state: SenderState, now_ms: int, code: str) -> SenderState:
    """After a failure everything under way is in doubt: wait, then greet again and learn the floor.

    What else was under way fails with it and counts no more: four batches lost in one cut were four failures, and two cuts a wait of minutes.
    """
    if state.phase in ("offline", "waiting"):
        return state
    delay = min(RETRY_FIRST_MS << min(state.failures, 12), RETRY_MAX_MS)
    return _replace(
        state, phase="waiting", in_flight=(), sent=state.floor, failures=state.failures + 1,
        wake_at_ms=now_ms + delay, reason=code,
    )  # fmt: skip


def _answer(
    state: SenderState,
    reply: HelloReply | PushReply | Behind | Fork | Busy | Refusal,
    held_id: EventId | None,
    now_ms: int,
) -> tuple[SenderState, tuple[Effect, ...]]:
    if state.phase == "offline":
        if isinstance(reply, PushReply) and _is_ours(state, reply.acknowledgement, held_id):
            return state, (KeepAcknowledgement(reply.acknowledgement),)
        return state, ()
    match reply:
        case HelloReply():
            return _welcomed(state, reply, held_id, now_ms, None)
        case PushReply(acknowledgement=one):
            return _acknowledged(state, one, held_id, now_ms)
        case Behind(floor=floor):
            if floor.inc != state.inc or not state.floor <= floor.seq <= state.head:
                return _ask(state, now_ms)  # overtaken, or the hub forgot: its hello says which
            if floor.seq == state.floor and state.fruitless >= FRUITLESS_MAX:
                return _ask(state, now_ms)
            fruitless = state.fruitless + 1 if floor.seq == state.floor else 0
            return _fill(_replace(state, floor=floor.seq, sent=floor.seq, in_flight=(), fruitless=fruitless))
        case Fork(inc=inc):
            # Only the current incarnation can fork; an answer about a retired one is history (sync.md 2.14, hole 3).
            return (state, (OpenIncarnation("fork"),)) if inc == state.inc else _ask(state, now_ms)
        case Busy(retry_after_ms=after):
            return _replace(
                state, phase="waiting", in_flight=(), sent=state.floor, wake_at_ms=now_ms + max(after, RETRY_FIRST_MS), reason="SYN-020"
            ), ()
        case Refusal(code=code, retry_after_ms=after):
            wake = now_ms + (max(after, RETRY_FIRST_MS) if after is not None else RETRY_MAX_MS)
            return _replace(state, phase="refused", in_flight=(), sent=state.floor, wake_at_ms=wake, reason=code), ()


def _welcomed(
    state: SenderState, reply: HelloReply, held_id: EventId | None, now_ms: int, promised: int | None
) -> tuple[SenderState, tuple[Effect, ...]]:
    effects: list[Effect] = []
    if state.epoch is not None and state.epoch != reply.epoch:
        effects.append(EpochChanged(reply.epoch))
    floor, backup = 0, 0
    for lane in reply.floors:
        if lane.inc == state.inc:
            if lane.seq > state.head or (lane.seq > 0 and held_id is not None and held_id != lane.id):
                return _replace(state, epoch=reply.epoch), (*effects, OpenIncarnation("hub knows more of me than I do"))
            floor, backup = lane.seq, lane.backup_seq
    opened = _replace(
        state, phase="open", floor=floor, sent=floor, backup_seq=backup, in_flight=(), failures=0, epoch=reply.epoch,
        wake_at_ms=now_ms + HELLO_INTERVAL_MS, reason="",
    )  # fmt: skip
    filled, sends = _fill(opened)
    if not sends and promised is not None and promised < floor:
        # A log that was put back from a copy: the hub has it all, but the signature that says so came after the copy. The last event
        # again earns it; without it work would be called "being sent" and its files would wait until the next act.
        filled, sends = _replace(filled, in_flight=((floor, floor),)), (SendBatch(floor, floor),)
    return filled, (*effects, *sends)


def _is_ours(state: SenderState, one: Acknowledgement, held_id: EventId | None) -> bool:
    """An acknowledgement of this lane and epoch whose head is our own event."""
    return one.inc == state.inc and one.epoch == state.epoch and one.upto <= state.head and held_id == one.head


def _acknowledged(
    state: SenderState, one: Acknowledgement, held_id: EventId | None, now_ms: int
) -> tuple[SenderState, tuple[Effect, ...]]:
    """A promise moves the floor only when it names our own event.

    Where a clone of this log pushed as well, the hub's head of the lane is a stranger: to take it for ours would call work delivered that
    only we hold.
    """
    if one.inc != state.inc:
        return state, ()
    if one.epoch != state.epoch:
        return _ask(state, now_ms)
    if not _is_ours(state, one, held_id):
        return state, (OpenIncarnation("the hub acknowledges another history under this name"),)
    floor = max(state.floor, one.upto)
    still = tuple(span for span in state.in_flight if span[1] > floor)
    moved = _replace(
        state, floor=floor, sent=max(state.sent, floor), in_flight=still, failures=0, fruitless=0, reason="",
        backup_seq=max(state.backup_seq, one.backup_seq),
    )  # fmt: skip
    filled, sends = _fill(moved)
    return filled, (*sends, KeepAcknowledgement(one))  # what goes next does not wait for the disk here


def _fill(state: SenderState) -> tuple[SenderState, tuple[Effect, ...]]:
    """Start as many batches as the window allows."""
    if state.phase != "open":
        return state, ()
    sends: list[Effect] = []
    sent, flight = state.sent, list(state.in_flight)
    most = BATCHES_IN_FLIGHT_MAX if state.is_quick else BATCHES_IN_FLIGHT
    while sent < state.head and len(flight) < most:
        last = min(sent + state.batch_events, state.head)
        flight.append((sent + 1, last))
        sends.append(SendBatch(sent + 1, last))
        sent = last
    return _replace(state, sent=sent, in_flight=tuple(flight)), tuple(sends)
