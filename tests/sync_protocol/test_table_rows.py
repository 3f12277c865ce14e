"""Rows of a list as fields: names that read back, an order, and merges that lose no worker."""

from __future__ import annotations

import pytest

from sync_protocol.table_rows import cell_name, is_row_field, place_of, row_name, split_cell, standing_rows


@pytest.mark.parametrize("row", [row_name(1), row_name(1000), row_name(14, "09afc3")])
def test_a_cell_is_found_again_under_its_name(row: str) -> None:
    assert split_cell(cell_name(row, "full_name")) == (row, "full_name")


@pytest.mark.parametrize(
    "field", ["full_name", "rows/1/full_name", "rows/r001/", "rows/r001/a/b", "rows/r001-xyz/full_name", "rows/count"]
)
def test_another_name_is_no_cell(field: str) -> None:
    assert split_cell(field) is None


def test_the_count_belongs_to_the_list_but_is_no_cell() -> None:
    assert is_row_field("rows/count") and is_row_field("rows/r001/full_name") and not is_row_field("full_name")


def test_rows_stand_in_the_order_of_the_paper_and_added_ones_behind() -> None:
    rows = ["r1000", "r002-ffffff", "r002", "r010"]
    assert sorted(rows, key=place_of) == ["r002", "r002-ffffff", "r010", "r1000"]


def test_a_removed_row_and_an_empty_row_do_not_stand() -> None:
    said = [
        ("rows/r001/full_name", "A"),
        ("rows/r001/state", "kept"),
        ("rows/r002/full_name", "B"),
        ("rows/r002/state", "removed"),
    ]
    said += [("rows/r003/full_name", ""), ("rows/r003/state", "kept"), ("full_name", "C"), ("rows/count", "3")]
    assert standing_rows(said) == {"r001": {"full_name": "A"}}
