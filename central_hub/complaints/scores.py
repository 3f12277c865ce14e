"""Indicators 7 and 8 from the register, so that nobody types them.

7 (attitude): a finished dossier counts as in indicator 1, early 2, on time 1, late 0; one with a complaint that was not disproved counts 0, and a complaint
about no finished dossier is one more 0. 8: of the complaints received in the period that are answered or past their day, all in time (or none
received) 2, at least nine in ten 1, else 0. Both readings are ours where the clause leaves room (provisional).
Source: TT 01/2018/TT-VPCP Điều 13; domain.md A.9.1.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import apsw
import msgspec

from central_hub.complaints.register import Complaint, received_between
from central_hub.figures.sums import facts_held
from sync_protocol.adapters import projection
from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.periods import Period
from sync_protocol.figures.scoring import Score, dossier_scores
from sync_protocol.ids import OfficeCode
from sync_protocol.search_keys import key_for

FAIR = 0.9
Holder = tuple[OfficeCode, str]


class Counted(msgspec.Struct, frozen=True):
    """A complaint with the facts of its dossier, where that ended within the period."""

    complaint: Complaint
    facts: DossierFacts | None


def counted_complaints(connection: apsw.Connection, period: Period) -> list[Counted]:
    """The complaints received in a period."""
    return [
        Counted(one, _facts_of(connection, one, period))
        for one in received_between(connection, period.first, period.last)
    ]


def attitude(scores: dict[Holder, dict[int, Score]], told: Iterable[Counted]) -> dict[Holder, Score]:
    """Indicator 7 of every holder of dossiers (officer "": the unit), from indicator 1 and the complaints. Pure."""
    found: defaultdict[Holder, Score] = defaultdict(lambda: Score(0, 0))
    found.update({holder: one[1] for holder, one in scores.items() if 1 in one})
    for one in told:
        if one.complaint.is_disproved:
            continue
        points = dossier_scores(one.facts).get(1) if one.facts else None
        for holder in _holders(one):
            held = found[holder]
            found[holder] = (
                Score(held.points, held.dossiers + 1) if points is None else Score(held.points - points, held.dossiers)
            )
    return dict(found)


def handling(told: Iterable[Counted], today: dt.date) -> dict[OfficeCode, int]:
    """Indicator 8 of the offices that were complained about; an office nobody complained about has 2. Pure."""
    timely: defaultdict[OfficeCode, list[bool]] = defaultdict(list)
    for one in told:
        said = one.complaint.is_timely(today)
        if said is not None:
            timely[one.complaint.office].append(said)
    return {office: handling_points(sum(told), len(told)) for office, told in timely.items()}


def handling_points(timely: int, judged: int) -> int:
    """The points of a share.

    >>> [handling_points(*one) for one in ((0, 0), (10, 10), (9, 10), (8, 10))]
    [2, 2, 1, 0]
    """
    return 2 if timely == judged else 1 if timely >= FAIR * judged else 0


def _holders(one: Counted) -> set[Holder]:
    if one.facts is None:
        return {(one.complaint.office, "")}
    facts = one.facts
    held = {(facts.custodian, ""), (facts.office, facts.intake_officer), (facts.custodian, facts.resolving_officer)}
    return {(office, officer) for office, officer in held if officer or office == facts.custodian}


def _facts_of(connection: apsw.Connection, one: Complaint, period: Period) -> DossierFacts | None:
    views = projection.find(connection, key_for("code", one.dossier), 1) if one.dossier else []
    facts = facts_held(connection, views[0].rid) if views else None
    ended = facts.finished_on if facts else None
    return facts if ended is not None and period.first <= ended <= period.last else None
