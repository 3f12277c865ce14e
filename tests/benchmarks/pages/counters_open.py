"""The fifth set, open half, what citizens bring: forms with their code in the corner, papers of communes, courts and notaries with several persons.

Each names more people, days and telephones than its own; only those of the paper's subject are labelled. Faults found here may be mended.
"""

from __future__ import annotations

from tests.benchmarks.pages.agencies_open import in_sentence, title_of
from tests.benchmarks.pages.counter_parts import certified, corner, hand_day, hand_field, plain
from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def pension_request(sheet: UnseenSheet, chance: Chance) -> str:
    """A request on three lines of title, its code in the corner, filed by an agent with a telephone of his own."""
    paper, who, agent = Paper(sheet, chance, 11.5), person(chance, 1955, 1970), person(chance)
    corner(sheet, "Mẫu số 14-HSB", "(Ban hành kèm theo Quyết định số 366/QĐ-BHXH)")
    paper.y += 8
    paper.nation(x=105)
    paper.y += 18
    paper.title("ĐƠN ĐỀ NGHỊ", "Hưởng lương hưu, trợ cấp hằng tháng", points=14)
    sheet.put(f"Kính gửi: Bảo hiểm xã hội cơ sở {chance.one('places')}", 105, paper.y, 12, middle=True)
    paper.y += 10
    plain(paper, "I. Người đề nghị")
    paper.left("1. Họ và tên:", who.name.upper(), "full_name", "name", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=140)
    paper.left("2. Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("3. Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", x=110)
    paper.left("4. Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    plain(paper, f"cấp ngày {chance.day(2021, 2025)} tại Bộ Công an", x=105)
    paper.left("5. Nơi cư trú:", who.address, "address", "address")
    paper.left("6. Số điện thoại di động:", who.phone, "phone", "phone")
    plain(paper, "II. Người được ủy quyền nộp hồ sơ (nếu có)")
    plain(paper, f"Họ và tên: {agent.name}        Số CCCD: {agent.personal_id}")
    plain(paper, f"Số điện thoại: {agent.phone}        Quan hệ: Con")
    paper.sentences(2)
    hand_day(paper)
    paper.signed("NGƯỜI ĐỀ NGHỊ")
    return "14-HSB"


def arrears_request(sheet: UnseenSheet, chance: Chance) -> str:
    """Money of a dead pensioner: who asks stands first, who died below."""
    paper, who, dead = Paper(sheet, chance), person(chance), person(chance, 1930, 1955)
    corner(sheet, "Mẫu số 3-CBH")
    paper.nation(x=105)
    paper.y += 18
    paper.title("GIẤY ĐỀ NGHỊ", "Về việc nhận chế độ BHXH của người hưởng đã chết", points=14)
    sheet.put("Kính gửi: Bảo hiểm xã hội tỉnh " + chance.one("provinces"), 105, paper.y, 12, middle=True)
    paper.y += 10
    paper.left("Tên tôi là:", who.name, "full_name", "name", last=False)
    paper.left("sinh ngày", who.born, "birth_date", "date", x=125)
    paper.left("Số CCCD/Hộ chiếu:", who.personal_id, "personal_id", "personal_id")
    paper.left("Điện thoại liên hệ:", who.phone, "phone", "phone")
    plain(paper, f"Là con của ông: {dead.name}, sinh ngày {dead.born}")
    plain(paper, f"Mã số BHXH của người chết: {dead.bhxh}, chết ngày {chance.day(2025, 2027)}")
    paper.sentences(3)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI ĐỀ NGHỊ")
    return "3-CBH"


def change_of_place(sheet: UnseenSheet, chance: Chance) -> str:
    """A pensioner moves; old and new address, a guardian below."""
    paper, who = Paper(sheet, chance), person(chance, 1940, 1965)
    corner(sheet, "Mẫu số 2-CBH")
    paper.nation(x=105)
    paper.y += 18
    paper.title("THÔNG BÁO", "Chuyển hình thức lĩnh lương hưu, trợ cấp BHXH", "hoặc thay đổi thông tin người hưởng", points=14)
    paper.left("1. Họ và tên người hưởng:", who.name, "full_name", "name")
    paper.left("2. Ngày, tháng, năm sinh:", who.born, "birth_date", "date", last=False)
    paper.left("3. Số ĐDCN/CCCD:", who.personal_id, "personal_id", "personal_id", x=112)
    paper.left("4. Số sổ BHXH:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("5. SĐT:", who.phone, "phone", "phone", x=112)
    plain(paper, f"6. Nơi cư trú cũ: {chance.address()}")
    plain(paper, f"7. Nơi cư trú mới: {who.address}")
    plain(paper, f"8. Số tài khoản: {chance.digits(13)} tại Ngân hàng Nông nghiệp")
    paper.sentences(2)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI THÔNG BÁO")
    return "2-CBH"


def relatives(sheet: UnseenSheet, chance: Chance) -> str:
    """A declaration of relatives: who declares, who died, a table of the others with their own numbers."""
    paper, who, dead = Paper(sheet, chance, 11), person(chance), person(chance, 1940, 1970)
    corner(sheet, "Mẫu số 09-HSB")
    paper.nation(x=105)
    paper.y += 18
    paper.title("TỜ KHAI", "CỦA THÂN NHÂN", points=14)
    paper.left("1. Họ và tên người khai:", who.name, "full_name", "name", last=False)
    plain(paper, f"Quan hệ: {chance.rng.choice(['Vợ', 'Con', 'Mẹ'])}", x=140)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("Điện thoại:", who.phone, "phone", "phone", x=110)
    paper.left("2. Họ và tên người chết:", dead.name, "deceased_name", "name", last=False)
    plain(paper, f"sinh ngày {dead.born}", x=140)
    paper.left("Mã số BHXH:", dead.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("Chết ngày", chance.day(2025, 2027), "death_date", "date", x=110)
    plain(paper, "3. Thân nhân của người chết:")
    for n in range(5):
        other = person(chance)
        row = ("TT", "Họ và tên", "Ngày sinh", "Số CCCD", "Quan hệ") if not n else (str(n), other.name, other.born, other.personal_id, "Con")
        for x, text in zip((24, 34, 92, 122, 160), row, strict=True):
            sheet.put(text, x, paper.y, 10, bold=not n)
        paper.y += 7
    paper.y += 5
    paper.day(145, middle=True)
    paper.signed("NGƯỜI KHAI")
    return "09-HSB"


def notary_mandate(sheet: UnseenSheet, chance: Chance) -> str:
    """A mandate at a notary's office: parties in sentences, the notary's own words and number below."""
    paper, who, other = Paper(sheet, chance), person(chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("GIẤY UỶ QUYỀN", points=16)
    paper.prose(f"Hôm nay, tại trụ sở Văn phòng công chứng {chance.name()}, tôi là người ký tên dưới đây:")
    plain(paper, "Bên ủy quyền (sau đây gọi là Bên A):")
    in_sentence(paper, f"{title_of(who).capitalize()}: {who.name}, sinh ngày {who.born}", ("full_name", "name", who.name), ("birth_date", "date", who.born))
    paper.left("Căn cước công dân số:", who.personal_id, "personal_id", "personal_id")
    paper.left("Thường trú tại:", who.address, "residence", "address")
    plain(paper, "Bên được ủy quyền (sau đây gọi là Bên B):")
    plain(paper, f"{title_of(other).capitalize()}: {other.name}, sinh ngày {other.born}")
    plain(paper, f"Căn cước công dân số: {other.personal_id}, điện thoại: {other.phone}")
    paper.sentences(2)
    plain(paper, f"Số công chứng: {chance.digits(4)}, quyển số 02/2026 TP/CC-SCC/HĐGD")
    paper.signed("CÔNG CHỨNG VIÊN")
    return "13-HSB"


def court_ruling(sheet: UnseenSheet, chance: Chance) -> str:
    """A court says that somebody is dead: who asked for it, who decided, whom it is about."""
    paper, who = Paper(sheet, chance), person(chance, 1945, 1970)
    paper.head("TÒA ÁN NHÂN DÂN", f"KHU VỰC {chance.rng.integers(1, 9)} - {chance.one('provinces').upper()}", number=f"{chance.digits(2)}/2026/QĐST-DS")
    paper.title("QUYẾT ĐỊNH", "GIẢI QUYẾT VIỆC DÂN SỰ", "Về việc tuyên bố một người là đã chết", points=14)
    paper.prose(f"Thẩm phán - Chủ tọa phiên họp: Ông {chance.name()}")
    paper.prose(f"Người yêu cầu: Bà {chance.name()}, sinh ngày {chance.day(1950, 1990)}")
    paper.sentences(2)
    in_sentence(paper, f"1. Tuyên bố đối với ông: {who.name}, sinh ngày {who.born},", ("full_name", "name", who.name), ("birth_date", "date", who.born))
    in_sentence(paper, f"số định danh cá nhân {who.personal_id}, là đã chết.", ("personal_id", "personal_id", who.personal_id))
    paper.sentences(2)
    paper.signed("THẨM PHÁN")
    return "QD"


def death_notice(sheet: UnseenSheet, chance: Chance) -> str:
    """A hospital's notice of a death, with the number written in and a relative who was told."""
    paper, who = Paper(sheet, chance), person(chance, 1935, 1975)
    paper.head("SỞ Y TẾ " + chance.one("provinces").upper(), f"BỆNH VIỆN ĐA KHOA {chance.one('places').upper()}", place=False)
    number = chance.digits(3)
    sheet.put("Số:            /GBT-BV", 40, paper.y - 9, 11.5)
    hand_field(sheet, chance, number, 49, paper.y - 9, ("number_symbol", "number_symbol", f"{number}/GBT-BV"))
    paper.title("GIẤY BÁO TỬ", points=16)
    paper.left("Họ, chữ đệm, tên người chết:", who.name.upper(), "deceased_name", "name")
    paper.left("Ngày, tháng, năm sinh:", who.born, "birth_date", "date", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=120)
    paper.left("Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id")
    paper.left("Nơi cư trú cuối cùng:", who.address, "address", "address")
    paper.left("Đã chết vào lúc: 14 giờ 20 phút, ngày", chance.day(2025, 2027), "death_date", "date")
    plain(paper, f"Người nhận giấy báo tử: {chance.name()}        Điện thoại: 09{chance.digits(8)}")
    hand_day(paper)
    paper.signed("GIÁM ĐỐC")
    return "TL-KT"


def copied_birth(sheet: UnseenSheet, chance: Chance) -> str:
    """A certified copy: the commune's own number and day stand below those of the paper."""
    paper, child, mother, father = Paper(sheet, chance, 11.5), person(chance, 2005, 2025), person(chance, 1980, 2000), person(chance, 1975, 1999)
    sheet.put("BẢN SAO", 30, 12, 12, bold=True)
    paper.y += 4
    paper.head("UỶ BAN NHÂN DÂN", f"XÃ {chance.one('places').upper()}", number=f"{chance.digits(3)}/2025", place=False)
    paper.title("GIẤY KHAI SINH", points=18)
    paper.left("Họ, chữ đệm, tên:", child.name.upper(), "child_name", "name")
    paper.left("Ngày, tháng, năm sinh:", child.born, "child_birth_date", "date", last=False)
    paper.left("Giới tính:", child.sex, "sex", "sex", x=120)
    paper.left("Số định danh cá nhân:", child.personal_id, "personal_id", "personal_id")
    paper.left("Họ, chữ đệm, tên người mẹ:", mother.name.upper(), "mother_name", "name")
    plain(paper, f"Năm sinh: {mother.born[-4:]}        Dân tộc: Kinh        Quốc tịch: Việt Nam")
    paper.left("Họ, chữ đệm, tên người cha:", father.name.upper(), "father_name", "name")
    plain(paper, f"Năm sinh: {father.born[-4:]}        Dân tộc: Kinh        Quốc tịch: Việt Nam")
    paper.left("Ngày, tháng, năm đăng ký:", chance.day(2024, 2026), "issue_date", "date")
    plain(paper, f"Họ, chữ đệm, tên người đi khai sinh: {mother.name}")
    certified(paper)
    return "GKS"


def filled_form(sheet: UnseenSheet, chance: Chance) -> str:
    """A printed declaration whose every number is written in, in boxes of its own length, behind leaders and between strokes."""
    paper, who = Paper(sheet, chance, 11.5), person(chance)
    corner(sheet, "Mẫu TK1-TS")
    paper.nation(x=105)
    paper.y += 18
    paper.title("TỜ KHAI", "THAM GIA, ĐIỀU CHỈNH THÔNG TIN BHXH, BHYT", points=14)
    paper.left("[01]. Họ và tên:", who.name.upper(), "full_name", "name")
    for label, value, field, kind, leader in (
        ("[02]. Ngày, tháng, năm sinh:", who.born, "birth_date", "date", False),
        ("[03]. Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id", True),
        ("[04]. Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", False),
        ("[05]. Số điện thoại liên hệ:", who.phone, "phone", "phone", True),
    ):
        end = sheet.put(label, 24, paper.y, 11.5)
        if leader:
            sheet.dotted(end + 2, 185, paper.y + 0.8)
        hand_field(sheet, chance, value, end + 4, paper.y, (field, kind, value))
        paper.y += 9.5
    paper.sentences(3)
    hand_day(paper)
    paper.signed("NGƯỜI KHAI")
    return "TK1-TS"


DRAWERS = (
    ("request", pension_request), ("request", arrears_request), ("notice", change_of_place), ("declaration", relatives), ("mandate", notary_mandate), ("ruling", court_ruling),
    ("death", death_notice), ("birth", copied_birth), ("filled", filled_form),
)  # fmt: skip
