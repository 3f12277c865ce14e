"""The list of administrative units bears witness for places that it has together, speaks against marks that it lacks, and changes no reading."""

from __future__ import annotations

import msgspec
import pytest

from edge_node.extraction.country import Country, Seen
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldReading, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.vouching import vouched
from sync_protocol.areas import Areas
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.extraction.recorded import HEAD, document, line
from tests.sync_protocol.areas import COUNTRY

LISTED = Gazetteer(areas=COUNTRY)
ASKED = LISTED.country


def witnessed(text: str) -> list[str]:
    return [text[start:end] for start, end in ASKED.seen_in(text).spans]


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("Thôn Đoài, xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình", "xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình"),
        ("Thôn Đoài, xã Thư Trì, Hưng Yên", "xã Thư Trì, Hưng Yên"),
        ("xóm 3 xã Song Lãng huyện Vũ Thư tỉnh Thái Bình", "xã Song Lãng huyện Vũ Thư tỉnh Thái Bình"),
        ("xã Song Lãng - huyện Vũ Thư - tỉnh Thái Bình", "xã Song Lãng - huyện Vũ Thư - tỉnh Thái Bình"),
        ("Song Lãng, Vũ Thư, Thái Bình, Việt Nam", "Song Lãng, Vũ Thư, Thái Bình"),
        ("XÃ SONG LÃNG, HUYỆN VŨ THƯ, TỈNH THÁI BÌNH", "XÃ SONG LÃNG, HUYỆN VŨ THƯ, TỈNH THÁI BÌNH"),
        ("xã Hoà Bình, huyện Vũ Thư, tỉnh Thái Bình", "xã Hoà Bình, huyện Vũ Thư, tỉnh Thái Bình"),  # "Hòa" in the list
        ("Số 5, P. Bến Nghé, Q.1, TP.HCM", "P. Bến Nghé, Q.1, TP.HCM"),
        ("UBND xã Song Lãng, huyện Vũ Thư", "xã Song Lãng, huyện Vũ Thư"),
        ("huyện Vũ Thư, tỉnh Thái Bình", "huyện Vũ Thư, tỉnh Thái Bình"),
    ],
)
def test_places_that_the_list_has_together_have_a_witness(text: str, stretch: str) -> None:
    assert witnessed(text) == [stretch] and ASKED.seen_in(text).against == ""


@pytest.mark.parametrize(
    "text",
    [
        "xã Song Lãng, tỉnh Bắc Ninh",  # lies elsewhere
        "phường Thư Trì, tỉnh Hưng Yên",  # another kind of unit
        "xã Minh Lãng, tỉnh Thái Bình",  # Minh Láng lies there too: one mark decides between two communes
        "Vũ Thư",
        "Số 12 đường Thái Bình, tổ 4",
        "",
    ],
)
def test_what_the_list_does_not_have_together_has_none_and_is_not_spoken_against(text: str) -> None:
    assert ASKED.seen_in(text) == Seen()


def test_a_district_decides_between_communes_that_differ_in_a_mark() -> None:
    assert witnessed("xã Minh Lãng, huyện Vũ Thư, tỉnh Thái Bình") != []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thôn Đoài, xã Song Lảng, huyện Vũ Thư, tỉnh Thái Bình", "“Song Lảng”: danh mục của tỉnh Thái Bình có xã “Song Lãng”"),
        ("xã Song Lãng, huyện Vũ Thử, tỉnh Thái Bình", "“Vũ Thử”: danh mục của tỉnh Thái Bình có huyện “Vũ Thư”"),
        ("xã Tân Thuần, Hưng Yên", "“Tân Thuần”: danh mục của tỉnh Hưng Yên có xã “Tân Thuận”"),  # that name lies in Bắc Ninh
        ("phường Trần Lãm, tỉnh Hưng Yến", "“Hưng Yến”: danh mục có tỉnh “Hưng Yên”"),
        ("phường Trần Lãĩm, tỉnh Hưng Yên", ""),
        ("phường Trần Lẫm, tỉnh Hưng Yên", "“Trần Lẫm”: danh mục của tỉnh Hưng Yên có phường “Trần Lãm”"),
        ("phường Trần Lam, tỉnh Hưng Yên", "“Trần Lam”: danh mục của tỉnh Hưng Yên có phường “Trần Lãm”"),
        ("phường Trận Lam, tỉnh Hưng Yên", ""),  # two words: rather another place than a mark misread
        ("phường Trần Lấm, tỉnh Hưng Yên", ""),  # another tone and another letter
        ("xã Đăk Pék, huyện Đắk Glei, tỉnh Kon Tum", ""),  # both are written
    ],
)
def test_marks_that_the_list_lacks_there_are_named(text: str, said: str) -> None:
    assert ASKED.seen_in(text).against == said
    assert not any("Song Lảng" in stretch or "Trần" in stretch for stretch in witnessed(text))


def test_a_word_with_two_tones_is_no_word_of_the_list() -> None:
    assert witnessed("phường Trần Lãm, tỉnh Hưng Yến") == [] and witnessed("phường Trầǹ Lãm, tỉnh Hưng Yên") == []


def test_a_name_alone_between_commas_is_no_commune_to_be_doubted() -> None:
    assert ASKED.seen_in("Trần Lẫm, Hưng Yên").against == ""  # may be a hamlet or a street


def test_a_body_that_stands_alone_is_doubted_where_no_unit_of_its_kind_has_these_marks() -> None:
    assert ASKED.unknown_unit("UBND XÃ SONG LẢNG") == "“SONG LẢNG”: danh mục chỉ có xã “Song Lãng”"
    assert [ASKED.unknown_unit(text) for text in ("UBND xã Song Lãng", "Công an xã Tân Thuần", "UBND xã Vân Lãng", "Trạm y tế phường Song Lảng")] == ["", "", "", ""]


