"""Forms that people fill in: the request 14-HSB, the relatives' declaration 09-HSB, the participant's TK1-TS."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, Table, form_line, paragraph, signature, table
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import COUNTRY, MOTTO, set_title
from deploy.demo.papers.people import Person, date_text, long_date
from deploy.demo.papers.sheet import LEFT, Run, Sheet, value


@dataclass(frozen=True)
class Filing:
    """Where and when a form is handed in."""

    office: str
    place: str
    date: dt.date


def _country(sheet: Sheet, form: str) -> None:
    sheet.line([Run(f"Mẫu số: {form}", "bold")], 1524, 96, size_px=28, align="right")
    sheet.line([Run(COUNTRY, "bold")], 862, 180, size_px=36, align="center")
    sheet.line([Run(MOTTO, "bold")], 862, 234, size_px=36, align="center")
    sheet.draw.line((640, 252, 1084, 252), fill=(30, 30, 34), width=2)
    sheet.y = 340


def _sign(sheet: Sheet, filing: Filing, who: str, name: str) -> None:
    sheet.y += 30
    mark = value(date_text(filing.date), "issue_date", "date")
    place = (Run(f"{filing.place}, {long_date(filing.date)}", "italic"),)
    signature(sheet, Signatory(who, name, place_and_date=place))
    line = next(line for line in reversed(sheet.lines) if line.text.startswith(filing.place))
    sheet.mark(mark, [line.box])


def _person(sheet: Sheet, person: Person, *, pen: bool = False) -> None:
    """The applicant's six lines; with `pen` the numbers are written by hand."""
    form_line(sheet, Run("1. Họ và tên: "), value(person.name.upper(), "full_name", "name", "bold"))
    form_line(
        sheet,
        Run("2. Ngày, tháng, năm sinh: "),
        value(date_text(person.birth_date), "birth_date", "date", pen=pen),
        Run("    Giới tính: "),
        value(person.sex, "sex", "sex"),
    )
    if person.personal_id:
        form_line(
            sheet, Run("3. Số định danh cá nhân: "), value(person.personal_id, "personal_id", "personal_id", pen=pen)
        )
    else:
        form_line(sheet, Run("3. Số định danh cá nhân: "))
    if person.bhxh_number:
        form_line(sheet, Run("4. Mã số BHXH: "), value(person.bhxh_number, "bhxh_number", "bhxh_number", pen=pen))
    else:
        form_line(sheet, Run("4. Mã số BHXH: "))
    form_line(sheet, Run("5. Địa chỉ nơi cư trú: "), value(person.address, "address", "address"))
    form_line(sheet, Run("6. Số điện thoại: "), value(person.phone, "phone", "phone", pen=pen))


def _page(face: fonts.Typeface, rng: np.random.Generator, number: int) -> Sheet:
    sheet = Sheet(face, rng)
    if number > 1:
        sheet.line(str(number), 862, 100, size_px=30, align="center")
        sheet.y = 190
    return sheet


def benefit_request(
    face: fonts.Typeface, person: Person, filing: Filing, wish: str, reason: str, account: str, rng: np.random.Generator
) -> list[Drawn]:
    """Đơn đề nghị 14-HSB, two pages: who asks and for what; how to pay, and the signature."""
    first = _page(face, rng, 1)
    _country(first, "14-HSB")
    set_title(first, "ĐƠN ĐỀ NGHỊ", f"Kính gửi: {filing.office}", size_px=48)
    paragraph(first, [Run("I. Thông tin người đề nghị", "bold")])
    _person(first, person)
    first.y += 10
    paragraph(first, [Run("II. Nội dung đề nghị", "bold")])
    paragraph(first, [value(wish, "summary", "text")], indent=60)
    paragraph(first, [Run("III. Lý do và căn cứ", "bold")])
    paragraph(first, reason, indent=60)
    paragraph(
        first,
        (
            "Tôi cam đoan những nội dung kê khai trong đơn này là đúng sự thật và chịu trách nhiệm "
            "trước pháp luật về nội dung đã kê khai."
        ),
        indent=60,
    )
    second = _page(face, rng, 2)
    paragraph(second, [Run("IV. Hình thức nhận tiền trợ cấp", "bold")])
    paragraph(second, "[ X ]  Qua tài khoản cá nhân     [   ]  Tiền mặt tại điểm chi trả")
    form_line(second, Run("- Chủ tài khoản: "), value(person.name.upper(), "full_name", "name", "bold"))
    form_line(second, Run("- Số tài khoản: "), Run(account))
    form_line(second, Run("- Ngân hàng: "), Run("Ngân hàng Nông nghiệp và Phát triển nông thôn, chi nhánh quận"))
    paragraph(second, [Run("V. Giấy tờ kèm theo", "bold")])
    for row in (
        "1. Bản sao giấy khai sinh của con;",
        "2. Giấy ra viện của người mẹ;",
        "3. Bản chụp thẻ căn cước công dân.",
    ):
        paragraph(second, row, indent=60, after=0)
    second.y += 30
    paragraph(
        second,
        (
            "Đề nghị cơ quan bảo hiểm xã hội xem xét, giải quyết chế độ cho tôi theo quy định của Luật "
            "Bảo hiểm xã hội. Kết quả xin nhận trực tiếp tại Bộ phận Một cửa."
        ),
        indent=60,
    )
    _sign(second, filing, "NGƯỜI ĐỀ NGHỊ", person.name)
    return [(sheet.image, sheet.finish("14-HSB", number, 2)) for number, sheet in ((1, first), (2, second))]


