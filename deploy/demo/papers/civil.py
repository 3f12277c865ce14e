"""Civil-status papers of a commune: the birth certificate and the extract of a death entry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from deploy.demo.papers import fonts
from deploy.demo.papers.column import Signatory, form_line, paragraph, signature
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import Letterhead, set_letterhead, set_title
from deploy.demo.papers.people import Person, Sex, date_text
from deploy.demo.papers.sheet import Run, Sheet, value

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    last = {0: "", 1: " mốt" if tens > 1 else " một", 5: " lăm"}.get(ones, f" {_DIGITS[ones]}")
    return head + last


def day_in_words(day: dt.date) -> str:
    """A date as civil-status papers spell it out.

    >>> day_in_words(dt.date(2026, 10, 6))
    'Ngày sáu, tháng mười, năm hai nghìn không trăm hai mươi sáu'
    """
    century = "hai nghìn không trăm" if day.year >= 2000 else "một nghìn chín trăm"
    return (
        f"Ngày {_below_hundred(day.day)}, tháng {_below_hundred(day.month)}, năm {century} "
        f"{_below_hundred(day.year % 100)}"
    )


@dataclass(frozen=True)
class Registry:
    """The commune that keeps the register, and the entry's number and day."""

    commune: str
    province: str
    number: str
    date: dt.date
    chair: str


@dataclass(frozen=True)
class Birth:
    """A birth as registered."""

    child_name: str
    sex: Sex
    birth_date: dt.date
    personal_id: str
    birth_place: str
    mother: Person
    father: Person


def _head(sheet: Sheet, registry: Registry, symbol: str, *, pen: bool) -> None:
    hard_space = "\u00a0"
    agency = f"ỦY BAN NHÂN DÂN {registry.commune.upper().replace(' ', hard_space)}"
    place = registry.commune.partition(" ")[2]
    head = Letterhead(registry.province.upper(), agency, registry.number, symbol, place, registry.date, pen, pen)
    set_letterhead(sheet, head)


def birth_certificate(face: fonts.Typeface, birth: Birth, registry: Registry, rng: np.random.Generator) -> list[Drawn]:
    """Giấy khai sinh, one page with a double frame and the commune's red stamp."""
    sheet = Sheet(face, rng)
    for inset, width in ((52, 5), (64, 2)):
        sheet.draw.rectangle((inset, inset, 1654 - inset, 2339 - inset - 24), outline=(150, 60, 60), width=width)
    _head(sheet, registry, "GKS", pen=False)
    set_title(sheet, "GIẤY KHAI SINH", size_px=54)
    form_line(sheet, Run("Họ, chữ đệm, tên: "), value(birth.child_name.upper(), "child_name", "name", "bold"))
    form_line(sheet, Run("Ngày, tháng, năm sinh: "), value(date_text(birth.birth_date), "child_birth_date", "date"))
    form_line(sheet, Run("Ghi bằng chữ: "), Run(day_in_words(birth.birth_date)))
    form_line(
        sheet, Run("Giới tính: "), value(birth.sex, "sex", "sex"), Run("    Dân tộc: Kinh    Quốc tịch: Việt Nam")
    )
    form_line(sheet, Run("Nơi sinh: "), Run(birth.birth_place))
    form_line(sheet, Run("Quê quán: "), Run(birth.father.origin or birth.father.address))
    form_line(sheet, Run("Số định danh cá nhân: "), value(birth.personal_id, "personal_id", "personal_id"))
    sheet.y += 20
    for label, parent, name in (("mẹ", birth.mother, "mother_name"), ("cha", birth.father, "father_name")):
        form_line(sheet, Run(f"Họ, chữ đệm, tên người {label}: "), value(parent.name.upper(), name, "name", "bold"))
        form_line(sheet, Run(f"Năm sinh: {parent.birth_date.year}    Dân tộc: Kinh    Quốc tịch: Việt Nam"))
        form_line(sheet, Run("Nơi cư trú: "), Run(parent.address))
    sheet.y += 20
    form_line(sheet, Run("Họ, chữ đệm, tên người đi khai sinh: "), Run(birth.father.name))
    form_line(sheet, Run("Giấy tờ tùy thân: "), Run(f"Thẻ căn cước công dân số {birth.father.personal_id}"))
    sheet.y += 50
    below = sheet.y
    signature(
        sheet,
        Signatory(
            "NGƯỜI KÝ GIẤY KHAI SINH", registry.chair, f"ỦY BAN NHÂN DÂN {registry.commune}", ("ỦY BAN", "NHÂN DÂN")
        ),
    )
    sheet.y = below
    paragraph(sheet, [Run("Ghi chú: Đăng ký đúng hạn.", "italic")], right=760, size_px=30)
    return [(sheet.image, sheet.finish("GKS", 1, 1))]


def death_extract(
    face: fonts.Typeface,
    dead: Person,
    death_date: dt.date,
    declarant: Person,
    registry: Registry,
    rng: np.random.Generator,
) -> list[Drawn]:
    """Trích lục khai tử (bản sao), one page; the number and the day of issue are written by hand."""
    sheet = Sheet(face, rng)
    _head(sheet, registry, "TLKT-BS", pen=True)
    set_title(sheet, "TRÍCH LỤC KHAI TỬ", [Run("(BẢN SAO)", "bold")], size_px=50)
    form_line(sheet, Run("Họ, chữ đệm, tên: "), value(dead.name.upper(), "deceased_name", "name", "bold"))
    form_line(sheet, Run("Ngày, tháng, năm sinh: "), value(date_text(dead.birth_date), "birth_date", "date"))
    form_line(sheet, Run("Giới tính: "), value(dead.sex, "sex", "sex"), Run("    Dân tộc: Kinh    Quốc tịch: Việt Nam"))
    form_line(sheet, Run("Số định danh cá nhân: "), value(dead.personal_id, "personal_id", "personal_id"))
    form_line(sheet, Run("Nơi cư trú cuối cùng: "), value(dead.address, "address", "address"))
    form_line(sheet, Run("Đã chết vào lúc: 04 giờ 25 phút, ngày "), value(date_text(death_date), "death_date", "date"))
    form_line(sheet, Run("Ghi bằng chữ: "), Run(day_in_words(death_date)))
    form_line(sheet, Run("Nơi chết: "), Run("Tại nhà riêng"))
    form_line(sheet, Run("Nguyên nhân chết: "), Run("Bệnh già"))
    form_line(sheet, Run("Họ, chữ đệm, tên người đi khai tử: "), Run(declarant.name))
    sheet.y += 10
    paragraph(
        sheet,
        (
            f"Sao từ Sổ đăng ký khai tử của Ủy ban nhân dân {registry.commune}, {registry.province}, "
            f"quyển số 01 năm {death_date.year}."
        ),
        indent=60,
    )
    sheet.y += 60
    signature(
        sheet,
        Signatory("NGƯỜI KÝ TRÍCH LỤC", registry.chair, f"ỦY BAN NHÂN DÂN {registry.commune}", ("ỦY BAN", "NHÂN DÂN")),
    )
    return [(sheet.image, sheet.finish("TL-KT", 1, 1))]
