"""The workbook: every figure of the screen as a number, no formula, the same cells again."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import edge_node.web
from edge_node.reports.report import COUNTS, OfficeReport, compose
from edge_node.reports.workbook import workbook
from sync_protocol.adapters.web.templating import KIT
from sync_protocol.adapters.web.words import Words
from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.periods import month_period
from sync_protocol.figures.waiting import WaitingFigures
from sync_protocol.ids import OfficeCode

WORDS = Words([KIT / "words.toml", Path(str(edge_node.web.__file__)).parent / "words.toml"])
AT = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
HERE = OfficeCode("00101")


def say(identifier: str, **facts: object) -> str:
    return WORDS.say("vi", identifier, facts)


def report() -> OfficeReport:
    facts = [
        DossierFacts(office=HERE, custodian=HERE, procedure="p", channel="online", received_on=dt.date(2026, 11, day))
        for day in (15, 16, 16)
    ]
    waiting = WaitingFigures(visits=2, served=2, timed=2, total_ms=20 * 60_000, longest_ms=16 * 60_000, over_15=1)
    return compose(facts, HERE, month_period(dt.date(2026, 11, 20)), dt.date(2026, 11, 20), waiting)


def made(office_name: str = "BHXH cơ sở Đống Đa") -> dict[str, str]:
    book = zipfile.ZipFile(
        io.BytesIO(workbook(report(), say, office_name=office_name, made_at=AT, change=report().figures))
    )
    return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}


def test_every_figure_stands_there_as_a_number_beside_its_word() -> None:
    parts = made()
    words = re.findall(r"<t[^>]*>([^<]*)</t>", parts["xl/sharedStrings.xml"])
    assert all(say(f"figure.{name}") in words for name in COUNTS)
    assert "BHXH cơ sở Đống Đa: Tháng, từ 15/11/2026 đến 14/12/2026, tính đến hết ngày 20/11/2026" in words
    sheet = parts["xl/worksheets/sheet1.xml"]
    row = COUNTS.index("received") + 4
    assert re.search(rf'<c r="B{row}"[^>]*><v>3</v>', sheet) and re.search(rf'<c r="C{row}"[^>]*><v>3</v>', sheet)
    assert re.search(r"<v>10</v>", parts["xl/worksheets/sheet3.xml"]) and len(COUNTS) == len(set(COUNTS))


def test_nothing_in_it_is_calculated_or_links_outside() -> None:
    parts = made("=HYPERLINK(1)")
    assert not any("<f>" in text or "hyperlink " in text.lower() for text in parts.values())


def test_the_same_report_gives_the_same_cells() -> None:
    assert made() == made()
