"""The third set, sealed half: it judges. Looked into once, on 2026-11-29, for three wrong values that had been pre-confirmed; before that
no constant, label or rule was chosen by what these pages gave (deploy/decisions/0022).
"""

from __future__ import annotations

from deploy.demo.papers.truth import FieldTruth
from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def commune_decision(sheet: UnseenSheet, chance: Chance) -> str:
    """A commune grants an allowance; the subject is in the title's own type."""
    paper, who = Paper(sheet, chance), person(chance, 1940, 1965)
    paper.head("UỶ BAN NHÂN DÂN", f"PHƯỜNG {chance.one('places').upper()}", number=f"{chance.digits(4)}/QĐ-UBND")
    paper.title("QUYẾT ĐỊNH", "V/v trợ cấp hưu trí xã hội hằng tháng", points=14)
    paper.title("CHỦ TỊCH UỶ BAN NHÂN DÂN PHƯỜNG", points=12)
    paper.sentences(1)
    paper.prose(f"Điều 1. Trợ cấp đối với bà {who.name}, sinh ngày {who.born}, số định danh cá nhân {who.personal_id}.")
    line = next(line for line in reversed(sheet.lines) if who.personal_id in line.text)
    sheet.fields.append(FieldTruth("personal_id", "personal_id", who.personal_id, line.box))
    paper.left("Mức hưởng:", chance.money(), "amount", "money")
    paper.sentences(3)
    paper.signed("CHỦ TỊCH")
    return "QD"


def sick_leave(sheet: UnseenSheet, chance: Chance) -> str:
    """A certificate of leave, labels over values in two columns."""
    paper, who = Paper(sheet, chance), person(chance)
    sheet.put("PHÒNG KHÁM ĐA KHOA " + chance.one("given").upper(), 24, paper.y, 11, bold=True)
    sheet.put(f"Số: {chance.digits(4)}/KCB", 24, paper.y + 6, 11)
    paper.y += 20
    paper.title("GIẤY CHỨNG NHẬN", "NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI", points=15)
    paper.above("Họ và tên", who.name.upper(), "full_name", "name", last=False)
    paper.above("Ngày sinh", who.born, "birth_date", "date", x=120)
    paper.above("Số CCCD/ĐDCN", who.personal_id, "personal_id", "personal_id", last=False)
    paper.above("Mã số BHXH/Số thẻ BHYT", who.bhxh, "bhxh_number", "bhxh_number", x=120)
    paper.above("Đơn vị làm việc", f"Công ty TNHH {chance.one('given')} {chance.one('given')}", "organisation_name", "organisation")
    paper.above("Chẩn đoán", "Viêm dạ dày cấp", "diagnosis", "text")
    paper.above("Từ ngày", chance.day(2026, 2027), "leave_from", "date", last=False)
    paper.above("Đến hết ngày", chance.day(2026, 2027), "leave_to", "date", x=120)
    paper.day(145, middle=True)
    paper.signed("Y, BÁC SỸ KHÁM BỆNH")
    return "GCN-NV"


def old_birth(sheet: UnseenSheet, chance: Chance) -> str:
    """A birth certificate in ruled cells, place of registration last."""
    paper, child, mother, father = Paper(sheet, chance), person(chance, 1990, 2015), person(chance), person(chance)
    place = chance.one("places")
    paper.nation(x=105)
    paper.y += 20
    paper.title("GIẤY KHAI SINH", points=20)
    for label, value, field, kind in (
        ("Họ và tên", child.name, "child_name", "name"),
        ("Ngày, tháng, năm sinh", child.born, "child_birth_date", "date"),
        ("Giới tính", child.sex, "sex", "sex"),
        ("Họ và tên mẹ", mother.name, "mother_name", "name"),
        ("Họ và tên cha", father.name, "father_name", "name"),
        ("Quê quán", mother.address, "address", "address"),
        ("Nơi đăng ký", f"UBND xã {place}", "issuing_body", "organisation"),
        ("Ngày đăng ký", chance.day(2016, 2026), "issue_date", "date"),
    ):
        paper.cell_row(label, value, field, kind)
    paper.y += 10
    paper.signed("TM. UỶ BAN NHÂN DÂN")
    return "GKS"


