"""The fifth set, sealed half: it judges. No label, rule or constant was chosen by what these pages gave."""

from __future__ import annotations

from deploy.demo.papers.truth import FieldTruth
from tests.benchmarks.pages.agencies_open import in_sentence, title_of
from tests.benchmarks.pages.counter_parts import arrived, certified, corner, hand_day, hand_field, plain
from tests.benchmarks.pages.counters_open_firms import firm
from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet

_NOWHERE = (0, 0, 1, 1)


def none_of(sheet: UnseenSheet, name: str, kind: str) -> None:
    """The paper says this of others only: whatever is pre-confirmed there is wrong."""
    sheet.fields.append(FieldTruth(name, kind, "", _NOWHERE))


def survivor_request(sheet: UnseenSheet, chance: Chance) -> str:
    """A widow asks for a benefit; the dead, and a child with a number of its own."""
    paper, dead, who, child = Paper(sheet, chance, 11.5), person(chance, 1940, 1965), person(chance, 1945, 1970), person(chance, 2008, 2018)
    corner(sheet, "Mẫu 14-HSB", "Ban hành theo QĐ số 686/QĐ-BHXH", x=40)
    paper.y += 6
    paper.nation(x=105)
    paper.y += 17
    paper.title("ĐƠN ĐỀ NGHỊ", "V/v giải quyết chế độ tử tuất", points=14)
    paper.left("Họ tên người đề nghị:", who.name, "full_name", "name", last=False)
    paper.left("Ngày sinh:", who.born, "birth_date", "date", x=130)
    paper.left("Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("ĐT:", who.phone, "phone", "phone", x=130)
    paper.left("Nơi ở hiện nay:", who.address, "address", "address")
    plain(paper, f"Quan hệ với người chết: Vợ. Người chết: ông {dead.name}, sinh ngày {dead.born},")
    plain(paper, f"số sổ BHXH {dead.bhxh}, chết ngày {chance.day(2025, 2027)}.")
    plain(paper, f"Con: {child.name}, sinh ngày {child.born}, số định danh {child.personal_id}")
    paper.sentences(2)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI LÀM ĐƠN")
    return "14-HSB"


def child_declaration(sheet: UnseenSheet, chance: Chance) -> str:
    """A declaration for a child: the guardian has the telephone and a number too."""
    paper, who, mother = Paper(sheet, chance, 11.5), person(chance, 2015, 2025), person(chance, 1985, 2000)
    corner(sheet, "Mẫu số: TK1-TS")
    paper.nation(x=105)
    paper.y += 17
    paper.title("TỜ KHAI", "Tham gia, điều chỉnh thông tin", "bảo hiểm xã hội, bảo hiểm y tế", points=14)
    paper.left("[01]. Họ và tên:", who.name.upper(), "full_name", "name", last=False)
    paper.left("[02]. Giới tính:", who.sex, "sex", "sex", x=140)
    paper.left("[03]. Ngày, tháng, năm sinh:", who.born, "birth_date", "date")
    paper.left("[06]. Số CCCD/ĐDCN:", who.personal_id, "personal_id", "personal_id")
    plain(paper, f"[10]. Họ và tên cha/mẹ/người giám hộ: {mother.name}")
    plain(paper, f"Số CCCD: {mother.personal_id}        Số điện thoại: {mother.phone}")
    none_of(sheet, "phone", "phone")
    paper.sentences(2)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI KÊ KHAI")
    return "TK1-TS"


def married_proof(sheet: UnseenSheet, chance: Chance) -> str:
    """A commune confirms for one of two; its own telephone stands in the head."""
    paper, who, other = Paper(sheet, chance), person(chance), person(chance)
    paper.head("ỦY BAN NHÂN DÂN", f"PHƯỜNG {chance.one('places').upper()}", number=f"{chance.digits(3)}/GXN-UBND")
    sheet.put(f"Điện thoại: 0210{chance.digits(7)}", 56, paper.y - 9, 9, middle=True)
    paper.title("GIẤY XÁC NHẬN", "Tình trạng hôn nhân", points=15)
    paper.prose(f"Xét đề nghị của ông/bà {other.name}, sinh ngày {other.born},")
    in_sentence(paper, f"UBND phường xác nhận: {title_of(who)} {who.name}", ("full_name", "name", who.name))
    paper.left("Ngày sinh:", who.born, "birth_date", "date")
    paper.left("Giấy tờ tùy thân: CCCD số", who.personal_id, "personal_id", "personal_id")
    none_of(sheet, "phone", "phone")
    paper.sentences(2)
    hand_day(paper)
    paper.signed("CHỦ TỊCH")
    return "GT-CM"


def copied_death(sheet: UnseenSheet, chance: Chance) -> str:
    """An extract, certified as a copy; who reported the death has a number too."""
    paper, who, other = Paper(sheet, chance, 11.5), person(chance, 1930, 1965), person(chance)
    paper.head("UBND HUYỆN (CŨ)", f"UBND XÃ {chance.one('places').upper()}", number=f"{chance.digits(2)}/TLKT", place=False)
    paper.title("TRÍCH LỤC", "KHAI TỬ", points=16)
    paper.left("Họ, chữ đệm, tên:", who.name.upper(), "deceased_name", "name")
    paper.left("Ngày, tháng, năm sinh:", who.born, "birth_date", "date", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=125)
    paper.left("Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id")
    paper.left("Đã chết vào lúc 02 giờ 15 phút, ngày", chance.day(2024, 2026), "death_date", "date")
    paper.left("Ngày đăng ký khai tử:", chance.day(2026, 2027), "issue_date", "date")
    plain(paper, f"Người đi khai tử: {other.name}, số định danh cá nhân {other.personal_id}")
    certified(paper, "SAO Y BẢN CHÍNH")
    return "TL-KT"


def judgment_mandate(sheet: UnseenSheet, chance: Chance) -> str:
    """A mandate with both parties side by side."""
    paper, who, other = Paper(sheet, chance, 11), person(chance), person(chance)
    paper.nation(x=105)
    paper.y += 17
    paper.title("GIẤY ỦY QUYỀN", "Nhận lương hưu và trợ cấp bảo hiểm xã hội", points=15)
    plain(paper, "NGƯỜI ỦY QUYỀN", last=False)
    plain(paper, "NGƯỜI ĐƯỢC ỦY QUYỀN", x=112)
    for label, mine, theirs, field, kind in (
        ("Họ và tên:", who.name, other.name, "full_name", "name"),
        ("Sinh ngày:", who.born, other.born, "birth_date", "date"),
        ("Số CCCD:", who.personal_id, other.personal_id, "personal_id", "personal_id"),
        ("Điện thoại:", who.phone, other.phone, "phone", "phone"),
    ):
        paper.left(label, mine, field, kind, last=False)
        plain(paper, f"{label} {theirs}", x=112)
    paper.sentences(3)
    paper.day(145, middle=True)
    return "13-HSB"


def hospital_receipt(sheet: UnseenSheet, chance: Chance) -> str:
    """A hospital's receipt: number and amount written in by hand, payer and patient, a hotline."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), "BỆNH VIỆN SẢN NHI", place=False)
    number, amount = chance.digits(5), chance.digits(7)
    sheet.put("Số:", 46, paper.y - 8, 11)
    hand_field(sheet, chance, number, 55, paper.y - 8, ("number_symbol", "number_symbol", number))
    paper.title("PHIẾU THU", "Tiền viện phí", points=16)
    paper.left("Họ và tên người nộp tiền:", who.name, "full_name", "name")
    plain(paper, f"Bệnh nhân: {chance.name()}        Khoa: Nhi")
    sheet.put("Số tiền:", 24, paper.y, 12)
    hand_field(sheet, chance, amount, 44, paper.y, ("amount", "money", amount))
    paper.y += 9
    plain(paper, f"Đường dây nóng: 19{chance.digits(6)}")
    hand_day(paper)
    paper.signed("NGƯỜI THU TIỀN")
    return "HD-CT"


def moved_office(sheet: UnseenSheet, chance: Chance) -> str:
    """A letter of a commune under its new name, with the stamp of arrival at the right and a person to ask."""
    paper = Paper(sheet, chance)
    paper.head("UBND TỈNH " + chance.one("provinces").upper(), f"UBND XÃ {chance.one('places').upper()}", number=f"{chance.digits(3)}/UBND-VX")
    sheet.put("V/v xác minh nhân thân người hưởng", 56, paper.y - 7, 10.5, middle=True)
    arrived(sheet, chance, 140, paper.y)
    paper.y += 26
    sheet.put(f"Kính gửi: Bảo hiểm xã hội tỉnh {chance.one('provinces')}", 105, paper.y, 12, middle=True)
    paper.y += 10
    paper.sentences(4)
    plain(paper, f"Liên hệ: bà {chance.name()}, công chức, điện thoại 09{chance.digits(8)}")
    paper.signed("TM. ỦY BAN NHÂN DÂN")
    return "CV"


def probation_contract(sheet: UnseenSheet, chance: Chance) -> str:
    """A contract whose worker comes first and whose firm, with telephone and address, follows."""
    paper, who = Paper(sheet, chance, 11.5), person(chance)
    paper.nation(x=105)
    paper.y += 16
    paper.title("HỢP ĐỒNG LAO ĐỘNG", "Thời hạn 36 tháng", points=15)
    d, m, y = chance.day(2024, 2026).split("/")
    sheet.put(f"Hôm nay, ngày {d} tháng {m} năm {y}, hai bên gồm:", 24, paper.y, 11.5, name="issue_date", kind="date", value=f"{d}/{m}/{y}")
    paper.y += 8
    plain(paper, "1. Người lao động (Bên A)")
    paper.left("Ông/Bà:", who.name, "full_name", "name", last=False)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", x=125)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id")
    paper.left("Địa chỉ:", who.address, "address", "address")
    plain(paper, "2. Người sử dụng lao động (Bên B)")
    paper.left("Tên đơn vị:", firm(chance), "organisation_name", "organisation")
    plain(paper, f"Địa chỉ: {chance.address()}        Điện thoại: 024{chance.digits(8)}")
    plain(paper, f"Đại diện: Bà {chance.name()}, Phó Giám đốc, CCCD số {person(chance).personal_id}")
    paper.left("Mức lương:", chance.money(), "amount", "money")
    paper.sentences(2)
    return "HDLD"


def disability(sheet: UnseenSheet, chance: Chance) -> str:
    """Minutes of an appraisal: members of the council, then the person, a title on two lines."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"SỞ Y TẾ {chance.one('provinces').upper()}", "TRUNG TÂM GIÁM ĐỊNH Y KHOA", number=f"{chance.digits(3)}/BB-GĐYK")
    paper.title("BIÊN BẢN", "Giám định mức suy giảm khả năng lao động", points=15)
    plain(paper, f"Chủ tịch Hội đồng: Bác sĩ {chance.name()}; Thư ký: {chance.name()}")
    paper.left("Đã giám định cho ông (bà):", who.name, "full_name", "name")
    paper.left("Sinh ngày", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", x=85)
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number")
    paper.sentences(4)
    paper.signed("CHỦ TỊCH HỘI ĐỒNG")
    return "BB-GDYK"


def other_request(sheet: UnseenSheet, chance: Chance) -> str:
    """A request of another law: no type of the catalogue."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 17
    paper.title("ĐƠN ĐỀ NGHỊ", "Hỗ trợ tiền điện cho hộ nghèo", points=15)
    paper.left("Họ và tên chủ hộ:", who.name, "owner", "name")
    paper.sentences(4)
    paper.day(145, middle=True)
    return "NONE"


DRAWERS = (
    ("request", survivor_request), ("declaration", child_declaration), ("proof", married_proof), ("death", copied_death), ("mandate", judgment_mandate), ("receipt", hospital_receipt),
    ("letter", moved_office), ("contract", probation_contract), ("appraisal", disability), ("other", other_request),
)  # fmt: skip
