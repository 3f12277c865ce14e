"""Catalogue rows: the catalogue as plain tables, and back.

The hub writes these tables with one SQLite library, the node reads them with another; both meet in this description.
Columns carry the names of the struct fields, lists are JSON text, truths are 0 and 1, dates are ISO text.

Invariant: `from_rows(to_rows(c)) == c`, and the order of entries is kept.
"""

from __future__ import annotations

import datetime as dt
import functools
import typing
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sync_protocol.catalogue import (
    Catalogue,
    CataloguePart,
    CodeGrammar,
    ColumnTemplate,
    ComponentRule,
    DeadlineRule,
    DocumentType,
    FieldTemplate,
    Holiday,
    IntakeReason,
    PrintedForm,
    Procedure,
    Province,
    ResultCode,
    ReuseSource,
    Unit,
    UnitSuccession,
)

FORMAT = 1
"""Raised when a reader of the former tables could no longer understand them."""

Row = dict[str, str | int | None]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]

TOP_TABLES: Mapping[str, type[msgspec.Struct]] = {
    "document_types": DocumentType,
    "results": ResultCode,
    "procedures": Procedure,
    "provinces": Province,
    "units": Unit,
    "successions": UnitSuccession,
    "days": Holiday,
    "grammars": CodeGrammar,
    "reuse_sources": ReuseSource,
    "intake_reasons": IntakeReason,
    "forms": PrintedForm,
    "parts": CataloguePart,
}
LATER_TABLES = frozenset({"intake_reasons", "forms", "parts", "document_type_columns"})
"""Added after the first release: a file without them is read as having no such entries."""
LATER_COLUMNS = frozenset({("document_type_fields", "prevailing"), ("document_type_fields", "precision"), ("document_type_columns", "precision")})
"""Added to a table after its first release: a file without them is read with what the entry says of itself when nothing is given."""


class NestedTable(typing.NamedTuple):
    """A list inside an entry, kept as a table: whose list, under which attribute, keyed by which of its columns."""

    owner: str
    attribute: str
    entry: type[msgspec.Struct]
    owner_keys: tuple[str, ...]


NESTED_TABLES: Mapping[str, NestedTable] = {
    "document_type_fields": NestedTable("document_types", "template", FieldTemplate, ("code", "valid_from")),
    "document_type_columns": NestedTable("document_types", "columns", ColumnTemplate, ("code", "valid_from")),
    "procedure_deadlines": NestedTable("procedures", "deadlines", DeadlineRule, ("code", "version")),
    "procedure_components": NestedTable("procedures", "components", ComponentRule, ("code", "version")),
}

PRIMARY_KEYS: Mapping[str, tuple[str, ...]] = {
    "about": ("version",),
    "document_types": ("code", "valid_from"),
    "results": ("code", "valid_from"),
    "procedures": ("code", "version"),
    "provinces": ("period", "code"),
    "units": ("code", "valid_from"),
    "successions": ("from_code", "to_code", "date"),
    "days": ("date",),
    "grammars": ("name",),
    "reuse_sources": ("code",),
    "intake_reasons": ("code", "valid_from"),
    "forms": ("code", "valid_from"),
    "parts": ("name",),
    "document_type_fields": ("of_code", "of_valid_from", "position"),
    "document_type_columns": ("of_code", "of_valid_from", "position"),
    "procedure_deadlines": ("of_code", "of_version", "position"),
    "procedure_components": ("of_code", "of_version", "position"),
}

_NESTED_ATTRIBUTES = {(nested.owner, nested.attribute) for nested in NESTED_TABLES.values()}


def columns(table: str) -> dict[str, type[int] | type[str]]:
    """Return the columns of a table, in order, with the kind of value they hold."""
    if table == "about":
        return {"version": str, "built_at": str, "format": int}
    if table in NESTED_TABLES:
        nested = NESTED_TABLES[table]
        keys = {f"of_{key}": int if key == "version" else str for key in nested.owner_keys}
        return {**keys, "position": int, **_own_columns(nested.entry, table)}
    return _own_columns(TOP_TABLES[table], table)


def _own_columns(entry: type[msgspec.Struct], table: str) -> dict[str, type[int] | type[str]]:
    hints = typing.get_type_hints(entry)
    names = (field.name for field in msgspec.structs.fields(entry) if (table, field.name) not in _NESTED_ATTRIBUTES)
    return {name: int if hints[name] in (int, bool) else str for name in names}


def to_rows(catalogue: Catalogue) -> dict[str, list[Row]]:
    """Return every table of a catalogue, by name."""
    about: Row = {"version": catalogue.version, "built_at": catalogue.built_at.isoformat(), "format": FORMAT}
    tables: dict[str, list[Row]] = {"about": [about]}
    for table in TOP_TABLES:
        tables[table] = [_row(entry, table) for entry in getattr(catalogue, table)]
    for table, nested in NESTED_TABLES.items():
        tables[table] = [
            {
                **{f"of_{key}": _plain(msgspec.to_builtins(getattr(owner, key))) for key in nested.owner_keys},
                "position": position,
                **_row(entry, table),
            }
            for owner in getattr(catalogue, nested.owner)
            for position, entry in enumerate(getattr(owner, nested.attribute))
        ]
    return tables


def _row(entry: msgspec.Struct, table: str) -> Row:
    built = msgspec.to_builtins(entry)
    return {name: _plain(value) for name, value in built.items() if (table, name) not in _NESTED_ATTRIBUTES}


def _plain(value: Any) -> str | int | None:
    if isinstance(value, list | tuple):
        return msgspec.json.encode(value).decode()
    if value is None or isinstance(value, str):
        return value
    return int(value)


def from_rows(tables: Tables) -> Catalogue:
    """Return the catalogue written in these tables. Raises msgspec.ValidationError or KeyError where they are not ours."""
    about = tables["about"][0]
    lists: dict[str, Any] = {
        table: [_parsed(row, entry) for row in tables[table]] for table, entry in TOP_TABLES.items()
    }
    for table, nested in NESTED_TABLES.items():
        inner: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for row in tables[table]:
            inner[tuple(row[f"of_{key}"] for key in nested.owner_keys)].append(_parsed(row, nested.entry))
        for owner in lists[nested.owner]:
            owner[nested.attribute] = inner[tuple(owner[key] for key in nested.owner_keys)]
    return msgspec.convert(
        {"version": about["version"], "built_at": dt.datetime.fromisoformat(about["built_at"]), **lists},
        Catalogue,
        strict=False,
    )


@functools.cache
def _list_columns(entry: type[msgspec.Struct]) -> Mapping[str, bool]:
    """Say of each field whether its column is JSON text of a list."""
    return {name: typing.get_origin(hint) is tuple for name, hint in typing.get_type_hints(entry).items()}


def _parsed(row: Mapping[str, Any], entry: type[msgspec.Struct]) -> dict[str, Any]:
    is_list = _list_columns(entry)
    return {
        name: msgspec.json.decode(value) if is_list[name] else value for name, value in row.items() if name in is_list
    }
