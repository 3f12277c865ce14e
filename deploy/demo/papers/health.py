"""Papers of hospitals: the discharge paper and the certificate of leave that entitles to BHXH."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from PIL import Image

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, form_line, paragraph, signature
from deploy.demo.papers.letterhead import Letterhead, set_letterhead, set_title
from deploy.demo.papers.people import Person, date_text, long_date
from deploy.demo.papers.sheet import LEFT, Run, Sheet, value
from deploy.demo.papers.truth import PageTruth

Drawn = tuple[Image.Image, PageTruth]


@dataclass(frozen=True)
class Stay:
    """One stay in hospital (or one sick leave): from and to are both included."""

    patient: Person
    hospital: str
    department: str
    diagnosis: str
    treatment: str
    first_day: dt.date
    last_day: dt.date
    number: str
    place: str
    doctor: str
    director: str


def _person_lines(sheet: Sheet, person: Person) -> None:
    form_line(sheet, Run("- Họ và tên người bệnh: "), value(person.name.upper(), "full_name", "name", "bold"))
    form_line(
        sheet,
        Run("- Ngày, tháng, năm sinh: "),
        value(date_text(person.birth_date), "birth_date", "date"),
        Run("    Giới tính: "),
        value(person.sex, "sex", "sex"),
    )
    form_line(sheet, Run("- Số định danh cá nhân/CCCD: "), value(person.personal_id, "personal_id", "personal_id"))
    form_line(sheet, Run("- Mã số BHXH: "), value(person.bhxh_number, "bhxh_number", "bhxh_number"))
    form_line(sheet, Run("- Địa chỉ: "), value(person.address, "address", "address"))


def discharge_paper(face: fonts.Typeface, stay: Stay, rng: np.random.Generator) -> list[Drawn]:
    """Giấy ra viện, one page, stamped by the hospital."""
    sheet = Sheet(face, rng)
    sheet.line([Run("Mẫu số 01 - Giấy ra viện", "italic")], 1524, 92, size_px=26, align="right")
    set_letterhead(
        sheet, Letterhead("SỞ Y TẾ", stay.hospital.upper(), stay.number, "GRV", stay.place, stay.last_day), top=160
    )
    set_title(sheet, "GIẤY RA VIỆN", size_px=50)
    _person_lines(sheet, stay.patient)
    form_line(sheet, Run("- Bệnh viện: "), value(stay.hospital, "hospital", "organisation"))
    form_line(sheet, Run("- Khoa điều trị: "), Run(stay.department))
    form_line(
        sheet,
        Run("- Vào viện ngày: "),
        value(date_text(stay.first_day), "admission_date", "date"),
        Run("  lúc 07 giờ 40 phút"),
    )
    form_line(
        sheet,
        Run("- Ra viện ngày: "),
        value(date_text(stay.last_day), "discharge_date", "date"),
        Run("  lúc 15 giờ 10 phút"),
    )
    form_line(sheet, Run("- Chẩn đoán: "), value(stay.diagnosis, "diagnosis", "text"))
    form_line(sheet, Run("- Phương pháp điều trị: "), Run(stay.treatment))
    form_line(sheet, Run("- Ghi chú: "), Run("Nghỉ ngơi, tái khám sau 07 ngày hoặc khi có dấu hiệu bất thường."))
    sheet.y += 40
    below = sheet.y
    signature(sheet, Signatory("TRƯỞNG KHOA ĐIỀU TRỊ", stay.doctor), x=430)
    sheet.y = below
    signature(sheet, Signatory("THỦ TRƯỞNG ĐƠN VỊ", stay.director, stay.hospital, ("BỆNH VIỆN",)))
    return [(sheet.image, sheet.finish("GRV", 1, 1))]


def leave_certificate(face: fonts.Typeface, stay: Stay, employer: str, rng: np.random.Generator) -> list[Drawn]:
    """Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội, one page."""
    sheet = Sheet(face, rng)
    sheet.line([Run("Liên số 1", "bold")], 1524, 92, size_px=26, align="right")
    head = Letterhead("SỞ Y TẾ", stay.hospital.upper(), stay.number, "GCN-NV", stay.place, stay.first_day)
    set_letterhead(sheet, head, top=160)
    set_title(sheet, "GIẤY CHỨNG NHẬN NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI", size_px=40)
    paragraph(sheet, [Run("I. Thông tin người bệnh", "bold")])
    _person_lines(sheet, stay.patient)
    form_line(sheet, Run("- Đơn vị làm việc: "), value(employer, "organisation_name", "organisation"))
    paragraph(sheet, [Run("II. Chẩn đoán và phương pháp điều trị", "bold")])
    form_line(sheet, Run("- Chẩn đoán: "), value(stay.diagnosis, "diagnosis", "text"))
    form_line(sheet, Run("- Điều trị: "), Run(stay.treatment))
    days = (stay.last_day - stay.first_day).days + 1
    form_line(sheet, Run(f"- Số ngày nghỉ: {days:02d} ngày"))
    form_line(
        sheet,
        Run("- Từ ngày: "),
        value(date_text(stay.first_day), "leave_from", "date"),
        Run("  đến hết ngày: "),
        value(date_text(stay.last_day), "leave_to", "date"),
    )
    sheet.y += 50
    below = sheet.y
    signature(sheet, Signatory("XÁC NHẬN CỦA THỦ TRƯỞNG ĐƠN VỊ", stay.director, stay.hospital, ("BỆNH VIỆN",)), x=520)
    sheet.y = below
    signature(sheet, Signatory("NGƯỜI HÀNH NGHỀ KCB", stay.doctor), x=1240)
    paragraph(
        sheet,
        [Run(f"Cấp {long_date(stay.first_day)}. Giấy này có 02 liên, liên 1 giao người bệnh.", "italic")],
        left=LEFT,
        size_px=28,
    )
    return [(sheet.image, sheet.finish("GCN-NV", 1, 1))]
