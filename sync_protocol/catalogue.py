"""Catalogue: every rule of law the desk works by, as one dated value that the hub signs and nodes read.

Invariant: a catalogue answers only about a day. Nothing here asks what day it is; the caller names the day, so that a
dossier received under an older rule is judged by that rule.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 14; Nghị quyết 202/2025/QH15.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, Protocol, TypeVar

import msgspec

from sync_protocol.paper_types import (
    ColumnTemplate,
    DocumentType,
    FieldKind,
    FieldTemplate,
    PrintedForm,
    ResultCode,
    Trust,
)
from sync_protocol.procedure import (
    ComponentRule,
    DeadlineRule,
    DeadlineUnit,
    DigitizeRule,
    Procedure,
    ReceiptBasis,
    SubmittedForm,
    Submitter,
)
from sync_protocol.territory import (
    Province,
    ProvincePeriod,
    ProvinceToday,
    SuccessionKind,
    Unit,
    UnitLevel,
    UnitSuccession,
)

__all__ = [
    "Catalogue",
    "CataloguePart",
    "CodeGrammar",
    "ColumnTemplate",
    "ComponentRule",
    "DeadlineRule",
    "DeadlineUnit",
    "DigitizeRule",
    "DocumentType",
    "FieldKind",
    "FieldTemplate",
    "Holiday",
    "IntakeReason",
    "PrintedForm",
    "Procedure",
    "Province",
    "ProvincePeriod",
    "ProvinceToday",
    "ReceiptBasis",
    "ResultCode",
    "ReuseSource",
    "SubmittedForm",
    "Submitter",
    "SuccessionKind",
    "Trust",
    "Unit",
    "UnitLevel",
    "UnitSuccession",
]


class Holiday(msgspec.Struct, frozen=True):
    """A day that differs from its weekday: a public holiday, a rest day in exchange, or a Saturday worked in exchange."""

    date: dt.date
    name: str
    kind: Literal["holiday", "rest_in_exchange", "work_in_exchange"]
    provisional: bool
    source: str
    trust: Trust


class CodeGrammar(msgspec.Struct, frozen=True):
    """How a dossier code is written in a period.

    `pattern` is a regular expression with the groups `unit`, `date` and `sequence` (as far as the code has them);
    `template` is a format string over `unit`, `date` (YYMMDD) and `sequence` (int), empty where we only recognise.
    """

    name: str
    pattern: str
    template: str
    sequence_digits: int
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    trust: Trust


class ReuseSource(msgspec.Struct, frozen=True):
    """A place to look before asking for paper. `scope` is i, ii or iii of Điều 13.3b; only `is_local` works offline."""

    code: str
    name: str
    scope: Literal["i", "ii", "iii"]
    is_local: bool
    document_types: tuple[str, ...]
    source: str
    trust: Trust


class IntakeReason(msgspec.Struct, frozen=True):
    """A reason for asking for a supplement or refusing at intake, as it is printed on the slip."""

    code: str
    outcome: Literal["supplement", "refused"]
    text: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    trust: Trust


class CataloguePart(msgspec.Struct, frozen=True):
    """A file that belongs to the catalogue and travels beside it: `digest` is its SHA-256 in hexadecimal, so that whoever holds the signed
    catalogue can tell the right file; `size` in bytes. A node that lacks it works without.
    """

    name: str
    digest: str
    size: int
    source: str
    trust: Trust


class _Dated(Protocol):
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...


class _Coded(_Dated, Protocol):
    @property
    def code(self) -> str: ...


DatedEntry = TypeVar("DatedEntry", bound=_Dated)
CodedEntry = TypeVar("CodedEntry", bound=_Coded)


def in_force(entries: Iterable[DatedEntry], on: dt.date) -> tuple[DatedEntry, ...]:
    """Return the entries valid on a Vietnam date, both bounds included, in their given order."""
    return tuple(e for e in entries if e.valid_from <= on and (e.valid_to is None or on <= e.valid_to))


def _by_code(entries: Iterable[CodedEntry]) -> Mapping[str, tuple[CodedEntry, ...]]:
    grouped: defaultdict[str, list[CodedEntry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.code].append(entry)
    return {code: tuple(same) for code, same in grouped.items()}


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All kinds of entries under one version. Look-ups answer None or an empty tuple where nothing is in force."""

    version: str
    built_at: dt.datetime
    document_types: tuple[DocumentType, ...] = ()
    results: tuple[ResultCode, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    provinces: tuple[Province, ...] = ()
    units: tuple[Unit, ...] = ()
    successions: tuple[UnitSuccession, ...] = ()
    days: tuple[Holiday, ...] = ()
    grammars: tuple[CodeGrammar, ...] = ()
    reuse_sources: tuple[ReuseSource, ...] = ()
    intake_reasons: tuple[IntakeReason, ...] = ()
    forms: tuple[PrintedForm, ...] = ()
    parts: tuple[CataloguePart, ...] = ()

    @cached_property
    def _procedures(self) -> Mapping[str, tuple[Procedure, ...]]:
        return _by_code(self.procedures)

    @cached_property
    def _document_types(self) -> Mapping[str, tuple[DocumentType, ...]]:
        return _by_code(self.document_types)

    @cached_property
    def _results(self) -> Mapping[str, tuple[ResultCode, ...]]:
        return _by_code(self.results)

    @cached_property
    def _units(self) -> Mapping[str, tuple[Unit, ...]]:
        return _by_code(self.units)

    @cached_property
    def _provinces(self) -> Mapping[tuple[ProvincePeriod, str], Province]:
        return {(province.period, province.code): province for province in self.provinces}

    def procedure(self, code: str, on: dt.date) -> Procedure | None:
        """Return the version of a procedure in force on a day."""
        return next(iter(in_force(self._procedures.get(code, ()), on)), None)

    def procedure_version(self, code: str, version: int) -> Procedure | None:
        """Return the version a dossier was received under, whatever the day."""
        return next((p for p in self._procedures.get(code, ()) if p.version == version), None)

    def procedures_on(self, on: dt.date) -> tuple[Procedure, ...]:
        """Return all procedures in force on a day, in catalogue order."""
        return in_force(self.procedures, on)

    def document_type(self, code: str, on: dt.date) -> DocumentType | None:
        """Return the document type in force on a day."""
        return next(iter(in_force(self._document_types.get(code, ()), on)), None)

    def result(self, code: str, on: dt.date) -> ResultCode | None:
        """Return the result code in force on a day."""
        return next(iter(in_force(self._results.get(code, ()), on)), None)

    def unit(self, code: str, on: dt.date) -> Unit | None:
        """Return the office under the name it bears on a day."""
        return next(iter(in_force(self._units.get(code, ()), on)), None)

    def successors(self, unit_code: str, on: dt.date) -> tuple[Unit, ...]:
        """Return the offices that on a day continue the work of a code, the office itself if it still stands.

        Several offices mean a split: a person must choose. The order is that of the catalogue, without repetition.
        """
        codes = {unit_code}
        for date, steps in self._steps:
            if date <= on:
                codes = self._follow(codes, steps)
        reached = (self.unit(code, on) for code in sorted(codes))
        return tuple(unit for unit in reached if unit is not None)

    @cached_property
    def _steps(self) -> tuple[tuple[dt.date, Mapping[str, set[str]]], ...]:
        """Who goes where, by day in order. An office that gives a part away goes on with the rest."""
        by_date: defaultdict[dt.date, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for step in self.successions:
            by_date[step.date][step.from_code].add(step.to_code)
            if step.kind == "transfer":
                by_date[step.date][step.from_code].add(step.from_code)
        return tuple(sorted(by_date.items()))

    def _follow(self, codes: set[str], today: Mapping[str, set[str]]) -> set[str]:
        """Walk all successions of one day to their ends; a rename leads to itself and is an end."""
        ends: set[str] = set()
        waiting, seen = list(codes), set(codes)
        while waiting:
            code = waiting.pop()
            followers = today.get(code, {code})
            if code in followers:
                ends.add(code)
            fresh = followers - seen
            seen |= fresh
            waiting += sorted(fresh)
        return ends

    def province_of_old_code(self, code: str) -> ProvinceToday | None:
        """Read a three-digit code, as inside a personal id, with the table of the 63 old provinces."""
        old = self._provinces.get(("old", code))
        if old is None:
            return None
        new = self._provinces.get(("new", old.successor))
        return None if new is None else ProvinceToday(old.code, old.name, new.code, new.name)

    def province(self, code: str) -> Province | None:
        """Return one of today's 34 provinces by its two-digit code."""
        return self._provinces.get(("new", code))

    def part(self, name: str) -> CataloguePart | None:
        """Return a file that goes with this catalogue."""
        return next((one for one in self.parts if one.name == name), None)

    def holidays(self) -> tuple[Holiday, ...]:
        """Return every day that differs from its weekday, in order of date."""
        return tuple(sorted(self.days, key=lambda day: day.date))

    def form(self, code: str, on: dt.date) -> PrintedForm | None:
        """Return the version of a printed form in force on a day."""
        return next((one for one in in_force(self.forms, on) if one.code == code), None)

    def grammars_on(self, on: dt.date) -> tuple[CodeGrammar, ...]:
        """Return the code grammars in force on a day; the first with a template is the one to compose by."""
        return in_force(self.grammars, on)

    def intake_reasons_on(self, outcome: str, on: dt.date) -> tuple[IntakeReason, ...]:
        """Return the reasons in force on a day for ending an intake in this way, in catalogue order."""
        return tuple(reason for reason in in_force(self.intake_reasons, on) if reason.outcome == outcome)

    def reuse_sources_for(self, document_type: str) -> tuple[ReuseSource, ...]:
        """Return the sources to search before asking for this paper; an empty list of types means every type."""
        return tuple(s for s in self.reuse_sources if not s.document_types or document_type in s.document_types)
