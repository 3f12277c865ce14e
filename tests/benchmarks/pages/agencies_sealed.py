"""The fourth set, sealed half: it judges. No label, rule or constant was chosen by what these pages gave."""

from __future__ import annotations

from tests.benchmarks.pages.agencies_open import in_sentence, title_of
from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def fee_receipt(sheet: UnseenSheet, chance: Chance) -> str:
    """A receipt whose payer stands in a sentence of its own."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("VIỆN GIÁM ĐỊNH Y KHOA", chance.one("provinces").upper(), number=f"{chance.digits(5)}/BL-GĐ")
    paper.title("BIÊN LAI THU TIỀN", "Phí giám định y khoa", points=16)
    paper.left("Đã thu của ông/bà:", who.name, "full_name", "name")
    paper.left("Nơi ở hiện nay:", who.address, "address", "address")
    paper.left("Số tiền (bằng số):", chance.money(), "amount", "money")
    paper.sentences(1)
    paper.signed("NGƯỜI LẬP BIÊN LAI")
    return "HD-CT"


def cash_slip(sheet: UnseenSheet, chance: Chance) -> str:
    """An invoice: buyer in capitals, seller's block above."""
    paper, who = Paper(sheet, chance), person(chance)
    seller = f"Công ty TNHH Thiết bị y tế {chance.one('given')}"
    paper.title("HÓA ĐƠN BÁN HÀNG", points=16)
    paper.left("Số:", chance.digits(8), "invoice", "text", x=150)
    paper.left("Đơn vị bán hàng:", seller, "organisation_name", "organisation")
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    paper.left("Người mua hàng:", who.name.upper(), "full_name", "name")
    paper.left("Tổng tiền thanh toán:", chance.money(), "amount", "money")
    paper.day(145, middle=True)
    paper.signed("NGƯỜI BÁN HÀNG")
    return "HD-CT"


def ward_proof(sheet: UnseenSheet, chance: Chance) -> str:
    """A commune confirms residence: sentence with birth and number on the next rows."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("UỶ BAN NHÂN DÂN", f"XÃ {chance.one('places').upper()}", number=f"{chance.digits(3)}/GXN-UBND")
    paper.title("GIẤY XÁC NHẬN CƯ TRÚ", points=15)
    in_sentence(paper, f"Ủy ban nhân dân xã xác nhận {title_of(who)}: {who.name}", ("full_name", "name", who.name))
    paper.left("Sinh ngày", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Hiện đang cư trú tại:", who.address, "residence", "address")
    paper.sentences(3)
    paper.signed("CHỦ TỊCH")
    return "GT-CM"


def treated_proof(sheet: UnseenSheet, chance: Chance) -> str:
    """A hospital confirms days of treatment, values in ruled cells."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), "BỆNH VIỆN PHỤC HỒI CHỨC NĂNG", number=f"{chance.digits(4)}/XN-BV")
    paper.title("GIẤY XÁC NHẬN", "Thời gian điều trị nội trú", points=15)
    for label, value, field, kind in (
        ("Tên người bệnh", who.name.upper(), "full_name", "name"),
        ("Ngày sinh", who.born, "birth_date", "date"),
        ("Số CCCD", who.personal_id, "personal_id", "personal_id"),
        ("Số điện thoại", who.phone, "phone", "phone"),
    ):
        paper.cell_row(label, value, field, kind)
    paper.y += 6
    paper.sentences(3)
    paper.signed("GIÁM ĐỐC")
    return "GT-CM"


