"""The fleet: what is said of an office, in which word, and which alarms follow; opened, taken by a person, over."""

from __future__ import annotations

import datetime as dt

import apsw
import pytest

from central_hub.ingest.nodes import enrol_node, keep_hello, revoke_node
from central_hub.ingest.quarantine import hold
from central_hub.operations import alarms
from central_hub.operations.fleet import LOW_DISK_BYTES, OLD_QUEUE_MS, SILENT_AFTER_MS, NodeLine, read_fleet
from central_hub.operations.presence import keep_presence_of
from central_hub.operations.runbook import page_html
from sync_protocol.adapters import event_log
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import Hello, LaneHead
from tests.central_hub.operations.kept_tables import empty_tables

NODE, OFFICE, INC = NodeId("n00101a"), OfficeCode("00101"), Incarnation(b"i" * 16)
MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # 09:00 in Vietnam
NOW_MS = int(MONDAY.timestamp() * 1000)
DAY_MS = 86_400_000


def greeted(connection: apsw.Connection, at_ms: int = NOW_MS, **told: object) -> None:
    """The office is enrolled, connected, and said hello at `at_ms`."""
    enrol_node(connection, NODE, OFFICE, b"k" * 32, 1)
    facts = {"clock_ms": at_ms, "free_disk_bytes": 50 << 30, "heads": (LaneHead(INC, 9, EventId(GENESIS)),), **told}
    keep_hello(
        connection,
        NODE,
        Hello(versions=(1, 1), software="lienthong 0.1", office=OFFICE, inc=INC, epoch=None, cursor=0, **facts),
        at_ms,
    )  # type: ignore[arg-type]
    keep_presence_of(connection, {NODE: True}, at_ms)


def line_of(connection: apsw.Connection, now_ms: int = NOW_MS) -> NodeLine:
    return read_fleet(connection, now_ms)[0]


def certificate(connection: apsw.Connection, mark: bytes, until_ms: int, account: str = "cb01") -> None:
    connection.execute(
        "INSERT INTO officer_certificate VALUES(?,?,?,?,?,?,?)", (mark, OFFICE, "officer", account, 1, until_ms, 1)
    )


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"queue_events": 3, "queue_oldest_ms": NOW_MS - OLD_QUEUE_MS - 1}, "queue"),
        ({"clock_ms": NOW_MS + 61_000}, "clock"),
        ({"free_disk_bytes": LOW_DISK_BYTES - 1}, "disk"),
    ],
)
def test_what_a_hello_tells_makes_an_office_worth_a_look(told: dict[str, object], complaint: str) -> None:
    connection = empty_tables()
    greeted(connection, **told)
    assert line_of(connection).complaints == (complaint,) and line_of(connection).state == "look"


def test_an_office_that_is_well_has_one_word() -> None:
    connection = empty_tables()
    greeted(connection)
    assert (line_of(connection).state, line_of(connection).complaints) == ("here", ())


def test_a_lost_connection_is_told_at_once_and_is_no_alarm_for_a_quarter_of_an_hour() -> None:
    connection = empty_tables()
    greeted(connection)
    keep_presence_of(connection, {NODE: False}, NOW_MS + 1_000)
    line = line_of(connection, NOW_MS + 2_000)
    assert (line.state, line.since_ms, line.complaints) == ("away", NOW_MS + 1_000, ())
    assert line_of(connection, NOW_MS + 1_000 + SILENT_AFTER_MS + 1).complaints == ("silent",)


def test_a_connection_without_hellos_is_silence_too() -> None:
    connection = empty_tables()
    greeted(connection)
    assert line_of(connection, NOW_MS + SILENT_AFTER_MS + 1).complaints == ("silent",)


def test_without_word_from_the_message_server_the_last_hello_counts() -> None:
    connection = empty_tables()
    greeted(connection)
    connection.execute("DELETE FROM presence")
    assert line_of(connection).state == "here" and line_of(connection, NOW_MS + SILENT_AFTER_MS + 1).state == "away"


