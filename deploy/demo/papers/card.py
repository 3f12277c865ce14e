"""The photocopy of a chip identity card of 2021: front and back on one A4 page, enlarged 1.45 times.

The card carries no emblem and a drawn head instead of a portrait: it must be readable, not passable.

Source: Thông tư 06/2021/TT-BCA (layout of the card); the seven QR fields are as seen on such cards.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

import numpy as np
import segno
from PIL import Image

from deploy.demo.papers import fonts, pen
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import COUNTRY, MOTTO
from deploy.demo.papers.people import Person, date_text, qr_payload
from deploy.demo.papers.sheet import Run, Sheet, value
from deploy.demo.papers.truth import LineTruth

_WIDTH, _HEIGHT = 977, 616
_LEFT = (1654 - _WIDTH) // 2
_HEAD_ROOM = 500
_QR_PX = 158
"""20 mm on the copy, which leaves more than three px to a module of the payload's code."""


@dataclass(frozen=True)
class CardDates:
    """Days of issue and expiry as printed on the card."""

    issued: dt.date
    expires: dt.date


def check_digit(text: str) -> str:
    """The check digit of a machine-readable zone (weights 7, 3, 1).

    >>> check_digit("940814")
    '7'
    """
    total = 0
    for index, letter in enumerate(text):
        number = 0 if letter == "<" else int(letter) if letter.isdigit() else ord(letter) - 55
        total += number * (7, 3, 1)[index % 3]
    return str(total % 10)


def qr_image(payload: str, side_px: int) -> Image.Image:
    """The payload as a QR code (level M) with its quiet zone, as near below `side_px` as whole modules allow."""
    code = segno.make(payload, error="m", micro=False, boost_error=False)
    modules = np.array([[255 - 255 * cell for cell in row] for row in code.matrix_iter(border=2)], dtype=np.uint8)
    scale = max(3, side_px // modules.shape[0])
    return Image.fromarray(np.kron(modules, np.ones((scale, scale), dtype=np.uint8))).convert("RGB")


def _background(sheet: Sheet, top: int) -> None:
    """The greenish ground of the card with its fine wavy lines."""
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    waves = np.sin(y / 5 + 7 * np.sin(x / 140)) * 5
    ground = np.stack([214 + waves + x * 0.02, 234 + waves * 0.6, 222 + waves + y * 0.02], axis=-1)
    sheet.image.paste(Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8)), (_LEFT, top))
    sheet.draw.rounded_rectangle((_LEFT, top, _LEFT + _WIDTH, top + _HEIGHT), 30, outline=(120, 130, 125), width=3)


def _portrait(sheet: Sheet, left: int, top: int) -> None:
    sheet.draw.rectangle((left, top, left + 210, top + 280), fill=(196, 212, 222))
    sheet.draw.ellipse((left + 62, top + 55, left + 148, top + 165), fill=(120, 108, 100))
    sheet.draw.pieslice((left + 10, top + 170, left + 200, top + 400), 180, 360, fill=(88, 92, 110))
    sheet.draw.rectangle((left, top + 280, left + 210, top + 402), fill=(214, 233, 222))


def _labelled(sheet: Sheet, label: str, mark: Run, x: int, y: int, size: int = 25) -> None:
    after = sheet.line(label, x, y, size_px=19)
    sheet.line([mark], after + 8, y, size_px=size)


def _fitted(sheet: Sheet, run: Run, middle: int, baseline: int, size: int) -> None:
    """A centred line made smaller where a wide typeface would run into the code beside it."""
    size = min(size, int(size * _HEAD_ROOM / sheet.width(run, size)))
    sheet.line([run], middle, baseline, size_px=size, align="center")


