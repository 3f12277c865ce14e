"""Document types for tests: the sixteen provisional ones, with the labels their forms carry. A fixture, not the catalogue."""

from __future__ import annotations

import datetime as dt

from sync_protocol.paper_types import DocumentType, FieldTemplate

NUMBER = FieldTemplate("number_symbol", "Số, ký hiệu", "number_symbol", ("Số", "Số, ký hiệu"), False, "d")
ISSUED = FieldTemplate("issue_date", "Ngày cấp", "date", ("Ngày cấp", "Ngày, tháng, năm cấp"), True, "đ")
BODY = FieldTemplate("issuing_body", "Cơ quan cấp", "organisation", (), True, "e")
TITLE = FieldTemplate("document_name", "Tên giấy tờ", "text", (), True, "c")
SUMMARY = FieldTemplate(
    "summary", "Trích yếu", "text", ("Về việc", "Nội dung thay đổi, yêu cầu", "Nội dung đề nghị"), False, "g"
)
NAME = FieldTemplate(
    "full_name",
    "Họ và tên",
    "name",
    ("Họ và tên người bệnh", "Họ và tên", "Họ, chữ đệm, tên", "Họ tên", "Ông/Bà"),
    True,
    "b",
)
BORN = FieldTemplate("birth_date", "Ngày sinh", "date", ("Ngày, tháng, năm sinh", "Ngày sinh", "Sinh ngày"), True, "b")
SEX = FieldTemplate("sex", "Giới tính", "sex", ("Giới tính",), False, "k")
PERSON = FieldTemplate(
    "personal_id",
    "Số định danh cá nhân",
    "personal_id",
    ("Số định danh cá nhân/CCCD", "Số định danh cá nhân", "Số CCCD/ĐDCN", "Số CCCD", "Số căn cước"),
    True,
    "b",
)
BHXH = FieldTemplate("bhxh_number", "Mã số BHXH", "bhxh_number", ("Mã số BHXH", "Mã số bảo hiểm xã hội"), False, "k")
ADDRESS = FieldTemplate(
    "address",
    "Địa chỉ",
    "address",
    ("Địa chỉ nơi cư trú", "Địa chỉ", "Nơi cư trú cuối cùng", "Nơi cư trú", "Nơi thường trú"),
    False,
    "k",
)
PHONE = FieldTemplate("phone", "Số điện thoại", "phone", ("Số điện thoại", "Điện thoại"), False, "k")
PERSON_FIELDS = (NAME, BORN, SEX, PERSON, BHXH, ADDRESS, PHONE)
HEAD = (TITLE, NUMBER, ISSUED, BODY)


def field(name: str, label: str, kind: str, *anchors: str) -> FieldTemplate:
    """One field of item k."""
    return FieldTemplate(name, label, kind, anchors or (label,), False, "k")  # type: ignore[arg-type]


def paper(
    code: str, name: str, *template: FieldTemplate, keywords: tuple[str, ...] = (), is_result: bool = False
) -> DocumentType:
    """A provisional document type whose title words are its name unless said otherwise."""
    words = keywords or (name,)
    return DocumentType(code, name, words, is_result, False, True, template, "test", dt.date(2025, 7, 1), None)


ORGANISATION = field(
    "organisation_name", "Tên đơn vị", "organisation", "Tên đơn vị", "Đơn vị làm việc", "Tên cơ quan, đơn vị"
)
UNIT_NUMBER = field("unit_number", "Mã số đơn vị", "text", "Mã đơn vị", "Mã số đơn vị")
TAX = field("tax_code", "Mã số thuế", "tax_code", "Mã số thuế")
DIAGNOSIS = field("diagnosis", "Chẩn đoán", "text", "Chẩn đoán")
DEATH = field("death_date", "Ngày chết", "date", "Đã chết vào lúc", "Chết ngày", "Ngày chết")
AMOUNT = field("amount", "Số tiền", "money", "Số tiền", "Tổng số tiền", "Mức hưởng", "Mức lương")

