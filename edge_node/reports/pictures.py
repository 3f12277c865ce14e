"""The pictures of the office: load, on-time share, waiting times, the age of the outbox; in the words of the page that shows them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from edge_node.counter.line import Line
from edge_node.reports.report import OfficeReport
from sync_protocol.adapters.web.charts import Chart, Mark, Tone, bars, columns, share
from sync_protocol.adapters.web.templating import percent
from sync_protocol.calendar import VIETNAM
from sync_protocol.figures.period_figures import PeriodFigures, Rate
from sync_protocol.figures.waiting import BIN_EDGES_MIN, WaitingFigures

Say = Callable[..., str]
FIRST_HOUR, LAST_HOUR = 7, 17
HOUR_MS: Final = 3_600_000
AGES_H: Final = (1, 8, 24)
"""Upper edges of the outbox's ages, hours."""
_WAIT_TONES: Final[tuple[Tone, ...]] = ("good", "good", "good", "warn", "bad", "bad")
_AGE_TONES: Final[tuple[Tone, ...]] = ("good", "plain", "warn", "bad")


def report_pictures(report: OfficeReport, say: Say) -> tuple[Chart, ...]:
    """What a period's page draws."""
    return (
        load_picture(report, say),
        on_time_picture(report.figures, say),
        waiting_picture(report.waiting, say, "pictures.waiting"),
    )


def load_picture(report: OfficeReport, say: Say) -> Chart:
    """Dossiers received, by day or by reporting month."""
    if not report.figures.received:
        return columns(say("pictures.load"), ())
    is_daily = len(report.load) > 1 and (report.load[1].since - report.load[0].since).days == 1
    form = "%d" if is_daily or len(report.load) == 1 else "%m/%y"
    marks = [Mark(one.since.strftime(form).lstrip("0"), one.received) for one in report.load]
    return columns(say("pictures.load_by_day" if form == "%d" else "pictures.load_by_month"), marks)


def on_time_picture(figures: PeriodFigures, say: Say) -> Chart:
    """How the resolved ended, and how many in progress are within or past their day."""
    parts: tuple[tuple[str, int, Tone], ...] = (
        ("figure.finished_early", figures.finished_early, "good"), ("figure.finished_on_time", figures.finished_on_time, "plain"),
        ("figure.finished_late", figures.finished_late, "bad"),
        ("pictures.within", max(0, figures.in_progress - figures.overdue), "calm"), ("pictures.overdue", figures.overdue, "warn"),
    )  # fmt: skip
    whole = sum(count for _, count, _ in parts)
    marks = [
        Mark(say(name), count, f"{count} ({percent(Rate(count, whole).percent)})", tone) for name, count, tone in parts
    ]
    return share(say("pictures.on_time"), marks if whole else ())


def waiting_picture(waiting: WaitingFigures, say: Say, title: str) -> Chart:
    """How long the served waited, in steps."""
    if not waiting.timed:
        return bars(say(title), ())
    edges = [0, *BIN_EDGES_MIN]
    labels = [say("pictures.up_to", most=edges[1])]
    labels += [say("pictures.between", least=low, most=high) for low, high in zip(edges[1:], edges[2:], strict=False)]
    labels.append(say("pictures.over", least=edges[-1]))
    counted = zip(labels, waiting.steps, _WAIT_TONES, strict=True)
    return bars(
        say(title), [Mark(label, count, say("pictures.visits", count=count), tone) for label, count, tone in counted]
    )


def arrivals_picture(drawn_ms: Iterable[int], say: Say) -> Chart:
    """Tickets drawn today, by hour in Vietnam; hours outside the working day only where somebody came."""
    hours = Counter(dt.datetime.fromtimestamp(at // 1000, VIETNAM).hour for at in drawn_ms)
    if not hours:
        return columns(say("pictures.arrivals"), ())
    first, last = min(FIRST_HOUR, *hours), max(LAST_HOUR, *hours)
    return columns(say("pictures.arrivals"), [Mark(str(hour), hours[hour]) for hour in range(first, last + 1)])


def outbox_picture(since_ms: Iterable[tuple[int, int]], now_ms: int, say: Say) -> Chart:
    """How long the events of the outbox have waited for the hub; given as (since, how many), to the minute."""
    counts: Counter[int] = Counter()
    for at, count in since_ms:
        counts[sum(now_ms - at > edge * HOUR_MS for edge in AGES_H)] += count
    if not counts:
        return bars(say("pictures.outbox"), ())
    labels = [say("pictures.up_to_hours", most=AGES_H[0])]
    labels += [
        say("pictures.between_hours", least=low, most=high) for low, high in zip(AGES_H, AGES_H[1:], strict=False)
    ]
    labels.append(say("pictures.over_hours", least=AGES_H[-1]))
    marks = [
        Mark(label, counts[at], say("pictures.items", count=counts[at]), _AGE_TONES[at])
        for at, label in enumerate(labels)
    ]
    return bars(say("pictures.outbox"), marks)


def drawn_today(line: Line, finished: Iterable[int]) -> list[int]:
    """When every ticket of the day was drawn: those that are over, and those that stand in the line."""
    return [*finished, *(one.drawn_ms for one in (*line.waiting, *line.at_desks))]
