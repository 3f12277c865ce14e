"""Pages of the second set: a decision, a boxed form, a leader form, a table with money, a card at its true size and enlarged."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

from deploy.demo.papers.card import qr_image
from deploy.demo.papers.truth import nfc
from tests.benchmarks.pages.unseen_sheet import UnseenSheet

_WORDS = Path(__file__).parent / "unseen_words.txt"


@functools.lru_cache(maxsize=1)
def words() -> dict[str, list[str]]:
    """The lists of the second set by name."""
    lists: dict[str, list[str]] = {}
    for line in nfc(_WORDS.read_text(encoding="utf-8")).splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), [])
        else:
            current += line.split("|")
    return lists


class Chance:
    """Facts of invented people, drawn anew for each page."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def one(self, kind: str) -> str:
        """A word of a list."""
        return str(self.rng.choice(words()[kind]))

    def name(self) -> str:
        """Family name and one to three other names."""
        return " ".join([self.one("surnames"), *(self.one("given") for _ in range(int(self.rng.integers(1, 4))))])

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(map(str, self.rng.integers(0, 10, count)))

    def day(self, first: int = 1950, last: int = 2026) -> str:
        """dd/mm/yyyy."""
        return f"{self.rng.integers(1, 29):02d}/{self.rng.integers(1, 13):02d}/{self.rng.integers(first, last)}"

    def address(self) -> str:
        """Hamlet or street, commune, province."""
        where = self.one("places")
        house = (
            f"Tổ {self.rng.integers(1, 30)}, ấp" if self.rng.random() < 0.5 else f"{self.rng.integers(1, 900)} đường"
        )
        return f"{house} {self.one('given')} {self.one('given')}, xã {where}, {self.one('provinces')}"

    def money(self) -> str:
        """An amount with its points."""
        return f"{int(self.rng.integers(100_000, 90_000_000)):,}".replace(",", ".")


def fitting(number: str, born: str) -> str:
    """Twelve digits that say this birth year, of a man: a number that contradicts the birth date rightly goes to a person."""
    year = int(born[-4:])
    return f"{number[:3]}{2 * (year // 100 - 19)}{year % 100:02d}{number[6:]}"


def _head(sheet: UnseenSheet, chance: Chance, symbol: str) -> float:
    place, number = chance.one("provinces"), int(chance.rng.integers(1, 3000))
    sheet.put(f"BẢO HIỂM XÃ HỘI {place.upper()}", 57, 22, 11, middle=True)
    sheet.put(f"BHXH CƠ SỞ {chance.one('places').upper()}", 57, 27.5, 11, bold=True, middle=True)
    sheet.rule(45, 29.5, 69, 29.5)
    sheet.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 146, 22, 11.5, bold=True, middle=True)
    sheet.put("Độc lập - Tự do - Hạnh phúc", 146, 27.5, 12.5, bold=True, middle=True)
    mark = f"{number}/{symbol}"
    sheet.put(f"Số: {mark}", 57, 37, 12, middle=True, name="number_symbol", kind="number_symbol", value=mark)
    day, month = int(chance.rng.integers(1, 29)), int(chance.rng.integers(1, 13))
    sheet.put(f"{place}, ngày {day:02d} tháng {month:02d} năm 2026", 146, 37, 12, middle=True)
    return 52.0


def decision(sheet: UnseenSheet, chance: Chance) -> str:
    """A decision in articles."""
    y = _head(sheet, chance, "QĐ-BHXH")
    sheet.put("QUYẾT ĐỊNH", 105, y, 15, bold=True, middle=True)
    sheet.put("Về việc giải quyết chế độ đối với người lao động", 105, y + 8, 13, bold=True, middle=True)
    y += 20
    for number, sentence in enumerate(chance.rng.permutation(words()["sentences"])[:8], 1):
        if number % 3 == 0:
            person = chance.name()
            sheet.put(f"Ông (bà): {person}", 30, y, 13, name="full_name", kind="name", value=person)
            identity, born = chance.digits(12), chance.day(1950, 2004)
            identity = fitting(identity, born)
            y += 8
            sheet.put(f"Ngày sinh: {born}", 30, y, 13, name="birth_date", kind="date", value=born)
            sheet.put(f"Số định danh: {identity}", 100, y, 13, name="personal_id", kind="personal_id", value=identity)
            y += 8
        y = sheet.wrapped(f"Điều {number}. {sentence}", 30, y, 160, 13, 7.2) + 2
    return "QD"


