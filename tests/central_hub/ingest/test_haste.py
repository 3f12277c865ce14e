"""While somebody looks, the interpreter's turns are short; afterwards they are what they were, however many looked."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from central_hub.ingest.haste import LOOK_TURN_S, Haste

USUAL_S = 0.003


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(USUAL_S)
    yield
    sys.setswitchinterval(before)


def test_turns_are_short_until_the_last_of_those_who_look_has_gone() -> None:
    haste = Haste()
    with haste:
        with haste:
            assert sys.getswitchinterval() == pytest.approx(LOOK_TURN_S)
        assert sys.getswitchinterval() == pytest.approx(LOOK_TURN_S)
    assert sys.getswitchinterval() == pytest.approx(USUAL_S)


def test_turns_are_as_long_as_before_after_a_look_that_is_refused() -> None:
    with pytest.raises(ValueError, match="refused"), Haste():
        raise ValueError("refused")
    assert sys.getswitchinterval() == pytest.approx(USUAL_S)
