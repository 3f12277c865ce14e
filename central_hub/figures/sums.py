"""Sums: the aggregate tables, moved forward from the event log a few hundred events at a time.

Each step reads the dossiers that new events touch, takes away what they had added and adds what they add now, in one transaction with its
place in the log. So a crash, a repetition or a late event leaves the sums what a full count would give (`recount` proves it), and pushes
never wait for figures. Where several write at once it goes as far as the log is settled: a dossier may be counted with an event beyond that, and is
counted again when its place comes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import apsw
import msgspec

from central_hub.figures.waiting_days import POSITION as WAITING_POSITION
from central_hub.figures.waiting_days import catch_up_waiting, waiting_position
from central_hub.store.hub_store import read_state, write_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.figures.facts import DossierFacts, facts_of
from sync_protocol.figures.flows import Cell, Measure, flows_of, overdue_from
from sync_protocol.figures.periods import reporting_month
from sync_protocol.figures.scoring import dossier_scores
from sync_protocol.ids import OfficeCode, RecordId

POSITION = "figures_position"
STEP_EVENTS = 200  # a step holds the writer for tens of milliseconds, so that pushes hardly feel it
COUNTED = ("figure", "figure_score", "figure_fact", "figure_due", "figure_waiting")  # the tables that `recount` makes from the log
POSITIONS_AN_EVENT = 25  # of the log, looked through for visits in the time that one event takes to count

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DossierFacts).decode
_FACTS_OF = "SELECT rid, facts FROM figure_fact WHERE rid IN (?)"
_Scores = Counter[tuple[str, str, str, int, bool]]
_Change = tuple[RecordId, DossierFacts | None, DossierFacts | None]  # what the dossier had added, and what it adds now


def position_of(connection: apsw.Connection) -> int:
    """The last event counted in every sum."""
    return min(_position(connection), waiting_position(connection))


def _position(connection: apsw.Connection) -> int:
    return int.from_bytes(read_state(connection, POSITION) or b"\0", "big")


def catch_up(connection: apsw.Connection, limit: int = STEP_EVENTS) -> int:
    """Count the next events; returns how many, of the sums that moved most; 0 when nothing is left. Inside the caller's transaction."""
    settled = event_log.settled_position(connection)
    waits = catch_up_waiting(connection, limit * POSITIONS_AN_EVENT, settled)
    return max(_catch_up(connection, limit, settled), waits)


def _catch_up(connection: apsw.Connection, limit: int, settled: int) -> int:
    after = _position(connection)
    rows = connection.execute(
        "SELECT position, rid, type FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ?", (after, settled, limit)
    ).fetchall()
    if not rows:
        return 0
    touched = dict.fromkeys(RecordId(bytes(rid)) for _, rid, kind in rows if kind not in BESIDE_DOSSIERS)  # type: ignore[arg-type]
    _count_again(connection, touched)
    write_state(connection, POSITION, as_int(rows[-1][0]).to_bytes(8, "big"))
    return len(rows)


def recount(connection: apsw.Connection) -> int:
    """Drop every sum and count the whole log anew; returns the dossiers counted. For repairs and for proofs."""
    for table in COUNTED:
        connection.execute(f"DELETE FROM {table}")
    for place in (POSITION, WAITING_POSITION):
        write_state(connection, place, b"\0")
    while catch_up(connection, limit=10_000):
        pass
    return as_int(connection.execute("SELECT count(*) FROM figure_fact").fetchall()[0][0])


def cells_until(connection: apsw.Connection, last_month: dt.date) -> Iterator[tuple[Cell, int]]:
    """The sums of the whole country by month, up to and with `last_month`; offices and procedures are added up."""
    rows = connection.execute(
        "SELECT month, measure, received_month, sum(n) FROM figure WHERE month <= ? GROUP BY month, measure, received_month",
        (last_month.isoformat(),),
    )
    day = dt.date.fromisoformat
    for month, measure, received, count in rows:
        yield Cell(day(str(received)), day(str(month)), OfficeCode(""), "", Measure(measure)), int(str(count))


def office_cells(connection: apsw.Connection, first_month: dt.date, last_month: dt.date) -> Iterator[tuple[Cell, int]]:
    """The sums of each office for one period, months told apart only as before it (`first_month` minus a day) or in it (`last_month`).

    That is all a period's figures ask of a month, and keeps the rows at a few for each office and measure, however long the history.
    """
    rows = connection.execute(
        "SELECT office, measure, is_in, is_cohort, sum(n) FROM (SELECT office, measure, n, CASE WHEN month >= ? THEN 1 ELSE 0 END AS is_in,"
        " CASE WHEN received_month >= ? THEN 1 ELSE 0 END AS is_cohort FROM figure WHERE month <= ?) AS told"
        " GROUP BY office, measure, is_in, is_cohort",
        (first_month.isoformat(), first_month.isoformat(), last_month.isoformat()),
    )
    before = first_month - dt.timedelta(days=1)
    for office, measure, is_in, is_cohort, count in rows:
        cell = Cell(
            last_month if is_cohort else before,
            last_month if is_in else before,
            OfficeCode(str(office)),
            "",
            Measure(measure),
        )
        yield cell, int(str(count))


