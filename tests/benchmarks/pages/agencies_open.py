"""The fourth set, open half: what hospitals, firms, communes and the insurer's own desks hand out. Faults found here may be mended.

Names stand here as such papers announce them: behind "Ông/Bà", in a sentence, in capitals, in a party's block, over two rows, in a list.
"""

from __future__ import annotations

from deploy.demo.papers.truth import FieldTruth
from tests.benchmarks.pages.layout_parts import Paper, Person, person
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet


def in_sentence(paper: Paper, text: str, *fields: tuple[str, str, str]) -> None:
    """A paragraph of the body that holds (field, kind, value) somewhere in it; a value that a row's end parts is none of them."""
    first = len(paper.sheet.lines)
    paper.prose(text)
    for name, kind, value in fields:
        for line in paper.sheet.lines[first:]:
            if value in line.text:
                paper.sheet.fields.append(FieldTruth(name, kind, value, line.box))


def title_of(who: Person) -> str:
    """How a paper speaks of this person."""
    return "bà" if who.sex == "Nữ" else "ông"


def till_receipt(sheet: UnseenSheet, chance: Chance) -> str:
    """A hospital's till: payer, address, sum in figures and words."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("BỆNH VIỆN ĐA KHOA KHU VỰC", chance.one("places").upper(), number=f"{chance.digits(7)}", said="Số: ", place=False)
    paper.title("BIÊN LAI THU TIỀN VIỆN PHÍ", "(Liên 2: Giao người nộp tiền)", points=15)
    paper.left("Họ và tên người nộp tiền:", who.name, "full_name", "name")
    paper.left("Địa chỉ:", who.address, "address", "address")
    paper.left("Nội dung thu:", "Tạm ứng điều trị nội trú", "content", "text")
    paper.left("Số tiền:", chance.money(), "amount", "money")
    paper.prose("(Viết bằng chữ: .................................................................................)")
    paper.day(145, middle=True)
    paper.signed("NGƯỜI THU TIỀN")
    return "HD-CT"


def handed_in(sheet: UnseenSheet, chance: Chance) -> str:
    """The slip of a counter: no type of the catalogue, only its name is asked of it."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"UBND XÃ {chance.one('places').upper()}", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", number=f"{chance.digits(4)}/TNHS")
    paper.title("GIẤY BIÊN NHẬN HỒ SƠ", points=15)
    paper.left("Đã nhận của ông (bà):", who.name, "owner", "name")
    paper.left("Số điện thoại:", who.phone, "telephone", "phone")
    paper.sentences(3)
    paper.signed("NGƯỜI NHẬN HỒ SƠ")
    return "NONE"


def income_proof(sheet: UnseenSheet, chance: Chance) -> str:
    """A firm confirms pay; who it is stands behind "Ông/Bà" and a second label on the same row."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("CÔNG TY CỔ PHẦN", f"XÂY LẮP {chance.one('given').upper()}", number=f"{chance.digits(2)}/GXN-XL")
    paper.title("GIẤY XÁC NHẬN", "Mức lương và thời gian làm việc", points=15)
    paper.prose("Công ty xác nhận người lao động có tên dưới đây:")
    paper.left("Ông/Bà:", who.name.upper(), "full_name", "name", last=False)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", x=125)
    paper.left("CCCD số:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", x=110)
    paper.sentences(3)
    paper.signed("GIÁM ĐỐC")
    return "GT-CM"


def school_proof(sheet: UnseenSheet, chance: Chance) -> str:
    """A confirmation in one sentence."""
    paper, who = Paper(sheet, chance), person(chance, 2000, 2008)
    paper.head("SỞ GIÁO DỤC VÀ ĐÀO TẠO", f"TRƯỜNG CAO ĐẲNG {chance.one('places').upper()}", number=f"{chance.digits(3)}/XN-CĐ")
    paper.title("GIẤY XÁC NHẬN SINH VIÊN", points=15)
    in_sentence(paper, f"Xác nhận {title_of(who)} {who.name}, sinh ngày {who.born},", ("full_name", "name", who.name), ("birth_date", "date", who.born))
    in_sentence(paper, f"số định danh cá nhân {who.personal_id}, hiện là sinh viên năm thứ hai.", ("personal_id", "personal_id", who.personal_id))
    paper.sentences(3)
    paper.signed("HIỆU TRƯỞNG")
    return "GT-CM"


def leave_decision(sheet: UnseenSheet, chance: Chance) -> str:
    """A decision that speaks of "ông" or "bà" inside its first article."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head("UBND TỈNH " + chance.one("provinces").upper(), "TRUNG TÂM Y TẾ KHU VỰC", number=f"{chance.digits(3)}/QĐ-TTYT")
    paper.title("QUYẾT ĐỊNH", "Về việc cho viên chức thôi việc", points=14)
    paper.title("GIÁM ĐỐC TRUNG TÂM Y TẾ", points=12)
    paper.sentences(2)
    paper.title("QUYẾT ĐỊNH:", points=13)
    in_sentence(paper, f"Điều 1. Cho {title_of(who)} {who.name}, sinh ngày {who.born},", ("full_name", "name", who.name), ("birth_date", "date", who.born))
    in_sentence(paper, f"số sổ BHXH {who.bhxh}, thôi việc kể từ ngày 01/3/2026.", ("bhxh_number", "bhxh_number", who.bhxh))
    paper.sentences(2)
    paper.signed("GIÁM ĐỐC")
    return "QD"


