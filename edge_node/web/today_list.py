"""Today's work: a few numbers, each with the list of dossiers behind it. The numbers hold for the whole office, a list for its most urgent ones.

Source: NĐ 61/2018 Điều 18.2 (handed on the same day, after 15:00 at the start of the next working day), 19.9 (warn before the deadline).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

import apsw
import msgspec

from edge_node.store import worklists
from edge_node.store.sync_words import SyncWord
from edge_node.web.dossier_page import Row
from sync_protocol.adapters import projection
from sync_protocol.calendar import VIETNAM, vietnam_date
from sync_protocol.ids import OfficeCode
from sync_protocol.view import DossierView

LISTED = 200
LOOK_AHEAD_DAYS = 14  # calendar days that surely hold the two working days of the warning, Tết included
Shown = Literal["all", "hand_over", "confirm", "due", "result"]
MakeRow = Callable[[apsw.Connection, DossierView], Row]


class Today(msgspec.Struct, frozen=True):
    """`hand_over_late` are past the time the law gives for handing on. Lists end at `LISTED`, so `due_soon` and `to_hand_over` do."""

    shown: Shown
    rows: tuple[Row, ...]
    received_today: int
    asked_today: int
    refused_today: int
    at_hub_today: int
    to_confirm: int
    due_soon: int
    to_hand_over: int
    hand_over_late: int
    with_result: int


def today_reader(
    shown: Shown, office: OfficeCode, now: dt.datetime, make_row: MakeRow
) -> Callable[[apsw.Connection], Today]:
    """Reads today's numbers and the list `shown`, as of `now` (aware)."""
    day = vietnam_date(now)
    midnight_ms = int(dt.datetime.combine(day, dt.time(), VIETNAM).timestamp() * 1000)
    now_ms = int(now.timestamp() * 1000)

    def read(connection: apsw.Connection) -> Today:
        newest = projection.newest(connection, LISTED)
        due = [
            make_row(connection, one)
            for one in worklists.due_by(connection, day + dt.timedelta(LOOK_AHEAD_DAYS), LISTED)
        ]
        due = [row for row in due if row.deadline.kind in ("soon", "today", "late")]
        onward = worklists.to_hand_over(connection, office, LISTED)
        ready = worklists.with_result(connection, LISTED)
        unconfirmed = [one for one in newest if _unconfirmed(one)]
        ended = [one.outcome for view in newest for one in view.intakes if one.at_ms >= midnight_ms]
        chosen = {"all": newest, "hand_over": onward, "confirm": unconfirmed, "result": ready}.get(shown)
        rows = due if chosen is None else [make_row(connection, one) for one in chosen]
        of_today = (
            [make_row(connection, one) for one in newest if one.received_ms >= midnight_ms] if shown != "all" else rows
        )
        return Today(
            shown,
            tuple(rows),
            worklists.received_since(connection, office, midnight_ms),
            ended.count("supplement"),
            ended.count("refused"),
            sum(
                1
                for row in of_today
                if row.view.received_ms >= midnight_ms and row.sync.word in (SyncWord.AT_HUB, SyncWord.BACKED_UP)
            ),
            sum(_unconfirmed(one) for one in newest),
            len(due),
            len(onward),
            sum(1 for one in onward if 0 < one.hand_over_by_ms < now_ms),
            len(ready),
        )

    return read


def _unconfirmed(view: DossierView) -> int:
    return sum(1 for one in view.documents if not one.is_confirmed and not one.revoked_reason)
