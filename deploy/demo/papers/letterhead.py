"""The head of an official paper: issuing agency and number on the left, the country's name and the date on the right.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I (thể thức và kỹ thuật trình bày văn bản hành chính).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from deploy.demo.papers.column import paragraph
from deploy.demo.papers.people import date_text
from deploy.demo.papers.sheet import LEFT, RIGHT, Run, Sheet, value

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class Letterhead:
    """`pen_number` and `pen_day` are written by hand into the blanks, as registries do."""

    parent: str
    agency: str
    number: str = ""
    symbol: str = ""
    place: str = ""
    date: dt.date | None = None
    pen_number: bool = False
    pen_day: bool = False


def _left(sheet: Sheet, head: Letterhead, middle: float, y: float) -> float:
    size = 30
    if head.parent:
        sheet.line(head.parent, middle, y, size_px=size, align="center")
        y += size * 1.35
    saved, sheet.y = sheet.y, y
    paragraph(
        sheet,
        [value(head.agency, "issuing_body", "organisation", "bold")],
        left=LEFT - 70,
        right=LEFT + 480,
        size_px=size,
        align="center",
    )
    y, sheet.y = sheet.y - 8, saved
    sheet.draw.line((middle - 70, y - size, middle + 70, y - size), fill=(30, 30, 34), width=2)
    if head.number or head.symbol:
        y += size * 0.75
        number = f"{head.number}/{head.symbol}"
        if head.pen_number:
            label = Run("Số: ")
            sheet.line(
                [label, Run(head.number, pen=True), Run(f"  /{head.symbol}")], middle, y, size_px=32, align="center"
            )
            x, top, width, height = sheet.lines[-1].box
            shift = int(sheet.width(label, 32))
            box = (x + shift, top, width - shift, height)
            sheet.mark(value(number, "number_symbol", "number_symbol", pen=True), [box])
        else:
            sheet.line(
                [Run("Số: "), value(number, "number_symbol", "number_symbol")], middle, y, size_px=32, align="center"
            )
        y += size * 1.4
    return y


def _date_runs(head: Letterhead, day: dt.date) -> list[Run]:
    if not head.pen_day:
        return [Run(f"{head.place}, ngày {day:%d} tháng {day:%m} năm {day.year}", "italic")]
    return [
        Run(f"{head.place}, ngày ", "italic"),
        Run(f"{day:%d}", pen=True),
        Run("  tháng ", "italic"),
        Run(f"{day:%m}", pen=True),
        Run(f"  năm {day.year}", "italic"),
    ]


def set_letterhead(sheet: Sheet, head: Letterhead, top: float = 150) -> None:
    """Set the head; the text column continues below both of its halves."""
    middle, right = LEFT + 205, RIGHT - 365
    left_end = _left(sheet, head, middle, top)
    y = top
    sheet.line([Run(COUNTRY, "bold")], right, y, size_px=29, align="center")
    y += 44
    sheet.line([Run(MOTTO, "bold")], right, y, size_px=33, align="center")
    sheet.draw.line((right - 205, y + 16, right + 205, y + 16), fill=(30, 30, 34), width=2)
    y += 44
    if head.date:
        y += 34
        sheet.line(_date_runs(head, head.date), right, y, size_px=32, align="center")
        sheet.mark(value(date_text(head.date), "issue_date", "date", pen=head.pen_day), [sheet.lines[-1].box])
        y += 44
    sheet.y = max(left_end, y) + 60


def set_title(sheet: Sheet, title: str, under: str | list[Run] = "", size_px: int = 40) -> None:
    """The title in bold capitals, and under it the subject line."""
    mark = value(title, "document_name", "text", "bold")
    paragraph(sheet, [mark], left=LEFT, right=RIGHT, size_px=size_px, align="center", after=0)
    if under:
        runs = [Run(under, "bold")] if isinstance(under, str) else under
        paragraph(sheet, runs, align="center", after=0)
    sheet.y += 30