def test_a_node_that_never_spoke_and_a_revoked_one_have_their_own_words() -> None:
    connection = empty_tables()
    enrol_node(connection, NODE, OFFICE, b"", NOW_MS)
    assert line_of(connection).state == "never"
    revoke_node(connection, NODE, NOW_MS)
    assert line_of(connection).state == "revoked" and line_of(connection).complaints == ()


def test_the_lag_is_what_the_node_wrote_and_the_hub_lacks() -> None:
    connection = empty_tables()
    greeted(connection)
    assert line_of(connection).floor_lag == 9
    event_log.open_lane(connection, NODE, INC, "peer")
    connection.execute("UPDATE lane SET head_seq = 7")
    assert (line_of(connection).floor, line_of(connection).floor_lag) == (7, 2)


def test_a_certificate_that_has_a_successor_does_not_count_down() -> None:
    connection = empty_tables()
    greeted(connection)
    certificate(connection, b"1" * 32, NOW_MS + 5 * DAY_MS)
    assert line_of(connection).certificate_days == 5 and line_of(connection).complaints == ("certificate",)
    certificate(connection, b"2" * 32, NOW_MS + 400 * DAY_MS)
    assert line_of(connection).certificate_days == 400 and line_of(connection).complaints == ()


def look(connection: apsw.Connection, now: dt.datetime) -> None:
    """One look of the keeper at nodes."""
    now_ms = int(now.timestamp() * 1000)
    held = frozenset((one.kind, one.subject) for one in alarms.open_alarms(connection))
    alarms.settle(connection, alarms.conditions_of(read_fleet(connection, now_ms), held, now), now_ms)


def test_an_alarm_opens_is_taken_by_a_person_and_closes_when_its_cause_is_gone() -> None:
    connection = empty_tables()
    greeted(connection)
    hold(connection, NODE, b"frame", "SYN-012", "fork", NOW_MS)
    look(connection, MONDAY)
    look(connection, MONDAY + dt.timedelta(seconds=4))
    (one,) = alarms.open_alarms(connection)
    assert (one.kind, one.subject, one.opened_ms, one.amount) == (
        "quarantine",
        NODE,
        NOW_MS,
        1,
    ) and alarms.count_untaken(connection) == 1
    alarms.acknowledge(connection, one.id, "operator", "đang gọi cơ quan", NOW_MS + 5)
    alarms.acknowledge(connection, one.id, "another", "", NOW_MS + 6)
    (taken,) = alarms.open_alarms(connection)
    assert (taken.by_account, taken.by_ms, alarms.count_untaken(connection)) == ("operator", NOW_MS + 5, 0)
    connection.execute("DELETE FROM quarantine")
    look(connection, MONDAY + dt.timedelta(minutes=1))
    assert alarms.open_alarms(connection) == [] and alarms.over_alarms(connection)[0].ended_ms == NOW_MS + 60_000


def test_silence_is_an_alarm_in_the_hours_of_desks_and_stays_one_overnight() -> None:
    connection = empty_tables()
    greeted(connection)
    keep_presence_of(connection, {NODE: False}, NOW_MS)
    night = MONDAY + dt.timedelta(hours=12)
    look(connection, night)
    assert alarms.open_alarms(connection) == []
    look(connection, MONDAY + dt.timedelta(days=1))
    look(connection, night + dt.timedelta(days=1))
    assert [one.kind for one in alarms.open_alarms(connection)] == ["silent"]


def test_a_revoked_node_that_still_sends_is_an_alarm_of_its_own() -> None:
    connection = empty_tables()
    greeted(connection)
    revoke_node(connection, NODE, NOW_MS)
    hold(connection, NODE, b"frame", "HUB-003", "revoked", NOW_MS)
    look(connection, MONDAY)
    assert [one.kind for one in alarms.open_alarms(connection)] == ["vouch"]


def test_every_kind_of_alarm_has_its_page_in_the_runbook_that_the_hub_shows() -> None:
    for kind, code in alarms.RUNBOOK.items():
        page = page_html(code)
        assert page is not None and code in page, kind
    assert page_html("README") and page_html("../README") is None and page_html("ABC-999") is None
    assert 'href="/runbook/SYN-012"' in (page_html("ALM-004") or "")
