"""The common workload: dossiers of about 1 KB, the same for every side of a comparison and for every run.

Each record carries a person, two personal numbers, three file digests and a note of Vietnamese words, so that it compresses as a real
reception does: the random parts stay random, the words repeat. Number and seed decide everything.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from sync_protocol.bodies import DossierReceived, Party, PlannedComponent, encode_body
from sync_protocol.ids import ComponentId, OfficeCode, RecordId

BODY_BYTES: Final = 1_010
FIRST_MS: Final = 1_764_000_000_000

FAMILY_NAMES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
MIDDLE_NAMES = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Xuân", "Kim"]
GIVEN_NAMES = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiếu",
    "Hoa",
    "Hùng",
    "Huyền",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Phúc",
    "Quân",
    "Sơn",
    "Thảo",
    "Trang",
    "Tuấn",
    "Vinh",
    "Yến",
]
_WORDS = (
    *FAMILY_NAMES,
    *MIDDLE_NAMES,
    *GIVEN_NAMES,
    "hồ sơ",
    "bảo hiểm",
    "xã hội",
    "chế độ",
    "hưu trí",
    "thai sản",
    "ốm đau",
    "tai nạn",
    "quyết định",
    "giấy tờ",
)
_FORMS = (("TK1-TS", "Tờ khai"), ("D02", "Danh sách"), ("CT07", "Giấy xác nhận"))


def dossier(number: int, office: str, seed: int = 1) -> tuple[RecordId, DossierReceived]:
    """The record with this number, received at `office`; its encoded body is `BODY_BYTES` long or a word longer."""
    chance = random.Random((seed << 32) | number)
    rid = RecordId(((FIRST_MS + number << 80) | (7 << 76) | chance.getrandbits(76)).to_bytes(16, "big"))
    digests = tuple(f"{chance.getrandbits(256):064x}" for _ in _FORMS)
    body = DossierReceived(
        code=f"{office}-261122-{number:08d}", procedure=f"1.{chance.randrange(100_000, 999_999):06d}", procedure_version="2026-01",
        catalogue_version=1, channel=chance.choice(("in_person", "postal", "online")), office=OfficeCode(office),
        applicant=Party(
            kind="person", name=f"{chance.choice(FAMILY_NAMES)} {chance.choice(MIDDLE_NAMES)} {chance.choice(GIVEN_NAMES)}",
            personal_id=f"{chance.randrange(10**11, 10**12)}", bhxh_number=f"{chance.randrange(10**9, 10**10)}",
            birth_date=f"{chance.randrange(1940, 2008)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
        ),
        received_ms=FIRST_MS + number, officer=f"cb{chance.randrange(1, 4000):04d}", foreign_numbers=digests,
        components=tuple(
            PlannedComponent(ComponentId(chance.randbytes(16)), form, name) for form, name in _FORMS
        ),
    )  # fmt: skip
    return rid, _filled(body, chance)


def dossiers(first: int, count: int, office: str) -> Iterator[tuple[RecordId, DossierReceived]]:
    """Records `first … first+count-1`."""
    for number in range(first, first + count):
        yield dossier(number, office)


def as_document(rid: RecordId, body: DossierReceived) -> dict[str, Any]:
    """The same record as a JSON document, for sides that do not speak our bodies."""
    plain: dict[str, Any] = msgspec.to_builtins(body)
    plain["components"] = [
        {"type": one.document_type, "name": one.name, "id": one.component_id.hex()} for one in body.components
    ]
    return {"_id": rid.hex(), **plain}


def _filled(body: DossierReceived, chance: random.Random) -> DossierReceived:
    lacking = BODY_BYTES - len(encode_body(body)) - len("note") - 4
    words: list[str] = []
    while lacking > 0:
        words.append(chance.choice(_WORDS))
        lacking -= len(words[-1].encode()) + 1
    return msgspec.structs.replace(body, note=" ".join(words))
