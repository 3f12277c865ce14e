"""Papers of an employer: the covering letter and the list 01B-HSB of workers who ask for benefits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, Table, paragraph, signature, table
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import Letterhead, set_letterhead, set_title
from deploy.demo.papers.people import Person, date_text
from deploy.demo.papers.sheet import LEFT, Run, Sheet, value

WORKERS_PER_PAGE = 13
_SHAPE = Table(
    (70, 330, 200, 170, 250, 340),
    ("TT", "Họ và tên", "Mã số BHXH", "Ngày sinh", "Số định danh cá nhân", "Nghỉ từ ngày - đến ngày"),
    size_px=26,
    left=LEFT - 40,
    centered=(0, 2, 3, 4, 5),
)


@dataclass(frozen=True)
class Firm:
    """An employer with its three numbers."""

    name: str
    tax_code: str
    unit_number: str
    founded_year: int
    address: str
    place: str
    director: str
    short: str


@dataclass(frozen=True)
class Absence:
    """One row of the list: a worker away from `first` to `last`, both included."""

    worker: Person
    first: dt.date
    last: dt.date


def _director(firm: Firm) -> Signatory:
    return Signatory("GIÁM ĐỐC", firm.director, firm.name, (firm.short.upper(),))


def cover_letter(
    face: fonts.Typeface, firm: Firm, number: str, date: dt.date, office: str, count: int, rng: np.random.Generator
) -> list[Drawn]:
    """Công văn đề nghị của đơn vị, one page."""
    sheet = Sheet(face, rng)
    set_letterhead(sheet, Letterhead("", firm.name.upper(), number, "CV-NS", firm.place, date))
    subject = f"V/v đề nghị giải quyết chế độ ốm đau cho {count} người lao động"
    paragraph(sheet, [value(subject, "summary", "text")], left=LEFT - 50, right=LEFT + 460, size_px=30, align="center")
    set_title(sheet, "CÔNG VĂN", f"Kính gửi: {office}", size_px=42)
    paragraph(
        sheet,
        "Căn cứ Luật Bảo hiểm xã hội số 41/2024/QH15 ngày 29 tháng 6 năm 2024 và các văn bản hướng dẫn thi hành;",
        indent=60,
    )
    paragraph(sheet, [Run("Tên đơn vị: "), value(firm.name, "organisation_name", "organisation", "bold")], indent=60)
    paragraph(
        sheet,
        [
            Run("Mã số thuế: "),
            value(firm.tax_code, "tax_code", "tax_code"),
            Run("; Mã đơn vị: "),
            value(firm.unit_number, "unit_number", "text"),
        ],
        indent=60,
    )
    paragraph(sheet, [Run("Năm thành lập: "), value(str(firm.founded_year), "owner_founded_year", "text")], indent=60)
    paragraph(sheet, [Run("Địa chỉ: "), value(firm.address, "address", "address")], indent=60)
    paragraph(
        sheet,
        (
            f"Đơn vị chúng tôi lập hồ sơ đề nghị {office} xem xét, giải quyết chế độ ốm đau trong tháng "
            f"10 năm {date.year} cho {count} người lao động có tên trong Danh sách mẫu 01B-HSB kèm theo."
        ),
        indent=60,
    )
    paragraph(
        sheet,
        (
            "Hồ sơ gồm: Danh sách 01B-HSB (02 trang); Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội "
            "(01 trang). Hồ sơ được gửi qua dịch vụ bưu chính; đơn vị đề nghị nhận kết quả qua dịch vụ "
            "bưu chính."
        ),
        indent=60,
    )
    paragraph(sheet, "Đơn vị cam kết chịu trách nhiệm về tính chính xác của hồ sơ. Trân trọng cảm ơn./.", indent=60)
    sheet.y += 40
    below = sheet.y
    signature(sheet, _director(firm))
    sheet.y = below
    paragraph(sheet, [Run("Nơi nhận:", "bold_italic")], right=700, size_px=26, after=0)
    for row in ("- Như trên;", "- Lưu: VT, NS."):
        paragraph(sheet, row, right=700, size_px=26, after=0)
    return [(sheet.image, sheet.finish("CV", 1, 1))]


def _row(number: int, absence: Absence) -> list[Run | str]:
    worker = absence.worker
    return [
        str(number),
        value(worker.name, "full_name", "name"),
        value(worker.bhxh_number, "bhxh_number", "bhxh_number"),
        value(date_text(worker.birth_date), "birth_date", "date"),
        value(worker.personal_id, "personal_id", "personal_id"),
        f"{date_text(absence.first)} - {date_text(absence.last)}",
    ]


def worker_list(
    face: fonts.Typeface,
    firm: Firm,
    absences: tuple[Absence, ...],
    number: str,
    date: dt.date,
    rng: np.random.Generator,
) -> list[Drawn]:
    """Danh sách 01B-HSB: a bordered table over as many pages as the workers need."""
    chunks = [absences[start : start + WORKERS_PER_PAGE] for start in range(0, len(absences), WORKERS_PER_PAGE)]
    drawn = []
    for page, chunk in enumerate(chunks, 1):
        sheet = Sheet(face, rng, size_px=32)
        sheet.y = 190
        if page == 1:
            sheet.line([Run("Mẫu số: 01B-HSB", "bold")], 1524, 92, size_px=26, align="right")
            set_letterhead(sheet, Letterhead("", firm.name.upper(), number, "DS-NS", firm.place, date), top=160)
            set_title(
                sheet, "DANH SÁCH ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ ỐM ĐAU", f"Tháng 10 năm {date.year}", size_px=38
            )
            paragraph(sheet, [Run("Tên đơn vị: "), value(firm.name, "organisation_name", "organisation")], after=0)
            paragraph(
                sheet,
                [
                    Run("Mã đơn vị: "),
                    value(firm.unit_number, "unit_number", "text"),
                    Run("    Mã số thuế: "),
                    value(firm.tax_code, "tax_code", "tax_code"),
                ],
            )
        else:
            sheet.line(str(page), 862, 100, size_px=28, align="center")
        first = (page - 1) * WORKERS_PER_PAGE + 1
        table(sheet, _SHAPE, [_row(row, absence) for row, absence in enumerate(chunk, first)])
        if page == len(chunks):
            paragraph(sheet, f"Danh sách gồm {len(absences)} người lao động.")
            signature(sheet, _director(firm))
        drawn.append((sheet.image, sheet.finish("01B-HSB", page, len(chunks))))
    return drawn
