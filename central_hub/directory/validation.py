"""Validation: what a catalogue must not contradict before the hub signs it.

Invariant: every check runs and every finding is returned; a signed catalogue has none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from central_hub.directory.complaint import Complaint
from sync_protocol.catalogue import Catalogue, UnitSuccession

_DAY = dt.timedelta(days=1)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...


def find_complaints(catalogue: Catalogue) -> list[Complaint]:
    """Return every contradiction in a catalogue, by file; an empty list means it may be published."""
    checks = (_validity, _once_only, _procedures, _provinces, _units, _successions, _grammars, _reuse_sources)
    return sorted(complaint for check in checks for complaint in check(catalogue))


def _validity(catalogue: Catalogue) -> Iterator[Complaint]:
    yield from _overlaps("document_types.toml", catalogue.document_types)
    yield from _overlaps("results.csv", catalogue.results)
    yield from _overlaps("procedures.csv", catalogue.procedures)
    yield from _overlaps("units.csv", catalogue.units)
    yield from _overlaps("intake_reasons.csv", catalogue.intake_reasons)
    yield from _overlaps("forms.csv", catalogue.forms)


def _overlaps(file: str, entries: Sequence[_Coded]) -> Iterator[Complaint]:
    grouped: defaultdict[str, list[_Coded]] = defaultdict(list)
    for entry in entries:
        grouped[entry.code].append(entry)
        if entry.valid_to is not None and entry.valid_to < entry.valid_from:
            yield Complaint(file, 0, f"{entry.code}: hết hiệu lực trước khi có hiệu lực")
    for code, same in grouped.items():
        ordered = sorted(same, key=lambda entry: entry.valid_from)
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                yield Complaint(file, 0, f"{code}: hai dòng cùng mã trùng thời gian từ {later.valid_from:%d/%m/%Y}")


def _once_only(catalogue: Catalogue) -> Iterator[Complaint]:
    keys: tuple[tuple[str, Iterable[str]], ...] = (
        ("procedures.csv", (f"{p.code} phiên bản {p.version}" for p in catalogue.procedures)),
        ("provinces.csv", (f"{p.period} {p.code}" for p in catalogue.provinces)),
        ("holidays.csv", (f"{day.date:%d/%m/%Y}" for day in catalogue.days)),
        ("grammars.toml", (grammar.name for grammar in catalogue.grammars)),
        ("reuse_sources.csv", (source.code for source in catalogue.reuse_sources)),
        ("successions.csv", (f"{s.from_code} sang {s.to_code} ngày {s.date:%d/%m/%Y}" for s in catalogue.successions)),
    )
    for file, names in keys:
        for name, times in Counter(names).items():
            if times > 1:
                yield Complaint(file, 0, f"{name}: ghi {times} lần")


def _procedures(catalogue: Catalogue) -> Iterator[Complaint]:
    types = {entry.code for entry in catalogue.document_types}
    results = {entry.code for entry in catalogue.results}
    codes = {entry.code for entry in catalogue.procedures}
    for made in catalogue.procedures:
        name = f"{made.code} phiên bản {made.version}"
        if made.is_open and not made.deadlines:
            yield Complaint("deadlines.csv", 0, f"{name}: chưa có thời hạn")
        for limit, times in Counter((rule.submitter, rule.case) for rule in made.deadlines).items():
            if times > 1:
                yield Complaint("deadlines.csv", 0, f"{name}: {times} thời hạn cho {limit[0]} {limit[1]}".rstrip())
        for limit_rule in (one for one in made.deadlines if one.amount < 1):
            yield Complaint("deadlines.csv", 0, f"{name}: thời hạn {limit_rule.amount} không phải số ngày")
        for rule in made.components:
            if rule.document_type not in types:
                yield Complaint("components.csv", 0, f"{name}: không có loại giấy tờ {rule.document_type}")
        for code in set(made.results) - results:
            yield Complaint("procedures.csv", 0, f"{name}: không có mã kết quả {code}")
        for code in set(made.replaced_by) - codes:
            yield Complaint("procedures.csv", 0, f"{name}: không có thủ tục thay thế {code}")


def _provinces(catalogue: Catalogue) -> Iterator[Complaint]:
    today = {province.code for province in catalogue.provinces if province.period == "new"}
    for province in catalogue.provinces:
        if province.period == "old" and province.successor not in today:
            yield Complaint("provinces.csv", 0, f"{province.code}: không có tỉnh mới {province.successor}")


def _units(catalogue: Catalogue) -> Iterator[Complaint]:
    today = {province.code for province in catalogue.provinces if province.period == "new"}
    for unit in catalogue.units:
        if unit.province not in today:
            yield Complaint("units.csv", 0, f"{unit.code}: không có tỉnh {unit.province}")
        if unit.parent and catalogue.unit(unit.parent, unit.valid_from) is None:
            yield Complaint(
                "units.csv", 0, f"{unit.code}: cấp trên {unit.parent} chưa có vào {unit.valid_from:%d/%m/%Y}"
            )


def _successions(catalogue: Catalogue) -> Iterator[Complaint]:
    file = "successions.csv"
    for step in catalogue.successions:
        if catalogue.unit(step.from_code, step.date - _DAY) is None:
            yield Complaint(file, 0, f"{step.from_code}: không tồn tại ngay trước ngày {step.date:%d/%m/%Y}")
        if catalogue.unit(step.to_code, step.date) is None:
            yield Complaint(file, 0, f"{step.to_code}: chưa tồn tại vào ngày {step.date:%d/%m/%Y}")
    followed = {(step.from_code, step.date) for step in catalogue.successions}
    for unit in catalogue.units:
        if unit.valid_to is None:
            continue
        next_day = unit.valid_to + _DAY
        if (unit.code, next_day) not in followed and catalogue.unit(unit.code, next_day) is None:
            yield Complaint(file, 0, f"{unit.code}: không ai kế thừa từ ngày {next_day:%d/%m/%Y}")
    for date in {step.date for step in catalogue.successions}:
        yield from _cycles(date, [step for step in catalogue.successions if step.date == date])


def _cycles(date: dt.date, steps: Iterable[UnitSuccession]) -> Iterator[Complaint]:
    """Complain where offices of one day follow each other in a circle; a rename to itself is no circle."""
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for step in steps:
        if step.from_code != step.to_code:
            followers[step.from_code].add(step.to_code)
    while True:
        ends = {code for codes in followers.values() for code in codes} - followers.keys()
        if not ends:
            break
        followers = defaultdict(set, {code: codes - ends for code, codes in followers.items() if codes - ends})
    for code in sorted(followers):
        what = f"{code}: kế thừa vòng tròn qua {', '.join(sorted(followers[code]))} ngày {date:%d/%m/%Y}"
        yield Complaint("successions.csv", 0, what)


def _grammars(catalogue: Catalogue) -> Iterator[Complaint]:
    for grammar in catalogue.grammars:
        try:
            groups = set(re.compile(grammar.pattern).groupindex)
        except re.error:
            yield Complaint("grammars.toml", 0, f"{grammar.name}: mẫu không đọc được")
            continue
        if grammar.template and not {"unit", "date", "sequence"} <= groups:
            yield Complaint("grammars.toml", 0, f"{grammar.name}: mẫu để cấp mã cần đủ unit, date, sequence")


def _reuse_sources(catalogue: Catalogue) -> Iterator[Complaint]:
    types = {entry.code for entry in catalogue.document_types}
    for source in catalogue.reuse_sources:
        for code in set(source.document_types) - types:
            yield Complaint("reuse_sources.csv", 0, f"{source.code}: không có loại giấy tờ {code}")
