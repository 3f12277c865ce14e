"""Waiting time: against an independent recomputation, at the limits, for nobody, and when clocks were set."""

from __future__ import annotations

from fractions import Fraction

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.bodies import VisitFinished
from sync_protocol.figures.waiting import (
    BIN_EDGES_MIN,
    NOBODY,
    WaitingFigures,
    service_ms,
    waiting_figures,
    waiting_ms,
)
from sync_protocol.ids import OfficeCode

MINUTE = 60_000
T0 = 1_795_000_000_000


def visit(waited_ms: int, *, outcome: str = "served", served_ms: int = 60_000) -> VisitFinished:
    called = T0 + waited_ms
    return VisitFinished(
        office=OfficeCode("00101"), number=1, kind="submit", outcome=outcome, drawn_ms=T0, called_ms=called,  # type: ignore[arg-type]
        started_ms=called, ended_ms=called + served_ms, desk=1,
    )  # fmt: skip


VISITS = st.lists(
    st.builds(
        VisitFinished, office=st.just(OfficeCode("00101")), number=st.integers(1, 9999), kind=st.sampled_from(["submit", "advice"]),
        outcome=st.sampled_from(["served", "served", "no_show", "unserved"]), drawn_ms=st.integers(0, 5 * MINUTE),
        called_ms=st.integers(0, 90 * MINUTE), started_ms=st.integers(0, 95 * MINUTE), ended_ms=st.integers(0, 200 * MINUTE),
        desk=st.integers(0, 9),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(VISITS)
def test_the_figures_are_those_of_an_independent_recomputation(visits: list[VisitFinished]) -> None:
    waits = [
        v.called_ms - v.drawn_ms
        for v in visits
        if v.outcome == "served" and v.drawn_ms and v.ended_ms >= v.called_ms >= v.drawn_ms
    ]
    found = waiting_figures(visits)
    assert found.visits == len(visits) == found.served + found.no_shows + found.unserved
    assert (found.timed, found.untimed) == (len(waits), found.served - len(waits))
    assert found.longest_ms == max(waits, default=0)
    assert found.over_15 == len([w for w in waits if Fraction(w, MINUTE) > 15])
    assert found.over_30 == len([w for w in waits if Fraction(w, MINUTE) > 30])
    edges = [Fraction(-1), *map(Fraction, BIN_EDGES_MIN), Fraction(10**9)]
    assert list(found.steps) == [
        sum(1 for w in waits if low < Fraction(w, MINUTE) <= high) for low, high in zip(edges, edges[1:], strict=False)
    ]
    if waits:
        assert found.average_ms is not None and abs(Fraction(sum(waits), len(waits)) - found.average_ms) <= Fraction(
            1, 2
        )
    else:
        assert found.average_ms is None


@settings(max_examples=60, deadline=None)
@given(VISITS, VISITS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_days_add_up(
    one: list[VisitFinished], other: list[VisitFinished], chance: object
) -> None:
    together = [*one, *other]
    chance.shuffle(together)  # type: ignore[attr-defined]
    assert waiting_figures(together) == waiting_figures(one).plus(waiting_figures(other))


def test_exactly_at_a_limit_is_within_it_and_a_millisecond_more_is_over() -> None:
    found = waiting_figures([visit(15 * MINUTE), visit(15 * MINUTE + 1), visit(30 * MINUTE), visit(30 * MINUTE + 1)])
    assert (found.over_15, found.over_30, found.timed) == (3, 1, 4)
    assert (found.share_over_15.percent, found.share_over_30.percent, NOBODY.share_over_15.percent) == (
        75.0,
        25.0,
        None,
    )
    assert found.steps == (0, 0, 1, 2, 1, 0)


def test_nobody_waited_is_not_a_waiting_of_zero() -> None:
    empty = waiting_figures([])
    assert empty == NOBODY and empty.average_ms is None and empty.service_average_ms is None
    assert waiting_figures([visit(0)]).average_ms == 0


def test_people_called_in_vain_or_never_called_stand_beside() -> None:
    found = waiting_figures(
        [visit(60 * MINUTE, outcome="no_show"), visit(60 * MINUTE, outcome="unserved"), visit(MINUTE)]
    )
    assert (found.no_shows, found.unserved, found.timed, found.longest_ms, found.over_30) == (1, 1, 1, MINUTE, 0)


def test_a_clock_set_back_makes_a_waiting_unknown_and_never_negative() -> None:
    backwards = msgspec.structs.replace(visit(MINUTE), called_ms=T0 - 1)
    assert waiting_ms(backwards) is None
    assert waiting_figures([backwards]).untimed == 1 and waiting_figures([backwards]).average_ms is None
    assert service_ms(msgspec.structs.replace(visit(MINUTE), started_ms=0)) is None


def test_the_recomputation_can_go_red() -> None:
    """The canary: a figure that counted a no-show as served would differ."""
    honest = waiting_figures([visit(60 * MINUTE, outcome="no_show")])
    assert honest != waiting_figures([visit(60 * MINUTE)]) and isinstance(honest, WaitingFigures)
