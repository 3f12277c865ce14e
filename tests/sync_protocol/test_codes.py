"""Codes: composed, recognised, compared, never split on dots."""

from __future__ import annotations

import datetime as dt
import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.catalogue import CodeGrammar
from sync_protocol.codes import (
    CodeBlock,
    DigitizationCode,
    comparison_key,
    compose,
    compose_dossier_code,
    match,
    paper_key,
    recognise_dossier_code,
    safe_file_name,
)
from sync_protocol.law_problems import CodePartUnusable, NumbersExhausted, UnknownGrammar
from tests.central_hub.directory.published import TODAY, published

GRAMMARS = published().grammars
KINDS = [entry.code for entry in published().document_types]
RESULTS = [entry.code for entry in published().results]
PROCEDURES = sorted({entry.code for entry in published().procedures})
NUMBERS = st.text(st.sampled_from("0123456789/-.QĐUBNDấẾộ "), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)
OWNERS = st.sampled_from(["", "001185012345", "0100109106", "H26.14"])
CODES = st.one_of(
    st.builds(DigitizationCode, OWNERS, st.none(), st.sampled_from(RESULTS), NUMBERS),
    st.builds(DigitizationCode, OWNERS, st.sampled_from(PROCEDURES), st.sampled_from(KINDS), NUMBERS),
)


def current_grammar() -> CodeGrammar:
    return next(grammar for grammar in published().grammars_on(TODAY) if grammar.template)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            DigitizationCode("001185012345", None, "KQ.G24.000027", "1234/QĐ-BHXH"),
            "001185012345.KQ.G24.000027.1234/QĐ-BHXH",
        ),
        (DigitizationCode("001185012345", "1.001667", "GRV", "56/GRV"), "001185012345.1.001667.GRV.56/GRV"),
        (DigitizationCode("", "1.001667", "GRV", "56/GRV"), ".1.001667.GRV.56/GRV"),
        (DigitizationCode("001185012345", "1.001667", "TK1-TS", ""), "001185012345.1.001667.TK1-TS."),
    ],
)
def test_the_four_published_shapes_compose_and_read_back(code: DigitizationCode, text: str) -> None:
    assert compose(code) == text
    assert match(text, published()) == code


@settings(deadline=None)
@given(CODES)
def test_composing_and_matching_are_inverse(code: DigitizationCode) -> None:
    assert match(compose(code), published()) == code


def test_a_text_without_a_known_type_is_not_guessed() -> None:
    assert match("001185012345.9.999999.XYZ.1", published()) is None
    assert match("", published()) is None


def test_the_longest_known_type_wins() -> None:
    longer = msgspec.structs.replace(published().document_types[0], code="GRV.A")
    widened = msgspec.structs.replace(published(), document_types=(*published().document_types, longer))
    found = match("1.1.001667.GRV.A.7", widened)
    assert found == DigitizationCode("1", "1.001667", "GRV.A", "7")


def test_comparison_ignores_spelling_and_display_does_not() -> None:
    written = DigitizationCode("001185012345", "1.001667", "GRV", " 56/qđ ")
    same = DigitizationCode("001185012345", "1.001667", "GRV", unicodedata.normalize("NFD", "56/QĐ"))
    assert comparison_key(written) == comparison_key(same)
    assert compose(written).endswith(" 56/qđ ")
    elsewhere = msgspec.structs.replace(written, procedure="1.014163")
    assert comparison_key(elsewhere) != comparison_key(written)
    assert paper_key(elsewhere) == paper_key(written)


@settings(deadline=None)
@given(CODES)
def test_a_file_name_is_plain_and_never_carries_the_owner(code: DigitizationCode) -> None:
    name = safe_file_name(code, "0f3a9c")
    assert name.isascii()
    assert not set(name) & set("/\\. :")
    assert "001185012345" not in name


@pytest.mark.parametrize("code", [DigitizationCode("1", None, "", "2"), DigitizationCode("1", None, "QD", "2\n3")])
def test_a_part_no_code_can_carry_is_refused(code: DigitizationCode) -> None:
    with pytest.raises(CodePartUnusable):
        compose(code)


def test_a_dossier_code_is_composed_by_the_grammar_of_its_day() -> None:
    code = compose_dossier_code(current_grammar(), "G12.03401", TODAY, 7)
    assert code == "G12.03401-261122-0007"
    read = recognise_dossier_code(code, GRAMMARS)
    assert read is not None
    assert (read.unit, read.date, read.sequence) == ("G12.03401", TODAY, 7)


@pytest.mark.parametrize(
    ("text", "grammar"),
    [
        ("H56.14-240823-0001", "qd20_2020"),
        ("000.00.06.H56-231027-0361", "tt01_2018"),
        ("000.17.22.H56-210531-0001", "tt01_2018"),
        ("12345.G/2022/07908", "tnhs"),
        ("31501a/HNO", "bhxh_internal"),
    ],
)
def test_old_and_foreign_codes_are_recognised_and_kept(text: str, grammar: str) -> None:
    read = recognise_dossier_code(f" {text} ", GRAMMARS)
    assert read is not None
    assert (read.text, read.grammar) == (text, grammar)


def test_an_unknown_code_and_an_impossible_day_are_not_invented() -> None:
    assert recognise_dossier_code("hồ sơ của bà An", GRAMMARS) is None
    read = recognise_dossier_code("H56.14-249923-0001", GRAMMARS)
    assert read is not None
    assert read.date is None


def test_a_code_outside_its_grammar_is_refused() -> None:
    old = next(grammar for grammar in GRAMMARS if grammar.name == "tt01_2018")
    recogniser = next(grammar for grammar in GRAMMARS if grammar.name == "tnhs")
    broken = msgspec.structs.replace(current_grammar(), template="{office}")
    for grammar, unit in ((old, "x"), (recogniser, "x"), (broken, "x"), (current_grammar(), "đơn vị")):
        with pytest.raises(UnknownGrammar):
            compose_dossier_code(grammar, unit, TODAY, 1)
    for number in (0, 10_000):
        with pytest.raises(NumbersExhausted):
            compose_dossier_code(current_grammar(), "G12.03401", TODAY, number)


def test_a_block_gives_each_number_once_and_then_says_so() -> None:
    block = CodeBlock("03401", 1000, 1002)
    assert [block.number(used, TODAY) for used in range(3)] == [1000, 1001, 1002]
    with pytest.raises(NumbersExhausted) as caught:
        block.number(3, TODAY)
    assert "22/11/2026" in caught.value.clerk_sentence
    assert block.overlaps(CodeBlock("03401", 1002, 1999))
    assert not block.overlaps(CodeBlock("03401", 1003, 1999))
    assert not block.overlaps(CodeBlock("03402", 1000, 1002))


@settings(deadline=None)
@given(st.integers(1, 9999), st.dates(dt.date(2025, 7, 1), dt.date(2099, 12, 31)))
def test_dossier_codes_read_back(sequence: int, day: dt.date) -> None:
    read = recognise_dossier_code(compose_dossier_code(current_grammar(), "G12.001", day, sequence), GRAMMARS)
    assert read is not None
    assert (read.date, read.sequence, read.unit) == (day, sequence, "G12.001")