def party_contract(sheet: UnseenSheet, chance: Chance) -> str:
    """A contract between "một bên" and "một bên"; the firm's own signer is an "ông" too."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"CÔNG TY TNHH {chance.one('given').upper()}", chance.one("given").upper(), number=f"{chance.digits(2)}/HĐLĐ-{chance.one('given').upper()[0]}", place=False)
    paper.title("HỢP ĐỒNG LAO ĐỘNG", points=16)
    paper.prose(f"Chúng tôi, một bên là ông: {chance.name()}   Chức vụ: Giám đốc")
    paper.left("Đại diện cho:", f"Công ty TNHH {chance.one('given')} {chance.one('given')}", "organisation", "organisation")
    paper.left(f"Và một bên là {title_of(who)}:", who.name, "full_name", "name")
    paper.left("Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Địa chỉ thường trú:", who.address, "address", "address")
    paper.left("Mức lương:", chance.money(), "amount", "money")
    paper.sentences(3)
    paper.day(145, middle=True)
    return "HDLD"


def book_leaf(sheet: UnseenSheet, chance: Chance) -> str:
    """A loose leaf of an insurance book, two fields on a row and periods in a table."""
    paper, who = Paper(sheet, chance, 11), person(chance)
    sheet.put("BẢO HIỂM XÃ HỘI VIỆT NAM", 60, paper.y, 11, bold=True, middle=True)
    sheet.put(f"BẢO HIỂM XÃ HỘI TỈNH {chance.one('provinces').upper()}", 60, paper.y + 5.5, 11, bold=True, middle=True)
    paper.y += 18
    paper.title("QUÁ TRÌNH ĐÓNG BẢO HIỂM XÃ HỘI", points=14)
    paper.left("Họ và tên:", who.name.upper(), "full_name", "name", last=False)
    paper.left("Mã số:", who.bhxh, "bhxh_number", "bhxh_number", x=130)
    paper.left("Ngày sinh:", who.born, "birth_date", "date", last=False)
    paper.left("Giới tính:", who.sex, "sex", "sex", x=90, last=False)
    paper.left("Số CCCD:", who.personal_id, "personal_id", "personal_id", x=130)
    for n in range(9):
        row = ("Từ tháng", "Đến tháng", "Diễn giải", "Mức đóng") if not n else (f"0{n}/2019", f"1{n % 3}/2020", f"Công nhân, Công ty cổ phần {chance.one('given')}", chance.money())
        for x, text in zip((24, 50, 78, 160), row, strict=True):
            sheet.put(text, x, paper.y, 10, bold=not n)
        paper.y += 7
    paper.day(145, middle=True)
    paper.signed("GIÁM ĐỐC")
    return "SO-BHXH"


def old_card(sheet: UnseenSheet, chance: Chance) -> str:
    """A copy of a card of 2016 at its true size: sex and nationality on one row, labels in one language."""
    paper, who = Paper(sheet, chance, 8.5), person(chance)
    sheet.draw.rectangle((sheet.px(50), sheet.px(40), sheet.px(150), sheet.px(103)), fill=(226, 238, 230))
    paper.y = 46
    paper.nation(x=108, points=7)
    paper.y += 14
    sheet.put("CĂN CƯỚC CÔNG DÂN", 108, paper.y, 10, bold=True, middle=True)
    paper.y += 7
    for row in (
        (("Số:", who.personal_id, "personal_id", "personal_id", 78),),
        (("Họ và tên:", who.name.upper(), "full_name", "name", 78),),
        (("Ngày, tháng, năm sinh:", who.born, "birth_date", "date", 78),),
        (("Giới tính:", who.sex, "sex", "sex", 78), ("Quốc tịch:", "Việt Nam", "nationality", "text", 107)),
        (("Nơi thường trú:", who.address, "address", "address", 52),),
        (("Có giá trị đến:", chance.day(2030, 2040), "valid_until", "date", 52),),
    ):
        for label, value, field, kind, x in row:
            sheet.put(f"{label} {value}", x, paper.y, 7.0 if kind == "address" else 8.5, name=field, kind=kind, value=value)
        paper.y += 5.4
    return "CCCD"


def plain_plea(sheet: UnseenSheet, chance: Chance) -> str:
    """A request written as people write them: "Tên tôi là", dotted rows, a name beside its sex."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("ĐƠN ĐỀ NGHỊ", "Giải quyết chế độ tuất một lần", points=15)
    sheet.put(f"Kính gửi: Bảo hiểm xã hội tỉnh {chance.one('provinces')}", 105, paper.y, 12, middle=True)
    paper.y += 10
    paper.left("Tên tôi là:", who.name, "full_name", "name", last=False)
    paper.left("Nam/Nữ:", who.sex, "sex", "sex", x=150)
    paper.left("Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("Số CCCD/Hộ chiếu:", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Hộ khẩu thường trú:", who.address, "address", "address")
    paper.left("Số ĐT:", who.phone, "phone", "phone", last=False)
    paper.left("Số sổ BHXH:", who.bhxh, "bhxh_number", "bhxh_number", x=95)
    paper.sentences(3)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI LÀM ĐƠN")
    return "14-HSB"


