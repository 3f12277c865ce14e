"""The invented people, firms and offices of the demo, and the days on which its story happens.

The mother was born in Thái Bình (old code 034), works in Hà Nội, and later turns to the office of her home commune,
which since July 2025 lies in Hưng Yên: two offices, two provinces, one person.
"""

from __future__ import annotations

import datetime as dt

from deploy.demo.papers.agency import Bureau
from deploy.demo.papers.civil import Registry
from deploy.demo.papers.employer import Firm
from deploy.demo.papers.people import Person, personal_id, tax_code

_MOTHER_BIRTH, _FATHER_BIRTH = dt.date(1994, 8, 14), dt.date(1992, 3, 2)
_DEAD_BIRTH = dt.date(1955, 1, 25)
BIRTH_DATE, DEATH_DATE = dt.date(2026, 10, 6), dt.date(2026, 9, 18)

MOTHER = Person(
    name="Nguyễn Thị Ấn",
    birth_date=_MOTHER_BIRTH,
    sex="Nữ",
    personal_id=personal_id("034", "Nữ", _MOTHER_BIRTH, 7325),
    bhxh_number="3416082754",
    address="Số 27 ngõ 105 Đội Cấn, phường Ngọc Hà, Hà Nội",
    phone="0912345068",
    origin="Vũ Hội, Vũ Thư, Thái Bình",
)
MOTHER_CARD_ADDRESS = "Thôn Đông Trì, Vũ Hội, Vũ Thư, Thái Bình"
MOTHER_LATER_ADDRESS = "Thôn Đông Trì, xã Vũ Thư, Hưng Yên"
FATHER = Person(
    name="Trần Văn Quyết",
    birth_date=_FATHER_BIRTH,
    sex="Nam",
    personal_id=personal_id("001", "Nam", _FATHER_BIRTH, 41906),
    bhxh_number="0113057286",
    address=MOTHER.address,
    phone="0987210465",
    origin="Phường Ngọc Hà, Hà Nội",
)
CHILD_NAME = "Trần Nguyễn Bảo Châu"
CHILD_ID = personal_id("001", "Nữ", BIRTH_DATE, 58213)

DEAD = Person(
    name="Hoàng Văn Toản",
    birth_date=_DEAD_BIRTH,
    sex="Nam",
    personal_id=personal_id("001", "Nam", _DEAD_BIRTH, 3381),
    bhxh_number="0197012635",
    address="Số 8 ngách 12 Vĩnh Phúc, phường Ngọc Hà, Hà Nội",
    phone="",
)
WIDOW = Person(
    name="Lê Thị Khuyên",
    birth_date=dt.date(1957, 3, 2),
    sex="Nữ",
    personal_id="",
    bhxh_number="",
    address=DEAD.address,
    phone="0904118527",
)

FIRM = Firm(
    name="Công ty TNHH Dệt may Sơn Hải",
    tax_code=tax_code("010864217"),
    unit_number="TZB061L",
    founded_year=2011,
    address="Lô C2, cụm công nghiệp Ngọc Hà, phường Ngọc Hà, Hà Nội",
    place="Hà Nội",
    director="Quách Hữu Thưởng",
    short="Sơn Hải",
)

BUREAU_A = Bureau("BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI", "Bảo hiểm xã hội cơ sở Ba Đình", "Hà Nội", "Đặng Vũ Nghiệp")
BUREAU_B = Bureau("BẢO HIỂM XÃ HỘI TỈNH HƯNG YÊN", "Bảo hiểm xã hội cơ sở Thái Bình", "Hưng Yên", "Phạm Đình Thuấn")
OFFICES = {"A": ("00101", BUREAU_A.name), "B": ("03401", BUREAU_B.name)}

REGISTRY_BIRTH = Registry("phường Ngọc Hà", "Thành phố Hà Nội", "214", dt.date(2026, 10, 20), "Vương Khắc Hưởng")
REGISTRY_DEATH = Registry("phường Ngọc Hà", "Thành phố Hà Nội", "47", dt.date(2026, 10, 18), "Vương Khắc Hưởng")
