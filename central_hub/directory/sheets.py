"""Spreadsheets from outside: read in the sandbox, judged row by row, taken as a whole or not at all."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from central_hub.directory.changes import PLACES, Change, entries_of, key_of
from central_hub.directory.complaint import Complaint
from central_hub.directory.errors import SheetUnreadable, SheetWrong
from central_hub.directory.sheet_task import TASK
from central_hub.directory.sources import SHEETS, SheetRow, read_sheet
from sync_protocol.adapters.sandbox.errors import SandboxProblem, SandboxUnavailable
from sync_protocol.adapters.sandbox.sandbox import SandboxLimits, SandboxOnDemand
from sync_protocol.catalogue import Catalogue, ComponentRule, DeadlineRule, Procedure

SHEET_KB = 4_096
LIMITS = SandboxLimits(memory_mb=1024, cpu_s=20, wall_s=60.0, result_mb=32)
SHEET_NAMES = tuple(name.removesuffix(".csv") for name in SHEETS)
_PLACES = {"holidays": "days", **{place: place for place in PLACES}}


def sheet_sandbox() -> SandboxOnDemand:
    """The sandbox in which uploaded spreadsheets are opened."""
    return SandboxOnDemand({"sheet": TASK})


def rows_of(sandbox: SandboxOnDemand, content: bytes) -> list[tuple[int, list[str]]]:
    """The first sheet of a file as (line, cells). Raises SheetUnreadable; SandboxUnavailable."""
    try:
        answer = sandbox.run("sheet", content, {}, limits=LIMITS)
        return msgspec.msgpack.decode(answer, type=list[tuple[int, list[str]]])
    except SandboxUnavailable:
        raise
    except (SandboxProblem, msgspec.MsgspecError) as problem:
        raise SheetUnreadable(what=getattr(problem, "code", type(problem).__name__)) from problem


def is_no_workbook(name: str, content: bytes) -> bool:
    """Whether a file is called a workbook and is none: read as separated text, its bytes would pass for names of columns."""
    return name.lower().endswith((".xlsx", ".xlsm", ".xls")) and not content.startswith(b"PK")


def changes_from(sheet: str, rows: list[tuple[int, list[str]]], base: Catalogue, now: Catalogue) -> tuple[Change, ...]:
    """What a sheet changes. `base` is the published catalogue, `now` the same with the draft's earlier changes.

    Rows of deadlines and components replace all rows of the procedure versions they name; a procedure keeps the deadlines and components it
    has, a new version those of the version before it. Raises SheetWrong with every finding, by row and column.
    """
    file = f"{sheet}.csv"
    found, complaints = read_sheet(file, rows)
    if not complaints:
        complaints = _repeated(file, sheet, found) if sheet in _PLACES else _ownerless(file, found, now)
    if complaints:
        raise SheetWrong(sheet=sheet, count=len(complaints), complaints=tuple(complaints))
    if sheet not in _PLACES:
        return _inner(sheet, found, base, now)
    place = _PLACES[sheet]
    before = entries_of(base, place)
    entries = [_completed(entry, now) if isinstance(entry, Procedure) else entry for _, _, entry in found]
    return tuple(Change(place, key_of(place, entry), before.get(key_of(place, entry)), entry) for entry in entries)


def _repeated(file: str, sheet: str, found: list[SheetRow]) -> list[Complaint]:
    seen: dict[str, int] = {}
    complaints = []
    for line, _, entry in found:
        key = key_of(_PLACES[sheet], entry)
        if key in seen:
            complaints.append(Complaint(file, line, f"{key}: đã có ở dòng {seen[key]} của bảng này"))
        seen.setdefault(key, line)
    return complaints


def _ownerless(file: str, found: list[SheetRow], now: Catalogue) -> list[Complaint]:
    known = {(p.code, str(p.version)) for p in now.procedures}
    return [
        Complaint(
            file, line, f"cột procedure, version: không có thủ tục {owner['procedure']} phiên bản {owner['version']}"
        )
        for line, owner, _ in found
        if (owner["procedure"], owner["version"]) not in known
    ]


def _inner(sheet: str, found: list[SheetRow], base: Catalogue, now: Catalogue) -> tuple[Change, ...]:
    rules: defaultdict[str, list[msgspec.Struct]] = defaultdict(list)
    for _, owner, entry in found:
        rules[f"{owner['procedure']}|{owner['version']}"].append(entry)
    before, held = entries_of(base, "procedures"), entries_of(now, "procedures")
    return tuple(
        Change("procedures", key, before.get(key), msgspec.structs.replace(held[key], **{sheet: tuple(new)}))
        for key, new in rules.items()
    )


def _completed(entry: Procedure, now: Catalogue) -> Procedure:
    held = [p for p in now.procedures if p.code == entry.code and p.version <= entry.version]
    if not held:
        return entry
    nearest = max(held, key=lambda p: p.version)
    deadlines: tuple[DeadlineRule, ...] = nearest.deadlines
    components: tuple[ComponentRule, ...] = nearest.components
    return msgspec.structs.replace(entry, deadlines=deadlines, components=components)