def two_parties(sheet: UnseenSheet, chance: Chance) -> str:
    """A power of attorney whose two parties have the same labels; the first is the subject."""
    paper, who, other = Paper(sheet, chance), person(chance), person(chance)
    paper.nation(x=105)
    paper.y += 18
    paper.title("GIẤY ỦY QUYỀN", points=16)
    sheet.put("I. BÊN ỦY QUYỀN:", 24, paper.y, 12, bold=True)
    paper.y += 8
    paper.left("Ông/Bà:", who.name, "full_name", "name")
    paper.left("Ngày sinh:", who.born, "birth_date", "date", last=False)
    paper.left("CCCD/CMND số:", who.personal_id, "personal_id", "personal_id", x=95)
    paper.left("Nơi cư trú:", who.address, "address", "address")
    sheet.put("II. BÊN ĐƯỢC ỦY QUYỀN:", 24, paper.y, 12, bold=True)
    paper.y += 8
    sheet.put(f"Ông/Bà: {other.name}", 24, paper.y, 12)
    paper.y += 8
    sheet.put(f"Ngày sinh: {other.born}", 24, paper.y, 12)
    sheet.put(f"CCCD/CMND số: {other.personal_id}", 95, paper.y, 12)
    paper.y += 8
    paper.sentences(2)
    paper.day(145, middle=True)
    paper.signed("NGƯỜI ỦY QUYỀN")
    return "13-HSB"


def appraised(sheet: UnseenSheet, chance: Chance) -> str:
    """Minutes of an appraisal: numbered items, a date before the next item on the same row."""
    paper, who = Paper(sheet, chance), person(chance)
    paper.head(f"SỞ Y TẾ {chance.one('provinces').upper()}", "HỘI ĐỒNG GIÁM ĐỊNH Y KHOA", number=f"{chance.digits(3)}/GĐYK-BHXH")
    paper.title("BIÊN BẢN GIÁM ĐỊNH Y KHOA", points=15)
    paper.left("1. Họ và tên đối tượng giám định:", who.name, "full_name", "name")
    paper.left("2. Sinh ngày:", who.born, "birth_date", "date", last=False)
    paper.left("3. Giới tính:", who.sex, "sex", "sex", x=80)
    paper.left("4. Số CCCD:", who.personal_id, "personal_id", "personal_id", last=False)
    paper.left("5. Mã số BHXH:", who.bhxh, "bhxh_number", "bhxh_number", x=100)
    paper.sentences(4)
    paper.signed("CHỦ TỊCH HỘI ĐỒNG")
    return "BB-GDYK"


def paid_list(sheet: UnseenSheet, chance: Chance) -> str:
    """The insurer's list of what was granted, with remarks in its last column."""
    paper = Paper(sheet, chance, 9)
    paper.head("BẢO HIỂM XÃ HỘI VIỆT NAM", f"BẢO HIỂM XÃ HỘI CƠ SỞ {chance.one('places').upper()}", number=f"{chance.digits(3)}/C70a-HD")
    paper.title("DANH SÁCH GIẢI QUYẾT HƯỞNG CHẾ ĐỘ", "ỐM ĐAU, THAI SẢN, TRỢ CẤP DƯỠNG SỨC", points=13)
    paper.left("Tên đơn vị:", f"Công ty cổ phần {chance.one('given')} {chance.one('given')}", "organisation_name", "organisation")
    edges = (14, 22, 68, 94, 116, 138, 168, 196)
    heads = ("STT", "Họ và tên", "Mã số BHXH", "Từ ngày", "Đến ngày", "Số tiền", "Ghi chú")
    names = ("", "full_name", "bhxh_number", "leave_from", "leave_to", "amount", "note")
    kinds = ("", "name", "bhxh_number", "date", "date", "money", "text")
    for number in range(13):
        who = person(chance)
        note = ("Đã nhận", "Chưa nhận", "Chuyển khoản")[number % 3]
        row = heads if not number else (str(number), who.name, who.bhxh, chance.day(2025, 2026), chance.day(2026, 2027), chance.money(), note)
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
    return "C70A-HD"


DRAWERS = (
    ("receipt", till_receipt), ("slip", handed_in), ("proof", income_proof), ("proof", school_proof), ("decision", leave_decision), ("contract", party_contract),
    ("book", book_leaf), ("card", old_card), ("request", plain_plea), ("mandate", two_parties), ("appraisal", appraised), ("table", paid_list),
)  # fmt: skip