DOCUMENT_TYPES = (
    paper(
        "TK1-TS",
        "Tờ khai tham gia, điều chỉnh thông tin BHXH, BHYT",
        TITLE,
        ISSUED,
        SUMMARY,
        *PERSON_FIELDS,
        keywords=("Tờ khai tham gia, điều chỉnh thông tin bảo hiểm xã hội, bảo hiểm y tế", "Tờ khai tham gia"),
    ),
    paper(
        "D02-TS",
        "Danh sách lao động tham gia BHXH",
        TITLE,
        NUMBER,
        ISSUED,
        ORGANISATION,
        UNIT_NUMBER,
        TAX,
        keywords=(
            "Danh sách lao động tham gia BHXH",
            "Danh sách lao động tham gia",
            "Báo cáo tình hình sử dụng lao động và danh sách tham gia",
        ),
    ),
    paper("14-HSB", "Đơn đề nghị", TITLE, ISSUED, SUMMARY, *PERSON_FIELDS, AMOUNT),
    paper("13-HSB", "Giấy ủy quyền", TITLE, ISSUED, *PERSON_FIELDS),
    paper(
        "09-HSB",
        "Tờ khai của thân nhân",
        TITLE,
        ISSUED,
        *PERSON_FIELDS,
        field("deceased_name", "Họ và tên người chết", "name", "Họ và tên người chết", "Họ và tên"),
        DEATH,
    ),
    paper(
        "01B-HSB",
        "Danh sách đề nghị giải quyết hưởng chế độ",
        TITLE,
        NUMBER,
        ISSUED,
        ORGANISATION,
        UNIT_NUMBER,
        AMOUNT,
        keywords=("Danh sách đề nghị giải quyết hưởng chế độ", "Danh sách đề nghị hưởng chế độ"),
    ),
    paper(
        "GRV",
        "Giấy ra viện",
        *HEAD,
        *PERSON_FIELDS,
        field("hospital", "Bệnh viện", "organisation", "Bệnh viện", "Tên cơ sở khám chữa bệnh"),
        DIAGNOSIS,
        field("admission_date", "Vào viện ngày", "date", "Vào viện ngày", "Vào viện lúc"),
        field("discharge_date", "Ra viện ngày", "date", "Ra viện ngày", "Ra viện lúc"),
    ),
    paper(
        "GCN-NV",
        "Giấy chứng nhận nghỉ việc hưởng BHXH",
        *HEAD,
        *PERSON_FIELDS,
        ORGANISATION,
        DIAGNOSIS,
        field("leave_from", "Từ ngày", "date", "Từ ngày"),
        field("leave_to", "Đến hết ngày", "date", "Đến hết ngày", "Đến ngày"),
        keywords=("Giấy chứng nhận nghỉ việc hưởng bảo hiểm xã hội",),
    ),
    paper(
        "GKS",
        "Giấy khai sinh",
        *HEAD,
        field("child_name", "Họ tên trẻ", "name", "Họ, chữ đệm, tên"),
        field("child_birth_date", "Ngày sinh", "date", "Ngày, tháng, năm sinh"),
        SEX,
        PERSON,
        field("mother_name", "Họ tên mẹ", "name", "Họ, chữ đệm, tên người mẹ"),
        field("father_name", "Họ tên cha", "name", "Họ, chữ đệm, tên người cha"),
    ),
    paper(
        "TL-KT",
        "Trích lục khai tử",
        *HEAD,
        field("deceased_name", "Họ tên người chết", "name", "Họ, chữ đệm, tên"),
        BORN,
        SEX,
        PERSON,
        ADDRESS,
        DEATH,
    ),
    paper(
        "CCCD",
        "Căn cước công dân",
        TITLE,
        BODY,
        FieldTemplate("personal_id", "Số", "personal_id", ("Số / No", "Số", "Số/No"), True, "b"),
        NAME,
        BORN,
        SEX,
        ADDRESS,
        field("valid_until", "Có giá trị đến", "date", "Có giá trị đến"),
        FieldTemplate("issue_date", "Ngày cấp", "date", ("Ngày, tháng, năm",), True, "đ"),
        keywords=("Căn cước công dân", "Thẻ căn cước"),
    ),
    paper(
        "SO-BHXH",
        "Sổ bảo hiểm xã hội",
        TITLE,
        ISSUED,
        BODY,
        NAME,
        BORN,
        SEX,
        PERSON,
        FieldTemplate("bhxh_number", "Số sổ", "bhxh_number", ("Mã số BHXH", "Mã số", "Số sổ"), True, "k"),
    ),
    paper(
        "CV",
        "Công văn",
        *HEAD,
        SUMMARY,
        ORGANISATION,
        UNIT_NUMBER,
        keywords=("Công văn", "V/v đề nghị", "Kính gửi: Bảo hiểm xã hội"),
    ),
    paper("QD", "Quyết định", *HEAD, SUMMARY, *PERSON_FIELDS, AMOUNT, is_result=True),
    paper("HDLD", "Hợp đồng lao động", TITLE, NUMBER, ISSUED, ORGANISATION, TAX, *PERSON_FIELDS, AMOUNT),
    paper("BB", "Biên bản xác minh", *HEAD, NAME, BORN, ADDRESS, SUMMARY, keywords=("Biên bản xác minh", "Biên bản")),
)
