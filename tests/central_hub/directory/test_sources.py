"""The sources: the shipped ones are right, and wrong ones are reported all at once."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Protocol

import pytest

from central_hub.directory.build import SOURCES
from central_hub.directory.complaint import Complaint
from central_hub.directory.sources import read_sources
from central_hub.directory.validation import find_complaints
from tests.central_hub.directory.published import BUILT_AT, TODAY, published


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Return a copy of the shipped sources to spoil."""
    return shutil.copytree(SOURCES, tmp_path / "sources")


def complaints_of(directory: Path) -> list[Complaint]:
    catalogue, complaints = read_sources(directory, version="1", built_at=BUILT_AT)
    return complaints + find_complaints(catalogue)


def said(directory: Path) -> str:
    return "\n".join(f"{complaint.file}:{complaint.line} {complaint.what}" for complaint in complaints_of(directory))


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_the_shipped_sources_contradict_nothing(sources: Path) -> None:
    assert complaints_of(sources) == []


class Sourced(Protocol):
    """An entry that says where it comes from and how far to trust it."""

    @property
    def source(self) -> str: ...
    @property
    def trust(self) -> str: ...


def test_every_entry_names_its_source_and_how_far_to_trust_it() -> None:
    made = published()
    entries: list[Sourced] = [*made.document_types, *made.results, *made.provinces, *made.units, *made.successions]
    entries += [*made.days, *made.grammars, *made.reuse_sources, *made.procedures]
    for procedure in made.procedures:
        entries += [*procedure.deadlines, *procedure.components]
    assert len(entries) > 500
    marks = {"S", "V", "P", "2", "R", "D"}
    assert [entry for entry in entries if not entry.source or entry.trust not in marks] == []


def test_lists_of_workers_say_their_columns_with_source_and_provisional_mark() -> None:
    listed = {made.code: made.columns for made in published().document_types if made.columns}
    assert listed.keys() == {"01B-HSB", "D02-TS", "D03-TS", "D05-TS", "C70A-HD"}
    for columns in listed.values():
        assert [column.field for column in columns if column.required] == ["full_name"]
        assert all(column.source and column.provisional and column.anchors for column in columns)
        assert len({column.field for column in columns}) == len(columns)


def test_all_procedures_of_both_lists_are_there() -> None:
    codes = {procedure.code for procedure in published().procedures}
    assert len([code for code in codes if code < "1.014" or code.startswith("2.")]) == 22
    assert {f"1.0141{number}" for number in (60, *range(62, 86))} <= codes
    assert {f"1.01413{number}" for number in (7, 8, 9)} | {"1.014140"} <= codes
    assert {f"1.0147{number}" for number in range(45, 55)} <= codes


def test_only_procedures_without_known_limit_are_closed() -> None:
    closed = {procedure.code for procedure in published().procedures if not procedure.is_open}
    assert closed == {f"1.0147{number}" for number in range(45, 55)} - {"1.014748"}


def test_the_holidays_reach_from_2025_to_2027_and_24_november_is_provisional() -> None:
    days = {day.date: day for day in published().holidays()}
    assert {day.year for day in days} == {2025, 2026, 2027}
    assert days[dt.date(2026, 11, 24)].provisional
    assert not days[dt.date(2026, 9, 2)].provisional


def test_hanoi_has_thirty_offices_today() -> None:
    offices = [unit for unit in published().units if unit.parent == "001" and unit.valid_to is None]
    assert len(offices) == 30
    assert all(unit.name.startswith("Bảo hiểm xã hội cơ sở ") for unit in offices)
    assert published().unit("00130", TODAY) is None