def sick_slip(sheet: UnseenSheet, chance: Chance) -> str:
    """A certificate of leave with lettered items and both days in one sentence."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), f"TRẠM Y TẾ {chance.one('places').upper()}", number=f"{chance.digits(3)}/KCB")
    paper.title("GIẤY CHỨNG NHẬN", "Nghỉ việc hưởng bảo hiểm xã hội", points=15)
    sheet.put("I. Thông tin người bệnh", 24, paper.y, 12, bold=True)
    paper.y += 8
    paper.left("a) Họ tên:", who.name, "full_name", "name", last=False)
    paper.left("b) Sinh ngày:", who.born, "birth_date", "date", x=120)
    paper.left("c) Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("d) Số CCCD:", who.personal_id, "personal_id", "personal_id", x=110)
    paper.left("đ) Đơn vị làm việc:", f"Công ty cổ phần {chance.one('given')} {chance.one('given')}", "organisation_name", "organisation")
    sheet.put("II. Chẩn đoán và nghỉ việc", 24, paper.y, 12, bold=True)
    paper.y += 8
    paper.left("Chẩn đoán:", "Đau thắt lưng", "diagnosis", "text")
    first, last = chance.day(2025, 2026), chance.day(2026, 2027)
    sheet.put(f"Nghỉ từ ngày {first} đến hết ngày {last}", 24, paper.y, 12, name="leave_from", kind="date", value=first)
    sheet.fields.append(type(sheet.fields[-1])("leave_to", "date", last, sheet.fields[-1].box))
    paper.y += 12
    paper.day(145, middle=True)
    paper.signed("NGƯỜI HÀNH NGHỀ")
    return "GCN-NV"


def extract_of_birth(sheet: UnseenSheet, chance: Chance) -> str:
    """An extract of a birth entry, names in capitals, the parents one below the other."""
    paper, child, mother, father = Paper(sheet, chance), person(chance, 2010, 2025), person(chance), person(chance)
    place = chance.one("places")
    paper.head("UBND XÃ", place.upper(), number=f"{chance.digits(3)}/TLKS-BS")
    paper.title("TRÍCH LỤC KHAI SINH", "(BẢN SAO)", points=16)
    paper.left("Họ, chữ đệm, tên:", child.name.upper(), "child_name", "name")
    paper.left("Giới tính:", child.sex, "sex", "sex", last=False)
    paper.left("Dân tộc:", "Kinh", "nation", "text", x=75, last=False)
    paper.left("Quốc tịch:", "Việt Nam", "nationality", "text", x=120)
    paper.left("Ngày, tháng, năm sinh:", child.born, "child_birth_date", "date")
    paper.left("Họ, chữ đệm, tên người mẹ:", mother.name.upper(), "mother_name", "name")
    paper.left("Họ, chữ đệm, tên người cha:", father.name.upper(), "father_name", "name")
    paper.left("Đăng ký khai sinh tại:", f"Ủy ban nhân dân xã {place}", "place", "organisation")
    paper.signed("NGƯỜI KÝ TRÍCH LỤC")
    return "GKS"


def bilingual_contract(sheet: UnseenSheet, chance: Chance) -> str:
    """A contract whose labels are in two languages."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("HỢP ĐỒNG LAO ĐỘNG", "LABOUR CONTRACT", points=16)
    paper.left("Số / No.:", f"{chance.digits(3)}/2026/HĐLĐ-NS", "number_symbol", "number_symbol")
    paper.left("Công ty / Company:", f"Công ty TNHH {chance.one('given')} Việt Nam", "organisation_name", "organisation")
    paper.left("Đại diện / Represented by:", chance.name(), "signer", "name")
    paper.left("Người lao động / Employee:", who.name, "full_name", "name")
    paper.left("Ngày sinh / Date of birth:", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD / ID No.:", who.personal_id, "personal_id", "personal_id", x=118)
    paper.left("Mức lương / Salary:", chance.money(), "amount", "money")
    paper.sentences(3)
    return "HDLD"


def retiring(sheet: UnseenSheet, chance: Chance) -> str:
    """The insurer's decision on a pension: labelled items below the first article."""
    paper, who = Paper(sheet, chance), person(chance, 1960, 1968)
    paper.head("BẢO HIỂM XÃ HỘI VIỆT NAM", f"BẢO HIỂM XÃ HỘI TỈNH {chance.one('provinces').upper()}", number=f"{chance.digits(5)}/QĐ-BHXH")
    paper.title("QUYẾT ĐỊNH", "Về việc hưởng chế độ hưu trí hằng tháng", points=14)
    paper.sentences(2)
    in_sentence(paper, f"Điều 1. {title_of(who).capitalize()}: {who.name.upper()}", ("full_name", "name", who.name.upper()))
    paper.left("Sinh ngày", who.born, "birth_date", "date", last=False)
    paper.left("Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id", x=90)
    paper.left("Số sổ BHXH:", who.bhxh, "bhxh_number", "bhxh_number")
    paper.left("Mức lương hưu hằng tháng:", chance.money(), "pension", "money")
    paper.left("Nơi cư trú:", who.address, "residence", "address")
    paper.sentences(2)
    paper.signed("GIÁM ĐỐC")
    return "QD"


def leaving(sheet: UnseenSheet, chance: Chance) -> str:
    """A firm ends a contract in a sentence."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"CÔNG TY TNHH {chance.one('given').upper()}", chance.one("places").upper(), number=f"{chance.digits(2)}/2026/QĐ-NS")
    paper.title("QUYẾT ĐỊNH", "V/v chấm dứt HĐLĐ", points=15)
    paper.sentences(1)
    in_sentence(paper, f"Điều 1: Nay chấm dứt HĐLĐ với {title_of(who)} {who.name};", ("full_name", "name", who.name))
    in_sentence(paper, f"Ngày sinh: {who.born}; CCCD số: {who.personal_id}; kể từ ngày 15/3/2026.", ("birth_date", "date", who.born), ("personal_id", "personal_id", who.personal_id))
    paper.sentences(3)
    paper.signed("TỔNG GIÁM ĐỐC")
    return "QD"


def small_card(sheet: UnseenSheet, chance: Chance) -> str:
    """A card of 2021 at 1.2 times its size, sex and nationality close beside each other."""
    who = person(chance)
    sheet.draw.rectangle((sheet.px(45), sheet.px(50), sheet.px(150), sheet.px(116)), fill=(222, 234, 238))
    sheet.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 108, 57, 7.5, bold=True, middle=True)
    sheet.put("CĂN CƯỚC CÔNG DÂN", 108, 67, 10, bold=True, middle=True)
    sheet.put("Citizen Identity Card", 108, 71, 7, middle=True)
    sheet.put(f"Số / No.: {who.personal_id}", 76, 77, 10.5, bold=True, name="personal_id", kind="personal_id", value=who.personal_id)
    sheet.put("Họ và tên / Full name:", 76, 82, 6.5)
    sheet.put(who.name.upper(), 76, 86.5, 9.5, bold=True, name="full_name", kind="name")
    sheet.put(f"Ngày sinh / Date of birth: {who.born}", 76, 91.5, 7.5, name="birth_date", kind="date", value=who.born)
    end = sheet.put(f"Giới tính / Sex: {who.sex}", 76, 96, 7.5, name="sex", kind="sex", value=who.sex)
    sheet.put("Quốc tịch / Nationality: Việt Nam", end + 2.2, 96, 7.0)
    sheet.put("Nơi thường trú / Place of residence:", 76, 101, 6.5)
    sheet.put(who.address, 76, 105.5, 7.0, name="address", kind="address")
    until = chance.day(2030, 2040)
    sheet.put(f"Có giá trị đến: {until}", 47, 112, 7, name="valid_until", kind="date", value=until)
    return "CCCD"


def i_am(sheet: UnseenSheet, chance: Chance) -> str:
    """A request: "Tôi là", the dead person below, and a bank account."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("ĐƠN ĐỀ NGHỊ", "Hưởng lương hưu", points=15)
    paper.left("Tôi là:", who.name.upper(), "full_name", "name", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=145)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("Căn cước số:", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("SĐT:", who.phone, "phone", "phone", x=110)
    paper.left("Nơi cư trú hiện nay:", who.address, "address", "address")
    paper.sentences(3)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI VIẾT ĐƠN")
    return "14-HSB"


def leave_list(sheet: UnseenSheet, chance: Chance) -> str:
    """An employer's list for sick pay with remarks."""
    paper = Paper(sheet, chance, 9)
    paper.left("Tên cơ quan (đơn vị):", f"Hợp tác xã {chance.one('places')}", "organisation_name", "organisation")
    paper.left("Số điện thoại:", "02" + chance.digits(9), "phone", "phone")
    paper.title("DANH SÁCH", "ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ ỐM ĐAU, THAI SẢN", "(Mẫu 01B-HSB)", points=13)
    edges = (16, 26, 76, 106, 136, 160, 194)
    heads = ("TT", "Họ và tên", "Mã số BHXH", "Từ ngày", "Đến ngày", "Ghi chú")
    names = ("", "full_name", "bhxh_number", "leave_from", "leave_to", "note")
    kinds = ("", "name", "bhxh_number", "date", "date", "text")
    for number in range(12):
        who = person(chance)
        row = heads if not number else (str(number), who.name, who.bhxh, chance.day(2025, 2026), chance.day(2026, 2027), ("Ốm ngắn ngày", "Đã nghỉ")[number % 2])
        sheet.rule(edges[0], paper.y, edges[-1], paper.y)
        for left, right, text, name, kind in zip(edges, edges[1:], row, names, kinds, strict=False):
            sheet.rule(left, paper.y, left, paper.y + 8)
            field = {"name": name, "kind": kind} if number and name else {}
            points = min(10.0, 10 * (right - left - 3) / sheet.width_mm(text, 10))
            sheet.put(text, left + 1.5, paper.y + 5.5, points, bold=not number, **field)
        sheet.rule(edges[-1], paper.y, edges[-1], paper.y + 8)
        paper.y += 8
    sheet.rule(edges[0], paper.y, edges[-1], paper.y)
    paper.y += 12
    paper.day(150, middle=True)
    return "01B-HSB"


DRAWERS = (
    ("receipt", fee_receipt), ("receipt", cash_slip), ("proof", ward_proof), ("proof", treated_proof), ("leave", sick_slip), ("birth", extract_of_birth),
    ("contract", bilingual_contract), ("decision", retiring), ("decision", leaving), ("card", small_card), ("request", i_am), ("table", leave_list),
)  # fmt: skip
