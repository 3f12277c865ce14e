"""Areas of the country: the units of today and of before July 2025 out of an installed package of open data, with the texts they stand by.

The package is never imported, its parser and what that stands on are not ours: three of its data files are read where they lie. Which text a unit
stands by is our own table (`area_texts.csv`), and what the package lacks or has from before a change is another (`areas.csv`).

Invariant: nothing is published that does not count up: 34 provinces and 3,321 communes today, each with a parent, each successor an area.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from central_hub.directory.cells import read_cells
from central_hub.directory.complaint import Complaint
from sync_protocol.areas import Area, AreaBasis, AreaKind, AreaLevel, Areas
from sync_protocol.paper_types import Trust

PACKAGE: Final = "vietnamadminunits"
TODAY: Final[Mapping[AreaLevel, int]] = {"province": 34, "commune": 3_321}
"""How many units the country has since 1 July 2025 (Nghị quyết 202/2025/QH15, 1654 đến 1687/NQ-UBTVQH15)."""

_REFORM: Final = dt.date(2025, 7, 1)
_EVE: Final = _REFORM - dt.timedelta(days=1)
_OLD_TEXT: Final = "Quyết định 124/2004/QĐ-TTg và các lần sửa đổi; kết thúc theo Luật 72/2025/QH15"
_KINDS: Final[tuple[AreaKind, ...]] = ("thành phố", "thị trấn", "thị xã", "đặc khu", "tỉnh", "quận", "huyện", "xã", "phường")


class _OwnRow(msgspec.Struct, frozen=True):
    """A row of `areas.csv`."""

    code: str
    name: str
    kind: AreaKind
    level: AreaLevel
    parent: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    provisional: bool
    source: str
    trust: Trust


def package_data() -> Path | None:
    """Where the package's data lies; None where it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    return Path(found.submodule_search_locations[0]) / "data" if found and found.submodule_search_locations else None


def read_areas(sources: Path, data: Path) -> tuple[Areas, list[Complaint]]:
    """Every area by the package's files in `data` and our tables in `sources`, and what does not count up."""
    texts = {row["province"]: row["text"] for row in _table(sources / "area_texts.csv")}
    made = _Made()
    successors = _today(made, data, texts)
    _before(made, data, successors)
    complaints = _own(made, sources / "areas.csv")
    areas = Areas(tuple(made.bases), tuple(made.areas))
    return areas, [*complaints, *_contradictions(areas)]


class _Made:
    """What has been made so far; equal bases are one."""

    def __init__(self) -> None:
        self.bases: list[AreaBasis] = []
        self.areas: list[Area] = []

    def basis(self, basis: AreaBasis) -> int:
        if basis not in self.bases:
            self.bases.append(basis)
        return self.bases.index(basis)

    def add(self, code: str, said: str, level: AreaLevel, parent: str, basis: int, successors: tuple[str, ...] = ()) -> None:
        kind, name = _named(said)
        self.areas.append(Area(code, name, kind, level, parent, basis, successors))


