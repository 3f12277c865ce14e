"""Folders of tests lie in memory where that is possible, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import memory_disk as disk


def test_a_folder_of_a_test_lies_in_memory_where_the_machine_has_room(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")  # set by tests/conftest.py, or by who runs the tests
    assert root is not None or disk.memory_disk() is None
    said = request.config.option.basetemp or root  # a worker's, or what somebody wants
    assert said is None or tmp_path.is_relative_to(said)


def test_a_memory_that_is_absent_or_small_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MEMORY", tmp_path)
    monkeypatch.setattr(disk, "BYTES_MIN", 0)
    assert disk.memory_disk() == tmp_path
    monkeypatch.setattr(disk, "BYTES_MIN", 2**62)
    assert disk.memory_disk() is None
    monkeypatch.setattr(disk, "BYTES_MIN", 0)
    monkeypatch.setattr(disk, "MEMORY", tmp_path / "absent")
    assert disk.memory_disk() is None
