"""The empty databases that every world of a test module begins with."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.memory_disk import memory_disk
from tests.simulation.stores import Templates


@pytest.fixture(scope="module")
def templates() -> Iterator[Templates]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(dir=memory_disk()) as folder:
        yield Templates(Path(folder))
    structlog.reset_defaults()
