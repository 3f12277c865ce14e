"""Titles as offices write them: on two or three lines, the second in small letters, with the form's code in a corner; and those of no type."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(540, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(610, 180, "Độc lập - Tự do - Hạnh phúc"))
BODY = tuple(
    line(150, 800 + 60 * n, text)
    for n, text in enumerate(
        (
            "Họ và tên: Nguyễn Thị Ẵm", "Sinh ngày: 01/02/1985", "Số CCCD: 001185012345", "Nơi cư trú: Thôn Đoài, xã Đông Anh, Hà Nội",
            "Nội dung: đề nghị cơ quan bảo hiểm xã hội xem xét, giải quyết theo quy định của pháp luật.",
            "Tôi cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật.",
        )
    )
)  # fmt: skip

KNOWN = {
    "14-HSB": (
        "ĐƠN ĐỀ NGHỊ/Hưởng lương hưu", "ĐƠN ĐỀ NGHỊ/Về việc hưởng chế độ tử tuất", "ĐƠN ĐỀ NGHỊ/Giải quyết trợ cấp tuất một lần", "ĐƠN ĐỀ NGHỊ/Hưởng bảo hiểm xã hội một lần",
        "ĐƠN ĐỀ NGHỊ/hưởng lương hưu, trợ cấp BHXH hằng tháng,/BHXH một lần", "ĐƠN ĐỀ NGHỊ/HƯỞNG CHẾ ĐỘ THAI SẢN", "ĐƠN ĐỀ NGHỊ/Giải quyết chế độ mai táng phí", "ĐƠN ĐỀ NGHỊ",
        "ĐƠN ĐỀ NGHỊ/V/v: hưởng chế độ hưu trí", "ĐƠN ĐỀ NGHỊ/Hưởng tiếp lương hưu, trợ cấp bảo hiểm xã hội", "ĐƠN XIN HƯỞNG CHẾ ĐỘ HƯU TRÍ",
        "ĐƠN ĐỀ NGHỊ/Hưởng trợ cấp hưu trí xã hội", "ĐƠN ĐỀ NGHỊ/Giải quyết hưởng chế độ ốm đau, dưỡng sức phục hồi sức khỏe",
    ),
    "TK1-TS": (
        "TỜ KHAI/THAM GIA, ĐIỀU CHỈNH THÔNG TIN/BẢO HIỂM XÃ HỘI, BẢO HIỂM Y TẾ", "TỜ KHAI/Tham gia, điều chỉnh thông tin BHXH, BHYT", "Tờ khai/tham gia, điều chỉnh thông tin bảo hiểm xã hội",
        "TỜ KHAI/CUNG CẤP VÀ THAY ĐỔI THÔNG TIN NGƯỜI THAM GIA/BẢO HIỂM XÃ HỘI, BẢO HIỂM Y TẾ", "TỜ KHAI THAM GIA BHXH, BHYT",
    ),
    "09-HSB": ("TỜ KHAI/CỦA THÂN NHÂN", "TỜ KHAI/Của thân nhân người lao động đã chết", "TỜ KHAI THÂN NHÂN"),
    "13-HSB": ("GIẤY ỦY QUYỀN", "GIẤY UỶ QUYỀN/V/v nhận lương hưu, trợ cấp BHXH", "Giấy ủy quyền/nhận thay các chế độ bảo hiểm xã hội"),
    "D02-TS": ("DANH SÁCH LAO ĐỘNG THAM GIA/BHXH, BHYT, BHTN, BHTNLĐ, BNN", "BÁO CÁO TÌNH HÌNH SỬ DỤNG LAO ĐỘNG/VÀ DANH SÁCH THAM GIA BHXH, BHYT, BHTN"),
    "D03-TS": ("DANH SÁCH NGƯỜI CHỈ THAM GIA BHYT", "DANH SÁCH/Người chỉ tham gia bảo hiểm y tế"),
    "D05-TS": ("DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN", "DANH SÁCH/Người tham gia bảo hiểm xã hội tự nguyện"),
    "01B-HSB": (
        "DANH SÁCH/ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ ỐM ĐAU, THAI SẢN,/DƯỠNG SỨC PHỤC HỒI SỨC KHỎE", "DANH SÁCH/Đề nghị giải quyết hưởng chế độ ốm đau, thai sản",
        "DANH SÁCH ĐỀ NGHỊ HƯỞNG TRỢ CẤP ỐM ĐAU, THAI SẢN",
    ),
    "C70A-HD": ("DANH SÁCH GIẢI QUYẾT HƯỞNG CHẾ ĐỘ/ỐM ĐAU, THAI SẢN, TRỢ CẤP DƯỠNG SỨC", "DANH SÁCH/Giải quyết hưởng chế độ ốm đau, thai sản"),
    "GRV": ("GIẤY RA VIỆN", "Giấy ra viện"),
    "GCN-NV": ("GIẤY CHỨNG NHẬN/Nghỉ việc hưởng bảo hiểm xã hội", "GIẤY CHỨNG NHẬN/NGHỈ VIỆC HƯỞNG BHXH", "GIẤY CHỨNG NHẬN/nghỉ việc hưởng BHXH/(chỉ áp dụng cho điều trị ngoại trú)"),
    "GKS": ("GIẤY KHAI SINH/(BẢN SAO)", "TRÍCH LỤC/KHAI SINH", "TRÍCH LỤC KHAI SINH/(Bản sao)"),
    "TL-KT": ("TRÍCH LỤC/KHAI TỬ", "GIẤY CHỨNG TỬ", "GIẤY BÁO TỬ", "TRÍCH LỤC KHAI TỬ/(BẢN SAO)"),
    "SO-BHXH": ("SỔ/BẢO HIỂM XÃ HỘI", "TỜ RỜI SỔ BẢO HIỂM XÃ HỘI", "QUÁ TRÌNH ĐÓNG BHXH", "BẢN GHI QUÁ TRÌNH ĐÓNG BẢO HIỂM XÃ HỘI"),
    "QD": ("QUYẾT ĐỊNH/Về việc hưởng chế độ hưu trí hằng tháng", "QUYẾT ĐỊNH/CÔNG NHẬN THUẬN TÌNH LY HÔN", "QUYẾT ĐỊNH/V/v chấm dứt hợp đồng lao động", "QUYẾT ĐỊNH THÔI VIỆC", "QUYẾT ĐỊNH/Hưởng trợ cấp tuất một lần"),
    "HDLD": ("HỢP ĐỒNG LAO ĐỘNG/(Không xác định thời hạn)", "HỢP ĐỒNG LAO ĐỘNG/LABOUR CONTRACT", "HỢP ĐỒNG/LAO ĐỘNG"),
    "BB": ("BIÊN BẢN/Xác minh thời gian công tác", "BIÊN BẢN XÁC MINH", "BIÊN BẢN/V/v xác minh hồ sơ hưởng chế độ", "BIÊN BẢN/Về việc xác minh quá trình đóng trùng thời gian giữa hai doanh nghiệp"),
    "BB-GDYK": ("BIÊN BẢN/GIÁM ĐỊNH Y KHOA", "BIÊN BẢN/Giám định mức suy giảm khả năng lao động", "BIÊN BẢN GIÁM ĐỊNH Y KHOA/Giám định lần đầu do tai nạn lao động"),
    "2-CBH": ("THÔNG BÁO/Chuyển hình thức nhận lương hưu, trợ cấp BHXH", "THÔNG BÁO/Về việc thay đổi hình thức, nơi nhận lương hưu", "THÔNG BÁO CHUYỂN NƠI NHẬN LƯƠNG HƯU"),
    "3-CBH": ("GIẤY ĐỀ NGHỊ/Nhận chế độ BHXH của người đã chết", "GIẤY ĐỀ NGHỊ/Lĩnh chế độ bảo hiểm xã hội của người hưởng đã chết"),
    "05A-HSB": ("VĂN BẢN ĐỀ NGHỊ/GIẢI QUYẾT CHẾ ĐỘ TAI NẠN LAO ĐỘNG", "VĂN BẢN ĐỀ NGHỊ/Giải quyết chế độ bệnh nghề nghiệp"),
    "HD-CT": ("HÓA ĐƠN GIÁ TRỊ GIA TĂNG", "HOÁ ĐƠN BÁN HÀNG", "BIÊN LAI THU TIỀN", "BIÊN LAI THU VIỆN PHÍ", "PHIẾU THU", "HÓA ĐƠN/Giá trị gia tăng"),
    "01-QD613": ("ĐƠN ĐỀ NGHỊ/Hưởng trợ cấp hằng tháng theo Quyết định số 613/QĐ-TTg", "ĐƠN ĐỀ NGHỊ/HƯỞNG TRỢ CẤP THEO QUYẾT ĐỊNH 613/QĐ-TTg"),
    "GT-CM": ("GIẤY XÁC NHẬN/Thông tin về cư trú", "GIẤY XÁC NHẬN", "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ", "GIẤY XÁC NHẬN/Quá trình đóng bảo hiểm xã hội", "GIẤY XÁC NHẬN THU NHẬP"),
}  # fmt: skip

OF_NO_TYPE = (
    "ĐƠN ĐỀ NGHỊ/Cấp giấy phép xây dựng", "ĐƠN ĐỀ NGHỊ/Hỗ trợ học nghề", "ĐƠN XIN NGHỈ PHÉP", "ĐƠN XIN VIỆC", "ĐƠN KHIẾU NẠI", "ĐƠN ĐỀ NGHỊ/Cấp lại thẻ căn cước", "TỜ KHAI/Đăng ký khai sinh",
    "TỜ KHAI ĐĂNG KÝ KHAI TỬ", "TỜ KHAI CĂN CƯỚC", "TỜ KHAI THUẾ THU NHẬP CÁ NHÂN", "TỜ KHAI/Thay đổi thông tin cư trú", "DANH SÁCH KHEN THƯỞNG", "DANH SÁCH/Trích ngang cán bộ, đảng viên",
    "GIẤY MỜI", "BẢN CAM KẾT", "SƠ YẾU LÝ LỊCH", "GIẤY GIỚI THIỆU", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "HỢP ĐỒNG THUÊ NHÀ", "HỢP ĐỒNG/Mua bán hàng hóa", "BIÊN BẢN/Họp gia đình", "BIÊN BẢN/Về việc bàn giao nhà xưởng",
    "BIÊN BẢN BÀN GIAO TÀI SẢN", "BIÊN BẢN/Điều tra tai nạn lao động", "THÔNG BÁO/Về việc nộp tiền sử dụng đất", "THÔNG BÁO TUYỂN DỤNG", "GIẤY ĐỀ NGHỊ TẠM ỨNG", "GIẤY ĐỀ NGHỊ THANH TOÁN", "ĐƠN THUỐC",
    "GIẤY CHUYỂN TUYẾN", "SỔ HỘ KHẨU", "BẢNG THANH TOÁN TIỀN LƯƠNG", "GIẤY ĐỀ NGHỊ/Cấp lại thẻ bảo hiểm y tế", "PHIẾU KHÁM SỨC KHỎE", "THÔNG BÁO/Kết quả đóng bảo hiểm xã hội bắt buộc",
)  # fmt: skip


def titled(title: str, *more: Line) -> str | None:
    """The type of a page with this title; its rows are parted by " / " and set one below the other in the middle."""
    rows = title.replace("V/v", "V\\v").replace("613/QĐ", "613\\QĐ").split("/")
    shown = [line(827 - 17 * len(row) // 2, 380 + 62 * n, row.replace("\\", "/"), height=58 if not n else 42) for n, row in enumerate(rows)]
    return extract(document(*NATIONAL, *more, *shown, *BODY), TYPES, Gazetteer()).document_type


@pytest.mark.parametrize(("code", "title"), [(code, title) for code, titles in KNOWN.items() for title in titles])
def test_a_title_is_known_as_offices_write_it(code: str, title: str) -> None:
    assert titled(title) == code


@pytest.mark.parametrize("title", OF_NO_TYPE)
def test_a_title_of_no_type_is_left_to_a_person(title: str) -> None:
    assert titled(title) is None


@pytest.mark.parametrize("said", ["Mẫu số 14-HSB", "Mẫu số: 14-HSB", "Mẫu 14 - HSB", "(Mẫu số 14-HSB)", "Mấu số 14–HSB"])
def test_a_forms_code_in_the_corner_says_its_type_whatever_the_title(said: str) -> None:
    assert titled("ĐƠN ĐỀ NGHỊ/Thay đổi thông tin, hồ sơ", line(1250, 60, said)) == "14-HSB"


def test_what_a_transfer_says_is_no_title() -> None:
    assert titled("GIẤY NỘP TIỀN BẢO HIỂM XÃ HỘI", line(600, 1000, "+BHXH+103+00+AB0123C+00118+dong BHXH BHYT BHTN")) == "HD-CT"


def test_a_forms_code_below_the_letterhead_says_its_type() -> None:
    assert titled("VĂN BẢN ĐỀ NGHỊ/Giải quyết hồ sơ kèm theo", line(300, 490, "Mẫu 05A-HSB")) == "05A-HSB"


@pytest.mark.parametrize(
    "head",
    [
        ("Số: 31/BB-BHXH", "BIÊN BẢN LÀM VIỆC", "Về việc kiểm tra tình hình đóng"),
        ("Số: 6/CV-TH", "V/v điều chỉnh thời gian đóng", "Kính gửi: Bảo hiểm xã hội cơ sở Lấp Vò", "Ông Lê Quý, mã số BHXH 8721034455, có thời gian trùng"),
    ],
)
def test_a_number_of_social_insurance_is_no_book_of_it(head: tuple[str, ...]) -> None:
    rows = [line(150, 130 + 60 * n, text) for n, text in enumerate(head)]
    guessed = extract(document(*rows, *BODY), TYPES, Gazetteer()).guesses
    assert not guessed or guessed[0].code != "SO-BHXH"


@pytest.mark.parametrize(
    ("code", "head"),
    [
        ("BB", ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BIÊN BẢN LÀM VIỆC", "Về việc kiểm tra hồ sơ của người lao động")),
        ("CV", ("Số: 6/CV-TH", "Vv điều chỉnh thời gian đóng", "Kính gửi: Bảo hiểm xã hội cơ sở Lấp Vò", "Công ty chúng tôi có địa chỉ tại số 4, Khu công nghiệp Sông Hậu.")),
    ],
)
def test_minutes_of_work_and_a_letter_whose_stroke_was_lost_are_known(code: str, head: tuple[str, ...]) -> None:
    rows = [line(560 if text.isupper() else 150, 130 + 60 * n, text) for n, text in enumerate(head)]
    assert extract(document(*rows, *BODY[1:4]), TYPES, Gazetteer()).document_type == code


@pytest.mark.parametrize(
    ("code", "title"),
    [("HD-CT", "GIẤY NỘP TIỀN VÀO TÀI KHOẢN BHXH"), ("HD-CT", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), ("GT-CM", "VĂN BẢN CAM ĐOAN/Về việc một người có hai ngày sinh"), ("GT-CM", "GIẤY CAM ĐOAN")],
)
def test_slips_of_banks_and_declarations_before_a_notary_are_known(code: str, title: str) -> None:
    assert titled(title) == code


def test_an_invoices_title_in_the_left_half_is_known() -> None:
    assert extract(document(line(195, 139, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG", height=46), line(1120, 139, "Ký hiệu: 1C25TNV"), *BODY), TYPES, Gazetteer()).document_type == "HD-CT"


def test_a_firms_name_in_the_middle_of_its_letters_head_is_no_title() -> None:
    head = (line(400, 110, "CÔNG TY TNHH GIÀY SAO MAI VIỆT NAM", height=47), line(178, 326, "Số / No.: 0119/2026/CV-SM"), line(178, 364, "V/v: điều chỉnh ngày sinh của người lao động"), line(385, 474, "Kính gửi: Bảo hiểm xã hội cơ sở Sông Đà"))
    assert extract(document(*head, *BODY), TYPES, Gazetteer()).document_type == "CV"


@pytest.mark.parametrize(
    ("below", "subject"),
    [("Quá trình công tác tại nông trường", "Quá trình công tác tại nông trường"), ("Ngày 20 tháng 3 năm 2026", ""), ("Kính gửi: Bảo hiểm xã hội cơ sở Lấp Vò", ""), ("Họ và tên: Lê Thị Hoa", "")],
)
def test_what_stands_in_small_letters_centred_below_a_title_is_what_the_paper_is_about(below: str, subject: str) -> None:
    shown = [line(827 - 17 * len(row) // 2, 380 + 62 * n, row) for n, row in enumerate(("GIẤY XÁC NHẬN", below))]
    field = extract(document(*NATIONAL, *shown, *BODY[-1:]), TYPES, Gazetteer(), chosen_type="GT-CM").field("summary")
    assert field is not None and (field.proposal, field.trust is FieldTrust.AGREES) == (subject, False)