def boxed_form(sheet: UnseenSheet, chance: Chance) -> str:
    """Labels in small print over values in boxes, numbers one digit a cell apart."""
    y = _head(sheet, chance, "TK-BHXH")
    sheet.put("TỜ KHAI THAM GIA, ĐIỀU CHỈNH THÔNG TIN", 105, y, 14, bold=True, middle=True)
    y += 12
    rows = (
        ("1. Họ và tên (viết chữ in hoa)", chance.name().upper(), "name"),
        ("2. Ngày, tháng, năm sinh", (born := chance.day(1950, 2008)), "date"),
        ("3. Số định danh cá nhân/CCCD", fitting(chance.digits(12), born), "personal_id"),
        ("4. Mã số BHXH", chance.digits(10), "bhxh_number"),
        ("5. Họ tên mẹ hoặc người giám hộ", chance.name(), "name"),
        ("6. Nơi cư trú hiện nay", chance.address(), "address"),
        ("7. Điện thoại liên hệ", "0" + chance.digits(9), "phone"),
        ("8. Mức tiền đóng (đồng)", chance.money(), "money"),
        ("9. Họ và tên chủ hộ", chance.name(), "name"),
        ("10. Ngày nộp hồ sơ", chance.day(2024, 2026), "date"),
    )
    for label, text, kind in rows:
        sheet.put(label, 24, y, 9.5)
        for x0, y0, x1, y1 in (
            (22, y + 1.8, 188, y + 1.8),
            (22, y + 10, 188, y + 10),
            (22, y + 1.8, 22, y + 10),
            (188, y + 1.8, 188, y + 10),
        ):
            sheet.rule(x0, y0, x1, y1)
        sheet.put(text, 25, y + 7.8, 13, kind=kind)
        y += 17
    sheet.wrapped(chance.one("sentences"), 24, y + 4, 160, 11, 6)
    return "TK1-TS"


def leader_form(sheet: UnseenSheet, chance: Chance) -> str:
    """Values on dotted leaders, two of them on some lines."""
    sheet.put("SỞ Y TẾ " + chance.one("provinces").upper(), 50, 20, 11, middle=True)
    sheet.put("GIẤY XÁC NHẬN THỜI GIAN ĐIỀU TRỊ", 105, 40, 15, bold=True, middle=True)
    y = 56.0
    for label, text, kind in (
        ("Họ và tên người bệnh: ", chance.name(), "name"),
        ("Sinh ngày: ", (born := chance.day(1950, 2008)), "date"),
        ("Số CCCD: ", fitting(chance.digits(12), born), "personal_id"),
        ("Địa chỉ: ", chance.address(), "address"),
        ("Vào viện ngày: ", chance.day(2024, 2026), "date"),
        ("Ra viện ngày: ", chance.day(2024, 2026), "date"),
        ("Người nuôi bệnh: ", chance.name(), "name"),
        ("Số sổ BHXH: ", chance.digits(10), "bhxh_number"),
        ("Bác sĩ điều trị: ", chance.name(), "name"),
    ):
        end = sheet.put(label + text, 25, y, 12, kind=kind, value=text)
        sheet.dotted(25 + sheet.width_mm(label, 12), 188, y + 1)
        y += 10.5 + (end > 190) * 2
    for sentence in chance.rng.permutation(words()["sentences"])[:3]:
        y = sheet.wrapped(f"- {sentence}", 25, y, 163, 12, 7) + 1
    return "GT-CM"


def money_table(sheet: UnseenSheet, chance: Chance) -> str:
    """People with numbers, days and amounts in a ruled table of small print."""
    sheet.put("BẢNG KÊ SỐ TIỀN CHI TRẢ CHẾ ĐỘ", 105, 24, 14, bold=True, middle=True)
    edges = (16, 26, 76, 100, 134, 162, 194)
    heads = ("STT", "Họ tên", "Ngày sinh", "Số CCCD", "Số tiền", "Ghi chú")
    y, step = 36.0, 9.0
    for number in range(21):
        person, born, identity, money = chance.name(), chance.day(1950, 2008), chance.digits(12), chance.money()
        identity = fitting(identity, born)
        cells = (str(number), person, born, identity, money, "Đã nhận" if number % 3 else "")
        kinds = ("text", "name", "date", "personal_id", "money", "text")
        sheet.rule(edges[0], y, edges[-1], y)
        for left, right, head, cell, kind in zip(edges, edges[1:], heads, cells, kinds, strict=False):
            sheet.rule(left, y, left, y + step)
            if number == 0:
                sheet.put(head, (left + right) / 2, y + 6, 10, bold=True, middle=True)
            elif kind == "money":
                sheet.put(cell, right - 1.5 - sheet.width_mm(cell, 10), y + 6, 10, kind=kind)
            elif cell:
                points = min(10.0, 10 * (right - left - 2) / max(1.0, sheet.width_mm(cell, 10)))
                field = {"kind": kind} if kind != "text" else {}
                sheet.put(cell, left + 1.5, y + 6, points, **field)
        sheet.rule(edges[-1], y, edges[-1], y + step)
        y += step
    sheet.rule(edges[0], y, edges[-1], y)
    sheet.wrapped(chance.one("sentences"), 16, y + 10, 175, 11, 6)
    return "NONE"