def _front(sheet: Sheet, person: Person, dates: CardDates, top: int) -> None:
    middle, text = _LEFT + 540, _LEFT + 290
    _fitted(sheet, Run(COUNTRY, "bold"), middle - 45, top + 50, 25)
    _fitted(sheet, Run(MOTTO, "bold"), middle - 45, top + 82, 22)
    mark = value("CĂN CƯỚC CÔNG DÂN", "document_name", "text", "bold")
    sheet.line([mark], middle - 45, top + 142, size_px=38, align="center", colour=(170, 40, 40))
    sheet.line([Run("Citizen Identity Card", "italic")], middle - 45, top + 170, size_px=19, align="center")
    sheet.image.paste(qr_image(sheet.qr or "", _QR_PX), (_LEFT + _WIDTH - _QR_PX - 34, top + 26))
    _portrait(sheet, _LEFT + 40, top + 190)
    after = sheet.line("Số / No.:", text, top + 232, size_px=22)
    sheet.line([value(person.personal_id, "personal_id", "personal_id", "bold")], after + 12, top + 232, size_px=38)
    sheet.line("Họ và tên / Full name:", text, top + 272, size_px=19)
    sheet.line([value(person.name.upper(), "full_name", "name", "bold")], text, top + 308, size_px=30)
    _labelled(
        sheet, "Ngày sinh / Date of birth:", value(date_text(person.birth_date), "birth_date", "date"), text, top + 350
    )
    _labelled(sheet, "Giới tính / Sex:", value(person.sex, "sex", "sex"), text, top + 390)
    _labelled(sheet, "Quốc tịch / Nationality:", Run("Việt Nam"), text + 270, top + 390)
    sheet.line("Quê quán / Place of origin:", text, top + 428, size_px=19)
    sheet.line(person.origin, text, top + 462, size_px=25)
    sheet.line("Nơi thường trú / Place of residence:", text, top + 502, size_px=19)
    sheet.line([value(person.address, "address", "address")], text, top + 538, size_px=25)
    _labelled(
        sheet, "Có giá trị đến:", value(date_text(dates.expires), "valid_until", "date"), _LEFT + 34, top + 586, 22
    )


def _zone(person: Person, dates: CardDates) -> tuple[str, str, str]:
    """The three machine-readable lines of 30 signs."""
    plain = person.name.upper().translate(str.maketrans("Đ", "D"))
    ascii_name = "".join(c for c in unicodedata.normalize("NFD", plain) if c.isascii())
    number = person.personal_id[-9:]
    first = f"IDVNM{number}{check_digit(number)}{person.personal_id}<<"
    birth, until, sex = f"{person.birth_date:%y%m%d}", f"{dates.expires:%y%m%d}", "F" if person.sex == "Nữ" else "M"
    second = f"{birth}{check_digit(birth)}{sex}{until}{check_digit(until)}VNM<<<<<<<<<<<"
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:])
    family, _, given = ascii_name.partition(" ")
    return f"{first:<<30}"[:30], second, f"{family}<<{given.replace(' ', '<'):<<30}"[:30]


def _back(sheet: Sheet, person: Person, dates: CardDates, top: int) -> None:
    x = _LEFT + 40
    sheet.line("Đặc điểm nhận dạng / Personal identification:", x, top + 50, size_px=19)
    sheet.line("Nốt ruồi cách 1,5 cm dưới sau đuôi mắt trái", x, top + 84, size_px=25)
    _labelled(
        sheet,
        "Ngày, tháng, năm / Date, month, year:",
        value(date_text(dates.issued), "issue_date", "date"),
        x,
        top + 126,
    )
    issuer = value(
        "CỤC TRƯỞNG CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", "issuing_body", "organisation", "bold"
    )
    sheet.line([issuer], x, top + 168, size_px=20)
    pen.sign(sheet.image, x + 330, top + 262, 210, sheet.rng)
    sheet.draw.rounded_rectangle(
        (x + 10, top + 210, x + 120, top + 320), 12, outline=(150, 130, 60), fill=(226, 206, 140), width=3
    )
    for left in (_LEFT + _WIDTH - 170,):
        for ring in range(8):
            sheet.draw.ellipse(
                (left + 8 * ring, top + 200 + 11 * ring, left + 130 - 8 * ring, top + 390 - 11 * ring),
                outline=(90, 90, 96),
                width=3,
            )
    for row, text in enumerate(_zone(person, dates)):
        _set_zone_line(sheet, text, _LEFT + 50, top + 468 + row * 52)


def _set_zone_line(sheet: Sheet, text: str, left: int, baseline: int) -> None:
    """One machine-readable line: signs of equal step, read as one line without spaces."""
    font = fonts.sized(fonts.serif(), "regular", 36)
    for column, letter in enumerate(text):
        sheet.draw.text((left + (column + 0.5) * 29.2, baseline), letter, font=font, fill=(30, 30, 34), anchor="ms")
    sheet.lines.append(LineTruth(text, (left + 3, baseline - 30, round(30 * 29.2) - 6, 32)))


def identity_card(face: fonts.Typeface, person: Person, dates: CardDates, rng: np.random.Generator) -> list[Drawn]:
    """Both sides of the card on one page; the truth's `qr` is the payload inside the code."""
    sheet = Sheet(face, rng)
    sheet.qr = qr_payload(person, dates.issued)
    _background(sheet, 260)
    _background(sheet, 1180)
    _front(sheet, person, dates, 260)
    _back(sheet, person, dates, 1180)
    sheet.tags.append("qr")
    return [(sheet.image, sheet.finish("CCCD", 1, 1))]
