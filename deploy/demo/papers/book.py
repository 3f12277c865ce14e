"""The copy of a social-insurance book: its cover page and the page with the paid periods."""

from __future__ import annotations

import datetime as dt

import numpy as np

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, Table, form_line, paragraph, signature, table
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.people import Person, date_text, long_date
from deploy.demo.papers.sheet import LEFT, RIGHT, Run, Sheet, value

Period = tuple[str, str, str, str]
"""From month, to month, work and employer, monthly wage as printed."""


def _cover(sheet: Sheet, person: Person, issued: dt.date, agency: str, place: str, head: str) -> None:
    sheet.draw.rectangle((LEFT - 60, 180, RIGHT + 40, 1480), fill=(222, 233, 246), outline=(80, 100, 150), width=4)
    for y, text, size in ((280, "BẢO HIỂM XÃ HỘI VIỆT NAM", 38), (450, "SỔ BẢO HIỂM XÃ HỘI", 64)):
        mark = value(text, "document_name", "text", "bold") if size > 60 else Run(text, "bold")
        sheet.line([mark], 862, y, size_px=size, align="center")
    sheet.y = 590
    form_line(sheet, Run("Mã số BHXH: "), value(person.bhxh_number, "bhxh_number", "bhxh_number", "bold"))
    form_line(sheet, Run("Họ và tên: "), value(person.name.upper(), "full_name", "name", "bold"))
    form_line(sheet, Run("Ngày, tháng, năm sinh: "), value(date_text(person.birth_date), "birth_date", "date"))
    form_line(sheet, Run("Giới tính: "), value(person.sex, "sex", "sex"), Run("    Quốc tịch: Việt Nam"))
    form_line(sheet, Run("Số định danh cá nhân/CMND: "), value(person.personal_id, "personal_id", "personal_id"))
    sheet.y += 30
    place_and_date = (Run(f"{place}, {long_date(issued)}", "italic"),)
    before = len(sheet.lines)
    signature(sheet, Signatory("GIÁM ĐỐC", head, agency, ("BẢO HIỂM", "XÃ HỘI"), place_and_date))
    sheet.mark(value(date_text(issued), "issue_date", "date"), [sheet.lines[before].box])
    sheet.y = 1580
    paragraph(sheet, [Run("Bản chụp từ sổ gốc, đã đối chiếu với bản chính.", "italic")])


def insurance_book(
    face: fonts.Typeface,
    person: Person,
    issued: dt.date,
    agency: str,
    place: str,
    head: str,
    periods: tuple[Period, ...],
    rng: np.random.Generator,
) -> list[Drawn]:
    """Sổ bảo hiểm xã hội, two pages."""
    first, second = Sheet(face, rng), Sheet(face, rng, size_px=32)
    _cover(first, person, issued, agency, place, head)
    second.y = 170
    paragraph(second, [Run("QUÁ TRÌNH ĐÓNG BẢO HIỂM XÃ HỘI", "bold")], align="center", size_px=40)
    paragraph(
        second,
        [
            Run("Họ và tên: "),
            value(person.name.upper(), "full_name", "name", "bold"),
            Run("    Mã số: "),
            value(person.bhxh_number, "bhxh_number", "bhxh_number"),
        ],
    )
    shape = Table(
        (180, 180, 650, 280),
        ("Từ tháng", "Đến tháng", "Chức danh, đơn vị làm việc", "Tiền lương (đồng)"),
        size_px=30,
        centered=(0, 1, 3),
    )
    table(second, shape, periods)
    paragraph(second, "Tổng thời gian tham gia bảo hiểm xã hội: 16 năm 00 tháng.")
    return [(sheet.image, sheet.finish("SO-BHXH", number, 2)) for number, sheet in ((1, first), (2, second))]
