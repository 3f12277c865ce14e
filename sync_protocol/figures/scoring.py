"""Scoring: the nine indicators of TT 01/2018 for dossiers, officers and units, each 2, 1 or 0.

A dossier is scored when it has ended; an indicator without enough data is left out of it. The score of an indicator is the sum over
dossiers divided by the dossiers scored, to one decimal; a total is the sum of its indicators. Indicators 5 and 6 need what no dossier
holds (organisation, publication): a person types them for the unit. 7 and 8 come from the complaints register.

Provisional: TT 03/2025/TT-VPCP superseded these forms and its scoring was not seen; where a clause leaves room, the reading stands
beside it and is marked. Source: TT 01/2018/TT-VPCP Điều 13–15; domain.md A.9.1, G8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from sync_protocol.deadlines import punctuality
from sync_protocol.figures.facts import DossierFacts

Grade = Literal["excellent", "good", "fair", "average", "weak", "full", "partial", "below", "incomplete"]
OF_OFFICERS: Final = (1, 2, 3, 4, 7)
OF_UNITS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9)
TYPED: Final = (5, 6)
"""Indicators that a person types for a unit."""
PROVISIONAL: Final = frozenset({2, 4, 7, 8, 9})
"""Indicators whose reading is ours where the clause leaves room."""

_BY_PUNCTUALITY: Final = {"early": 2, "on_time": 1, "late": 0}
ONLINE_GOOD: Final = 0.30
ONLINE_FAIR: Final = 0.15


class Score(msgspec.Struct, frozen=True, array_like=True):
    """Points over dossiers of one indicator."""

    points: int
    dossiers: int

    @property
    def value(self) -> float | None:
        """The indicator to one decimal, or None where no dossier could be scored.

        >>> Score(5, 3).value, Score(0, 0).value
        (1.7, None)
        """
        return None if self.dossiers == 0 else round(self.points / self.dossiers, 1)


def dossier_scores(facts: DossierFacts) -> dict[int, int]:
    """Points of a finished dossier by indicator; empty while it is open, or stopped or withdrawn. Pure.

    2 compares each hand-over with its own limit (NĐ 61 Điều 18.2): all in time scores 2, any late one 0. 3 counts the requests to
    complete the dossier; whose fault one was is not recorded yet, so each counts. 4 is 2 where the person came to nobody, else 1.
    """
    if facts.finished_on is None or facts.outcome not in ("granted", "refused"):
        return {}
    found: dict[int, int] = {}
    if facts.due_on is not None:
        found[1] = _BY_PUNCTUALITY[punctuality(facts.finished_on, facts.due_on)]
    if facts.timely_hand_overs or facts.late_hand_overs:
        found[2] = 0 if facts.late_hand_overs else 2
    found[3] = max(0, 2 - len(facts.asked_on))
    found[4] = 2 if facts.channel == "online" else 1
    return found


def online_score(online: int, received: int, overdue: int) -> int | None:
    """Indicator 9 of a unit as far as dossiers show it; the share of procedures offered online is not in it (provisional).

    >>> online_score(30, 100, 0), online_score(20, 100, 0), online_score(50, 100, 1), online_score(0, 0, 0)
    (2, 1, 0, None)
    """
    if received == 0:
        return None
    share = online / received
    if overdue or share < ONLINE_FAIR:
        return 0
    return 2 if share >= ONLINE_GOOD else 1


def total(scores: Mapping[int, float | None], indicators: Iterable[int]) -> float:
    """The sum of the indicators that have a value, to one decimal."""
    return round(sum(scores.get(one) or 0.0 for one in indicators), 1)


def officer_grade(points: float) -> Grade:
    """How far an officer fulfilled the duty (Điều 15).

    >>> officer_grade(5.0), officer_grade(4.9), officer_grade(3.4)
    ('full', 'partial', 'below')
    """
    return "full" if points >= 5 else "partial" if points >= 3.5 else "below"


def unit_grade(points: float, scores: Mapping[int, float | None]) -> Grade:
    """The class of a unit (Điều 15); none is given while something that a person types is missing, because it would read as weak.

    >>> typed = {one: 0.0 for one in TYPED}
    >>> [unit_grade(one, typed) for one in (15, 14.9, 9, 6, 5.9)]
    ['excellent', 'good', 'fair', 'average', 'weak']
    >>> unit_grade(5.9, {})
    'incomplete'
    """
    if any(scores.get(one) is None for one in TYPED):
        return "incomplete"
    bounds: tuple[tuple[float, Grade], ...] = ((15, "excellent"), (12, "good"), (9, "fair"), (6, "average"))
    return next((grade for least, grade in bounds if points >= least), "weak")
