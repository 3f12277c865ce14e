"""The third set, open half: papers of the catalogue as other agencies lay them out. Faults found here may be mended."""

from __future__ import annotations

from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def firm_decision(sheet: UnseenSheet, chance: Chance) -> str:
    """A company ends a contract."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("CÔNG TY TNHH MTV", f"{chance.one('given').upper()} {chance.one('given').upper()}", number=f"{chance.digits(3)}/QĐ-TCHC", said="Số : ")
    paper.title("QUYẾT ĐỊNH", "Về việc chấm dứt hợp đồng lao động")
    paper.title("GIÁM ĐỐC CÔNG TY", points=12.5)
    paper.sentences(2)
    paper.title("QUYẾT ĐỊNH:", points=13)
    paper.left("Điều 1. Chấm dứt hợp đồng lao động đối với ông (bà):", who.name, "full_name", "name")
    paper.left("Sinh ngày", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD", who.personal_id, "personal_id", "personal_id", x=90)
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number")
    paper.sentences(2)
    paper.signed("GIÁM ĐỐC")
    return "QD"


def declaration_above(sheet: UnseenSheet, chance: Chance) -> str:
    """TK1-TS with its title in small letters, labels over values, digits in boxes."""
    paper, who = Paper(sheet, chance), person(chance)
    sheet.put("Mẫu TK1-TS", 176, 12, 10, middle=True)
    sheet.put("(Ban hành kèm theo Quyết định số 490/QĐ-BHXH)", 160, 16, 8, middle=True)
    paper.y = 26
    paper.nation(x=105)
    paper.y += 18
    paper.title("Tờ khai tham gia, điều chỉnh thông tin", "bảo hiểm xã hội, bảo hiểm y tế", points=14)
    paper.above("[01] Họ và tên (viết chữ in hoa)", who.name.upper(), "full_name", "name", last=False)
    paper.above("[02] Giới tính", who.sex, "sex", "sex", x=140)
    paper.above("[03] Ngày, tháng, năm sinh", who.born, "birth_date", "date", last=False)
    paper.above("[04] Quốc tịch", "Việt Nam", "nationality", "text", x=110)
    paper.boxed("[05] Số ĐDCN/CCCD", who.personal_id, "personal_id", "personal_id")
    paper.boxed("[06] Mã số BHXH", who.bhxh, "bhxh_number", "bhxh_number")
    paper.above("[07] Số điện thoại liên hệ", who.phone, "phone", "phone", last=False)
    paper.above("[08] Mức tiền đóng (đồng)", chance.money(), "amount", "money", x=110)
    paper.above("[09] Địa chỉ nhận hồ sơ", who.address, "address", "address")
    paper.sentences(2)
    paper.day(145, middle=True)
    return "TK1-TS"


def birth_copy(sheet: UnseenSheet, chance: Chance) -> str:
    """A copy of a birth certificate, parents side by side."""
    paper, child, mother, father = Paper(sheet, chance), person(chance, 2015, 2026), person(chance), person(chance)
    place = chance.one("places")
    paper.head("ỦY BAN NHÂN DÂN", f"XÃ {place.upper()}", number=f"{chance.digits(3)}/2026", place=False)
    paper.title("GIẤY KHAI SINH", "(BẢN SAO)", points=17)
    paper.left("Họ, chữ đệm, tên:", child.name.upper(), "child_name", "name")
    paper.left("Ngày, tháng, năm sinh:", child.born, "child_birth_date", "date", last=False)
    paper.left("Giới tính:", child.sex, "sex", "sex", x=120)
    paper.left("Số định danh cá nhân:", child.personal_id, "personal_id", "personal_id")
    paper.left("Nơi sinh: Bệnh viện đa khoa", place, "birth_place", "address")
    for x, whose, parent, field in ((24, "người mẹ", mother, "mother_name"), (108, "người cha", father, "father_name")):
        paper.above(f"Họ, chữ đệm, tên {whose}:", parent.name, field, "name", x=x, last=x > 100)
    for x, parent in ((24, mother), (108, father)):
        sheet.put(f"Năm sinh: {parent.born[-4:]}   Dân tộc: Kinh", x, paper.y, 11)
    paper.y += 9
    paper.left("Nơi đăng ký khai sinh:", f"Ủy ban nhân dân xã {place}", "issuing_body", "organisation")
    paper.left("Ngày, tháng, năm đăng ký:", chance.day(2026, 2027), "issue_date", "date")
    paper.signed("NGƯỜI KÝ GIẤY KHAI SINH")
    return "GKS"


def centre_discharge(sheet: UnseenSheet, chance: Chance) -> str:
    """A discharge paper of a health centre, times before the days."""
    paper, who = Paper(sheet, chance), person(chance)
    number = f"{chance.digits(4)}/GRV"
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), f"TTYT {chance.one('places').upper()}", number=number, place=False)
    paper.title("GIẤY RA VIỆN", points=18)
    paper.left("- Họ tên người bệnh:", who.name.upper(), "full_name", "name", last=False)
    paper.left("Nam/Nữ:", who.sex, "sex", "sex", x=150)
    paper.left("- Ngày sinh:", who.born, "birth_date", "date", last=False)
    paper.left("Nghề nghiệp:", "Công nhân", "job", "text", x=110)
    paper.left("- Số CCCD:", who.personal_id, "personal_id", "personal_id")
    paper.left("- Địa chỉ:", who.address, "address", "address")
    first, last = chance.day(2026, 2027), chance.day(2026, 2027)
    for label, when, field in (("- Vào viện lúc: 07 giờ 45 phút, ngày", first, "admission_date"), ("- Ra viện lúc: 16 giờ 00 phút, ngày", last, "discharge_date")):
        paper.left(label, when, field, "date")
    paper.left("- Chẩn đoán:", "Viêm phế quản cấp", "diagnosis", "text")
    paper.sentences(2)
    paper.day(145, middle=True)
    paper.signed("TRƯỞNG KHOA")
    return "GRV"


def contract(sheet: UnseenSheet, chance: Chance) -> str:
    """An employment contract, parties A and B."""
    paper, who = Paper(sheet, chance), person(chance)
    firm = f"Công ty cổ phần {chance.one('given')} {chance.one('given')}"
    paper.nation(x=105)
    paper.y += 18
    paper.title("HỢP ĐỒNG LAO ĐỘNG", "(Loại xác định thời hạn)", points=16)
    number = f"{chance.digits(2)}/2026/HĐLĐ"
    paper.left("Số:", number, "number_symbol", "number_symbol", x=90)
    d, m, y = chance.day(2024, 2026).split("/")
    sheet.put(f"Hôm nay, ngày {d} tháng {m} năm {y}, chúng tôi gồm:", 24, paper.y, 12, name="issue_date", kind="date", value=f"{d}/{m}/{y}")
    paper.y += 9
    sheet.put("BÊN A (Người sử dụng lao động)", 24, paper.y, 12, bold=True)
    paper.y += 8
    paper.left("Tên đơn vị:", firm, "organisation_name", "organisation")
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    sheet.put("BÊN B (Người lao động)", 24, paper.y, 12, bold=True)
    paper.y += 8
    paper.left("Ông/bà:", who.name, "full_name", "name")
    paper.left("Ngày sinh:", who.born, "birth_date", "date", last=False)
    paper.left("CCCD số:", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Địa chỉ thường trú:", who.address, "address", "address")
    paper.left("Mức lương chính:", chance.money(), "amount", "money")
    paper.sentences(3)
    return "HDLD"


def mandate_prose(sheet: UnseenSheet, chance: Chance) -> str:
    """A power of attorney without a form's number."""
    paper, who, other = Paper(sheet, chance), person(chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("GIẤY UỶ QUYỀN", "(V/v: nhận lương hưu, trợ cấp BHXH)", points=16)
    paper.left("Tôi tên là:", who.name, "full_name", "name")
    paper.left("Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("Điện thoại:", who.phone, "phone", "phone", x=105)
    paper.left("Căn cước công dân số:", who.personal_id, "personal_id", "personal_id")
    paper.left("Chỗ ở hiện nay:", who.address, "address", "address")
    sheet.put(f"Nay uỷ quyền cho: {other.name}", 24, paper.y, 12)
    paper.y += 8
    paper.sentences(3)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI UỶ QUYỀN")
    return "13-HSB"


def new_card(sheet: UnseenSheet, chance: Chance) -> str:
    """A copy of a card of 2024, both sides, labels above values."""
    paper, who = Paper(sheet, chance, 10), person(chance)
    sheet.draw.rectangle((sheet.px(40), sheet.px(30), sheet.px(170), sheet.px(112)), fill=(226, 238, 230))
    paper.y = 38
    paper.nation(x=115, points=9)
    paper.y += 14
    sheet.put("CĂN CƯỚC", 115, paper.y, 13, bold=True, middle=True)
    sheet.put("IDENTITY CARD", 115, paper.y + 5, 9, bold=True, middle=True)
    paper.y += 12
    paper.above("Số định danh cá nhân / Personal identification number:", who.personal_id, "personal_id", "personal_id", x=80)
    paper.above("Họ, chữ đệm và tên khai sinh / Full name:", who.name.upper(), "full_name", "name", x=80)
    paper.above("Ngày, tháng, năm sinh / Date of birth:", who.born, "birth_date", "date", x=80, last=False)
    paper.above("Giới tính / Sex:", who.sex, "sex", "sex", x=138)
    sheet.draw.rectangle((sheet.px(40), sheet.px(125), sheet.px(170), sheet.px(207)), fill=(226, 238, 230))
    paper.y = 134
    paper.above("Nơi cư trú / Place of residence:", who.address, "address", "address", x=46)
    paper.above("Ngày, tháng, năm cấp / Date of issue:", chance.day(2024, 2026), "issue_date", "date", x=46)
    paper.above("Ngày, tháng, năm hết hạn / Date of expiry:", chance.day(2035, 2045), "valid_until", "date", x=46)
    sheet.put("BỘ CÔNG AN", 140, paper.y - 10, 10, bold=True, middle=True)
    return "CCCD"


def workers(sheet: UnseenSheet, chance: Chance) -> str:
    """D02 under the name of the report since 2021."""
    paper = Paper(sheet, chance, 9)
    paper.left("Tên đơn vị:", f"Công ty cổ phần {chance.one('given')} {chance.one('given')}", "organisation_name", "organisation")
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    paper.title("BÁO CÁO TÌNH HÌNH SỬ DỤNG LAO ĐỘNG", "VÀ DANH SÁCH THAM GIA BHXH, BHYT, BHTN", "(Mẫu D02-LT)", points=13)
    edges = (14, 22, 66, 92, 118, 146, 170, 196)
    heads = ("STT", "Họ tên", "Mã số BHXH", "Ngày sinh", "Số CCCD", "Mức lương", "Từ ngày")
    names = ("", "full_name", "bhxh_number", "birth_date", "personal_id", "salary", "from_date")
    kinds = ("", "name", "bhxh_number", "date", "personal_id", "money", "date")
    for number in range(15):
        who = person(chance)
        row = heads if not number else (str(number), who.name, who.bhxh, who.born, who.personal_id, chance.money(), chance.day(2025, 2026))
        sheet.rule(edges[0], paper.y, edges[-1], paper.y)
        for left, right, text, name, kind in zip(edges, edges[1:], row, names, kinds, strict=False):
            sheet.rule(left, paper.y, left, paper.y + 8)
            points = min(9.5, 9.5 * (right - left - 2) / sheet.width_mm(text, 9.5))
            field = {"name": name, "kind": kind} if number and name else {}
            sheet.put(text, (left + right) / 2, paper.y + 5.5, points, bold=not number, middle=True, **field)
        sheet.rule(edges[-1], paper.y, edges[-1], paper.y + 8)
        paper.y += 8
    sheet.rule(edges[0], paper.y, edges[-1], paper.y)
    paper.y += 12
    paper.day(150, middle=True)
    return "D02-TS"


def statement(sheet: UnseenSheet, chance: Chance) -> str:
    """A bank's statement: no type of the catalogue; nothing must be guessed."""
    paper, who = Paper(sheet, chance, 10), person(chance)
    sheet.put("NGÂN HÀNG THƯƠNG MẠI CỔ PHẦN " + chance.one("given").upper(), 24, paper.y, 11, bold=True)
    paper.y += 16
    paper.title("SAO KÊ TÀI KHOẢN", "Account statement", points=15)
    paper.left("Chủ tài khoản:", who.name.upper(), "owner", "name")
    paper.left("Số tài khoản:", chance.digits(13), "account", "text")
    for _ in range(9):
        sheet.put(f"{chance.day(2026, 2027)}   {chance.money()}   Chuyển khoản cho {chance.name()}", 24, paper.y, 10)
        paper.y += 7
    paper.sentences(1)
    return "NONE"


def death_copy(sheet: UnseenSheet, chance: Chance) -> str:
    """An extract of a death entry, cells."""
    paper, who = Paper(sheet, chance), person(chance, 1930, 1960)
    place = chance.one("places")
    paper.head("UBND XÃ", place.upper(), number=f"{chance.digits(2)}/TLKT-BS")
    paper.title("TRÍCH LỤC KHAI TỬ (BẢN SAO)", points=15)
    for label, value, field, kind in (
        ("Họ, chữ đệm, tên", who.name.upper(), "deceased_name", "name"),
        ("Ngày, tháng, năm sinh", who.born, "birth_date", "date"),
        ("Giới tính", who.sex, "sex", "sex"),
        ("Số định danh cá nhân", who.personal_id, "personal_id", "personal_id"),
        ("Đã chết vào lúc", f"03 giờ 20 phút, ngày {chance.day(2025, 2026)}", "death_time", "text"),
        ("Nơi cư trú cuối cùng", who.address, "address", "address"),
        ("Nơi đăng ký khai tử", f"Ủy ban nhân dân xã {place}", "issuing_body", "organisation"),
    ):
        paper.cell_row(label, value, field, kind)
    paper.y += 8
    paper.signed("CÔNG CHỨC TƯ PHÁP - HỘ TỊCH")
    return "TL-KT"


def plea(sheet: UnseenSheet, chance: Chance) -> str:
    """A request under a title of two lines."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 16
    paper.title("ĐƠN ĐỀ NGHỊ", "Hưởng bảo hiểm xã hội một lần", points=15)
    sheet.put(f"Kính gửi: Bảo hiểm xã hội cơ sở {chance.one('places')}", 105, paper.y, 12, middle=True)
    paper.y += 10
    paper.left("Họ và tên:", who.name, "full_name", "name", last=False)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", x=125)
    paper.left("Số ĐDCN/CMND/Hộ chiếu:", who.personal_id, "personal_id", "personal_id")
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("Điện thoại:", who.phone, "phone", "phone", x=110)
    paper.left("Nơi cư trú:", who.address, "address", "address")
    paper.sentences(3)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI LÀM ĐƠN")
    return "14-HSB"


def letter(sheet: UnseenSheet, chance: Chance) -> str:
    """A firm's letter: no title, a subject under the number."""
    paper = Paper(sheet, chance)
    paper.head("HỢP TÁC XÃ", chance.one("places").upper(), number=f"{chance.digits(2)}/CV-HTX")
    sheet.put("V/v xác nhận thời gian đóng BHXH", 56, paper.y - 7, 11, middle=True, name="summary", kind="text")
    sheet.put(f"Kính gửi: Bảo hiểm xã hội cơ sở {chance.one('places')}", 105, paper.y + 6, 12.5, middle=True)
    paper.y += 16
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    paper.sentences(6)
    paper.signed("CHỦ NHIỆM")
    return "CV"


DRAWERS = (
    ("decision", firm_decision), ("form", declaration_above), ("birth", birth_copy), ("discharge", centre_discharge), ("contract", contract),
    ("mandate", mandate_prose), ("card", new_card), ("table", workers), ("foreign", statement), ("death", death_copy), ("request", plea), ("letter", letter),
)  # fmt: skip
