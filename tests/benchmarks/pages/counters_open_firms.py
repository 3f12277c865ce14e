"""The fifth set, open half, what hospitals and firms send: letters with the stamp "ĐẾN", contracts of two parties, lists with groups, clinics with telephones."""

from __future__ import annotations

from tests.benchmarks.pages.agencies_open import in_sentence, title_of
from tests.benchmarks.pages.counter_parts import arrived, by_hand, corner, hand_day, plain
from tests.benchmarks.pages.layout_parts import Paper, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def firm(chance: Chance) -> str:
    """An invented company."""
    kind = chance.rng.choice(["Công ty TNHH", "Công ty cổ phần", "Hợp tác xã"])
    return f"{kind} {chance.one('given')} {chance.one('given')}"


def clinic_leave(sheet: UnseenSheet, chance: Chance) -> str:
    """A clinic's certificate with its code, its own telephone in the head and a parent's name at the end."""
    paper, who = Paper(sheet, chance, 11.5), person(chance)
    sheet.put("PHÒNG KHÁM ĐA KHOA " + chance.one("given").upper(), 24, paper.y, 11, bold=True, name="issuing_body", kind="organisation")
    sheet.put(f"Địa chỉ: {chance.address()}", 24, paper.y + 5, 8.5)
    sheet.put(f"Điện thoại: 024{chance.digits(8)}", 24, paper.y + 9.5, 9)
    corner(sheet, "Mẫu CT07", "Liên số: 1   Số seri: " + chance.digits(6))
    paper.y += 24
    paper.title("GIẤY CHỨNG NHẬN", "NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI", "(chỉ áp dụng cho điều trị ngoại trú)", points=14)
    paper.left("I. Họ và tên:", who.name.upper(), "full_name", "name", last=False)
    paper.left("ngày sinh:", who.born, "birth_date", "date", x=125)
    paper.left("Mã số BHXH/Số thẻ BHYT:", who.bhxh, "bhxh_number", "bhxh_number", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=125)
    paper.left("Đơn vị làm việc:", firm(chance), "organisation_name", "organisation")
    paper.left("II. Chẩn đoán và phương pháp điều trị:", "Viêm phế quản cấp, kê đơn", "diagnosis", "text")
    first, last = chance.day(2026, 2027), chance.day(2026, 2027)
    sheet.put(f"Số ngày nghỉ: 05 (Từ ngày {first} đến hết ngày {last})", 24, paper.y, 11.5, name="leave_from", kind="date", value=first)
    sheet.fields.append(type(sheet.fields[-1])("leave_to", "date", last, sheet.fields[-1].box))
    paper.y += 8
    plain(paper, f"III. Thông tin cha, mẹ (chỉ áp dụng khi con ốm): {chance.name()}")
    hand_day(paper)
    paper.signed("Người hành nghề KB, CB")
    return "GCN-NV"


def ward_discharge(sheet: UnseenSheet, chance: Chance) -> str:
    """A discharge paper with two telephones and a relative, hours before the days."""
    paper, who = Paper(sheet, chance, 11.5), person(chance)
    paper.head("BỘ Y TẾ", f"BỆNH VIỆN {chance.one('provinces').upper()}", place=False)
    sheet.put(f"ĐT: 0{chance.digits(9)}", 40, paper.y - 8, 9)
    corner(sheet, "MS: 01/BV-01", f"Số lưu trữ: {chance.digits(5)}", f"Mã Y tế: {chance.digits(3)}/{chance.digits(5)}")
    paper.title("GIẤY RA VIỆN", points=16)
    paper.left("- Họ tên người bệnh:", who.name.upper(), "full_name", "name", last=False)
    paper.left("- Nam/Nữ:", who.sex, "sex", "sex", x=140)
    paper.left("- Ngày/tháng/năm sinh:", who.born, "birth_date", "date", last=False)
    plain(paper, "(Tuổi: 41)   Dân tộc: Kinh", x=105)
    paper.left("- Mã số BHXH/Thẻ BHYT số:", who.bhxh, "bhxh_number", "bhxh_number")
    paper.left("- Số CCCD:", who.personal_id, "personal_id", "personal_id")
    paper.left("- Địa chỉ:", who.address, "address", "address")
    paper.left("- Vào viện lúc: 07 giờ 30 phút, ngày", chance.day(2025, 2026), "admission_date", "date")
    paper.left("- Ra viện lúc: 10 giờ 00 phút, ngày", chance.day(2026, 2027), "discharge_date", "date")
    paper.left("- Chẩn đoán:", "Gãy kín xương quay tay phải", "diagnosis", "text")
    plain(paper, f"- Người nhà liên hệ: {chance.name()} (con), điện thoại: 09{chance.digits(8)}")
    paper.day(145, middle=True)
    paper.signed("TRƯỞNG KHOA ĐIỀU TRỊ")
    return "GRV"


