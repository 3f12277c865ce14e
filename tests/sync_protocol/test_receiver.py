"""The hub's judgement: by content, never by presence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.ids import EventId
from sync_protocol.receiver import EMPTY, Accept, Floor, Forked, Gap, judge
from tests.sync_protocol.test_batch import lane

LANE = lane(30)
OTHER = [*LANE[:10], *lane(20, 11, LANE[9].id, body=b"\x81")]  # the same history up to event 10, then another


def held(events: list[object]) -> dict[int, EventId]:
    return {event.header.seq: event.id for event in events}  # type: ignore[attr-defined]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 30), st.integers(0, 29), st.integers(1, 30))
def test_every_run_of_the_same_lane_is_accepted_or_a_gap(upto: int, start: int, size: int) -> None:
    floor = Floor(upto, LANE[upto - 1].id) if upto else EMPTY
    run = LANE[start : start + size]
    verdict = judge(run, floor, held(list(LANE[:upto])).get)
    if start > upto:
        assert verdict == Gap(floor)
    else:
        assert verdict == Accept(min(len(run), upto - start))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 30), st.integers(0, 29), st.integers(1, 30))
def test_another_history_is_a_fork_wherever_the_batch_begins(upto: int, start: int, size: int) -> None:
    floor = Floor(upto, LANE[upto - 1].id) if upto else EMPTY
    run = OTHER[start : start + size]
    verdict = judge(run, floor, held(list(LANE[:upto])).get)
    if start > upto:
        assert verdict == Gap(floor)
        return
    differs = [event.header.seq for event in run if 10 < event.header.seq <= upto]
    if differs:
        assert verdict == Forked(differs[0], LANE[differs[0] - 1].id)
    elif start == upto > 10:
        assert verdict == Forked(upto, LANE[upto - 1].id)
    else:
        assert isinstance(verdict, Accept)


def test_a_harmless_looking_repetition_of_another_history_is_a_fork() -> None:
    floor = Floor(30, LANE[29].id)
    assert judge(OTHER[11:13], floor, held(list(LANE)).get) == Forked(12, LANE[11].id)
    assert judge(OTHER[11:13], floor, lambda seq: None) == Accept(2)  # the canary: judged by presence it would pass
