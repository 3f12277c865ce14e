"""A receipt under a wrong clock: doubted, both times shown, corrected by a leader of the office that received, signatures untouched (D.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from edge_node.app import Node
from edge_node.intake.receipt_errors import (
    ClockNotSuspected,
    ReceiptElsewhere,
    ReceiptRuleUnknown,
    ReceiptTimeImpossible,
)
from edge_node.intake.receipt_time import Doubt, correct_receipt, doubt_of, possible_effect
from edge_node.intake.service import Received, dossier
from edge_node.people.officers import RoleMissing
from edge_node.resolution.errors import WhyMissing
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import write_state
from edge_node.sync.clock_spans import SPANS_MAX, note_clock, offset_at
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import NoteAdded, ReceiptCorrected, encode_body
from sync_protocol.calendar import VIETNAM
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, Incarnation, NodeId, OfficeCode
from tests.browser.desk import Clock, make_node
from tests.browser.officers import receive_one

DAY_MS = 86_400_000
THREE_DAYS = dt.timedelta(days=3)


@pytest.fixture
def clock() -> Clock:
    return Clock()  # 20/11/2026 09:30 in Vietnam


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    one = make_node(tmp_path / "node", clock)
    yield one
    one.close()


def greeted(node: Node, offset_ms: int) -> None:
    """A greeting measured how far the hub's clock is ahead."""

    def work(connection: object) -> None:
        write_state(connection, "clock_offset_ms", str(offset_ms).encode())  # type: ignore[arg-type]
        note_clock(connection, offset_ms)  # type: ignore[arg-type]

    node.store.writer.run(work)


def doubt(node: Node, received: Received) -> Doubt | None:
    view = dossier(node.desk, received.rid)
    return node.store.readers.run(lambda c: doubt_of(c, view))


def early(node: Node, clock: Clock) -> Received:
    """Received under a clock three days ahead, learned at the next greeting; then the clock is put right."""
    clock.at += THREE_DAYS
    made = receive_one(node)
    greeted(node, -3 * DAY_MS)
    clock.at -= THREE_DAYS
    greeted(node, 0)
    return made


def test_the_greeting_after_an_offline_time_tells_which_receipts_to_doubt(node: Node, clock: Clock) -> None:
    right = receive_one(node)
    greeted(node, 1_000)
    wrong = early(node, clock)
    later = receive_one(node)
    greeted(node, 0)
    assert doubt(node, right) is None and doubt(node, later) is None
    found = doubt(node, wrong)
    assert found is not None and found.offset_ms == -3 * DAY_MS
    assert found.device_ms - found.estimated_ms == 3 * DAY_MS and found.estimated_ms == int(clock.at.timestamp() * 1000)


def test_a_reception_by_a_clock_known_to_be_late_is_doubted_at_once(node: Node, clock: Clock) -> None:
    greeted(node, DAY_MS)
    found = doubt(node, receive_one(node))
    assert found is not None and found.estimated_ms == found.device_ms + DAY_MS


def test_the_corrected_day_moves_the_deadline_and_nothing_else(node: Node, clock: Clock) -> None:
    made = early(node, clock)
    before = dossier(node.desk, made.rid)
    at = dt.datetime(2026, 11, 20, 9, 30, tzinfo=VIETNAM)
    effect = node.store.readers.run(lambda c: possible_effect(node.desk, c, before, at))
    assert (effect.old_due_date, effect.due_date, effect.stands) == (before.due_date, "2026-11-30", False) and before.due_date > "2026-11-30"
    correct_receipt(node.desk, "all", made.rid, at, "đồng hồ máy nhanh ba ngày; sổ theo dõi ngày 20/11")
    view = dossier(node.desk, made.rid)
    assert (view.received_ms, view.due_date, view.hand_over_by_ms) == (effect.received_ms, effect.due_date, effect.hand_over_by_ms)
    assert view.code == before.code == made.code and view.components == before.components
    found = doubt(node, made)
    assert found is not None and found.device_ms == before.received_ms, "what the clock said stays"
    correct_receipt(node.desk, "all", made.rid, at - dt.timedelta(hours=1), "xem lại số thứ tự")
    assert dossier(node.desk, made.rid).received_ms == effect.received_ms - 3_600_000


