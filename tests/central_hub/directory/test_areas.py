"""The administrative units of the country: read out of a package that may lie here or not, and published only when they count up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central_hub.directory import areas as areas_module
from central_hub.directory.areas import package_data, read_areas
from central_hub.directory.build import SOURCES
from central_hub.directory.changes import applied, difference
from sync_protocol.areas import Areas, encode_areas
from sync_protocol.catalogue import CataloguePart
from tests.central_hub.directory.published import BUILT_AT, published

ISLAND = {"districtCode": "318", "district": "Huyện Bạch Long Vĩ"}


def ward(code: str, said: str) -> dict[str, Any]:
    return {"wardCode": code, "ward": said}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The package's files for two provinces that became one."""
    files: dict[str, Any] = {
        "parser_from_2025.json": {
            "DICT_PROVINCE": {"haiphong": {"provinceCode": "31", "province": "Thành phố Hải Phòng"}},
            "DICT_PROVINCE_WARD_NO_ACCENTED": {"haiphong": {"xakesat": ward("10945", "Xã  Kẻ Sặt"), "dackhu": ward("11948", "Đặc khu Bạch Long Vĩ")}},
            "DICT_PROVINCE_WARD_ACCENTED": {"haiphong": {"xãcẩmgiang": ward("10888", "Xã Cẩm Giang"), "xãcẩmgiàng": ward("10903", "Xã Cẩm Giàng")}},
        },
        "parser_legacy.json": {
            "DICT_PROVINCE": {"haiphong": {"provinceCode": "31", "province": "Thành phố Hải Phòng"}, "haiduong": {"provinceCode": "30", "province": "Tỉnh Hải Dương"}},
            "DICT_PROVINCE_DISTRICT": {"haiphong": {"bachlongvi": ISLAND}, "haiduong": {"binhgiang": {"districtCode": "296", "district": "Huyện Bình Giang"}}},
            "DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED": {"haiphong": {"bachlongvi": {"NaN": ward("NaN", float("nan"))}}, "haiduong": {"binhgiang": {"ttkesat": ward("10945", "Thị Trấn Kẻ Sặt")}}},  # type: ignore[arg-type]
            "DICT_PROVINCE_DISTRICT_WARD_ACCENTED": {"haiduong": {"binhgiang": {"xãvĩnhhưng": ward("10948", "Xã Vĩnh Hưng")}}},
        },
        "converter_2025.json": {
            "DICT_PROVINCE_WARD_NO_DIVIDED": {"haiphong": {"xakesat": ["haiduong_binhgiang_ttkesat"], "dackhu": ["haiphong_bachlongvi_"]}},
            "DICT_PROVINCE_WARD_DIVIDED": {
                "haiphong": {"haiduong_binhgiang_xãvĩnhhưng": [{"newWardKey": "xãcẩmgiang", "isDefaultNewWard": False}, {"newWardKey": "xakesat", "isDefaultNewWard": True}]}
            },
        },
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def by_name(areas: Areas) -> dict[str, Any]:
    return {f"{one.kind} {one.name}": one for one in areas.areas}


def test_units_of_before_and_after_have_their_parents_days_texts_and_successors(data: Path) -> None:
    areas, _ = read_areas(SOURCES, data)
    found = by_name(areas)
    assert found["xã Cẩm Giàng"].parent == "31"
    assert areas.basis_of(found["xã Cẩm Giang"]).source == "Nghị quyết 1669/NQ-UBTVQH15"
    assert found["thị trấn Kẻ Sặt"].parent == "296" and found["thị trấn Kẻ Sặt"].successors == ("10945",)
    assert found["xã Vĩnh Hưng"].successors == ("10945", "10888")  # the part that most of it became first
    assert found["huyện Bạch Long Vĩ"].successors == ("11948",)
    assert areas.basis_of(found["huyện Bình Giang"]).provisional
    assert str(areas.basis_of(found["huyện Bình Giang"]).valid_to) == "2025-06-30"
    assert not any(one.name == "NaN" for one in areas.areas)


def test_our_own_rows_stand_beside_those_of_the_package(data: Path) -> None:
    found = by_name(read_areas(SOURCES, data)[0])
    assert {"tỉnh Hà Tây", "tỉnh Thừa Thiên Huế", "thành phố Đồng Nai"} <= found.keys()


def test_a_list_that_does_not_count_up_is_not_published(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = read_areas(SOURCES, data)[1]
    assert any("cần 3321" in one.what for one in complaints)
    monkeypatch.setattr(areas_module, "TODAY", {"province": 2, "commune": 4})
    assert read_areas(SOURCES, data)[1] == []


def test_a_new_list_of_areas_is_a_change_that_a_second_person_approves() -> None:
    part = CataloguePart("areas", "ab" * 32, 107_000, "NQ 202/2025/QH15", "2")
    with_part = msgspec.structs.replace(published(), parts=(part,))
    changes = difference(published(), with_part)
    assert [(one.place, one.key) for one in changes] == [("parts", "areas")]
    assert applied(published(), changes, version="2", built_at=BUILT_AT).part("areas") == part


def test_the_country_counts_up_as_the_law_says() -> None:
    data = package_data()
    assert data is not None
    areas, complaints = read_areas(SOURCES, data)
    assert complaints == []
    today = Counter(one.kind for one in areas.areas if one.level == "commune" and areas.basis_of(one).valid_to is None)
    assert today == {"xã": 2_621, "phường": 687, "đặc khu": 13}
    before = Counter(one.level for one in areas.areas if areas.basis_of(one).valid_to is not None and areas.basis_of(one).provisional)
    assert before == {"province": 63, "district": 696, "commune": 10_035}
    assert len(encode_areas(areas)) < 130_000
