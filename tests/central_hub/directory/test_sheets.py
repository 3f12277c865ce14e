"""Spreadsheets: read in the sandbox, named by row and column where they are wrong, taken whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from central_hub.directory.errors import SheetUnreadable, SheetWrong
from central_hub.directory.sheets import SHEET_NAMES, changes_from, rows_of, sheet_sandbox
from central_hub.directory.sources import SHEETS
from sync_protocol.adapters.sandbox.sandbox import SandboxOnDemand
from sync_protocol.catalogue import Procedure
from tests.central_hub.directory.published import published

SOURCES = Path(__file__).parents[3] / "central_hub" / "directory" / "sources"
DEADLINES = "procedure,version,amount,unit,submitter,case,case_label,warning,source,trust"


@pytest.fixture(scope="module")
def sandbox() -> SandboxOnDemand:
    return sheet_sandbox()


def workbook(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Bảng 1")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
        book.add_worksheet("Bảng 2").write(0, 0, "không đọc")
    return out.getvalue()


def csv_of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8-sig")


def complaints(sandbox: SandboxOnDemand, sheet: str, content: bytes) -> list[str]:
    with pytest.raises(SheetWrong) as caught:
        changes_from(sheet, rows_of(sandbox, content), published(), published())
    return [f"dòng {one.line}: {one.what}" for one in caught.value.facts["complaints"]]


@pytest.mark.parametrize("name", SHEET_NAMES)
def test_the_shipped_tables_are_spreadsheets_that_change_nothing(sandbox: SandboxOnDemand, name: str) -> None:
    content = (SOURCES / f"{name}.csv").read_bytes()
    found = changes_from(name, rows_of(sandbox, content), published(), published())
    assert found and [one for one in found if one.entry != one.former] == []
    assert f"{name}.csv" in SHEETS


def test_a_workbook_gives_days_numbers_and_truths_as_a_person_wrote_them(sandbox: SandboxOnDemand) -> None:
    header = ["date", "name", "kind", "provisional", "source", "trust"]
    rows = [
        header,
        [dt.date(2027, 3, 1), "Nghỉ Ẵ", "holiday", True, 2027, "P"],
        [],
        [dt.date(2027, 3, 2), "Bù", "rest_in_exchange", "no", "TB", "P"],
    ]
    read = rows_of(sandbox, workbook(rows))
    assert read == [
        (1, header),
        (2, ["2027-03-01", "Nghỉ Ẵ", "holiday", "yes", "2027", "P"]),
        (4, ["2027-03-02", "Bù", "rest_in_exchange", "no", "TB", "P"]),
    ]
    found = changes_from("holidays", read, published(), published())
    assert [one.key for one in found] == ["2027-03-01", "2027-03-02"] and all(one.former is None for one in found)


def test_deadlines_of_a_sheet_replace_those_of_the_procedures_it_names(sandbox: SandboxOnDemand) -> None:
    line = "1.014163,1,9,working_day,any,,,,QĐ 863/QĐ-BNV,P"
    (change,) = changes_from("deadlines", rows_of(sandbox, csv_of(DEADLINES, line)), published(), published())
    assert isinstance(change.entry, Procedure) and [rule.amount for rule in change.entry.deadlines] == [9]
    assert change.key == "1.014163|1"


def test_a_csv_as_spreadsheet_programs_of_vietnam_save_it_is_read(sandbox: SandboxOnDemand) -> None:
    content = csv_of("date;name;kind;provisional;source;trust", "01/03/2027;Nghỉ;holiday;no;TB;P")
    (change,) = changes_from("holidays", rows_of(sandbox, content), published(), published())
    assert change.key == "2027-03-01"


WRONG = [
    ("deadlines", [DEADLINES.replace("amount", "days"), "1.014163,1,9,working_day,any,,,,Q,P"], ["dòng 1: thiếu cột: amount", "dòng 1: có cột lạ: days"]),
    ("deadlines", ["procedure,version"], ["dòng 1: thiếu cột: amount, source, trust, unit"]),
    ("deadlines", [DEADLINES, "1.014163,1,chín,working_day,any,,,,Q,P"], ["dòng 2: cột amount: giá trị không đọc được: “chín”, cần là số nguyên"]),
    ("deadlines", [DEADLINES, "9.999999,1,9,working_day,any,,,,Q,P"], ["dòng 2: cột procedure, version: không có thủ tục 9.999999 phiên bản 1"]),
    ("deadlines", [DEADLINES, "1.014163,1,9,working_day,any,,,,Q,P,thừa"], ["dòng 2: dòng có 11 ô, tiêu đề có 10 cột"]),
    ("holidays", ["date,name,kind,provisional,source,trust", "31/02/2027,N,lễ,no,,P"], [
        "dòng 2: cột date: giá trị không đọc được: “31/02/2027”, cần là ngày, ví dụ 01/07/2025",
        "dòng 2: cột kind: giá trị không đọc được: “lễ”, cần là một trong: holiday, rest_in_exchange, work_in_exchange",
        "dòng 2: cột source: ô còn trống",
    ]),
    ("holidays", ["date,name,kind,provisional,source,trust", "2027-03-01,N,holiday,no,T,P", "2027-03-01,M,holiday,no,T,P"], [
        "dòng 3: 2027-03-01: đã có ở dòng 2 của bảng này"
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "lines", "said"), WRONG)
def test_what_is_wrong_is_named_by_row_and_column(
    sandbox: SandboxOnDemand, sheet: str, lines: list[str], said: list[str]
) -> None:
    assert complaints(sandbox, sheet, csv_of(*lines)) == sorted(said)


def entity_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 broken",
        b"%PDF-1.7",
        b"\xff\xfe\x00\x01",
        "tên\0cột".encode(),
        entity_bomb(),
        csv_of(",".join("x" * 61)),
    ],
)
def test_a_file_that_is_no_sheet_is_said_and_nothing_is_read(sandbox: SandboxOnDemand, content: bytes) -> None:
    with pytest.raises((SheetUnreadable, SheetWrong)):
        changes_from("holidays", rows_of(sandbox, content), published(), published())
