"""The outbox engine under random walks: total, never stuck, within its window, its floor never falling within an epoch (I11)."""

from __future__ import annotations

import random

import msgspec
import pytest

from sync_protocol import sender
from sync_protocol.batch import Acknowledgement
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId
from sync_protocol.limits import BATCHES_IN_FLIGHT, BATCHES_IN_FLIGHT_MAX, HELLO_INTERVAL_MS, RETRY_MAX_MS
from sync_protocol.messages import Behind, Busy, Fork, HelloReply, LaneHead, PushReply, Refusal

INC, OLD = Incarnation(b"i" * 16), Incarnation(b"o" * 16)
EPOCHS = HubEpoch(b"e" * 16), HubEpoch(b"f" * 16)


def mine(seq: int) -> EventId:
    return EventId(seq.to_bytes(32, "big"))


def hello(floor: int, epoch: HubEpoch = EPOCHS[0], inc: Incarnation = INC, head: EventId | None = None) -> HelloReply:
    floors = (LaneHead(inc, floor, head or mine(floor)),) if floor else ()
    return HelloReply(
        version=1, hub="h", epoch=epoch, at_ms=0, floors=floors, feed_head=0, blocks=(), catalogue=None
    )  # fmt: skip


def receipt(upto: int, epoch: HubEpoch = EPOCHS[0], inc: Incarnation = INC, head: EventId | None = None) -> PushReply:
    return PushReply(Acknowledgement("h", epoch, NodeId("n1"), inc, upto, head or mine(upto), 1, 1, 0, b"s"))


def answered(reply: HelloReply | PushReply | Behind | Fork | Busy | Refusal, head: int) -> sender.Answered:
    """As the shell gives it: with the own id at the sequence number the answer names."""
    named = 0
    if isinstance(reply, PushReply):
        named = reply.acknowledgement.upto
    elif isinstance(reply, HelloReply) and reply.floors:
        named = reply.floors[0].seq
    return sender.Answered(reply, mine(named) if 0 < named <= head else None)


