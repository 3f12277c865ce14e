"""How agencies' names begin, and which rows of a letterhead are the agency itself and no parent of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.rows import Row
from edge_node.recognition.folding import folded

AGENCY = (
    "bao hiem",
    "bhxh",
    "benh vien",
    "uy ban",
    "ubnd",
    "cong ty",
    "so ",
    "trung tam",
    "truong",
    "cuc ",
    "toa an",
    "phong",
    "tram y te",
    "hop tac xa",
    "doanh nghiep",
    "cong an",
    "chi cuc",
    "hoi dong",
    "ngan hang",
    "kho bac",
    "buu dien",
)


ALSO_AGENCY = ("bo ", "tap doan", "tong cong ty", "lien doan", "hoi ", "ban ", "vien ", "hoc vien", "nha may", "xi nghiep", "van phong", "quy ", "ctcp", "htx", "dang uy", "chi nhanh")
"""Names that begin so are whole; no parent is looked for above them."""

_OTHER_BODIES = (
    "cty", "co so", "cua hang", "dai ly", "doan ", "doi ", "don vi", "dntn", "ho kinh doanh", "hkd", "kho ", "khoa ", "lam truong", "nha ", "nha nuoc", "nong truong", "pgd", "phan vien", "su doan", "thanh tra", "to chuc",
    "to hop", "tong cuc", "trai ", "tram ", "trung doan", "ttyt", "tyt", "vu ", "xuong", "cang ", "hat ", "benh xa", "lu doan", "lien hiep", "lien minh", "cong doan", "khach san", "ban", "bv", "pk", "thpt", "thcs", "thi hanh an", "tap doan",
)  # fmt: skip
_SIGNS_FOR = re.compile(r"^(?:tong |pho )?(?:giam doc|cuc truong|chi cuc truong|chu tich|vien truong|truong (?:phong|ban|khoa|tram)|hieu truong|thu truong|chanh an)\s+")


def is_body(said: str) -> bool:
    """Whether words, folded, begin like the name of anything that can employ people or issue papers.

    >>> is_body("dai ly thu xa ta phin"), is_body("4900101886 de nghi giu nguyen"), is_body("nguoi su dung lao dong")
    (True, False, False)
    """
    return is_agency(said) or said.startswith(_OTHER_BODIES)


def behind_an_office(said: str) -> int:
    """Where the body's name begins behind the office of who signs for it, in bare words ("cuc truong cuc canh sat …"); 0 where there is none."""
    lead = _SIGNS_FOR.match(said)
    return lead.end() if lead is not None and is_body(said[lead.end() :]) else 0


def is_agency(said: str) -> bool:
    """Whether words, folded, begin like the name of some body."""
    return said.startswith((*AGENCY, *ALSO_AGENCY))


_DEPARTMENT = re.compile(r"khoa (?!hoc)")
_TITLE = re.compile(r"(?:giay|phieu|bien lai|hoa don|can cuoc|trich luc|quyet dinh|hop dong|to khai|danh sach|bien ban|don de nghi|thong bao|so bao hiem)\b")


def ends_agency(above: str, row: str) -> bool:
    """Whether a row below an agency's is none of its name: a department's ("BỆNH VIỆN ĐA / KHOA …" is one name), or the title of the paper.

    >>> ends_agency("BỆNH VIỆN PHỔI", "KHOA NGOẠI"), ends_agency("BỆNH VIỆN ĐA", "KHOA TỈNH"), ends_agency("TRẠM Y TẾ", "PHIẾU THU")
    (True, False, True)
    """
    said = folded(row)
    return bool(_TITLE.match(said) or (_DEPARTMENT.match(said) and not folded(above).endswith(" da")))


CONTACT = re.compile(r"^\W*(?:s?dt|d/t|tel|fax|dien thoai|dia chi|email|website|mst|ma so thue|hotline|mau|ms)\b|^\W*so\b[^:]{0,20}:")
"""How rows of a letterhead begin that are not the agency's name."""

_SCHOOL_OR_ROOM = re.compile(
    r"truong (?:dai hoc|cao dang|trung|tieu hoc|mam non|mau giao|pho thong|thpt|thcs|chinh tri|day nghe)"
    r"|phong (?:kham|giao duc|nhan su|to chuc|noi vu|lao dong|cong chung|van hoa|kinh te|ha tang|dan toc|quan ly|tiep dan|hanh chinh|ke toan|tai chinh|tu phap|y te|canh sat|kinh doanh)"
)
"""What a school or a department is; "TRƯỜNG THỊNH" or "PHONG PHÚ" below a company's kind is the rest of its name."""


_UNITS_OF_AN_ARMY = ("trung doan ", "su doan ", "lu doan ", "tieu doan ")
"""What stands below the command that it belongs to ("QUÂN KHU …")."""


_PARENTS = ("lien hiep", "tong cong ty", "tong cuc", "tap doan", "lien minh", "binh doan", "quan khu", "quan doan", "quan chung", "binh chung", "giao phan")
_BELOW_A_PARENT = ("nha may ", "nong truong ", "lam truong ", "xi nghiep ", "doan kinh te", "giao xu ", "mo ", "xuong ")
"""What stands below a parent of such a kind, and made the paper itself."""


def _begins_agency(row: str) -> bool:
    if not row.startswith((*AGENCY, *_UNITS_OF_AN_ARMY)) or " " not in row:
        return False  # "SỞ NÔNG NGHIỆP VÀ MÔI / TRƯỜNG"
    return not row.startswith(("truong", "phong")) or _SCHOOL_OR_ROOM.match(row) is not None


def begins_above(first: Row, top: Sequence[Row]) -> bool:
    """Whether a name that does not begin like an agency's stands right below another row, of which it may be the rest ("Tên đơn vị: CÔNG TY MÍA / ĐƯỜNG …")."""
    above = [r for r in top if 0 < first.box.middle_y - r.box.middle_y < 1.9 * first.box.h and r.box.x < first.box.right and r.box.right > first.box.x]
    return bool(above) and not is_agency(folded(first.text))


def agency_rows(left: list[Row]) -> list[Row]:
    """The agency itself: from the last row that begins an agency's name to the end; the rows above are its parent."""
    left = [row for at, row in enumerate(left) if not ends_agency(left[at - 1].text if at else "", row.text)] or left
    for at in range(len(left) - 1, 0, -1):
        said = folded(left[at].text)
        if _begins_agency(said) or (said.startswith(_BELOW_A_PARENT) and any(folded(row.text).startswith(_PARENTS) for row in left[:at])):
            return left[at:]
    if len(left) > 1 and folded(left[0].text).startswith(
        ("bo ", "so ", "soy ", "tinh ", "thanh pho ", "bao hiem xa hoi viet nam")
    ):
        return left[1:]
    return left