def sent_letter(sheet: UnseenSheet, chance: Chance) -> str:
    """A firm's letter with the subject under its number, a former name of its office, and the stamp of the day it came."""
    paper, who, name = Paper(sheet, chance), person(chance), firm(chance)
    paper.head(*name.upper().rsplit(" ", 1), number=f"{chance.digits(2)}/CV-{chance.one('given').upper()[0]}P")
    sheet.put("V/v xác nhận quá trình tham gia BHXH", 56, paper.y - 7, 10.5, middle=True)
    sheet.put("của người lao động đã nghỉ việc", 56, paper.y - 2.5, 10.5, middle=True)
    arrived(sheet, chance, 20, paper.y + 2)
    paper.y += 28
    sheet.put(f"Kính gửi: Bảo hiểm xã hội cơ sở {chance.one('places')}", 110, paper.y, 12, middle=True)
    sheet.put(f"(trước đây là Bảo hiểm xã hội huyện {chance.one('places')})", 110, paper.y + 6, 11, middle=True)
    paper.y += 16
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code", last=False)
    plain(paper, f"Điện thoại: 028{chance.digits(8)}", x=110)
    paper.prose(f"Công ty chúng tôi đề nghị quý cơ quan xác nhận cho {title_of(who)} {who.name}, sinh ngày {who.born}.")
    paper.sentences(4)
    plain(paper, f"Người liên hệ: {chance.name()}, số điện thoại 09{chance.digits(8)}")
    paper.signed("GIÁM ĐỐC")
    return "CV"


def two_sided_contract(sheet: UnseenSheet, chance: Chance) -> str:
    """A contract "Bên A", "Bên B": each with name, office, telephone and tax number."""
    paper, who = Paper(sheet, chance, 11.5), person(chance)
    paper.nation(x=105)
    paper.y += 14
    sheet.put(f"Số: {(mark := chance.digits(2) + '/2026/HĐLĐ')}", 105, paper.y, 11.5, middle=True, name="number_symbol", kind="number_symbol", value=mark)
    paper.y += 9
    paper.title("HỢP ĐỒNG LAO ĐỘNG", "(không xác định thời hạn)", points=15)
    d, m, y = chance.day(2024, 2026).split("/")
    paper.left("Hôm nay, ngày", f"{d} tháng {m} năm {y}", "signing", "text")
    plain(paper, "BÊN A: NGƯỜI SỬ DỤNG LAO ĐỘNG")
    paper.left("Tên đơn vị:", firm(chance), "organisation_name", "organisation")
    plain(paper, f"Người đại diện: Ông {chance.name()}        Chức vụ: Giám đốc")
    plain(paper, f"Điện thoại: 0225{chance.digits(7)}        Mã số thuế: 0{chance.digits(9)}")
    plain(paper, "BÊN B: NGƯỜI LAO ĐỘNG")
    paper.left("Họ và tên:", who.name, "full_name", "name", last=False)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", x=125)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    plain(paper, f"Điện thoại: {who.phone}", x=125)
    paper.left("Địa chỉ thường trú:", who.address, "address", "address")
    paper.left("Mức lương chính:", chance.money(), "amount", "money")
    paper.sentences(2)
    return "HDLD"