class Walk:
    """An engine, a hub that holds `held` of its lane, and answers that may be late, lost, or about the past."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = 1_000
        self.state = sender.SenderState(INC, 0)
        self.line = False
        self.held = 0
        self.epoch = 0
        self.under_way: list[sender.SayHello | sender.SendBatch] = []

    def give(self, what: sender.Input) -> None:
        before = self.state
        self.state, effects = sender.step(self.state, what, self.now)
        self.check(before, what)
        for effect in effects:
            if isinstance(effect, sender.SayHello | sender.SendBatch):
                self.under_way.append(effect)
            elif isinstance(effect, sender.OpenIncarnation):
                raise AssertionError("an honest hub and an unharmed log never fork")

    def check(self, before: sender.SenderState, what: sender.Input) -> None:
        state = self.state
        assert len(state.in_flight) <= BATCHES_IN_FLIGHT_MAX
        assert state.floor <= state.sent <= state.head
        assert state.in_flight == tuple(sorted(state.in_flight))
        if state.epoch == before.epoch and not (
            isinstance(what, sender.Answered) and isinstance(what.reply, HelloReply)
        ):
            assert state.floor >= before.floor
        if state.phase != "offline" and sender.waiting(state):
            assert state.in_flight or state.wake_at_ms is not None

    def move(self) -> None:
        roll = self.chance.random()
        self.now += self.chance.choice((1, 50, 2_000, 70_000))
        if roll < 0.1:
            self.line = not self.line
            self.give(sender.LineUp() if self.line else sender.LineDown())
        elif roll < 0.35:
            self.give(sender.Saved(self.state.head + self.chance.randrange(1, 900)))
        elif roll < 0.45:
            self.give(sender.Woken())
        elif roll < 0.5:
            self.give(sender.Failed("BUS-030"))
        elif roll < 0.53 and self.held > 10:
            self.epoch, self.held = 1 - self.epoch, self.held // 2
        elif self.under_way:
            self.answer(self.under_way.pop(self.chance.randrange(len(self.under_way))))

    def answer(self, asked: sender.SayHello | sender.SendBatch, *, kindly: bool = False) -> None:
        roll = 1.0 if kindly else self.chance.random()
        reply: HelloReply | PushReply | Behind | Fork | Busy | Refusal
        if roll < 0.1:
            return  # lost
        if roll < 0.2:
            reply = self.chance.choice(
                (Busy(2_000), Refusal("HUB-004", "x"), Refusal("SYN-002", "x", 10), Fork(OLD, 1, mine(1)))
            )
        elif isinstance(asked, sender.SayHello):
            reply = hello(self.held, EPOCHS[self.epoch])
        elif asked.first > self.held + 1:
            reply = Behind(LaneHead(INC, self.held, mine(self.held)))
        else:
            self.held = max(self.held, asked.last)
            reply = receipt(self.held, EPOCHS[self.epoch])
        self.give(answered(reply, self.state.head))

    def settle(self) -> None:
        """Everything works from now on; time passes only when nothing is under way."""
        self.line = True
        self.give(sender.LineUp())
        for _ in range(400):
            if self.under_way:
                self.answer(self.under_way.pop(0), kindly=True)
            elif sender.waiting(self.state) and self.state.wake_at_ms is not None:
                self.now = max(self.now, self.state.wake_at_ms)
                self.give(sender.Woken())
            else:
                return


@pytest.mark.parametrize("block", range(8))
def test_a_random_walk_never_loses_liveness_or_its_bounds(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        walk = Walk(seed)
        for _ in range(150):
            walk.move()
        walk.settle()
        assert sender.waiting(walk.state) == 0 and walk.held >= walk.state.head, f"seed {seed}"


def test_the_walk_sees_an_engine_that_forgets_to_wake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sender,
        "_back_off",
        lambda state, now, code: msgspec.structs.replace(state, phase="waiting", in_flight=(), wake_at_ms=None),
    )
    with pytest.raises(AssertionError):
        test_a_random_walk_never_loses_liveness_or_its_bounds(0)


def test_the_walk_sees_a_window_without_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "BATCHES_IN_FLIGHT", 99)
    with pytest.raises(AssertionError):
        test_a_random_walk_never_loses_liveness_or_its_bounds(0)


PHASES = ("offline", "greeting", "open", "waiting", "refused")
INPUTS: tuple[sender.Input, ...] = (
    sender.LineUp(), sender.LineDown(), sender.Saved(9), sender.Saved(1), sender.Woken(), sender.Failed("X"),
    sender.Answered(hello(0)), sender.Answered(hello(3), mine(3)), sender.Answered(hello(3, EPOCHS[1]), mine(3)),
    sender.Answered(hello(99)), sender.Answered(hello(2, head=mine(77)), mine(2)), sender.Answered(receipt(4), mine(4)),
    sender.Answered(receipt(4, EPOCHS[1]), mine(4)), sender.Answered(receipt(4, inc=OLD), None), sender.Answered(receipt(99), None),
    sender.Answered(Behind(LaneHead(INC, 1, mine(1)))), sender.Answered(Behind(LaneHead(OLD, 1, mine(1)))),
    sender.Answered(Fork(INC, 1, mine(1))), sender.Answered(Fork(OLD, 1, mine(1))), sender.Answered(Busy(5)),
    sender.Answered(Refusal("X", "y")), sender.Answered(Refusal("X", "y", 7)),
)  # fmt: skip


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("flight", [(), ((1, 2), (3, 5))])
def test_every_input_is_allowed_in_every_state(phase: sender.Phase, flight: tuple[tuple[int, int], ...]) -> None:
    start = sender.SenderState(
        INC,
        5,
        phase,
        sent=5 if flight else 0,
        in_flight=flight,
        epoch=EPOCHS[0],
        wake_at_ms=None if phase == "offline" else 50,
    )
    for what in INPUTS:
        after, _ = sender.step(start, what, 100)
        assert len(after.in_flight) <= BATCHES_IN_FLIGHT_MAX
        if after.phase != "offline" and sender.waiting(after):
            assert after.in_flight or after.wake_at_ms is not None


def opened(head: int = 5, floor: int = 0) -> sender.SenderState:
    state, _ = sender.step(sender.SenderState(INC, head), sender.LineUp(), 0)
    return sender.step(state, answered(hello(floor), head), 0)[0]


def test_a_promise_about_another_history_moves_no_floor_and_opens_a_new_incarnation() -> None:
    for reply, held in ((receipt(9), None), (receipt(3, head=mine(77)), mine(3))):
        state, effects = sender.step(opened(), sender.Answered(reply, held), 1)
        assert state.floor == 0 and [type(one) for one in effects] == [sender.OpenIncarnation]


def test_a_promise_of_a_lost_epoch_is_not_kept_but_asked_about() -> None:
    state, effects = sender.step(opened(), sender.Answered(receipt(3, EPOCHS[1]), mine(3)), 1)
    assert state.floor == 0 and [type(one) for one in effects] == [sender.SayHello]


def test_an_overtaken_behind_asks_instead_of_going_back() -> None:
    state, _ = sender.step(opened(), sender.Answered(receipt(4), mine(4)), 1)
    after, effects = sender.step(state, sender.Answered(Behind(LaneHead(INC, 1, mine(1)))), 2)
    assert after.floor == 4 and [type(one) for one in effects] == [sender.SayHello]


def test_a_request_that_never_ends_does_not_hold_the_queue_for_ever() -> None:
    state = opened()
    assert state.in_flight
    pressed, effects = sender.step(state, sender.Woken(), 10)
    assert pressed == state and effects == ()
    due, effects = sender.step(state, sender.Woken(), HELLO_INTERVAL_MS)
    assert due.phase == "greeting" and due.in_flight == () and [type(one) for one in effects] == [sender.SayHello]


def test_a_restored_hub_and_a_restored_node_are_noticed_by_the_hello() -> None:
    changed, effects = sender.step(opened(5, 5), sender.Answered(hello(2, EPOCHS[1]), mine(2)), 1)
    assert changed.floor == 2 and [type(one) for one in effects] == [sender.EpochChanged, sender.SendBatch]
    for reply, held in ((hello(9), None), (hello(4, head=mine(77)), mine(4))):
        _, effects = sender.step(opened(), sender.Answered(reply, held), 1)
        assert [type(one) for one in effects] == [sender.OpenIncarnation]


def test_a_backlog_of_a_million_is_four_batches_under_way_whatever_is_behind_them() -> None:
    million = 1_000_000
    state, _ = sender.step(sender.SenderState(INC, million), sender.LineUp(), 1)
    state, effects = sender.step(state, answered(hello(0), million), 1)
    for upto in range(500, million, 100_500):
        assert len(state.in_flight) == len(effects[-4:]) == BATCHES_IN_FLIGHT or upto > 500
        assert all(last - first < 500 for first, last in state.in_flight) and state.sent - state.floor <= 2_000
        state, effects = sender.step(state, sender.Answered(receipt(upto), mine(upto)), 1)
    assert sender.waiting(state) > 0 and state.sent <= state.floor + 2_000


def test_all_that_one_cut_takes_counts_as_one_failure() -> None:
    state, _ = sender.step(opened(), sender.Failed("BUS-030"), 0)
    for _ in range(BATCHES_IN_FLIGHT_MAX - 1):
        state, _ = sender.step(state, sender.Failed("BUS-030"), 10)
    assert (state.failures, state.wake_at_ms) == (1, 1_000)


def test_waiting_grows_to_its_bound_and_starts_again_from_small() -> None:
    state = opened()
    delays = []
    for _ in range(15):
        state, _ = sender.step(state, sender.Failed("BUS-030"), 0)
        delays.append(state.wake_at_ms)
        state, _ = sender.step(state, sender.Woken(), 0)
    assert delays[:3] == [1_000, 2_000, 4_000] and delays[-1] == RETRY_MAX_MS
    state, _ = sender.step(state, answered(hello(0), 5), 0)
    state, _ = sender.step(state, sender.Failed("BUS-030"), 0)
    assert state.wake_at_ms == 1_000


STUBBORN = {
    "busy at once": Busy(0), "refused at once": Refusal("X", "", retry_after_ms=0), "behind where we are": Behind(LaneHead(INC, 0, mine(0))),
    "behind in another lane": Behind(LaneHead(OLD, 3, mine(3))), "a promise of another epoch": receipt(3, EPOCHS[1]),
    "a fork of another lane": Fork(OLD, 3, mine(3)),
}  # fmt: skip


@pytest.mark.parametrize("reply", STUBBORN.values(), ids=STUBBORN.keys())
def test_a_hub_that_says_the_same_for_ever_is_asked_again_with_a_rest_and_for_ever(reply: PushReply | Behind | Fork | Busy | Refusal) -> None:
    now, asked = 0, []
    state, pending = sender.step(sender.SenderState(INC, 5), sender.LineUp(), now)
    for _ in range(400):
        if not pending:
            assert state.wake_at_ms is not None  # it always knows when it goes on (I11)
            now = max(now, state.wake_at_ms)
            state, pending = sender.step(state, sender.Woken(), now)
        first, *rest = pending
        asked.append(now)
        answer = hello(0) if isinstance(first, sender.SayHello) else reply
        state, more = sender.step(state, answered(answer, 5), now)
        pending = (*rest, *more)
    busiest = max(asked.count(moment) for moment in set(asked))
    assert busiest <= 2 * (sender.FRUITLESS_MAX + 2) and now > 10_000


def test_a_hub_that_moves_on_again_is_answered_without_a_rest() -> None:
    state = opened()
    for _ in range(3 * BATCHES_IN_FLIGHT_MAX):
        state, _ = sender.step(state, sender.Answered(Behind(LaneHead(INC, 0, mine(0)))), 1)
        state, _ = sender.step(state, sender.LineUp(), 2)
        state, _ = sender.step(state, answered(hello(0), 5), 3)
    state, _ = sender.step(state, sender.Answered(receipt(2), mine(2)), 4)
    state, effects = sender.step(state, sender.Answered(Behind(LaneHead(INC, 3, mine(3)))), 5)
    assert state.phase == "open" and state.floor == 3 and effects
