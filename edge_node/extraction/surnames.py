"""Usual Vietnamese family names, to notice one that lost or gained a mark ("KIÊU" for "KIỀU").

The list decides nothing: a family name that is not on it, and is not one of these with other marks, passes.
"""

from __future__ import annotations

from edge_node.recognition.folding import folded

_LIST = """
An Ân Âu Bạch Bàn Bành Bế Bùi Ca Cái Cam Cao Cầm Cấn Chu Châu Chử Chung Chương Cổ Công Cung Cù Danh Diệp Doãn Du Dương
Đái Đàm Đan Đàng Đào Đặng Đầu Đậu Điền Điêu Đinh Đoàn Đỗ Đồng Đổng Đường Giang Giáp Giàng Hà Hạ Hàn Hán Hàng Hầu Hình Hoa
Hoàng Hồ Hồng Hứa Huỳnh Hùng Kha Khà Khổng Khúc Khuất Khương Kiều Kim Kông La Lã Lạc Lại Lâm Lang Lăng Lầu Lê Lềnh Liên Liêu
Liễu Lò Long Lộc Lô Lỗ Lù Lục Lư Lữ Lương Lường Lưu Lý Ma Mạc Mạch Mai Man Mạnh Mao Mã Mẫn Mông Mùa Nghiêm Nghị Ngọc Ngô
Ngụy Nguyễn Nhan Nhâm Nhữ Ninh Nông Ong Ông Phạm Phan Phí Phó Phong Phù Phùng Phương Quách Quan Quàng Quản Sái Sầm Sơn Sùng Tạ
Tào Tăng Tất Thạch Thái Thân Thang Thào Thẩm Thi Thiều Thịnh Thôi Thục Tiêu Tiết Tòng Tô Tôn Tống Trà Trác Trần Tri Triệu
Trịnh Trình Trương Từ Tường Tưởng Ty Uông Ưng Ứng Văn Vàng Vạn Vi Viên Vòng Võ Vũ Vừ Vương Xa Xuân Yên
"""

_OF_THE_HIGHLANDS = frozenset(["ly", "lỳ", "lâu", "lu", "lồ", "vang", "sung", "thao", "mua", "hảng", "hạng", "háng", "cà", "vì", "phàn", "chù", "vù", "mạ", "cứ"])
"""Family names of the highlands that differ from a usual one in their marks alone: "Ly" is as good a name as "Lý"."""


def _by_bones() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in _LIST.split():
        found.setdefault(folded(name), set()).add(name.casefold())
    return {bones: frozenset(names) for bones, names in found.items()}


_KNOWN = _by_bones()


def usual_spelling(family: str) -> str | None:
    """How this family name is usually written, when only its marks differ from that; None for a usual or an unknown one.

    >>> usual_spelling("KIÊU"), usual_spelling("Kiều"), usual_spelling("Ẵng")
    ('KIỀU', None, None)
    """
    known = _KNOWN.get(folded(family))
    if known is None or family.casefold() in known:
        return None
    usual = min(known)
    return usual.upper() if family.isupper() else usual.capitalize()


def may_be_itself(family: str) -> bool:
    """Whether this is a family name of its own where marks tell it from a usual one, so that no list decides between the two.

    >>> may_be_itself("LY"), may_be_itself("Kiêu")
    (True, False)
    """
    return family.casefold() in _OF_THE_HIGHLANDS


def is_family_name(word: str) -> bool:
    """Whether this is a usual family name with all its marks.

    >>> is_family_name("TRẦN"), is_family_name("Trân")
    (True, False)
    """
    return word.casefold() in _KNOWN.get(folded(word), ())