def _today(made: _Made, data: Path, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Add what stands since the reform; return the successors of each unit of before, by the package's key, the main one first."""
    found, change = _read(data / "parser_from_2025.json"), _read(data / "converter_2025.json")
    provinces = made.basis(AreaBasis("Nghị quyết 202/2025/QH15, Điều 1", "2", False, _REFORM, None))
    codes = {key: str(one["provinceCode"]) for key, one in found["DICT_PROVINCE"].items()}
    for key, one in found["DICT_PROVINCE"].items():
        made.add(codes[key], one["province"], "province", "", provinces)
    successors: defaultdict[str, list[str]] = defaultdict(list)
    for key, code in codes.items():
        basis = made.basis(AreaBasis(texts.get(code, ""), "2", code not in texts, _REFORM, None))
        wards = _wards(found, "DICT_PROVINCE_WARD", key)
        for ward in wards.values():
            made.add(str(ward["wardCode"]), ward["ward"], "commune", code, basis)
        for new, olds in change["DICT_PROVINCE_WARD_NO_DIVIDED"][key].items():
            for old in olds:
                successors[old].append(str(wards[new]["wardCode"]))
        for old, parts in change["DICT_PROVINCE_WARD_DIVIDED"].get(key, {}).items():
            ordered = sorted(parts, key=lambda one: not one["isDefaultNewWard"])
            successors[old] += [str(wards[one["newWardKey"]]["wardCode"]) for one in ordered]
    return dict(successors)


def _before(made: _Made, data: Path, successors: Mapping[str, list[str]]) -> None:
    """Add what stood until the reform. One compilation is all we have for it: provisional."""
    found = _read(data / "parser_legacy.json")
    basis = made.basis(AreaBasis(_OLD_TEXT, "2", True, None, _EVE))
    provinces = found["DICT_PROVINCE"]
    for one in provinces.values():
        made.add(str(one["provinceCode"]), one["province"], "province", "", basis)
    for key, districts in found["DICT_PROVINCE_DISTRICT"].items():
        for at, one in districts.items():
            made.add(str(one["districtCode"]), one["district"], "district", str(provinces[key]["provinceCode"]), basis, tuple(successors.get(f"{key}_{at}_", ())))
    for key, districts in found["DICT_PROVINCE_DISTRICT"].items():
        for at, district in districts.items():
            for ward_key, ward in _wards(found, "DICT_PROVINCE_DISTRICT_WARD", key, at).items():
                made.add(str(ward["wardCode"]), ward["ward"], "commune", str(district["districtCode"]), basis, tuple(successors.get(f"{key}_{at}_{ward_key}", ())))


def _wards(found: Mapping[str, Any], table: str, *keys: str) -> dict[str, Any]:
    """The wards of one place; those that differ from a neighbour in marks only stand in a table of their own. An island without any has none."""
    wards: dict[str, Any] = {}
    for part in ("NO_ACCENTED", "ACCENTED"):
        held: Any = found[f"{table}_{part}"]
        for key in keys:
            held = held.get(key, {})
        wards |= {key: ward for key, ward in held.items() if isinstance(ward["ward"], str)}
    return wards


def _own(made: _Made, file: Path) -> list[Complaint]:
    """Add our own rows; where one begins, what stood under the same code ends."""
    complaints = []
    for line, cells in enumerate(_table(file), 2):
        row, wrong = read_cells(cells, _OwnRow)
        complaints += [Complaint(file.name, line, f"cột {column}: {what}") for column, what in wrong]
        if row is None:
            continue
        if row.valid_from is not None:
            eve = row.valid_from - dt.timedelta(days=1)
            for at, one in enumerate(made.areas):
                held = made.bases[one.basis]
                if (one.code, one.level) == (row.code, row.level) and held.valid_to is None:
                    made.areas[at] = msgspec.structs.replace(one, basis=made.basis(msgspec.structs.replace(held, valid_to=eve)))
        basis = made.basis(AreaBasis(row.source, row.trust, row.provisional, row.valid_from, row.valid_to))
        made.areas.append(Area(row.code, row.name, row.kind, row.level, row.parent, basis))
    return complaints


def _contradictions(areas: Areas) -> Iterator[Complaint]:
    standing = [one for one in areas.areas if areas.basis_of(one).valid_to is None]
    today = Counter(one.level for one in standing)
    for level, count in TODAY.items():
        if today[level] != count:
            yield Complaint("areas.csv", 0, f"có {today[level]} đơn vị cấp {level} đang có hiệu lực, cần {count}")
    codes = {(one.level, one.code) for one in areas.areas}
    communes = {one.code for one in standing if one.level == "commune"}
    for one in areas.areas:
        above: AreaLevel = "district" if len(one.parent) == 3 else "province"
        if one.parent and (above, one.parent) not in codes:
            yield Complaint("areas.csv", 0, f"{one.code} {one.name}: không có đơn vị cấp trên {one.parent}")
        if not communes.issuperset(one.successors):
            yield Complaint("areas.csv", 0, f"{one.code} {one.name}: đơn vị kế thừa không có trong danh sách")
    for basis in areas.bases:
        if not basis.source:
            yield Complaint("area_texts.csv", 0, "có tỉnh chưa ghi nghị quyết sắp xếp cấp xã")


def _named(said: str) -> tuple[AreaKind, str]:
    """Kind and name.

    >>> _named("Thị Trấn  Phú Hòa"), _named("Xã Đắk Song")
    (('thị trấn', 'Phú Hòa'), ('xã', 'Đắk Song'))
    """
    clean = " ".join(unicodedata.normalize("NFC", said).split())
    for kind in _KINDS:
        if clean.lower().startswith(f"{kind} "):
            return kind, clean[len(kind) + 1 :]
    raise ValueError(f"no kind of unit: {clean}")


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))  # the package writes NaN, which is no JSON
    return found


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
