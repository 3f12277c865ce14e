"""The pictures of today's page: who came, how long they waited, what is on time, how old the outbox is."""

from __future__ import annotations

from typing import Any

import apsw
from litestar import Request
from litestar.datastructures import State

from edge_node.counter import line
from edge_node.reports import pictures
from edge_node.reports.counting import count_up
from edge_node.store.ledger import own_lane
from edge_node.web.office import Office
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.adapters.visits import visits_between
from sync_protocol.adapters.web.charts import Chart
from sync_protocol.adapters.web.words import Words, language_of
from sync_protocol.calendar import vietnam_date
from sync_protocol.figures.periods import day_period, month_period
from sync_protocol.figures.waiting import waiting_figures

STEPS_AT_ONCE = 5  # of counting, while somebody waits for today's page: at most 1,000 events; the rest follows with the next look


def sayer(request: Request[Any, Any, Any], state: State) -> pictures.Say:
    """Says words in the language of this browser."""
    words: Words = state.words
    language = language_of(request)
    return lambda identifier, **facts: words.say(language, identifier, facts)


async def today_charts(office: Office, say: pictures.Say) -> tuple[Chart, ...]:
    """Arrivals by hour, waiting times today, this period's on-time share, the age of the outbox."""
    await count_up(office.node.store, STEPS_AT_ONCE)
    today, own, now_ms = vietnam_date(office.node.now()), office.node.desk.office, office.node.desk.now_ms()
    window = day_period(today)

    def read(c: apsw.Connection) -> tuple[Chart, ...]:
        visits = list(visits_between(c, window.start_ms, window.end_ms, own))
        drawn = pictures.drawn_today(line.read_line(c, today.isoformat()), (one.drawn_ms for one in visits))
        report = office.month_report.read(c, own, month_period(today), today)
        return (
            pictures.arrivals_picture(drawn, say), pictures.waiting_picture(waiting_figures(visits), say, "pictures.waiting_today"),
            pictures.on_time_picture(report.figures, say), pictures.load_picture(report, say), outbox_picture(c, now_ms, say),
        )  # fmt: skip

    return await office.read(read)


def outbox_picture(connection: apsw.Connection, now_ms: int, say: pictures.Say) -> Chart:
    """How long the events that the hub has not acknowledged have waited."""
    lane = own_lane(connection)
    rows = connection.execute(
        "SELECT arrived_ms / 60000, count(*) FROM event WHERE lane = ? AND seq > coalesce((SELECT upto FROM acknowledgement"
        " WHERE inc = ?), 0) GROUP BY 1",
        (lane.lane, lane.inc),
    )
    return pictures.outbox_picture(((as_int(minute) * 60_000, as_int(count)) for minute, count in rows), now_ms, say)
