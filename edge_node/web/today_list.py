"""Today's work: a few numbers, each with the list of dossiers behind it. The numbers hold for the whole office, a list for its most urgent ones.

The page opens on what is to be done, the most urgent first: promised days that come or are past, dossiers to hand on, scans that stopped, results to
sign or hand out, papers to confirm.
Source: NĐ 61/2018 Điều 18.2 (handed on the same day, after 15:00 at the start of the next working day), 19.9 (warn before the deadline).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal

import apsw
import msgspec

from edge_node.capture.jobs import held_jobs, stopped_jobs
from edge_node.intake.applications import waiting_applications
from edge_node.store import paper_lists, worklists
from edge_node.store.paper_lists import NEWEST, Place
from edge_node.store.sync_words import SyncWord, dossier_state
from edge_node.web.dossier_page import Row
from sync_protocol.adapters import projection
from sync_protocol.calendar import VIETNAM, vietnam_date
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.view import DossierView

LISTED = 200
ROWS = 50  # more than anybody reads through; the numbers above say how many there are
Shown = Literal["work", "all", "hand_over", "confirm", "due", "result"]
ToDo = Literal["due", "hand_over", "hand_over_late", "stopped", "result", "confirm"]
MakeRow = Callable[[apsw.Connection, DossierView], Row]


class Today(msgspec.Struct, frozen=True):
    """`hand_over_late` are past the time the law gives for handing on, among the `LISTED` oldest. `to_do` says what waits at a listed dossier.

    `older` is where the next page of all dossiers begins, None on the last page and for every other list.
    """

    shown: Shown
    rows: tuple[Row, ...]
    to_do: dict[RecordId, tuple[ToDo, ...]]
    received_today: int
    asked_today: int
    refused_today: int
    at_hub_today: int
    to_confirm: int
    due_soon: int
    to_hand_over: int
    hand_over_late: int
    with_result: int
    online: int
    older: Place | None


def today_reader(
    shown: Shown, office: OfficeCode, now: dt.datetime, warn_until: dt.date, make_row: MakeRow, before: Place = NEWEST
) -> Callable[[apsw.Connection], Today]:
    """Reads today's numbers and the list `shown`, as of `now` (aware). Dossiers promised for `warn_until` or earlier are urgent.

    Of all dossiers, those older than `before` are listed.
    """
    day = vietnam_date(now)
    midnight_ms = int(dt.datetime.combine(day, dt.time(), VIETNAM).timestamp() * 1000)
    now_ms = int(now.timestamp() * 1000)

    def read(connection: apsw.Connection) -> Today:
        newest = [one for one in projection.newest(connection, LISTED) if one.is_whole or not one.application]
        onward = worklists.to_hand_over(connection, office, LISTED)
        late = [one for one in onward if 0 < one.hand_over_by_ms < now_ms]
        in_time = [one for one in onward if not 0 < one.hand_over_by_ms < now_ms]
        lists: dict[ToDo, list[DossierView]] = {
            "due": worklists.due_by(connection, warn_until, ROWS), "hand_over_late": late, "stopped": _with_stopped_scan(connection),
            "hand_over": in_time, "result": worklists.with_result(connection, ROWS),
            "confirm": paper_lists.to_confirm(connection, ROWS),
        }  # fmt: skip
        older: Place | None = None
        if shown == "all":
            chosen, older = worklists.older_than(connection, before, ROWS)
        else:
            chosen = onward if shown == "hand_over" else _chosen(shown, lists)
        rows = tuple(make_row(connection, one) for one in chosen[:ROWS])
        # an intake that began on an earlier day may end today, so the newest are looked at as well, whichever are more
        recent = {one.rid: one for one in (*newest, *worklists.presented_since(connection, midnight_ms))}
        ended = [one.outcome for view in recent.values() for one in view.intakes if one.at_ms >= midnight_ms]
        of_today = [rid for rid, view in recent.items() if view.received_ms >= midnight_ms and view.due_date and view.office == office]
        return Today(
            shown, rows, _to_do({row.view.rid for row in rows}, lists),
            worklists.received_since(connection, office, midnight_ms), ended.count("supplement"), ended.count("refused"),
            sum(dossier_state(connection, rid).word in (SyncWord.AT_HUB, SyncWord.BACKED_UP) for rid in of_today),
            paper_lists.count_to_confirm(connection), worklists.count_due_by(connection, warn_until),
            worklists.count_to_hand_over(connection, office), len(late), worklists.count_with_result(connection),
            len(waiting_applications(connection, office)), older,
        )  # fmt: skip

    return read


def _with_stopped_scan(connection: apsw.Connection) -> list[DossierView]:
    """Dossiers with a scan that waits for a person: stopped ones first, the latest of them foremost, then those that wait for a key."""
    rids = dict.fromkeys(job.task.rid for job in (*stopped_jobs(connection), *held_jobs(connection)))
    found = (projection.view_of(connection, rid) for rid in list(rids)[:ROWS])
    return [view for view in found if view is not None]


def _chosen(shown: Shown, lists: dict[ToDo, list[DossierView]]) -> list[DossierView]:
    """The list of one number, or of everything to do without repeating a dossier."""
    wanted = lists.values() if shown == "work" else [found for name, found in lists.items() if name == shown]
    return list({one.rid: one for found in wanted for one in found}.values())


def _to_do(rows: Iterable[RecordId], lists: dict[ToDo, list[DossierView]]) -> dict[RecordId, tuple[ToDo, ...]]:
    held = {name: {one.rid for one in found} for name, found in lists.items()}
    return {rid: tuple(name for name, rids in held.items() if rid in rids) for rid in rows}
