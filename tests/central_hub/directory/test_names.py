"""Names beside codes: today's name, the last name of what ended, and never a guess."""

from __future__ import annotations

import datetime as dt

import pytest

from central_hub.directory.names import Names
from tests.central_hub.directory.published import published

TODAY = dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(published(), TODAY)


def test_an_office_bears_the_name_of_today(names: Names) -> None:
    assert names.office("033") == "033 · Bảo hiểm xã hội tỉnh Hưng Yên"


def test_an_office_that_ended_keeps_its_last_name(names: Names) -> None:
    assert names.office("034") == "034 · Bảo hiểm xã hội tỉnh Thái Bình"


def test_a_procedure_is_named(names: Names) -> None:
    assert names.procedure("1.014166").startswith("1.014166 · Chế độ thai sản")


@pytest.mark.parametrize("code", ["", "9.999999"])
def test_an_unknown_code_stays_as_it_is(names: Names, code: str) -> None:
    assert names.procedure(code) == names.office(code) == names.paper(code) == code


def test_without_a_catalogue_codes_stay_as_they_are() -> None:
    assert Names(None, TODAY).office("033") == "033"
