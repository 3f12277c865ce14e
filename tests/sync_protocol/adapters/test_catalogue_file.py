"""A catalogue file of a later program is refused before it is misread."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.catalogue_rows import FORMAT, columns, to_rows
from sync_protocol.law_problems import CatalogueTooNew, CatalogueUnreadable
from tests.central_hub.directory.published import published


def quoted(name: str) -> str:
    return f'"{name}"'


def write(path: Path, file_format: int, without: str = "", without_column: str = "") -> None:
    """Write the shipped tables with apsw, as a program of that format would."""
    connection = apsw.Connection(":memory:")
    for table, rows in to_rows(published()).items():
        if table == without:
            continue
        names = tuple(name for name in columns(table) if name != without_column)
        connection.execute(f'CREATE TABLE "{table}" ({", ".join(map(quoted, names))})')
        values = [tuple({**row, "format": file_format}[name] for name in names) for row in rows]
        connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(names))})', values)
    path.write_bytes(connection.serialize("main"))
    connection.close()


def trusting(message: bytes, signature: bytes) -> None:
    """Stand for a signature that holds; signing is the subject of the hub's tests."""


def test_the_present_format_is_read(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite", FORMAT)
    assert open_catalogue(tmp_path / "c.sqlite", b"", trusting) == published()


def test_a_file_from_before_lists_had_columns_is_read_without_them(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite", FORMAT, without="document_type_columns")
    read = open_catalogue(tmp_path / "c.sqlite", b"", trusting)
    assert {made.columns for made in read.document_types} == {()}
    assert len(read.document_types) == len(published().document_types)


def test_a_file_from_before_labels_could_prevail_is_read_without_such(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite", FORMAT, without_column="prevailing")
    read = open_catalogue(tmp_path / "c.sqlite", b"", trusting)
    assert {field.prevailing for made in read.document_types for field in made.template} == {()}
    assert {made.code: len(made.template) for made in read.document_types} == {made.code: len(made.template) for made in published().document_types}


def test_a_file_from_before_dates_had_a_precision_asks_for_whole_days(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite", FORMAT, without_column="precision")
    read = open_catalogue(tmp_path / "c.sqlite", b"", trusting)
    assert {one.precision for made in read.document_types for one in (*made.template, *made.columns)} == {"day"}


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite", FORMAT + 1)
    with pytest.raises(CatalogueTooNew):
        open_catalogue(tmp_path / "c.sqlite", b"", trusting)


@pytest.mark.parametrize("table", ["about", "units", "procedure_deadlines"])
def test_a_file_without_one_of_the_tables_is_refused(tmp_path: Path, table: str) -> None:
    write(tmp_path / "c.sqlite", FORMAT, without=table)
    with pytest.raises(CatalogueUnreadable):
        open_catalogue(tmp_path / "c.sqlite", b"", trusting)
