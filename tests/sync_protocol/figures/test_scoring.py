"""The nine indicators, the five groups and the rows of the annex say what the clauses say, and nothing where nobody knows."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from sync_protocol.figures.appendix3 import ROWS, fill
from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.period_figures import PeriodFigures
from sync_protocol.figures.quality_index import GROUPS, group_lines
from sync_protocol.figures.scoring import (
    OF_OFFICERS,
    Score,
    dossier_scores,
    officer_grade,
    online_score,
    total,
    unit_grade,
)
from sync_protocol.ids import OfficeCode

DUE = dt.date(2026, 11, 20)
DONE = DossierFacts(
    office=OfficeCode("00101"), custodian=OfficeCode("00101"), procedure="1.014166", channel="in_person", received_on=dt.date(2026, 11, 10),
    due_on=DUE, finished_on=DUE, outcome="granted", timely_hand_overs=1,
)  # fmt: skip


@pytest.mark.parametrize(("days", "points"), [(-1, 2), (0, 1), (1, 0)])
def test_indicator_1_compares_the_end_with_the_promise(days: int, points: int) -> None:
    facts = msgspec.structs.replace(DONE, finished_on=DUE + dt.timedelta(days=days))
    assert dossier_scores(facts)[1] == points


@pytest.mark.parametrize(("asked", "points"), [(0, 2), (1, 1), (2, 0), (5, 0)])
def test_indicator_3_counts_how_often_the_person_was_asked(asked: int, points: int) -> None:
    assert dossier_scores(msgspec.structs.replace(DONE, asked_on=(DUE,) * asked))[3] == points


def test_one_late_hand_over_spoils_indicator_2_and_none_leaves_it_out() -> None:
    assert dossier_scores(DONE)[2] == 2
    assert dossier_scores(msgspec.structs.replace(DONE, late_hand_overs=1))[2] == 0
    assert 2 not in dossier_scores(msgspec.structs.replace(DONE, timely_hand_overs=0))


@pytest.mark.parametrize(
    "change", [{"finished_on": None, "outcome": ""}, {"outcome": "stopped"}, {"outcome": "withdrawn"}]
)
def test_an_open_or_withdrawn_dossier_scores_nothing(change: dict[str, object]) -> None:
    assert dossier_scores(msgspec.structs.replace(DONE, **change)) == {}


def test_an_indicator_without_data_is_left_out_of_the_total() -> None:
    scores = {1: Score(3, 2).value, 2: Score(0, 0).value, 3: Score(4, 2).value}
    assert (
        total(scores, OF_OFFICERS) == 3.5
        and officer_grade(3.5) == "partial"
        and unit_grade(12.0, dict.fromkeys((5, 6, 7, 8), 2.0)) == "good"
    )
    assert unit_grade(12.0, {5: 2.0}) == "incomplete"


def test_one_overdue_dossier_spoils_indicator_9() -> None:
    assert [online_score(30, 100, overdue) for overdue in (0, 1)] == [2, 0]
    assert online_score(14, 100, 0) == 0


def test_the_five_groups_make_100_points_and_an_unmeasured_group_has_none() -> None:
    assert sum(group.ceiling for group in GROUPS) == 100
    figures = PeriodFigures(finished_early=1, finished_on_time=2, finished_late=1)
    lines = {one.group.id: one for one in group_lines(figures, {"satisfaction": 40.0})}
    assert lines["progress"].points == 15.0 and lines["publication"].points is None
    assert (
        lines["satisfaction"].points == 18.0 and lines["satisfaction"].is_typed and lines["digitization"].points is None
    )


def test_a_typed_number_never_replaces_a_computed_one() -> None:
    figures = PeriodFigures(cohort=8, cohort_timely=7, received=8, received_online=2)
    rows = {one.row.number: one for one in fill(figures, {"2.1.3": 62}, {"2.4": "100", "6.1": "2"})}
    assert (rows["2.4"].value, rows["2.4"].basis) == ("87,5", "7/8")
    assert rows["6.1"].value == "2" and rows["2.1.3"].value == "62" and rows["1.1"].value == ""
    assert len({row.number for row in ROWS}) == len(ROWS) and all(
        row.formula for row in ROWS if row.origin == "computed"
    )
