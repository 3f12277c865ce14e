"""Sources: the plain files people edit, read into one catalogue.

Procedures, their limits and components stand in three tables side by side, because that is how the official lists are
compared; here they are joined. A row that cannot be read is reported with its line and left out, and reading goes on, so
that one run shows everything there is to mend.

Invariant: nothing is guessed. An empty cell means the default of the entry, or nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from central_hub.directory.cells import Entry, clean, read_cells, shape
from central_hub.directory.complaint import Complaint
from sync_protocol.catalogue import (
    Catalogue,
    CodeGrammar,
    ComponentRule,
    DeadlineRule,
    DocumentType,
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

_OWNER_COLUMNS = frozenset({"procedure", "version"})


class _Reader:
    """Reads one directory of sources, or the given sheets, and collects complaints on the way."""

    def __init__(self, directory: Path, sheets: Mapping[str, list[tuple[int, list[str]]]] | None = None) -> None:
        self.directory = directory
        self.sheets = sheets
        self.complaints: list[Complaint] = []

    def complain(self, file: str, line: int, what: str) -> None:
        self.complaints.append(Complaint(file, line, what))

    def rows(self, file: str) -> list[tuple[int, list[str]]]:
        """Return (line, cells) of everything in a CSV file, its header first; complain where it cannot be read."""
        if self.sheets is not None:
            return self.sheets.get(file, [])
        try:
            with (self.directory / file).open(encoding="utf-8", newline="") as lines:
                reader = csv.reader(lines)
                return [(reader.line_num, row) for row in reader]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.complain(file, 0, f"không đọc được tệp ({type(error).__name__})")
            return []

    def table(self, file: str) -> list[tuple[int, dict[str, str]]]:
        """Return (line, cells by column); complain where a row has too many or few cells."""
        rows = self.rows(file)
        header = [clean(cell) for cell in rows[0][1]] if rows else []
        found = []
        for line, row in rows[1:]:
            if row and len(row) != len(header):
                self.complain(file, line, f"dòng có {len(row)} ô, tiêu đề có {len(header)} cột")
            elif row:
                found.append((line, dict(zip(header, (clean(cell) for cell in row), strict=True))))
        return found

    def has_columns(self, file: str, cells: dict[str, Any], entry: type[msgspec.Struct], extra: frozenset[str]) -> bool:
        """True where the columns are those of the entry; otherwise complain once per file."""
        hints, optional = shape(entry)
        needed = (hints.keys() - optional - _NOT_IN_TABLES) | extra
        allowed = hints.keys() | extra
        missing, unknown = needed - cells.keys(), cells.keys() - allowed
        for names, what in ((missing, "thiếu cột"), (unknown, "có cột lạ")):
            if names:
                complaint = Complaint(file, 1, f"{what}: {', '.join(sorted(names))}")
                if complaint not in self.complaints:
                    self.complaints.append(complaint)
        return not missing and not unknown

    def entries(
        self, file: str, entry: type[Entry], extra: frozenset[str] = frozenset()
    ) -> list[tuple[int, dict[str, str], Entry]]:
        """Return (line, extra cells, entry) for every readable row of a CSV file."""
        found = []
        for line, cells in self.table(file):
            if not self.has_columns(file, cells, entry, extra):
                return []
            made = self.convert(file, line, {k: v for k, v in cells.items() if k not in extra}, entry)
            if made is not None:
                found.append((line, {name: cells[name] for name in extra}, made))
        return found

    def convert(self, file: str, line: int, cells: dict[str, Any], entry: type[Entry]) -> Entry | None:
        made, wrong = read_cells(cells, entry)
        for column, what in wrong:
            self.complain(file, line, f"cột {column}: {what}")
        return made

    def toml(self, file: str, key: str) -> list[dict[str, Any]]:
        """Return the tables under a key of a TOML file, each completed with the file's `defaults`."""
        try:
            content = tomllib.loads((self.directory / file).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.complain(file, 0, f"không đọc được tệp ({error})")
            return []
        return [{"valid_to": None, **content.get("defaults", {}), **table} for table in content.get(key, [])]


_NOT_IN_TABLES = frozenset({"deadlines", "components"})


SHEETS: Mapping[str, tuple[type[msgspec.Struct], frozenset[str]]] = {
    "procedures.csv": (Procedure, frozenset()),
    "deadlines.csv": (DeadlineRule, _OWNER_COLUMNS),
    "components.csv": (ComponentRule, _OWNER_COLUMNS),
    "results.csv": (ResultCode, frozenset()),
    "holidays.csv": (Holiday, frozenset()),
    "units.csv": (Unit, frozenset()),
    "successions.csv": (UnitSuccession, frozenset()),
    "provinces.csv": (Province, frozenset()),
    "reuse_sources.csv": (ReuseSource, frozenset()),
    "intake_reasons.csv": (IntakeReason, frozenset()),
    "forms.csv": (PrintedForm, frozenset()),
}
"""Tables that people also hand in as spreadsheets: the entry of a row, and the columns that name its owner."""

SheetRow = tuple[int, dict[str, str], msgspec.Struct]


def read_sheet(file: str, rows: list[tuple[int, list[str]]]) -> tuple[list[SheetRow], list[Complaint]]:
    """Read one of SHEETS given as (line, cells), header first: (line, owner's cells, entry) of each row, and every complaint."""
    entry, owner = SHEETS[file]
    reader = _Reader(Path(), {file: rows})
    if not rows:
        reader.complain(file, 1, "bảng không có dòng tiêu đề")
    elif len(rows) == 1:
        reader.has_columns(file, dict.fromkeys(clean(cell) for cell in rows[0][1]), entry, owner)
    found: list[SheetRow] = [*reader.entries(file, entry, owner)]
    return found, sorted(reader.complaints)


def read_sources(directory: Path, *, version: str, built_at: dt.datetime) -> tuple[Catalogue, list[Complaint]]:
    """Return the catalogue of all readable rows, and a complaint for every row that is not."""
    reader = _Reader(directory)
    catalogue = Catalogue(
        version=version,
        built_at=built_at,
        document_types=_document_types(reader),
        results=tuple(made for _, _, made in reader.entries("results.csv", ResultCode)),
        procedures=_procedures(reader),
        provinces=tuple(made for _, _, made in reader.entries("provinces.csv", Province)),
        units=tuple(made for _, _, made in reader.entries("units.csv", Unit)),
        successions=tuple(made for _, _, made in reader.entries("successions.csv", UnitSuccession)),
        days=tuple(made for _, _, made in reader.entries("holidays.csv", Holiday)),
        grammars=_grammars(reader),
        reuse_sources=tuple(made for _, _, made in reader.entries("reuse_sources.csv", ReuseSource)),
        intake_reasons=tuple(made for _, _, made in reader.entries("intake_reasons.csv", IntakeReason)),
        forms=tuple(made for _, _, made in reader.entries("forms.csv", PrintedForm)),
    )
    return catalogue, sorted(reader.complaints)


def _document_types(reader: _Reader) -> tuple[DocumentType, ...]:
    file = "document_types.toml"
    found = []
    for table in reader.toml(file, "document_type"):
        cells = {("template" if name == "fields" else name): value for name, value in table.items()}
        if reader.has_columns(file, cells, DocumentType, frozenset()):
            found.append(reader.convert(file, 0, cells, DocumentType))
    return tuple(made for made in found if made is not None)


def _grammars(reader: _Reader) -> tuple[CodeGrammar, ...]:
    file = "grammars.toml"
    tables = [t for t in reader.toml(file, "grammar") if reader.has_columns(file, t, CodeGrammar, frozenset())]
    found = (reader.convert(file, 0, table, CodeGrammar) for table in tables)
    return tuple(made for made in found if made is not None)


def _procedures(reader: _Reader) -> tuple[Procedure, ...]:
    procedures = [made for _, _, made in reader.entries("procedures.csv", Procedure)]
    known = {(made.code, str(made.version)) for made in procedures}
    deadlines = _grouped(reader, "deadlines.csv", DeadlineRule, known)
    components = _grouped(reader, "components.csv", ComponentRule, known)
    return tuple(
        msgspec.structs.replace(
            made,
            deadlines=tuple(deadlines[made.code, str(made.version)]),
            components=tuple(components[made.code, str(made.version)]),
        )
        for made in procedures
    )


def _grouped(
    reader: _Reader, file: str, entry: type[Entry], known: set[tuple[str, str]]
) -> defaultdict[tuple[str, str], list[Entry]]:
    """Return the rows of a side table by (procedure, version); a row of an unknown procedure is a complaint."""
    grouped: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for line, owner, made in reader.entries(file, entry, _OWNER_COLUMNS):
        key = (owner["procedure"], owner["version"])
        if key not in known:
            reader.complain(file, line, f"không có thủ tục {key[0]} phiên bản {key[1]}")
            continue
        grouped[key].append(made)
    return grouped
