"""Cells: every entry of the shipped law survives the way to text and back, and what cannot be read is named."""

from __future__ import annotations

import pytest

from central_hub.directory.cells import read_cells, shape, write_cells
from central_hub.directory.changes import PLACES, applied, difference, entries_of
from sync_protocol.catalogue import ComponentRule, DeadlineRule, Holiday, ResultCode
from tests.central_hub.directory.published import BUILT_AT, published

DEADLINE = {"amount": "5", "unit": "working_day", "source": "QĐ 1", "trust": "P"}


@pytest.mark.parametrize("place", PLACES)
def test_every_shipped_entry_is_the_same_after_being_written_as_cells(place: str) -> None:
    entries = list(entries_of(published(), place).values())
    assert entries
    for entry in entries:
        read, wrong = read_cells(write_cells(entry), type(entry))
        inner = {
            name: getattr(entry, name) for name, hint in shape(type(entry))[0].items() if name not in write_cells(entry)
        }
        assert wrong == [] and read is not None
        assert {**write_cells(read), **inner} == {**write_cells(entry), **inner}


def test_days_are_read_as_people_and_as_programs_write_them() -> None:
    cells = {
        "code": "KQ",
        "name": "N",
        "is_money": "no",
        "source": "s",
        "trust": "P",
        "valid_from": "1/7/2025",
        "valid_to": "",
    }
    read, wrong = read_cells(cells, ResultCode)
    assert wrong == [] and read is not None and read.valid_from.isoformat() == "2025-07-01" and read.valid_to is None


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({**DEADLINE, "amount": "năm"}, "amount", "“năm”, cần là số nguyên"),
        ({**DEADLINE, "unit": "days"}, "unit", "cần là một trong: working_day, calendar_day"),
        ({**DEADLINE, "source": ""}, "source", "ô còn trống"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_column(cells: dict[str, str], column: str, said: str) -> None:
    read, wrong = read_cells(cells, DeadlineRule)
    assert read is None and [name for name, _ in wrong] == [column] and said in wrong[0][1]


def test_all_wrong_columns_are_named_at_once() -> None:
    _, wrong = read_cells(
        {"date": "31/02/2026", "name": "", "kind": "x", "provisional": "có", "source": "s", "trust": "P"}, Holiday
    )
    assert [name for name, _ in wrong] == ["date", "name", "kind", "provisional"]
    _, wrong = read_cells({"submitted_forms": "original;paper"}, ComponentRule)
    assert "original, register_e_copy" in wrong[0][1]


def test_the_difference_of_two_catalogues_leads_from_one_to_the_other() -> None:
    old = published()
    holidays = tuple(day for day in old.days if day.date.year != 2027)
    new = applied(
        old, difference(old, applied(old, (), version="2", built_at=BUILT_AT)), version="2", built_at=BUILT_AT
    )
    assert difference(old, new) == ()
    import msgspec

    other = msgspec.structs.replace(old, days=holidays, results=old.results[:-1])
    found = difference(old, other)
    assert {one.place for one in found} == {"days", "results"} and all(one.entry is None for one in found)
    assert applied(old, found, version=old.version, built_at=old.built_at) == other
    assert (
        difference(other, old) != ()
        and applied(other, difference(other, old), version="1", built_at=BUILT_AT).days == old.days
    )
