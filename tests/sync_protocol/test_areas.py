"""Areas: the same every time, and nothing out of bounds is taken."""

from __future__ import annotations

import msgspec
import pytest
from backports import zstd

from sync_protocol import areas
from sync_protocol.areas import Area, Areas, decode_areas, encode_areas
from sync_protocol.law_problems import CatalogueUnreadable
from tests.sync_protocol.areas import BASES, COUNTRY


def test_areas_come_back_as_they_went_in_the_same_bytes() -> None:
    assert decode_areas(encode_areas(COUNTRY)) == COUNTRY
    assert encode_areas(COUNTRY) == encode_areas(decode_areas(encode_areas(COUNTRY)))


def test_an_area_says_by_which_text_and_until_when_it_stands() -> None:
    district = next(one for one in COUNTRY.areas if one.level == "district")
    assert COUNTRY.basis_of(district).provisional and str(COUNTRY.basis_of(district).valid_to) == "2025-06-30"


def packed(value: object) -> bytes:
    return zstd.compress(msgspec.msgpack.encode(value))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no file of ours",
        encode_areas(COUNTRY)[:-5],
        packed([1, [[], [["01", "Hà Nội", "tỉnh", "province", "", 0, []]]]]),  # stands on no text
        packed([2, [[], []]]),  # of a newer program
        packed([1, [[], [["01", "Hà Nội", "kingdom", "province", "", 0, []]]]]),
    ],
)
def test_what_is_no_list_of_areas_is_refused(content: bytes) -> None:
    with pytest.raises(CatalogueUnreadable):
        decode_areas(content)


def test_a_file_that_grows_out_of_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encode_areas(Areas(BASES, (Area("01", "Hà Nội" * 100, "thành phố", "province", "", 0),)))
    assert decode_areas(content).areas[0].code == "01"
    monkeypatch.setattr(areas, "AREAS_BYTES_MAX", 500)
    with pytest.raises(CatalogueUnreadable):
        decode_areas(content)
