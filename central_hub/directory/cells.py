"""Cells: one entry of the law as text, the way a spreadsheet and a form on screen hold it, and back.

Lists are parts between semicolons, truths are `yes` and `no`, days are written 2025-07-01 or 01/07/2025. A cell that cannot be read is named by
its column, with what would be readable there.

Invariant: nothing is guessed. An empty cell means the default of the entry, or nothing; `read_cells(write_cells(e)) == e`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import typing
import unicodedata
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

Entry = TypeVar("Entry", bound=msgspec.Struct)
Wrong = tuple[str, str]
"""A column, and what is wrong in it (Vietnamese)."""

NEVER_EMPTY = frozenset({"code", "name", "source", "from_code", "to_code", "document_type", "label", "field", "text"})
_TRUTHS = {"yes": True, "no": False}
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@functools.cache
def shape(entry: type[msgspec.Struct]) -> tuple[Mapping[str, Any], frozenset[str]]:
    """Return the kinds of an entry's fields and the names of those that have a default."""
    optional = frozenset(field.name for field in msgspec.structs.fields(entry) if not field.required)
    return typing.get_type_hints(entry), optional


def is_table(hint: Any) -> bool:
    """True for a list of entries inside an entry: deadlines and components of a procedure, fields of a paper."""
    parts = typing.get_args(hint)
    return typing.get_origin(hint) is tuple and isinstance(parts[0], type) and issubclass(parts[0], msgspec.Struct)


def choices_of(hint: Any) -> tuple[str, ...]:
    """The values of a closed list, or nothing."""
    return typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()


def clean(cell: str) -> str:
    """A cell without ends, composed (NFC)."""
    return unicodedata.normalize("NFC", cell).strip()


def read_cells(cells: Mapping[str, Any], entry: type[Entry]) -> tuple[Entry | None, list[Wrong]]:
    """Return the entry, or None and every column that cannot be read. Values that are no text are taken as they are."""
    hints, optional = shape(entry)
    values: dict[str, Any] = {name: () for name, hint in hints.items() if is_table(hint)}
    wrong: list[Wrong] = []
    for name, cell in cells.items():
        if cell == "" and name in optional:
            continue
        if cell == "" and name in NEVER_EMPTY:
            wrong.append((name, "ô còn trống"))
            continue
        try:
            values[name] = msgspec.convert(_value(cell, hints[name]), hints[name], strict=False)
        except msgspec.ValidationError as error:
            what = f"“{cell}”, {_wanted(hints[name])}" if isinstance(cell, str) else str(error)
            wrong.append((name, f"giá trị không đọc được: {what}"))
    return (None, wrong) if wrong else (entry(**values), [])


def write_cells(entry: msgspec.Struct) -> dict[str, str]:
    """Return every cell of an entry but its inner tables."""
    hints, _ = shape(type(entry))
    return {name: _text(getattr(entry, name)) for name, hint in hints.items() if not is_table(hint)}


def _value(cell: Any, hint: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if hint is bool:
        return _TRUTHS.get(cell, cell)
    if typing.get_origin(hint) is tuple:
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    if cell == "" and type(None) in typing.get_args(hint):
        return None
    found = _DAY.fullmatch(cell) if _is_day(hint) else None
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else cell


def _is_day(hint: Any) -> bool:
    return hint is dt.date or dt.date in typing.get_args(hint)


def _wanted(hint: Any) -> str:
    choices = choices_of(typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint)
    if choices:
        return f"cần là một trong: {', '.join(choices)}"
    if hint is int:
        return "cần là số nguyên"
    if hint is bool:
        return "cần là yes hoặc no"
    return "cần là ngày, ví dụ 01/07/2025" if _is_day(hint) else "cần là chữ"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)
