"""What is asked for each dossier or paper is found by an index: a walk through all of them passes every test and ends a large office."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import pytest

from central_hub.bootstrap import reading
from central_hub.ingest import awaited_files, lost_files
from central_hub.lookup import rate
from central_hub.store.schema import MIGRATIONS
from edge_node.bootstrap import keys
from sync_protocol.adapters import event_log, projection, projection_rows
from sync_protocol.adapters.sqlite import migrate

ASKED = (
    projection._UNDER_PAPER_KEYS,
    projection._OWNED,
    projection_rows._KEYS_OF,
    projection_rows._DOCUMENTS_OF,
    event_log._SPEAKING,
    reading._EVENTS,
    reading._DOSSIER,
    reading._DOCUMENTS,
    keys._CHANGED,
    lost_files._OF_OFFICE,
    awaited_files._OFFICES,
    awaited_files._OF_OFFICE,
)

SMALL = "SCAN l"  # lost files: nearly always none


@pytest.fixture(scope="module")
def connection() -> Iterator[apsw.Connection]:
    opened = apsw.Connection(":memory:")
    migrate(opened, MIGRATIONS)
    yield opened
    opened.close()


@pytest.mark.parametrize("sql", ASKED)
def test_a_question_about_one_is_no_walk_through_all(connection: apsw.Connection, sql: str) -> None:
    plan = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", (b"",) * sql.count("?"))]
    assert plan and not [step for step in plan if step.startswith("SCAN") and step != SMALL], plan


@pytest.mark.parametrize("sql", [rate.LOOKED])
def test_the_pace_of_an_officer_is_counted_past_namesakes_in_other_offices(
    connection: apsw.Connection, sql: str
) -> None:
    plan = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("", "", 0))]
    assert any("node=? AND officer=? AND at_ms>?" in step for step in plan), plan