def relatives_declaration(
    face: fonts.Typeface,
    person: Person,
    dead: Person,
    death_date: dt.date,
    relatives: tuple[tuple[str, str, str], ...],
    filing: Filing,
    rng: np.random.Generator,
) -> list[Drawn]:
    """Tờ khai của thân nhân 09-HSB, two pages; `relatives` are (name, year of birth, kinship)."""
    first = _page(face, rng, 1)
    _country(first, "09-HSB")
    set_title(first, "TỜ KHAI CỦA THÂN NHÂN", f"Kính gửi: {filing.office}", size_px=46)
    paragraph(first, [Run("I. Thông tin người khai", "bold")])
    _person(first, person)
    first.y += 10
    paragraph(first, [Run("II. Thông tin người chết", "bold")])
    form_line(first, Run("1. Họ và tên người chết: "), value(dead.name.upper(), "deceased_name", "name", "bold"))
    form_line(
        first, Run("2. Sinh ngày: "), Run(date_text(dead.birth_date)), Run("    Mã số BHXH: "), Run(dead.bhxh_number)
    )
    form_line(first, Run("3. Chết ngày: "), value(date_text(death_date), "death_date", "date"))
    form_line(first, Run("4. Nơi cư trú cuối cùng: "), Run(dead.address))
    form_line(first, Run("5. Nguyên nhân chết: "), Run("Bệnh già"))
    second = _page(face, rng, 2)
    paragraph(second, [Run("III. Danh sách thân nhân của người chết", "bold")])
    rows = [
        (str(number), name, year, kin, "Không có thu nhập") for number, (name, year, kin) in enumerate(relatives, 1)
    ]
    table(
        second,
        Table(
            (90, 460, 180, 240, 354), ("TT", "Họ và tên", "Năm sinh", "Quan hệ với người chết", "Thu nhập"), left=LEFT
        ),
        rows,
    )
    paragraph(
        second,
        (
            "Tôi đề nghị giải quyết trợ cấp tuất hằng tháng cho thân nhân có tên nêu trên. Tôi cam "
            "đoan lời khai là đúng sự thật và chịu trách nhiệm trước pháp luật."
        ),
        indent=60,
    )
    _sign(second, filing, "NGƯỜI KHAI", person.name)
    return [(sheet.image, sheet.finish("09-HSB", number, 2)) for number, sheet in ((1, first), (2, second))]


def participant_declaration(
    face: fonts.Typeface, person: Person, filing: Filing, change: str, rng: np.random.Generator, *, pen: bool = False
) -> list[Drawn]:
    """Tờ khai tham gia, điều chỉnh thông tin TK1-TS, one page."""
    sheet = _page(face, rng, 1)
    _country(sheet, "TK1-TS")
    set_title(
        sheet,
        "TỜ KHAI THAM GIA, ĐIỀU CHỈNH THÔNG TIN BẢO HIỂM XÃ HỘI, BẢO HIỂM Y TẾ",
        f"Kính gửi: {filing.office}",
        size_px=38,
    )
    _person(sheet, person, pen=pen)
    form_line(sheet, Run("7. Quốc tịch: Việt Nam    8. Dân tộc: Kinh"))
    form_line(sheet, Run("9. Nội dung thay đổi, yêu cầu: "), value(change, "summary", "text"))
    form_line(sheet, Run("10. Hồ sơ kèm theo: "), Run("Giấy khai sinh của con (dữ liệu đã có tại cơ quan BHXH)"))
    paragraph(
        sheet,
        "Tôi cam đoan những nội dung kê khai là đúng và chịu trách nhiệm trước pháp luật về những nội dung đã kê khai.",
        indent=60,
    )
    _sign(sheet, filing, "NGƯỜI KÊ KHAI", person.name)
    return [(sheet.image, sheet.finish("TK1-TS", 1, 1))]
