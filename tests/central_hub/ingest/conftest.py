"""A hub that frames are sent to by hand, as most tests of this room begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central_hub.ingest.frames import Window


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    one = Window(tmp_path / "hub")
    yield one
    one.hub.close()
