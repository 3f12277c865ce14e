"""Quality index: the five groups of QĐ 766, each with its ceiling, and as much of each as dossiers show.

Everything here is provisional: the sub-scores of the decision were not seen, only the group ceilings and some items, from secondary sources.
So a group shows the rate we know with the points it would bring in proportion, and says which part nobody measured. No total is ever made of
groups of which one is unknown.

Source: QĐ 766/QĐ-TTg (23/6/2022), groups and ceilings [2]; domain.md A.9.1, G8.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from sync_protocol.figures.period_figures import PeriodFigures, Rate

GroupId = Literal["publication", "progress", "digitization", "online", "satisfaction"]


class Group(msgspec.Struct, frozen=True):
    """One group: its ceiling in points, and the rates it is judged by here. No rates: it has to be typed in."""

    id: GroupId
    ceiling: int
    rates: tuple[str, ...]


GROUPS: Final = (
    Group("publication", 18, ()),
    Group("progress", 20, ("on_time_resolved",)),
    Group("digitization", 22, ("digitized", "reused", "results_digitized")),
    Group("online", 22, ("online",)),
    Group("satisfaction", 18, ()),
)


class GroupLine(msgspec.Struct, frozen=True):
    """What a report shows of a group. `points` is None where nothing of it is known."""

    group: Group
    rates: tuple[tuple[str, Rate], ...]
    points: float | None
    is_typed: bool = False


def group_lines(figures: PeriodFigures, typed: dict[str, float]) -> tuple[GroupLine, ...]:
    """The five groups of one span; `typed` are points a person gave by group id, cut at the ceiling. Pure."""
    rates = figures.rates
    lines = []
    for group in GROUPS:
        shown = tuple((name, rates[name]) for name in group.rates)
        known = [rate.part / rate.whole for _, rate in shown if rate.whole]
        points = round(group.ceiling * sum(known) / len(known), 1) if known else None
        if group.id in typed:
            lines.append(GroupLine(group, shown, min(typed[group.id], float(group.ceiling)), True))
        else:
            lines.append(GroupLine(group, shown, points))
    return tuple(lines)