def facts_held(connection: apsw.Connection, rid: RecordId) -> DossierFacts | None:
    """What a dossier has added so far."""
    row = connection.execute("SELECT facts FROM figure_fact WHERE rid = ?", (rid,)).fetchone()
    return None if row is None else _decode(row[0])


def _count_again(connection: apsw.Connection, rids: Collection[RecordId]) -> None:
    """Count dossiers anew, asked and written for many together: over PostgreSQL each statement of its own is a journey, with the order shared meanwhile."""
    asked = list(rids)
    cells: Counter[Cell] = Counter()
    scores: _Scores = Counter()
    for at in range(0, len(asked), STEP_EVENTS):
        some = asked[at : at + STEP_EVENTS]
        held = {as_bytes(rid): _decode(as_bytes(facts)) for rid, facts in select_in(connection, _FACTS_OF, some)}
        events = event_log.events_of_all(connection, some)
        changes = [(rid, held.get(rid), facts_of(rid, events.get(rid, ()))) for rid in some]
        _note(connection, [change for change in changes if change[1] != change[2]], cells, scores)
    _add_cells(connection, cells)
    _add_scores(connection, scores)


def _note(connection: apsw.Connection, changes: Sequence[_Change], cells: Counter[Cell], scores: _Scores) -> None:
    """Write the facts that differ, and take what they had added from the sums and add what they add now."""
    for _, before, now in changes:
        if before is not None:
            cells.subtract(flows_of(before))
            scores.subtract(_scores_of(before))
        if now is not None:
            cells.update(flows_of(now))
            scores.update(_scores_of(now))
    counted = [(rid, now, _overdue_day(now)) for rid, _, now in changes if now is not None]
    insert_many(connection, "INSERT OR REPLACE INTO figure_fact(rid, facts) VALUES(?,?)", [(rid, _encode(now)) for rid, now, _ in counted])
    due = [(rid, now.custodian, day) for rid, now, day in counted if day]
    insert_many(connection, "INSERT OR REPLACE INTO figure_due(rid, office, day) VALUES(?,?,?)", due)
    running = {rid for rid, _, _ in due}
    over = [(rid,) for rid, before, _ in changes if before is not None and rid not in running]
    connection.executemany("DELETE FROM figure_due WHERE rid = ?", over)


def _overdue_day(facts: DossierFacts) -> str:
    """From which day the dossier is overdue, should nothing happen to it; "" where no promise runs."""
    running = facts.promises[-1] if facts.promises and facts.promises[-1].until is None else None
    return "" if running is None else overdue_from(running).isoformat()


def due_between(connection: apsw.Connection, after: dt.date, last: dt.date) -> dict[OfficeCode, int]:
    """How many dossiers of each office the sums already count as overdue on `last` that are not yet on `after`."""
    rows = connection.execute(
        "SELECT office, count(*) FROM figure_due WHERE day > ? AND day <= ? GROUP BY office",
        (after.isoformat(), last.isoformat()),
    )
    return {OfficeCode(str(office)): as_int(count) for office, count in rows}


def _scores_of(facts: DossierFacts) -> _Scores:
    """Points and counts for the unit (officer "") and for both officers who had the dossier in hand."""
    found: _Scores = Counter()
    if facts.finished_on is None:
        return found
    month = reporting_month(facts.finished_on).isoformat()
    holders = {(facts.custodian, ""), (facts.office, facts.intake_officer), (facts.custodian, facts.resolving_officer)}
    for indicator, points in dossier_scores(facts).items():
        for office, officer in sorted(holders):
            found[(month, office, officer, indicator, True)] += points
            found[(month, office, officer, indicator, False)] += 1
    return found


def _add_cells(connection: apsw.Connection, cells: Counter[Cell]) -> None:
    insert_many(
        connection,
        "INSERT INTO figure(month, office, measure, received_month, procedure, n) VALUES(?,?,?,?,?,?)"
        " ON CONFLICT (month, office, measure, received_month, procedure) DO UPDATE SET n = figure.n + excluded.n",
        [
            (
                cell.month.isoformat(),
                cell.office,
                cell.measure.value,
                cell.received_month.isoformat(),
                cell.procedure,
                count,
            )
            for cell, count in cells.items()
            if count
        ],
    )
    connection.executemany(
        "DELETE FROM figure WHERE month = ? AND office = ? AND measure = ? AND received_month = ? AND procedure = ? AND n = 0",
        [
            (cell.month.isoformat(), cell.office, cell.measure.value, cell.received_month.isoformat(), cell.procedure)
            for cell, count in cells.items()
            if count < 0
        ],
    )


def _add_scores(connection: apsw.Connection, scores: _Scores) -> None:
    connection.executemany(
        "INSERT INTO figure_score(month, office, officer, indicator, points, dossiers) VALUES(?,?,?,?,?,?)"
        " ON CONFLICT (month, office, officer, indicator) DO UPDATE SET points = figure_score.points + excluded.points,"
        " dossiers = figure_score.dossiers + excluded.dossiers",
        [
            (month, office, officer, indicator, count if is_points else 0, 0 if is_points else count)
            for (month, office, officer, indicator, is_points), count in scores.items()
            if count
        ],
    )
    connection.executemany(
        "DELETE FROM figure_score WHERE month = ? AND office = ? AND officer = ? AND indicator = ? AND dossiers = 0",
        [key[:4] for key, count in scores.items() if count < 0],
    )
