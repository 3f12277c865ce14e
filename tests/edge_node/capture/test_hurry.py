"""The fast reader takes over only above the number of waiting papers that the office has set."""

from __future__ import annotations

import pytest

from edge_node.capture.service import is_hurry
from edge_node.settings import ReadingChoice


@pytest.mark.parametrize(("waiting", "hurry"), [(1, False), (20, False), (21, True), (5000, True)])
def test_a_queue_longer_than_the_office_allows_is_read_in_a_hurry(waiting: int, hurry: bool) -> None:
    assert is_hurry(20, waiting) is hurry


def test_an_office_that_has_set_nothing_is_never_in_a_hurry() -> None:
    assert not is_hurry(ReadingChoice().fast_above, 1_000_000)