def insurance_book(sheet: UnseenSheet, chance: Chance) -> str:
    """The cover sheet of an insurance book."""
    paper, who = Paper(sheet, chance, 13), person(chance)
    paper.y = 40
    sheet.put("BẢO HIỂM XÃ HỘI VIỆT NAM", 105, paper.y, 14, bold=True, middle=True)
    paper.y += 30
    paper.title("SỔ BẢO HIỂM XÃ HỘI", points=24)
    paper.y += 8
    paper.left("Mã số:", who.bhxh, "bhxh_number", "bhxh_number", x=50)
    paper.left("Họ và tên:", who.name.upper(), "full_name", "name", x=50)
    paper.left("Ngày, tháng, năm sinh:", who.born, "birth_date", "date", x=50)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=50)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", x=50)
    paper.y += 14
    paper.day(130, middle=True)
    paper.signed("GIÁM ĐỐC")
    return "SO-BHXH"


def small_contract(sheet: UnseenSheet, chance: Chance) -> str:
    """A contract with its title in small letters."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("DOANH NGHIỆP TƯ NHÂN", chance.one("given").upper() + " PHÁT", number=f"{chance.digits(3)}/HĐLĐ-2026", place=False)
    paper.title("Hợp đồng lao động", points=18)
    d, m, y = chance.day(2024, 2026).split("/")
    sheet.put(f"Hôm nay, ngày {d}/{m}/{y}, tại văn phòng doanh nghiệp", 24, paper.y, 12, name="issue_date", kind="date", value=f"{d}/{m}/{y}")
    paper.y += 9
    for label, value, field, kind in (
        ("Người lao động", who.name, "full_name", "name"),
        ("Sinh ngày", who.born, "birth_date", "date"),
        ("Số định danh cá nhân", who.personal_id, "personal_id", "personal_id"),
        ("Địa chỉ", who.address, "address", "address"),
        ("Tiền lương", chance.money(), "amount", "money"),
    ):
        paper.cell_row(label, value, field, kind)
    paper.y += 6
    paper.sentences(4)
    return "HDLD"


def appraisal(sheet: UnseenSheet, chance: Chance) -> str:
    """Minutes of a medical appraisal."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), "TRUNG TÂM GIÁM ĐỊNH Y KHOA", number=f"{chance.digits(3)}/GĐYK")
    paper.title("BIÊN BẢN GIÁM ĐỊNH Y KHOA", points=15)
    paper.left("Họ và tên:", who.name, "full_name", "name", last=False)
    paper.left("Ngày sinh:", who.born, "birth_date", "date", x=120)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", x=120)
    paper.sentences(5)
    paper.signed("CHỦ TỊCH HỘI ĐỒNG")
    return "BB-GDYK"


