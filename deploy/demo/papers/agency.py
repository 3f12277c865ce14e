"""Papers of the BHXH agency itself: the verification record, the decision, and plain official letters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, paragraph, signature
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import Letterhead, set_letterhead, set_title
from deploy.demo.papers.people import Person, date_text, long_date
from deploy.demo.papers.sheet import Run, Sheet, value


@dataclass(frozen=True)
class Bureau:
    """An office of BHXH: its superior, its name, its town, and who signs."""

    parent: str
    name: str
    place: str
    head: str


def _who(sheet: Sheet, person: Person) -> None:
    """Two lines that name a person."""
    birth = value(date_text(person.birth_date), "birth_date", "date")
    paragraph(
        sheet,
        [Run("Họ và tên: "), value(person.name.upper(), "full_name", "name", "bold"), Run("; sinh ngày: "), birth],
        indent=60,
    )
    paragraph(
        sheet, [Run("Số định danh cá nhân: "), value(person.personal_id, "personal_id", "personal_id")], indent=60
    )


def _head_of(bureau: Bureau) -> Signatory:
    return Signatory("GIÁM ĐỐC", bureau.head, bureau.name, ("BẢO HIỂM", "XÃ HỘI"))


def verification_record(
    face: fonts.Typeface,
    bureau: Bureau,
    person: Person,
    number: str,
    date: dt.date,
    finding: str,
    rng: np.random.Generator,
) -> list[Drawn]:
    """Biên bản xác minh, one page, stamped."""
    sheet = Sheet(face, rng)
    set_letterhead(sheet, Letterhead(bureau.parent, bureau.name.upper(), number, "BB-BHXH", bureau.place, date))
    set_title(
        sheet,
        "BIÊN BẢN XÁC MINH",
        [value("Về nơi cư trú và quan hệ nhân thân của người đề nghị", "summary", "text", "bold")],
        size_px=46,
    )
    paragraph(sheet, f"Hôm nay, {long_date(date)}, tại trụ sở {bureau.name}, chúng tôi gồm:", indent=60)
    for row in (
        "1. Ông Lưu Đình Khoát, viên chức Bộ phận Một cửa;",
        "2. Bà Nhữ Thị Quyến, công chức Tư pháp - Hộ tịch xã Vũ Thư;",
        "3. Người được xác minh:",
    ):
        paragraph(sheet, row, indent=60, after=0)
    _who(sheet, person)
    paragraph(sheet, [Run("Địa chỉ: "), value(person.address, "address", "address")], indent=60)
    paragraph(sheet, [Run("Nội dung xác minh", "bold")])
    paragraph(sheet, finding, indent=60)
    paragraph(sheet, [Run("Kết luận", "bold")])
    paragraph(
        sheet,
        (
            "Thông tin trong hồ sơ đề nghị hưởng chế độ thai sản khớp với sổ đăng ký hộ tịch và cơ sở "
            "dữ liệu tại địa phương. Biên bản được lập thành 02 bản có giá trị như nhau, đọc lại cho "
            "mọi người cùng nghe và ký tên."
        ),
        indent=60,
    )
    sheet.y += 40
    below = sheet.y
    signature(sheet, Signatory("NGƯỜI ĐƯỢC XÁC MINH", person.name), x=430)
    sheet.y = below
    signature(sheet, _head_of(bureau))
    return [(sheet.image, sheet.finish("BB", 1, 1))]


def decision(
    face: fonts.Typeface,
    bureau: Bureau,
    person: Person,
    number: str,
    date: dt.date,
    amount: str,
    child: str,
    rng: np.random.Generator,
) -> list[Drawn]:
    """Quyết định hưởng chế độ thai sản, one page as it leaves the typesetter: no stamp, no signature yet."""
    sheet = Sheet(face, rng)
    set_letterhead(sheet, Letterhead(bureau.parent, bureau.name.upper(), number, "QĐ-BHXH", bureau.place, date))
    set_title(
        sheet,
        "QUYẾT ĐỊNH",
        [value("Về việc hưởng trợ cấp thai sản khi sinh con", "summary", "text", "bold")],
        size_px=46,
    )
    paragraph(sheet, [Run(f"GIÁM ĐỐC {bureau.name.upper()}", "bold")], align="center")
    for row in (
        "Căn cứ Luật Bảo hiểm xã hội số 41/2024/QH15 ngày 29 tháng 6 năm 2024;",
        "Căn cứ hồ sơ đề nghị hưởng chế độ thai sản và kết quả xác minh;",
        "Theo đề nghị của Bộ phận Chế độ bảo hiểm xã hội,",
    ):
        paragraph(sheet, [Run(row, "italic")], indent=60, after=0)
    sheet.y += 16
    paragraph(sheet, [Run("QUYẾT ĐỊNH:", "bold")], align="center")
    paragraph(
        sheet, [Run("Điều 1. ", "bold"), Run("Người lao động có tên dưới đây được hưởng trợ cấp thai sản:")], indent=60
    )
    _who(sheet, person)
    paragraph(
        sheet,
        [
            Run("Mã số BHXH: "),
            value(person.bhxh_number, "bhxh_number", "bhxh_number"),
            Run("; con: "),
            value(child, "child_name", "name"),
        ],
        indent=60,
    )
    paragraph(
        sheet,
        [Run("Số tiền trợ cấp: "), value(amount, "amount", "money", "bold"), Run(" đồng (thời gian hưởng 06 tháng).")],
        indent=60,
    )
    paragraph(
        sheet,
        [
            Run("Điều 2. ", "bold"),
            Run(
                f"Quyết định này có hiệu lực từ ngày ký. {bureau.name} và người lao động có tên tại Điều 1 "
                "chịu trách nhiệm thi hành Quyết định này./."
            ),
        ],
        indent=60,
    )
    sheet.y += 40
    below = sheet.y
    sheet.line([Run("GIÁM ĐỐC", "bold")], 1190, sheet.y, align="center")
    sheet.line([Run(bureau.head, "bold")], 1190, sheet.y + 260, align="center")
    sheet.y = below
    paragraph(sheet, [Run("Nơi nhận:", "bold_italic")], right=700, size_px=26, after=0)
    for text in ("- Như Điều 1;", "- Lưu: VT, CĐBHXH."):
        paragraph(sheet, text, right=700, size_px=26, after=0)
    return [(sheet.image, sheet.finish("QD", 1, 1))]


def official_letter(
    face: fonts.Typeface,
    bureau: Bureau,
    number: str,
    date: dt.date,
    subject: str,
    sentences: tuple[str, ...],
    rng: np.random.Generator,
    *,
    pen: bool = False,
) -> list[Drawn]:
    """A page of running administrative text; with `pen` number and day are written by hand."""
    sheet = Sheet(face, rng)
    set_letterhead(
        sheet, Letterhead(bureau.parent, bureau.name.upper(), number, "BHXH-CĐ", bureau.place, date, pen, pen)
    )
    set_title(sheet, "CÔNG VĂN", [value(subject, "summary", "text", "bold")], size_px=42)
    for sentence in sentences:
        paragraph(sheet, sentence, indent=60)
    sheet.y += 30
    signature(sheet, Signatory("GIÁM ĐỐC", bureau.head))
    return [(sheet.image, sheet.finish("CV", 1, 1))]
