"""Rows of a list as fields: names that read back, an order, and merges that lose no worker."""

from __future__ import annotations

import pytest

from sync_protocol import bodies as b
from sync_protocol.acts import acts_of
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.merge import fold
from sync_protocol.table_rows import cell_name, is_row_field, place_of, row_name, split_cell, standing_rows
from sync_protocol.view import DocumentView, DossierView
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, reception


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


PAPER = DocumentId(b"d" * 16)


def listed() -> History:
    """A dossier with a captured list whose row r001 a machine read in two parts."""
    history = History()
    history.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    captured = b.CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=PAPER, pdf=BlobDigest(b"p" * 32), pdf_size=9, pages=1, images=1,
        officer="cb01", signer_name="x", captured_ms=1,
    )  # fmt: skip
    history.add(NODES[0], 2 << 16, captured)
    for n, (column, value) in enumerate((("full_name", "Nguyễn Thị A"), ("bhxh_number", "0112345678"))):
        value_read = b.FieldReading(cell_name("r001", column), value, trust="agrees")
        history.add(
            NODES[0], (3 + n) << 16, b.ReadingRecorded(document_id=PAPER, reader="r", dpi=200, values=(value_read,))
        )
    return history


def confirmed(history: History, node: int, at: int, *values: tuple[str, str], seen: bool = True) -> None:
    """An officer of a node stands for these values, having seen everything so far, or nothing of the others' words."""
    base = tuple(one.id for one in acts_of(history.events)) if seen else ()
    given = tuple(b.ConfirmedValue(field, value) for field, value in values)
    body = b.MetadataConfirmed(document_id=PAPER, role="intake", officer="cb01", values=given, confirmed_ms=at)
    history.add(NODES[node], at << 16, body, base=base)


def document(history: History) -> tuple[DossierView, DocumentView]:
    view = fold(RID, history.events)
    found = view.document(PAPER)
    assert found is not None
    return view, found


def test_a_list_read_in_several_parts_adds_up() -> None:
    _, paper = document(listed())
    assert [one.field for one in paper.readings] == ["rows/r001/full_name", "rows/r001/bhxh_number"]
    assert (
        paper.rows == {"r001": {"full_name": "Nguyễn Thị A", "bhxh_number": "0112345678"}}
        and paper.confirmed_rows == {}
    )


def test_two_offices_that_each_add_a_row_keep_both() -> None:
    history = listed()
    confirmed(history, 0, 20, ("rows/r002-0000aa/full_name", "B"), seen=False)
    confirmed(history, 1, 21, ("rows/r002-0000bb/full_name", "C"), seen=False)
    view, paper = document(history)
    assert [row["full_name"] for row in paper.confirmed_rows.values()] == ["B", "C"] and view.conflicts == ()


def test_a_row_removed_at_one_office_and_kept_at_another_is_shown_to_a_person() -> None:
    history = listed()
    confirmed(history, 0, 20, ("rows/r001/state", "removed"), seen=False)
    confirmed(history, 1, 21, ("rows/r001/state", "kept"), ("rows/r001/full_name", "Nguyễn Thị Á"), seen=False)
    view, _ = document(history)
    assert [(one.field, one.values) for one in view.conflicts] == [("rows/r001/state", ("kept", "removed"))]


def test_a_cell_corrected_differently_at_two_offices_is_a_conflict_and_a_later_reading_changes_nothing() -> None:
    history = listed()
    confirmed(history, 0, 20, ("rows/r001/full_name", "Nguyễn Thị Á"), seen=False)
    confirmed(history, 1, 21, ("rows/r001/full_name", "Nguyễn Thị Ả"), seen=False)
    again = b.FieldReading(cell_name("r001", "full_name"), "Nguyễn Thị X", trust="agrees")
    history.add(NODES[2], 30 << 16, b.ReadingRecorded(document_id=PAPER, reader="r", dpi=200, values=(again,)))
    view, _ = document(history)
    assert [one.values for one in view.conflicts if one.field == "rows/r001/full_name"] != []
    assert "Nguyễn Thị X" not in {row["full_name"] for row in document(history)[1].confirmed_rows.values()}


def test_a_person_who_has_seen_the_other_word_settles_it() -> None:
    history = listed()
    confirmed(history, 0, 20, ("rows/r001/full_name", "Nguyễn Thị Á"))
    confirmed(history, 1, 21, ("rows/r001/full_name", "Nguyễn Thị Ả"))
    view, paper = document(history)
    assert view.conflicts == () and paper.confirmed("rows/r001/full_name") == "Nguyễn Thị Ả"