def verified(sheet: UnseenSheet, chance: Chance) -> str:
    """Minutes of a verification: three officers, one person who is asked, one about whom it is."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("BẢO HIỂM XÃ HỘI VIỆT NAM", f"BẢO HIỂM XÃ HỘI CƠ SỞ {chance.one('places').upper()}", number=f"{chance.digits(2)}/BB-BHXH", place=False)
    paper.title("BIÊN BẢN", "Xác minh thời gian công tác", points=15)
    d, m, y = chance.day(2025, 2027).split("/")
    sheet.put(f"Hôm nay, ngày {d} tháng {m} năm {y}, chúng tôi gồm:", 24, paper.y, 12, name="issue_date", kind="date", value=f"{d}/{m}/{y}")
    paper.y += 8
    for office in ("Phó Giám đốc BHXH cơ sở", "Viên chức chế độ", "Công chức tư pháp - hộ tịch xã"):
        plain(paper, f"- Ông (bà) {chance.name()}, chức vụ: {office}")
    paper.left("Người được xác minh:", who.name, "full_name", "name")
    paper.left("Số định danh cá nhân:", who.personal_id, "personal_id", "personal_id")
    paper.sentences(3)
    paper.signed("ĐẠI DIỆN ĐOÀN XÁC MINH")
    return "BB"


def accident_paper(sheet: UnseenSheet, chance: Chance) -> str:
    """A firm asks for the benefit of one who had an accident; the subject is part of the title."""
    paper, who, name = Paper(sheet, chance), person(chance), firm(chance)
    corner(sheet, "Mẫu số 05A-HSB")
    paper.y += 6
    paper.head(*name.upper().rsplit(" ", 1), number=f"{chance.digits(3)}/ĐN-{chance.one('given').upper()[0]}L")
    paper.title("VĂN BẢN ĐỀ NGHỊ", "Giải quyết chế độ tai nạn lao động, bệnh nghề nghiệp", points=14)
    paper.left("1. Tên đơn vị:", name, "organisation_name", "organisation", last=False)
    plain(paper, f"Mã đơn vị: TB{chance.digits(4)}A", x=130)
    plain(paper, f"2. Người bị tai nạn: {title_of(who)} {who.name}, sinh ngày {who.born}")
    plain(paper, f"3. Ngày bị tai nạn: {chance.day(2025, 2027)}        Số CCCD: {who.personal_id}")
    paper.sentences(3)
    paper.signed("THỦ TRƯỞNG ĐƠN VỊ")
    return "05A-HSB"


def enrolled(sheet: UnseenSheet, chance: Chance) -> str:
    """A list of insured workers with ruled group headings between its rows."""
    paper = Paper(sheet, chance, 9.5)
    corner(sheet, "Mẫu D02-LT", "(Kèm theo Quyết định số 1040/QĐ-BHXH)")
    paper.left("Tên đơn vị:", firm(chance), "organisation_name", "organisation")
    paper.left("Mã số thuế:", "0" + chance.digits(9), "tax_code", "tax_code")
    paper.title("BÁO CÁO TÌNH HÌNH SỬ DỤNG LAO ĐỘNG", "VÀ DANH SÁCH LAO ĐỘNG THAM GIA BHXH, BHYT, BHTN", points=12)
    edges = (14, 24, 76, 104, 134, 164, 196)
    heads = ("STT", "Họ và tên", "Mã số BHXH", "Ngày sinh", "Tiền lương", "Ghi chú")
    names, kinds = ("", "full_name", "bhxh_number", "birth_date", "salary", "note"), ("", "name", "bhxh_number", "date", "money", "text")
    number = 0
    for line in ("head", "I. Tăng lao động", *("row",) * 6, "II. Giảm lao động", *("row",) * 4):
        sheet.rule(edges[0], paper.y, edges[-1], paper.y)
        sheet.rule(edges[0], paper.y, edges[0], paper.y + 8)
        sheet.rule(edges[-1], paper.y, edges[-1], paper.y + 8)
        if line not in ("head", "row"):
            sheet.put(line, edges[0] + 12, paper.y + 5.5, 9.5, bold=True)
        else:
            number, who = number + (line == "row"), person(chance)
            row = heads if line == "head" else (str(number), who.name, who.bhxh, who.born, chance.money(), "Hợp đồng mới")
            for left, right, text, name, kind in zip(edges, edges[1:], row, names, kinds, strict=False):
                sheet.rule(left, paper.y, left, paper.y + 8)
                points = min(9.5, 9.5 * (right - left - 2) / sheet.width_mm(text, 9.5))
                field = {"name": name, "kind": kind} if line == "row" and name else {}
                sheet.put(text, (left + right) / 2, paper.y + 5.5, points, bold=line == "head", middle=True, **field)
        paper.y += 8
    sheet.rule(edges[0], paper.y, edges[-1], paper.y)
    paper.y += 12
    paper.day(150, middle=True)
    return "D02-TS"


def appointment(sheet: UnseenSheet, chance: Chance) -> str:
    """A slip of a counter that belongs to no type: it speaks of a pension, a person and two days."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"UBND XÃ {chance.one('places').upper()}", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", number=f"{chance.digits(5)}/GTN")
    paper.title("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", points=14)
    in_sentence(paper, f"Tiếp nhận hồ sơ của: {title_of(who).capitalize()} {who.name}", ("owner", "name", who.name))
    plain(paper, "Nội dung yêu cầu giải quyết: Hưởng lương hưu hằng tháng")
    plain(paper, "Thời gian nhận hồ sơ: 8 giờ 15 phút, ngày")
    by_hand(sheet, chance, chance.day(2026, 2027), 112, paper.y - 8)
    paper.sentences(2)
    paper.signed("NGƯỜI TIẾP NHẬN")
    return "NONE"


DRAWERS = (
    ("leave", clinic_leave), ("discharge", ward_discharge), ("letter", sent_letter), ("contract", two_sided_contract), ("minutes", verified), ("accident", accident_paper),
    ("table", enrolled), ("slip", appointment),
)  # fmt: skip
