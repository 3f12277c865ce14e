"""The time of a receipt corrected by the office that received: the deadline follows, the code does not (D.7)."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.erasure import what_stays
from sync_protocol.figures.facts import facts_of
from sync_protocol.ids import OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import encode_view
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, ended, reception

DAY = 86_400_000


def corrected(day: int, office: str = "00101") -> b.ReceiptCorrected:
    return b.ReceiptCorrected(
        received_ms=day * DAY, former_ms=1, due_date=f"1970-02-{day:02d}", hand_over_by_ms=day * DAY + 1, reason="đồng hồ hết pin",
        office=OfficeCode(office), officer="lead", at_ms=9,
    )  # fmt: skip


@pytest.fixture
def history() -> History:
    one = History()
    one.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    return one


def test_the_day_and_the_deadline_are_the_corrected_ones_and_the_code_stays(history: History) -> None:
    history.add(NODES[0], 2 << 16, corrected(7))
    view = fold(RID, history.events)
    assert (view.received_ms, view.due_date, view.hand_over_by_ms) == (7 * DAY, "1970-02-07", 7 * DAY + 1)
    assert view.code == "00101-261122-0001" and view.other_codes == ()


def test_the_last_of_two_corrections_counts_in_any_order_of_arrival(history: History) -> None:
    for at, day in ((2, 7), (3, 5)):
        history.add(NODES[0], at << 16, corrected(day))
    views = {encode_view(fold(RID, order)) for order in itertools.permutations(history.events)}
    assert len(views) == 1 and fold(RID, history.events).due_date == "1970-02-05"


def test_another_office_corrects_no_receipt(history: History) -> None:
    history.add(NODES[2], 2 << 16, corrected(7, "03401"))
    assert fold(RID, history.events).received_ms == 1


def test_a_limit_that_began_again_after_a_supplement_stands(history: History) -> None:
    for at, move in enumerate(("hand_over", "take_up", "ask_supplement"), start=2):
        history.add(NODES[0], at << 16, b.StatusMoved(move=move, office=OfficeCode("00101"), officer="x", at_ms=at), fence=0)
    again = b.StatusMoved(move="complete_supplement", office=OfficeCode("00101"), officer="x", at_ms=6, new_due_date="1970-03-01")
    history.add(NODES[0], 6 << 16, again, fence=0)
    history.add(NODES[0], 7 << 16, corrected(7))
    view = fold(RID, history.events)
    assert (view.received_ms, view.due_date) == (7 * DAY, "1970-03-01")


def test_what_was_never_received_has_no_receipt_to_correct() -> None:
    history = History()
    history.add(NODES[0], 1 << 16, ended("00101", NAMES[0]))
    history.add(NODES[0], 2 << 16, corrected(7))
    assert fold(RID, history.events).received_ms == 0


def test_the_figures_count_by_the_corrected_day_and_promise(history: History) -> None:
    history.add(NODES[0], 2 << 16, corrected(7))
    facts = facts_of(RID, history.events)
    assert facts is not None and facts.received_on == dt.date(1970, 1, 8)
    assert [one.due_on for one in facts.promises] == [dt.date(1970, 2, 7)] and facts.due_on == dt.date(1970, 2, 7)


def test_an_order_to_erase_leaves_the_time_and_takes_the_words() -> None:
    kept = b.read_body("receipt.corrected", 1, what_stays(corrected(7)))
    assert isinstance(kept, b.ReceiptCorrected) and kept.received_ms == 7 * DAY and kept.reason == ""


def test_a_correction_that_has_seen_another_replaces_it_whatever_their_clocks_say(history: History) -> None:
    """The machine that is corrected is one with a wrong clock: what it wrote may bear any time, and the next word may come from a right one."""
    ahead = history.add(NODES[0], (400 * DAY) << 16, corrected(7))
    history.add(NODES[1], 3 << 16, corrected(5), base=(act_id(ahead.header),))
    views = {encode_view(fold(RID, order)) for order in itertools.permutations(history.events)}
    facts = facts_of(RID, history.events)
    assert len(views) == 1 and fold(RID, history.events).due_date == "1970-02-05"
    assert facts is not None and facts.promises[0].due_on == dt.date(1970, 2, 5)