def test_a_pair_of_words_that_some_unit_bears_is_not_odd() -> None:
    procedures = ("Lấy song lang", "Cấp trấn lảm")
    known, listed = Gazetteer(procedures=procedures), Gazetteer(procedures=procedures, areas=COUNTRY)
    assert known.odd_marks("UBND xã Song Lãng") == "song lãng" and listed.odd_marks("UBND xã Song Lãng") is None
    assert listed.odd_marks("Công ty Song Lâng") == "song lâng"


def test_words_that_the_list_is_witness_enough_for_beside_one_reader() -> None:
    assert ASKED.seen_in("Tổ 1, xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình").firm == {"xã", "Song", "Lãng", "huyện", "Vũ", "Thư", "tỉnh", "Thái", "Bình"}
    assert ASKED.seen_in("Tổ 1, xã Thư Trì, tỉnh Hưng Yên").firm == {"tỉnh", "Hưng", "Yên"}  # a hundred communes lie there
    assert ASKED.seen_in("Ấp Bình, xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình").firm >= {"Thái"} and "Bình" not in ASKED.seen_in("Ấp Bình, xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình").firm
    assert "1" not in ASKED.seen_in("phường Bến Nghé, quận 1, thành phố Hồ Chí Minh").firm


def test_without_a_list_nothing_is_said() -> None:
    none = Country(Areas())
    assert none.seen_in("xã Song Lảng, huyện Vũ Thư, tỉnh Thái Bình") == Seen() and none.unknown_unit("UBND xã Song Lảng") == ""


HOME = "Thôn Đoài, xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình"


@pytest.mark.parametrize(
    ("second", "is_vouched"),
    [
        ("Thôn Đoài, xã Song Lảng, huyện Vú Thư, tỉnh Thái Bỉnh", True),
        ("Thôn Đoái, xã Song Lảng, huyện Vũ Thư, tỉnh Thái Bình", False),  # the hamlet needs both readers
        ("Thôn Đoài, xã Sông Lãnh, huyện Vũ Thư, tỉnh Thái Bình", False),  # a letter, not a mark
        ("Thôn Đoài, xã song Lãng, huyện Vũ Thư, tỉnh Thái Bình", False),  # one of them misread the case
        ("Thôn Đoài, huyện Vũ Thư, tỉnh Thái Bình", False),
    ],
)
def test_the_list_stands_for_marks_of_its_own_words_only(second: str, is_vouched: bool) -> None:
    assert vouched("address", HOME, second, LISTED, (), ASKED.seen_in(HOME)) is is_vouched
    assert not vouched("address", HOME, second, LISTED)


def address_of(first: str, second: str | None = None, known: Gazetteer = LISTED) -> FieldReading:
    rows = line(150, 700, f"Nơi cư trú: {first}", f"Nơi cư trú: {first if second is None else second}")
    found = next(one for one in extract(document(*HEAD, rows), DOCUMENT_TYPES, known, chosen_type="TK1-TS").fields if one.kind == "address")
    assert found.proposal == first
    return found


def test_an_address_is_pre_confirmed_by_the_list_and_both_readers_together() -> None:
    other = HOME.replace("Lãng", "Lảng")
    assert address_of(HOME, other).trust is FieldTrust.AGREES
    assert address_of(HOME, other, Gazetteer()).trust is FieldTrust.CHECK
    assert address_of(HOME, "").trust is FieldTrust.CHECK


def test_a_commune_one_tone_beside_a_known_one_goes_to_a_person_with_both_names() -> None:
    misread = HOME.replace("Lãng", "Lảng")
    found = address_of(misread)
    assert (found.trust, found.reason) == (FieldTrust.CHECK, "“Song Lảng”: danh mục của tỉnh Thái Bình có xã “Song Lãng”")


def mended_address(text: str, word: str, known: Gazetteer = LISTED) -> FieldReading:
    row = line(150, 700, f"Nơi cư trú: {text}", f"Nơi cư trú: {text}")
    row = msgspec.structs.replace(row, words=tuple(msgspec.structs.replace(one, mended=one.text.strip(",") == word) for one in row.words))
    return next(one for one in extract(document(*HEAD, row), DOCUMENT_TYPES, known, chosen_type="TK1-TS").fields if one.kind == "address")


def test_a_word_that_one_reader_saw_has_the_list_for_its_second_witness() -> None:
    assert mended_address(HOME, "Vũ").trust is FieldTrust.AGREES
    assert mended_address(HOME, "Vũ", Gazetteer()).trust is FieldTrust.CHECK
    assert mended_address(HOME, "Đoài").trust is FieldTrust.CHECK
    assert mended_address("Thôn Đoài, xã Thư Trì, tỉnh Hưng Yên", "Trì").trust is FieldTrust.CHECK


def test_a_listed_name_that_is_no_syllable_of_the_language_is_spelled_well() -> None:
    text = "Thôn Đoài, phường Hội Thương, thành phố Pleiku, tỉnh Gia Lai"
    assert address_of(text).trust is FieldTrust.AGREES
    assert address_of(text, known=Gazetteer()).trust is FieldTrust.CHECK
    assert address_of(text.replace("Đoài", "Đwoài")).trust is FieldTrust.CHECK


def test_marks_that_look_odd_beside_other_places_are_usual_where_the_list_has_them() -> None:
    known = Gazetteer(places=("Thái Bình", "Trí Thư"), areas=COUNTRY)
    text = "Thôn Đoài, xã Thư Trì, tỉnh Hưng Yên"
    assert address_of(text, known=known).trust is FieldTrust.AGREES