def receipt(sheet: UnseenSheet, chance: Chance) -> str:
    """A receipt of a hospital's till."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("BỆNH VIỆN ĐA KHOA", chance.one("places").upper(), number=f"{chance.digits(6)}/BL")
    paper.title("BIÊN LAI THU TIỀN", "(Liên 2: Giao cho người nộp)", points=16)
    paper.left("Họ và tên người nộp:", who.name, "full_name", "name")
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    paper.left("Tổng số tiền:", chance.money(), "amount", "money")
    paper.sentences(1)
    paper.signed("NGƯỜI THU TIỀN")
    return "HD-CT"


def two_columns(sheet: UnseenSheet, chance: Chance) -> str:
    """TK1-TS with two fields on each line."""
    paper, who = Paper(sheet, chance, 11), person(chance)
    paper.nation(x=105)
    paper.y += 16
    paper.title("TỜ KHAI", "Đăng ký tham gia, điều chỉnh thông tin BHXH, BHYT", points=15)
    paper.left("1. Họ và tên:", who.name.upper(), "full_name", "name", last=False)
    paper.left("2. Giới tính:", who.sex, "sex", "sex", x=125)
    paper.left("3. Ngày, tháng, năm sinh:", who.born, "birth_date", "date", last=False)
    paper.left("4. Số CCCD:", who.personal_id, "personal_id", "personal_id", x=110)
    paper.left("5. Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("6. Điện thoại:", who.phone, "phone", "phone", x=110)
    paper.left("7. Địa chỉ liên hệ:", who.address, "address", "address")
    paper.left("8. Mức thu nhập tháng đóng:", chance.money(), "amount", "money")
    paper.sentences(4)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI KÊ KHAI")
    return "TK1-TS"


def hospital_discharge(sheet: UnseenSheet, chance: Chance) -> str:
    """A discharge paper in ruled cells."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("BỘ Y TẾ", "BỆNH VIỆN PHỔI TRUNG ƯƠNG", number=f"{chance.digits(5)}/RV")
    paper.title("GIẤY RA VIỆN", points=16)
    for label, value, field, kind in (
        ("Họ và tên người bệnh", who.name.upper(), "full_name", "name"),
        ("Sinh ngày", who.born, "birth_date", "date"),
        ("Số định danh cá nhân", who.personal_id, "personal_id", "personal_id"),
        ("Số thẻ BHYT", f"DN 4 01 {who.bhxh}", "card", "text"),
        ("Địa chỉ", who.address, "address", "address"),
        ("Ngày vào viện", chance.day(2026, 2027), "admission_date", "date"),
        ("Ngày ra viện", chance.day(2026, 2027), "discharge_date", "date"),
        ("Chẩn đoán ra viện", "Lao phổi", "diagnosis", "text"),
    ):
        paper.cell_row(label, value, field, kind)
    paper.y += 8
    paper.signed("GIÁM ĐỐC BỆNH VIỆN")
    return "GRV"


def attestation(sheet: UnseenSheet, chance: Chance) -> str:
    """Any other proof: a former employer confirms."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("TỔNG CÔNG TY", chance.one("given").upper() + " HÀ", number=f"{chance.digits(3)}/XN-TCT")
    paper.title("GIẤY XÁC NHẬN", "Quá trình công tác và đóng bảo hiểm xã hội", points=15)
    paper.left("Xác nhận ông (bà):", who.name, "full_name", "name")
    paper.left("Sinh ngày:", who.born, "birth_date", "date")
    paper.sentences(6)
    paper.signed("TỔNG GIÁM ĐỐC")
    return "GT-CM"


def kin(sheet: UnseenSheet, chance: Chance) -> str:
    """The declaration of a deceased person's kin."""
    paper, who, dead = Paper(sheet, chance), person(chance), person(chance, 1935, 1960)
    paper.nation(x=105)
    paper.y += 16
    paper.title("TỜ KHAI CỦA THÂN NHÂN", points=15)
    paper.left("Họ và tên người khai:", who.name, "full_name", "name")
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("Số điện thoại:", who.phone, "phone", "phone", x=110)
    paper.left("Là thân nhân của ông (bà):", dead.name, "deceased_name", "name")
    paper.left("Đã chết ngày:", chance.day(2025, 2026), "death_date", "date", last=False)
    paper.left("Số sổ BHXH:", dead.bhxh, "bhxh_number", "bhxh_number", x=110)
    paper.left("Nơi cư trú:", who.address, "address", "address")
    paper.sentences(4)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI KHAI")
    return "09-HSB"


def holiday_plea(sheet: UnseenSheet, chance: Chance) -> str:
    """A request for holidays: no type of the catalogue."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 16
    paper.title("ĐƠN XIN NGHỈ PHÉP", points=16)
    paper.left("Tôi tên là:", who.name, "owner", "name")
    paper.left("Bộ phận:", "Tổ may 3", "place", "text")
    paper.sentences(4)
    paper.day(145, middle=True)
    return "NONE"


DRAWERS = (
    ("decision", commune_decision), ("leave", sick_leave), ("birth", old_birth), ("book", insurance_book), ("contract", small_contract),
    ("appraisal", appraisal), ("receipt", receipt), ("form", two_columns), ("discharge", hospital_discharge), ("proof", attestation),
    ("kin", kin), ("foreign", holiday_plea),
)  # fmt: skip