def test_only_a_leader_with_a_reason_corrects_it_and_only_to_a_time_that_has_come(node: Node, clock: Clock) -> None:
    made = early(node, clock)
    at = dt.datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)
    with pytest.raises(RoleMissing):
        correct_receipt(node.desk, "only-intake", made.rid, at, "x")
    with pytest.raises(WhyMissing):
        correct_receipt(node.desk, "only-leader", made.rid, at, "  ")
    with pytest.raises(ReceiptTimeImpossible):
        correct_receipt(node.desk, "only-leader", made.rid, at + dt.timedelta(days=1), "x")
    received = dt.datetime.fromtimestamp(dossier(node.desk, made.rid).received_ms / 1000, VIETNAM)
    clock.at += THREE_DAYS
    with pytest.raises(ReceiptTimeImpossible):
        correct_receipt(node.desk, "only-leader", made.rid, received, "x")


def test_a_receipt_under_a_right_clock_or_of_another_office_is_left_alone(node: Node, clock: Clock) -> None:
    at = dt.datetime(2026, 11, 19, 9, 0, tzinfo=VIETNAM)
    with pytest.raises(ClockNotSuspected):
        correct_receipt(node.desk, "all", receive_one(node).rid, at, "x")
    made = early(node, clock)
    node.desk.office = OfficeCode("03401")
    with pytest.raises(ReceiptElsewhere):
        correct_receipt(node.desk, "all", made.rid, at, "x")


def test_without_the_promised_rule_no_deadline_is_invented(node: Node, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    made = early(node, clock)
    monkeypatch.setattr("edge_node.intake.receipt_time.rule_promised", lambda *_: (None, None))
    with pytest.raises(ReceiptRuleUnknown):
        correct_receipt(node.desk, "all", made.rid, dt.datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM), "x")


def test_only_the_latest_spans_are_kept(node: Node) -> None:
    received = receive_one(node)
    for _ in range(SPANS_MAX + 1):
        greeted(node, DAY_MS)
        node.desk.ledger.save(Act("all", "intake", "note"), [Draft(received.rid, NoteAdded(text="x", officer="all", at_ms=1))])
    assert node.store.readers.run(lambda c: [offset_at(c, 1), offset_at(c, 3)]) == [None, DAY_MS]


def test_what_another_machine_of_the_office_corrected_under_a_clock_far_ahead_is_corrected_again(node: Node, clock: Clock) -> None:
    made = early(node, clock)
    now_ms = node.desk.now_ms()
    wrong = ReceiptCorrected(
        received_ms=now_ms - 9 * DAY_MS, former_ms=1, due_date="2026-11-19", reason="nhầm sổ", office=node.identity.office, officer="ld", at_ms=now_ms
    )  # fmt: skip
    other, inc = NodeId("n00101z"), Incarnation(b"z" * 16)
    event = make_event(
        node=other, inc=inc, seq=1, prev=GENESIS, type="receipt.corrected", tv=1, rid=made.rid, hlc=(now_ms + 400 * DAY_MS) << 16, actor="ld",
        body=encode_body(wrong),
    )  # fmt: skip

    def arrive(connection: apsw.Connection) -> None:
        event_log.append(connection, event_log.open_lane(connection, other, inc, "foreign"), [event], 1)
        projection.project(connection, [event])

    node.store.writer.run(arrive)
    assert dossier(node.desk, made.rid).due_date == "2026-11-19"
    at = dt.datetime(2026, 11, 20, 9, 30, tzinfo=VIETNAM)
    correct_receipt(node.desk, "all", made.rid, at, "xem lại sổ theo dõi")
    view = dossier(node.desk, made.rid)
    assert (view.received_ms, view.due_date) == (int(at.timestamp() * 1000), "2026-11-30")
    again = node.store.readers.run(lambda c: possible_effect(node.desk, c, view, at - dt.timedelta(days=1)))
    assert not again.stands, "the limit is that of the correction in force"
