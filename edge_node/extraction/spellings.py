"""How forms that no catalogue knows announce the usual fields: spellings that name one thing only, whatever the paper.

They count where a type's own labels were not found. What could belong to a second person on the paper ("Người ủy quyền") is not among them,
nor what could announce another amount.
"""

from __future__ import annotations

from edge_node.recognition.folding import folded

_IDENTITY = (
    "Số định danh cá nhân", "Số định danh cá nhân/CCCD", "Số ĐDCN/CMND/Hộ chiếu", "Số ĐDCN/CCCD", "Số ĐDCN", "Mã định danh cá nhân", "Số định danh",
    "Số CCCD/ĐDCN", "Số CMND/CCCD/Hộ chiếu", "Số CMND/CCCD", "Số CCCD/CMND", "Số CCCD/Hộ chiếu", "Số CCCD", "CMND/CCCD số", "CCCD/CMND số", "CCCD số",
    "CCCD", "Căn cước công dân số", "Số căn cước công dân", "Số thẻ căn cước", "Thẻ căn cước số", "Số căn cước", "Căn cước số",
)  # fmt: skip

OTHER_SPELLINGS: dict[str, tuple[str, ...]] = {
    "full_name": (
        "Họ và tên", "Họ, chữ đệm và tên", "Họ, chữ đệm, tên", "Họ, tên", "Họ tên", "Tôi tên là", "Tôi tên:", "Tên tôi là", "Tôi là", "Tên người bệnh", "Tên bệnh nhân",
        "Tên đơn vị hoặc người nộp tiền:", "Người nộp tiền:", "Người nộp:", "Người mua hàng:", "Người mua:", "Người bệnh:", "Bệnh nhân:", "Người lao động:", "Cấp cho:", "Người được cấp:",
        "Sinh viên:", "Học sinh:", "Học viên:", "Họ và tên sinh viên", "Họ và tên học sinh", "Người được xác nhận:", "Người được giám định:", "Người hưởng:", "Người được hưởng:", "Tên khách hàng", "Khách hàng:", "Cháu:",
    ),
    "owner_name": ("Họ và tên", "Họ, chữ đệm và tên", "Họ tên"),
    "birth_date": ("Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Ngày/tháng/năm sinh", "Ngày sinh", "Sinh ngày", "Năm sinh", "Sinh năm"),
    "personal_id": _IDENTITY,
    "owner_id": _IDENTITY,
    "bhxh_number": (
        "Mã số BHXH", "Mã số bảo hiểm xã hội", "Số sổ BHXH", "Số sổ bảo hiểm xã hội", "Sổ BHXH số", "Mã BHXH", "Số BHXH", "Mã số BHXH đã cấp", "Số sổ:",
    ),
    "phone": ("Số điện thoại liên hệ", "Điện thoại liên hệ", "Số điện thoại", "Điện thoại di động", "Điện thoại", "Số ĐT", "SĐT", "ĐTDĐ", "ĐT", "Số di động", "Di động:", "Số máy liên lạc", "Số máy để liên lạc", "Số máy:", "Số liên lạc:", "Số liên hệ:"),
    "address": (
        "Nơi cư trú hiện nay", "Nơi cư trú", "Chỗ ở hiện nay", "Nơi ở hiện nay", "Nơi ở hiện tại", "Địa chỉ liên hệ", "Địa chỉ thường trú",
        "Địa chỉ nơi cư trú", "Nơi thường trú/tạm trú cuối cùng", "Nơi thường trú cuối cùng", "Nơi cư trú cuối cùng", "Nơi cư trú của mẹ", "Nơi đăng ký thường trú", "Nơi thường trú", "Hộ khẩu thường trú", "Thường trú tại", "Thường trú", "Trú tại", "Cư trú tại", "Nơi ở:", "Chỗ ở:", "Cư trú:", "Trú quán:", "Địa chỉ", "ĐC:",
    ),
    "number_symbol": ("Số, ký hiệu:", "Số ký hiệu:", "Số/Ký hiệu:", "Số và ký hiệu:", "Số HĐ:", "Số HĐLĐ:", "Số hợp đồng:", "Số QĐ:", "Số giấy:", "Số khám bệnh:", "Số hiệu văn bản", "Số văn bản:", "Số công văn:", "Số phiếu:", "Số danh sách:", "Số HS:", "Số hồ sơ:", "Số hóa đơn:", "Số GRV:", "Số biên lai:", "Số biên bản:"),
    "sex": ("Giới tính", "Nam/Nữ", "Giới:"),
    "tax_code": ("Mã số thuế", "MST"),
    "organisation_name": ("Đại diện cho", "Đơn vị sử dụng lao động", "Tổ chức dịch vụ thu", "Tên đơn vị", "Tên cơ quan, đơn vị", "Tên doanh nghiệp", "Tên công ty"),
    "valid_until": ("Ngày, tháng, năm hết hạn", "Ngày hết hạn", "Có giá trị đến ngày", "Có giá trị đến"),
    "admission_date": ("Ngày vào:", "Vào viện:", "Vào viện lúc", "Vào viện ngày", "Ngày vào viện", "Ngày giờ vào viện", "Ngày, giờ vào viện", "Giờ, ngày vào viện", "Ngày nhập viện", "Nhập viện ngày", "Nhập viện lúc", "Nhập viện hồi", "Vào viện hồi", "Nhập viện:"),
    "discharge_date": ("Ngày ra:", "Ra viện:", "Ra viện lúc", "Ra viện ngày", "Ngày ra viện", "Ngày giờ ra viện", "Ngày, giờ ra viện", "Giờ, ngày ra viện", "Ngày xuất viện", "Xuất viện ngày", "Xuất viện lúc", "Xuất viện hồi", "Ra viện hồi", "Xuất viện:"),
    "diagnosis": ("Chẩn đoán khi ra viện", "Chẩn đoán lúc ra viện", "Chẩn đoán xuất viện", "Chẩn đoán khi xuất viện", "Chẩn đoán xác định", "Chẩn đoán cuối cùng", "Chẩn đoán bệnh"),
    "deceased_name": ("Họ, chữ đệm, tên người chết", "Họ và tên người chết", "Họ tên người chết", "Tên người chết", "Họ và tên người đã chết", "Họ và tên người mất"),
    "death_date": (
        "Đã chết vào lúc", "Đã chết hồi", "Đã chết lúc", "Đã chết ngày", "Chết vào lúc", "Chết hồi", "Chết lúc", "Chết ngày", "Đã tử vong lúc", "Đã tử vong hồi", "Đã tử vong ngày",
        "Tử vong lúc", "Tử vong hồi", "Tử vong ngày", "Ngày tử vong", "Ngày mất", "Mất ngày", "Từ trần ngày", "Từ trần lúc", "Từ trần hồi",
    ),
    "issue_date": ("Ngày ban hành", "Ngày, tháng, năm ban hành", "Ngày văn bản:", "Ngày khai:", "Ngày kê khai:", "Ngày làm đơn:", "Ngày viết đơn:", "Ngày lập:", "Ngày ký:", "Ngày, tháng, năm đăng ký kết hôn", "Ngày, tháng, năm đăng ký", "Ngày đăng ký kết hôn", "Ngày đăng ký", "Đăng ký ngày"),
    "child_birth_date": ("Ngày, tháng, năm sinh", "Ngày tháng năm sinh", "Ngày sinh", "Sinh ngày"),
    "child_name": ("Họ và tên trẻ", "Họ tên trẻ", "Họ và tên con", "Họ tên con", "Tên trẻ", "Tên con", "Họ và tên"),
    "mother_name": ("Họ, chữ đệm, tên người mẹ", "Họ, chữ đệm, tên mẹ", "Họ và tên mẹ", "Họ tên mẹ", "Họ và tên người mẹ", "Họ tên người mẹ"),
    "father_name": ("Họ, chữ đệm, tên người cha", "Họ, chữ đệm, tên cha", "Họ và tên cha", "Họ tên cha", "Họ và tên người cha", "Họ tên người cha", "Họ và tên bố", "Họ tên bố"),
}  # fmt: skip
"""Spellings by field name, the longer of two that begin alike first. One that ends with a colon counts only in front of one: without it the
same words say who signs."""


_LABELS_ALONE = frozenset(folded(label).rstrip(":") for spelled in OTHER_SPELLINGS.values() for label in spelled) | frozenset(
    ["ngay cap", "noi cap", "ngay cap noi cap", "quoc tich", "dan toc", "ton giao", "que quan", "nam sinh", "noi sinh", "chuc vu", "nghe nghiep", "ghi chu", "quan he", "dia chi", "gioi tinh"]
)


def is_label(text: str) -> bool:
    """Whether these words are a label and nothing else, whatever form it is on.

    >>> is_label("Ngày cấp:"), is_label("Số CCCD"), is_label("Lê Thị Hoa"), is_label("Cháu:"), is_label("Châu")
    (True, True, False, True, False)
    """
    said = folded(text)
    return said in _LABELS_ALONE and (" " in said or text.rstrip().endswith(":"))  # "Châu" alone is the end of a province's name