def _card(sheet: UnseenSheet, chance: Chance, scale: float, y0: float) -> str:
    x0 = 105 - 42.8 * scale
    person, born, identity, home = chance.name(), chance.day(1950, 2006), chance.digits(12), chance.address()
    identity = fitting(identity, born)
    width, height = sheet.px(85.6 * scale), sheet.px(54 * scale)
    ground = np.linspace(0, 6, width)[None, :] + np.linspace(0, 9, height)[:, None]
    tint = np.stack([218 + 6 * np.sin(ground), 236 + 4 * np.cos(ground), 232 + 5 * np.sin(ground * 1.7)], axis=-1)
    from PIL import Image

    sheet.image.paste(Image.fromarray(tint.astype(np.uint8)), (sheet.px(x0), sheet.px(y0)))
    sheet.draw.rectangle(
        (sheet.px(x0 + 4 * scale), sheet.px(y0 + 17 * scale), sheet.px(x0 + 23 * scale), sheet.px(y0 + 43 * scale)),
        fill=(150, 160, 170),
    )
    payload = f"{identity}||{person}|{born.replace('/', '')}|Nam|{home}|{chance.day(2021, 2024).replace('/', '')}"
    code = qr_image(payload, sheet.px(15 * scale))
    sheet.image.paste(code, (sheet.px(x0 + 68 * scale), sheet.px(y0 + 2.5 * scale)))
    sheet.qr = payload

    def put(text: str, x: float, y: float, points: float, bold: bool = False, **field: str) -> float:
        return (sheet.put(text, x0 + x * scale, y0 + y * scale, points * scale, bold=bold, **field) - x0) / scale

    put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 17, 5.5, 5.6, bold=True)
    put("Độc lập - Tự do - Hạnh phúc", 27, 8.6, 5.6, bold=True)
    put("CĂN CƯỚC CÔNG DÂN", 27, 14, 8, bold=True)
    put(f"Số / No.: {identity}", 26, 20.5, 9, bold=True, kind="personal_id", value=identity)
    put("Họ và tên / Full name:", 26, 24.5, 5.4)
    put(person.upper(), 26, 28.3, 7.6, bold=True, kind="name")
    put(f"Ngày sinh / Date of birth: {born}", 26, 32.4, 6, kind="date", value=born)
    end = put("Giới tính / Sex: Nam", 26, 36, 6)
    put("Quốc tịch / Nationality: Việt Nam", max(49, end + 1.5), 36, 6)
    put("Nơi thường trú / Place of residence:", 26, 40, 5.4)
    put(home, 26, 44, min(6.4, 6.4 * 57 * scale / max(1.0, sheet.width_mm(home, 6.4 * scale))), kind="address")
    until = chance.day(2030, 2040)
    put(f"Có giá trị đến: {until}", 4, 50, 5.6, kind="date", value=until)
    return "CCCD"


def card_true_size(sheet: UnseenSheet, chance: Chance) -> str:
    """A copy at the card's own size."""
    return _card(sheet, chance, 1.0, 60)


def card_enlarged(sheet: UnseenSheet, chance: Chance) -> str:
    """A copy at 1.6 times."""
    return _card(sheet, chance, 1.6, 40)


Drawer = Callable[[UnseenSheet, Chance], str]
DRAWERS: tuple[tuple[str, Drawer], ...] = (
    ("text", decision),
    ("form", boxed_form),
    ("table", money_table),
    ("card", card_enlarged),
    ("form", leader_form),
    ("card", card_true_size),
)
