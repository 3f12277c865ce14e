"""The anchor tells a database that went on from one that was rolled back, cloned or replaced."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from sync_protocol.anchor_rules import (
    CODE_DAYS_KEPT,
    RANGE_SIZE,
    Anchor,
    Continue,
    DatabaseState,
    NewIncarnation,
    assess,
    codes_reserved,
    with_codes_reserved,
    with_next_range,
)

ANCHOR = Anchor("db-1", "inc-1", 512, "boot-1", "machine-1", {"s|2026-11-22": 7})
DATABASE = DatabaseState("db-1", "inc-1", 512, 400)
DAY = dt.date(2026, 11, 22)


def test_the_database_that_wrote_last_goes_on() -> None:
    assert assess(ANCHOR, DATABASE, machine="machine-1") == Continue(ANCHOR)


@pytest.mark.parametrize(
    ("changed", "machine", "reason"),
    [
        ({"database_id": "db-2"}, "machine-1", "database_replaced"),
        ({}, "machine-2", "machine_changed"),
        ({"incarnation": "inc-0"}, "machine-1", "incarnation_differs"),
        ({"reserved_upto": 256, "head_seq": 200}, "machine-1", "database_rolled_back"),
        ({"reserved_upto": 768}, "machine-1", "database_rolled_back"),
        ({"head_seq": 513}, "machine-1", "database_rolled_back"),
    ],
)
def test_every_doubt_opens_a_new_incarnation_and_keeps_the_codes(
    changed: dict[str, object], machine: str, reason: str
) -> None:
    found = assess(ANCHOR, msgspec.structs.replace(DATABASE, **changed), machine=machine)
    assert found == NewIncarnation(reason, {"s|2026-11-22": 7})  # type: ignore[arg-type]  # parametrized text


def test_a_missing_and_an_unreadable_anchor_are_told_apart() -> None:
    assert assess(None, DATABASE, machine="m") == NewIncarnation("anchor_missing", {})
    assert assess(None, DATABASE, machine="m", is_readable=False) == NewIncarnation("anchor_unreadable", {})


def test_a_range_is_reserved_as_a_whole() -> None:
    assert with_next_range(ANCHOR).reserved_upto == 512 + RANGE_SIZE


def test_reserved_code_numbers_never_go_down_and_old_days_leave() -> None:
    anchor = with_codes_reserved(with_codes_reserved(ANCHOR, "s", DAY, 12), "s", DAY, 3)
    assert codes_reserved(anchor, "s", DAY) == 12
    later = with_codes_reserved(anchor, "s", DAY + dt.timedelta(days=CODE_DAYS_KEPT + 1), 1)
    assert codes_reserved(later, "s", DAY) == 0
