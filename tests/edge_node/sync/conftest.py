"""A hub and a desk joined by a direct line, as most tests of this room begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offices import Clock, Hub, Office


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    yield one
    one.close()


@pytest.fixture
def hanoi(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    yield one
    one.close()


@pytest.fixture
def other(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    """A second desk of the same office."""
    one = Office(tmp_path / "b", "n00101b", "00101", Clock(), seed=b"B")
    hub.enrol(one)
    yield one
    one.close()