SPOILED = [
    ("deadlines.csv", "1.014163,1,7,working_day,any", "1.014163,1,x,working_day,any", "giá trị không đọc được"),
    ("deadlines.csv", "1.014163,1,7", "9.999999,1,7", "không có thủ tục 9.999999"),
    ("deadlines.csv", "1.014163,1,7", "1.014164,1,7", "1.014163 phiên bản 1: chưa có thời hạn"),
    ("deadlines.csv", "1.014163,1,7", "1.014164,1,7", "1.014164 phiên bản 1: 2 thời hạn"),
    ("deadlines.csv", "case_label,", "", "dòng có 10 ô, tiêu đề có 9 cột"),
    ("deadlines.csv", "case_label", "label", "có cột lạ: label"),
    ("components.csv", "document_type,", "paper,", "thiếu cột: document_type"),
    ("components.csv", "TK1-TS", "TK9-TS", "không có loại giấy tờ TK9-TS"),
    ("procedures.csv", "KQ.G09.000358", "KQ.G09.999999", "không có mã kết quả KQ.G09.999999"),
    ("procedures.csv", "2026-02-14", "2026-02-20", "hai dòng cùng mã trùng thời gian từ 15/02/2026"),
    ("procedures.csv", "1.014160;1.014162", "1.014161", "không có thủ tục thay thế 1.014161"),
    ("results.csv", "KQ.G24.000005", "KQ.G24.000004", "KQ.G24.000004: hai dòng cùng mã"),
    ("provinces.csv", "034,Thái Bình,old,33", "034,Thái Bình,old,34", "034: không có tỉnh mới 34"),
    ("provinces.csv", "034,Thái Bình", "033,Thái Bình", "old 033: ghi 2 lần"),
    ("units.csv", "03401,Bảo hiểm xã hội cơ sở Thái Bình,base,033", "03401,B,base,034", "cấp trên 034 chưa có"),
    ("units.csv", "base,033,33,G12.03401", "base,033,35,G12.03401", "03401: không có tỉnh 35"),
    ("units.csv", "G12.03401,2025-07-01,", "G12.03401,2025-07-01,2025-01-01", "hết hiệu lực trước khi"),
    ("successions.csv", "034,033,merge", "035,033,merge", "034: không ai kế thừa từ ngày 01/07/2025"),
    ("successions.csv", "034,033,merge", "034,555,merge", "555: chưa tồn tại"),
    ("successions.csv", "034,033,merge", "555,033,merge", "555: không tồn tại ngay trước"),
    ("successions.csv", "033,033,rename", "033,034,rename", "033: kế thừa vòng tròn qua 034"),
    ("holidays.csv", "2026-09-02", "2026-09-01", "01/09/2026: ghi 2 lần"),
    (
        "holidays.csv",
        "2026-11-24,Ngày Văn hóa Việt Nam,holiday,yes",
        "2026-11-24,N,holiday,có",
        "giá trị không đọc được",
    ),
    ("grammars.toml", "(?P<date>", "(?P<date", "qd20_2020: mẫu không đọc được"),
    ("grammars.toml", "(?P<unit>", "(", "qd20_2020: mẫu để cấp mã cần đủ"),
    ("grammars.toml", "sequence_digits = 4", "sequence_digit = 4", "có cột lạ: sequence_digit"),
    ("reuse_sources.csv", "GRV;GCN-NV", "GRV;LẠ", "KCB: không có loại giấy tờ LẠ"),
    ("document_types.toml", 'code = "GRV"', 'code = "GKS"', "GKS: hai dòng cùng mã"),
    ("document_types.toml", 'kind = "name"', 'kind = "nom"', "giá trị không đọc được"),
    ("document_types.toml", "[defaults]", "[defaults", "không đọc được tệp"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), SPOILED)
def test_each_mistake_is_named(sources: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(sources / file, old, new)
    assert expected in said(sources)


def test_all_mistakes_are_reported_at_once_with_their_lines(sources: Path) -> None:
    edit(sources / "components.csv", "TK1-TS", "TK9-TS")
    edit(sources / "holidays.csv", "2026-09-02", "2026-99-02")
    append(sources / "deadlines.csv", "1.000000,1,5,working_day,any,,,,không rõ,D")
    (sources / "reuse_sources.csv").unlink()
    found = complaints_of(sources)
    assert {complaint.file for complaint in found} >= {
        "components.csv",
        "holidays.csv",
        "deadlines.csv",
        "reuse_sources.csv",
    }
    last_line = len((sources / "deadlines.csv").read_text(encoding="utf-8").splitlines())
    assert any(complaint.file == "deadlines.csv" and complaint.line == last_line for complaint in found)
